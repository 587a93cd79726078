"""Models that come as packages of the Python registry."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
from pathlib import Path

from audio.errors import RecognizerFailed
from audio.models import Packages

_BLOCK_BYTES = 1 << 20


def packages_present(source: Packages) -> bool:
    """Whether every package of a model is installed, looked up without importing it."""
    return all(_folder(module, folder) is not None for module, folder in source.folders)


def packaged_path(source: Packages, cache: Path) -> Path:
    """The folder with the whole model; parts are put together once and checked.

    Raises:
        RecognizerFailed: a package is missing or its parts do not add up.
    """
    folders = [_folder(module, folder) for module, folder in source.folders]
    present = [folder for folder in folders if folder is not None]
    if len(present) < len(folders):
        raise RecognizerFailed(f"Install the packages {', '.join(source.requirements)} first.")
    if not source.parts:
        return present[0]
    whole = cache / f"{source.folders[0][0]}-{source.sha256[:12]}"
    if not (whole / "model.bin").is_file():
        _put_together(present, source, whole)
    return whole


def _folder(module: str, folder: str) -> Path | None:
    importlib.invalidate_caches()  # It may have been installed a moment ago, by `install`.
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(next(iter(spec.submodule_search_locations))) / folder
    return path if path.is_dir() else None


def _put_together(folders: list[Path], source: Packages, whole: Path) -> None:
    """Write the model beside its place and rename it there: two processes may do this at once."""
    unfinished = whole.with_name(f".{whole.name}.{os.getpid()}.{os.urandom(4).hex()}")
    unfinished.mkdir(parents=True)
    try:
        digest = hashlib.sha256()
        with (unfinished / "model.bin").open("wb") as out:
            for folder, part in zip(folders, source.parts, strict=True):
                with (folder / part).open("rb") as file:
                    while block := file.read(_BLOCK_BYTES):
                        digest.update(block)
                        out.write(block)
        if digest.hexdigest() != source.sha256:
            raise RecognizerFailed(f"The parts in {', '.join(source.requirements)} do not add up to the known model.")
        for folder in folders:
            for file_path in folder.glob("*.json"):
                shutil.copy(file_path, unfinished)
        _move(unfinished, whole)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _move(unfinished: Path, whole: Path) -> None:
    try:
        unfinished.rename(whole)
    except OSError:
        if not (whole / "model.bin").is_file():  # Somebody else was first; theirs is as good.
            raise
