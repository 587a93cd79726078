"""Which engine and model hears which language, what of that is installed, and where the rest can be had."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from audio.errors import ModelMissing
from audio.models import MODELS, Download, Model, Packages
from audio.packaged import packaged_path, packages_present
from audio.recognizers.base import ModelSpec


@dataclass(frozen=True, kw_only=True)
class SpeechFolders:
    """Where models are kept.

    Attributes:
        models: downloaded Vosk models, each in a folder of its name.
        cache: models put together from packages; may be emptied at any time.
    """

    models: Path
    cache: Path


@dataclass(frozen=True, kw_only=True)
class ModelRow:
    """One line of `flask speech list`.

    Attributes:
        languages: primary language subtags ("en", "zh").
        source: "package" or "download".
        installed: the model lies ready on this machine.
        preferred_for: the languages of `languages` that this model hears when a call is in them, as things stand.
        size_mb: what is loaded from the network.
    """

    name: str
    engine: str
    languages: tuple[str, ...]
    source: str
    installed: bool
    preferred_for: tuple[str, ...]
    size_mb: int
    licence: str
    install: str


def primary(language: str) -> str:
    """The primary subtag: "zh" of "zh-CN"."""
    return language.replace("_", "-").split("-")[0].lower()


def candidates(language: str) -> tuple[Model, ...]:
    """Models that hear a language, the best first: Vosk of the exact region, Vosk of the language, then Whisper."""
    tag = language.replace("_", "-").lower()
    hearing = [model for model in MODELS if primary(language) in model.languages]

    def rank(model: Model) -> tuple[bool, int]:
        """Another region's model still beats none: callers with a British model and an Irish flow are heard."""
        return model.engine != "vosk", {tag: 0, "": 1}.get(model.region, 2)

    return tuple(sorted(hearing, key=rank))


def is_installed(model: Model, folders: SpeechFolders) -> bool:
    """Whether a model lies ready, without putting anything together."""
    if isinstance(model.source, Packages):
        return packages_present(model.source)
    return (folders.models / model.name / "am" / "final.mdl").is_file()


def choose(language: str, folders: SpeechFolders) -> ModelSpec:
    """The best installed model for a language. Raises ModelMissing."""
    for model in candidates(language):
        if is_installed(model, folders):
            path = (
                packaged_path(model.source, folders.cache)
                if isinstance(model.source, Packages)
                else folders.models / model.name
            )
            return ModelSpec(
                engine=model.engine, name=model.name, path=path, language=language, upsampling=model.upsampling
            )
    raise ModelMissing(language)


def best_installed(language: str, folders: SpeechFolders) -> Model | None:
    """The model `choose` would take, or None."""
    return next((model for model in candidates(language) if is_installed(model, folders)), None)


def list_models(folders: SpeechFolders) -> tuple[ModelRow, ...]:
    """Every known model, installed ones first."""
    rows = [_row(model, folders) for model in MODELS]
    return tuple(sorted(rows, key=lambda row: (not row.installed, row.languages, row.name)))


def _row(model: Model, folders: SpeechFolders) -> ModelRow:
    preferred = tuple(lang for lang in model.languages if best_installed(model.region or lang, folders) is model)
    return ModelRow(
        name=model.name,
        engine=model.engine,
        languages=model.languages,
        source="download" if isinstance(model.source, Download) else "package",
        installed=is_installed(model, folders),
        preferred_for=preferred,
        size_mb=round(model.source.size_bytes / 1_000_000),
        licence=model.licence,
        install=f"flask speech install {model.region or model.languages[0]} --engine {model.engine}",
    )
