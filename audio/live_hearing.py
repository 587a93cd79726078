"""Who hears which language in a live call, as things stand on this machine: for people, in `flask speech list`."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from audio.catalogue import best_installed, candidates, primary
from audio.errors import AudioError
from audio.hearing.choice import HearingSettings, Plan, QuestionClass, plan_for
from audio.hearing.engine import EngineCapabilities, EngineSpec
from audio.models import MODELS


@dataclass(frozen=True, kw_only=True)
class HearingRow:
    """What hears one language.

    Attributes:
        language: primary subtag.
        live: engine by class of question ("pocketsphinx+whisper"); a class that nothing hears live is left out.
        recordings: engine of recordings, or "".
        advice: what would hear it better, or "".
    """

    language: str
    live: dict[QuestionClass, str]
    recordings: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class EngineRow:
    """An engine at work in live calls.

    Attributes:
        models: names of what it loads.
        capabilities: None when the engine cannot be made here.
    """

    name: str
    language: str
    models: tuple[str, ...]
    capabilities: EngineCapabilities | None


def hearing_rows(settings: HearingSettings) -> tuple[HearingRow, ...]:
    """Every language that something on this machine hears. Raises ChoiceError for a setting that does not fit."""
    rows = (_row(language, plan_for(language, settings), settings) for language in _languages())
    return tuple(row for row in rows if row.live or row.recordings)


def engine_rows(settings: HearingSettings) -> tuple[EngineRow, ...]:
    """Every engine and language that calls use live, as `hearing_rows` has them."""
    specs: dict[tuple[str, str], EngineSpec] = {}
    for language in _languages():
        specs |= {(spec.name, language): spec for spec in plan_for(language, settings).values()}
    return tuple(
        EngineRow(
            name=name,
            language=language,
            models=tuple(model.name for model in spec.models),
            capabilities=_capabilities(spec),
        )
        for (name, language), spec in sorted(specs.items())
    )


def _languages() -> list[str]:
    return sorted({language for model in MODELS for language in model.languages})


def _row(language: str, plan: Plan, settings: HearingSettings) -> HearingRow:
    recording = best_installed(language, settings.folders)
    return HearingRow(
        language=language,
        live={question_class: spec.name for question_class, spec in plan.items()},
        recordings=recording.name if recording else "",
        advice=_advice(language, plan),
    )


def _advice(language: str, plan: Plan) -> str:
    """The official Vosk model is worth its download wherever something else listens."""
    listens = {spec.name for spec in plan.values()}
    official = [model for model in candidates(language) if model.engine == "vosk" and not model.region]
    if not official or listens == {"vosk"}:
        return ""
    return f"flask speech install {primary(language)} --engine vosk"


def _capabilities(spec: EngineSpec) -> EngineCapabilities | None:
    """What an engine says of itself; its model is not loaded for that."""
    module, _, function = spec.maker.partition(":")
    try:
        engine = getattr(importlib.import_module(module), function)(spec)
    except (ImportError, AttributeError, AudioError):
        return None
    capabilities: EngineCapabilities = engine.capabilities
    return capabilities
