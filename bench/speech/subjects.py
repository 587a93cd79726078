"""The engines of this machine, each in this very process, ready to be asked."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audio.catalogue import SpeechFolders
from audio.hearing.choice import HearingSettings, Plan, class_of, plan_for
from audio.hearing.engine import EngineSpec
from audio.hearing.hypothesis import Hypothesis
from audio.hearing.installed_engines import installed_engines
from audio.hearing.question import Question
from audio.pcm import Pcm

PROJECT = Path(__file__).resolve().parents[2]
_CHUNK_S = 0.1
_CHEAP = 0.1


def settings(folder: Path) -> HearingSettings:
    """As the house would be set on this machine; models put together from packages go below `folder`."""
    extra = PROJECT.parent / "shared" / "models"
    return HearingSettings(
        folders=SpeechFolders(models=PROJECT / "var" / "models", cache=folder),
        pocketsphinx_models=extra if extra.is_dir() else None,
    )


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One engine in one language.

    Attributes:
        is_cheap: it can be measured often.
        is_default: for each question, whether the house asks this engine when nothing is configured.
    """

    name: str
    model: str
    is_cheap: bool
    understand: Callable[[Pcm, Question], Hypothesis]
    can: Callable[[Question], bool]
    is_default: Callable[[Question], bool]


def subjects(language: str, chosen: HearingSettings, only: str = "") -> list[Subject]:
    """Every engine that hears the language here (or the one of that name), loaded and warm."""
    plan = plan_for(language, chosen)
    found = []
    for engine in installed_engines(language, chosen):
        if only not in ("", engine.name):
            continue
        made = _made(engine.spec, language)
        found.append(
            Subject(
                name=engine.name,
                model=" + ".join(model.name for model in engine.spec.models),
                is_cheap=made.capabilities.cost < _CHEAP,
                understand=_asking(made),
                can=lambda question, engine=engine: engine.closed if question.is_closed else engine.open,  # type: ignore[misc]
                is_default=lambda question, name=engine.name: _chosen(plan, question) == name,  # type: ignore[misc]
            )
        )
    return found


def _chosen(plan: Plan, question: Question) -> str:
    spec = plan.get(class_of(question.kind))
    return "" if spec is None else spec.name


def _made(spec: EngineSpec, language: str) -> Any:
    module, _, function = spec.maker.partition(":")
    engine = getattr(importlib.import_module(module), function)(spec)
    engine.warm_up(language)
    return engine


def _asking(engine: Any) -> Callable[[Pcm, Question], Hypothesis]:
    """A streaming engine gets the sound in pieces, as in a call."""
    if not engine.capabilities.streaming:
        return engine.understand  # type: ignore[no-any-return]

    def streamed(sound: Pcm, question: Question) -> Hypothesis:
        decoding = engine.begin(question)
        step = round(_CHUNK_S * sound.rate_hz)
        for start in range(0, len(sound.samples), step):
            decoding.hear(Pcm(samples=sound.samples[start : start + step], rate_hz=sound.rate_hz))
        return decoding.finish()  # type: ignore[no-any-return]

    return streamed
