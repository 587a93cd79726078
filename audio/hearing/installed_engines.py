"""Which engines could hear a language with what lies on this machine, without loading any of it."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audio.catalogue import SpeechFolders, candidates, is_installed, primary
from audio.hearing.engine import EngineSpec
from audio.models import Model, Packages
from audio.packaged import packaged_path
from audio.recognizers.base import ModelSpec

if TYPE_CHECKING:
    from audio.hearing.choice import HearingSettings

_MAKERS = {
    "vosk": "audio.hearing.engines.vosk:make",
    "whisper": "audio.hearing.engines.whisper:make",
    "pocketsphinx": "audio.hearing.engines.pocketsphinx:make",
    "pocketsphinx+whisper": "audio.hearing.engines.pair:make",
}
# Folders of 8 kHz models by the language they hear, the best first, as the CMU Sphinx project names them.
_POCKETSPHINX_FOLDERS = {
    "en": ("pocketsphinx-en-hub4wsj-sc-8k", "pocketsphinx-en-ptm-8k"),
    "zh": ("pocketsphinx-zh-tdt-sc-8k", "pocketsphinx-zh-ptm-8k"),
}
_POCKETSPHINX_PACKAGED = "en"


@dataclass(frozen=True, kw_only=True)
class InstalledEngine:
    """An engine with its models.

    Attributes:
        closed: it can be held to phrases, words and numbers.
        open: it understands anything that is said.
    """

    name: str
    closed: bool
    open: bool
    spec: EngineSpec


def installed_engines(language: str, settings: HearingSettings) -> tuple[InstalledEngine, ...]:
    """Every engine that hears a language here. Putting a packaged model together may take seconds the first time."""
    vosk = _catalogued("vosk", language, settings.folders)
    whisper = _catalogued("whisper", language, settings.folders)
    sphinx = _pocketsphinx(language, settings.pocketsphinx_models)
    return tuple(_engines(language, settings, vosk=vosk, whisper=whisper, sphinx=sphinx))


def _engines(
    language: str,
    settings: HearingSettings,
    *,
    vosk: ModelSpec | None,
    whisper: ModelSpec | None,
    sphinx: ModelSpec | None,
) -> Iterator[InstalledEngine]:
    cores = os.cpu_count() or 1

    def engine(*models: ModelSpec, is_open: bool) -> InstalledEngine:
        name = "+".join(model.engine for model in models)
        spec = EngineSpec(
            name=name,
            maker=_MAKERS[name],
            languages=(primary(language),),
            models=models,
            threads=settings.threads or cores,
            processes=1 if name == "vosk" else settings.processes or max(1, cores // 2),
        )
        return InstalledEngine(name=name, closed=True, open=is_open, spec=spec)

    if vosk is not None:
        yield engine(vosk, is_open=True)
    if whisper is not None:
        yield engine(whisper, is_open=True)
    if sphinx is not None:
        yield engine(sphinx, is_open=False)
    if sphinx is not None and whisper is not None:
        yield engine(sphinx, whisper, is_open=True)


def _catalogued(engine: str, language: str, folders: SpeechFolders) -> ModelSpec | None:
    for model in candidates(language):
        if model.engine == engine and is_installed(model, folders):
            return ModelSpec(
                engine=engine,
                name=model.name,
                path=_path(model, folders),
                language=primary(language),
                upsampling=model.upsampling,
            )
    return None


def _path(model: Model, folders: SpeechFolders) -> Path:
    if isinstance(model.source, Packages):
        return packaged_path(model.source, folders.cache)
    return folders.models / model.name


def _pocketsphinx(language: str, folder: Path | None) -> ModelSpec | None:
    """A model of the configured folder, else the one in the package, which is English and made for 16 kHz."""
    package = importlib.util.find_spec("pocketsphinx")
    if package is None or not package.submodule_search_locations:
        return None
    for name in _POCKETSPHINX_FOLDERS.get(primary(language), ()):
        if folder is not None and (folder / name).is_dir():
            return ModelSpec(engine="pocketsphinx", name=name, path=folder / name, language=primary(language))
    if primary(language) != _POCKETSPHINX_PACKAGED:
        return None
    path = Path(next(iter(package.submodule_search_locations))) / "model" / "en-us"
    return ModelSpec(engine="pocketsphinx", name="pocketsphinx-en-us", path=path, language=primary(language))
