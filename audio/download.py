"""Official Vosk models: fetched, checked, unpacked beside their place, and moved there in one step."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import requests

from audio.errors import InstallFailed
from audio.models import Download

_BLOCK_BYTES = 1 << 18
_TIMEOUT_S = 30
_MOST_TIMES_LARGER = 20  # Unpacked models are 1.5 to 3 times their zip.


def fetch_model(*, name: str, url: str, source: Download, folder: Path, progress: Callable[[int, int], None]) -> Path:
    """Install a model's folder below `folder` and return it.

    Args:
        progress: told the bytes that are there and the bytes expected.

    Raises:
        InstallFailed: offline, wrong checksum, or a zip that is not this model. Nothing is left behind.
    """
    work = folder / f".{name}.{os.getpid()}.{os.urandom(4).hex()}"
    try:
        work.mkdir(parents=True)
        archive = work / "model.zip"
        _fetch(url, source, archive, progress)
        _unpack(archive, work / "unpacked", source)
        unpacked = work / "unpacked" / name
        if not (unpacked / "am" / "final.mdl").is_file():
            raise InstallFailed(f"The archive {name}.zip does not hold a Vosk model of that name.")
        place = folder / name
        if place.exists():
            shutil.rmtree(place)  # Without am/final.mdl it was a broken copy, or nobody would have asked.
        unpacked.rename(place)
    except OSError as error:
        raise InstallFailed(f"{name} could not be stored below {folder.name}: {error.strerror}.") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return place


def _fetch(url: str, source: Download, archive: Path, progress: Callable[[int, int], None]) -> None:
    algorithm, _, expected = source.checksum.partition(":")
    digest = hashlib.new(algorithm, usedforsecurity=False)
    done = 0
    try:
        with requests.get(url, stream=True, timeout=_TIMEOUT_S) as response, archive.open("wb") as file:
            response.raise_for_status()
            for block in response.iter_content(_BLOCK_BYTES):
                done += len(block)
                if done > source.size_bytes:
                    raise InstallFailed(f"{url} is larger than the known model. Nothing was installed.")
                digest.update(block)
                file.write(block)
                progress(done, source.size_bytes)
    except requests.HTTPError as error:
        status = error.response.status_code
        raise InstallFailed(f"{url} answered {status}. Try again later, or fetch the file by hand.") from error
    except requests.RequestException as error:
        raise InstallFailed(
            f"{url} cannot be reached from here. Fetch it on a machine with internet access and unpack it below the "
            "models folder."
        ) from error
    if digest.hexdigest() != expected:
        raise InstallFailed(f"{url} has another {algorithm} than the known model. Nothing was installed; try again.")


def _unpack(archive: Path, into: Path, source: Download) -> None:
    """Unpack plain files only, none of them outside `into`, and no more than a model can be."""
    try:
        with zipfile.ZipFile(archive) as zipped:
            members = zipped.infolist()
            if sum(member.file_size for member in members) > source.size_bytes * _MOST_TIMES_LARGER:
                raise InstallFailed("The archive unpacks to more than a model can be. Nothing was installed.")
            for member in members:
                path = PurePosixPath(member.filename.replace("\\", "/"))
                if path.is_absolute() or ".." in path.parts or stat.S_ISLNK(member.external_attr >> 16):
                    raise InstallFailed("The archive holds a file that would land elsewhere. Nothing was installed.")
            zipped.extractall(into)
    except zipfile.BadZipFile as error:
        raise InstallFailed("What was downloaded is not a zip file. Nothing was installed; try again.") from error
