"""Which engine hears which language and class of question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from audio.catalogue import SpeechFolders, primary
from audio.errors import AudioError
from audio.hearing.engine import EngineSpec
from audio.hearing.installed_engines import InstalledEngine, installed_engines
from audio.hearing.question import AnswerKind


class ChoiceError(AudioError):
    """The setting that chooses engines does not fit; the message says where and what would."""


class QuestionClass(StrEnum):
    """Kinds of questions that engines differ in."""

    CLOSED = "closed"
    DIGITS = "digits"
    OPEN = "open"


Plan = Mapping[QuestionClass, EngineSpec]
Wishes = Mapping[tuple[str, QuestionClass], str]

_CLOSED_KINDS = frozenset({AnswerKind.PHRASES, AnswerKind.YES_NO})
ENGINES = ("vosk", "pocketsphinx", "whisper", "pocketsphinx+whisper")

# The best first, as measured (docs/speech_engines.md); the first that is installed serves. "" is any other language.
# Vosk with a model of the language beats the others wherever there is one, and is the only one that streams.
DEFAULTS: Mapping[tuple[str, QuestionClass], tuple[str, ...]] = {
    ("", QuestionClass.CLOSED): ("vosk", "pocketsphinx+whisper", "whisper", "pocketsphinx"),
    ("", QuestionClass.DIGITS): ("vosk", "pocketsphinx+whisper", "whisper", "pocketsphinx"),
    ("", QuestionClass.OPEN): ("vosk", "whisper"),
}


@dataclass(frozen=True, kw_only=True)
class HearingSettings:
    """What the ears of a process are made of.

    Attributes:
        folders: where models are kept.
        pocketsphinx_models: folder with acoustic models for pocketsphinx beside the one in its package, or None.
        engines: choices that differ from the defaults: "en:closed=pocketsphinx+whisper, zh:open=whisper".
        max_calls: calls that may be listened to at once; 0 for what the processor carries.
        threads: utterances that a streaming engine decodes at once; 0 for one a processor core.
        processes: worker processes of each engine that hears whole utterances; 0 for one for every two cores.
        lag_limit_ms: when decisions take longer than this, no new call gets an ear.
    """

    folders: SpeechFolders
    pocketsphinx_models: Path | None = None
    engines: str = ""
    max_calls: int = 0
    threads: int = 0
    processes: int = 0
    lag_limit_ms: float = 1000.0


def class_of(kind: AnswerKind) -> QuestionClass:
    """Phrases and yes or no are closed; digits, codes, numbers, dates and times are built of known words."""
    if kind is AnswerKind.OPEN:
        return QuestionClass.OPEN
    return QuestionClass.CLOSED if kind in _CLOSED_KINDS else QuestionClass.DIGITS


def read_engines(text: str) -> Wishes:
    """The setting, read. "en=vosk" is all classes of a language. Raises ChoiceError."""
    wishes: dict[tuple[str, QuestionClass], str] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        place, equals, engine = (each.strip().lower() for each in part.partition("="))
        language, _, wished = place.partition(":")
        classes = [each for each in QuestionClass if wished in ("", each)]
        if not equals or not language or not classes:
            raise ChoiceError(
                f"SPEECH_ENGINES: {part!r} is not language:class=engine, for example en:closed=vosk; classes are"
                f" {', '.join(QuestionClass)}."
            )
        if engine not in ENGINES:
            raise ChoiceError(f"SPEECH_ENGINES: there is no engine {engine!r}; there are {', '.join(ENGINES)}.")
        wishes |= {(primary(language), each): engine for each in classes}
    return wishes


def plan_for(language: str, settings: HearingSettings) -> Plan:
    """The engine for each class of question in a language, of what is installed; empty when nothing is.

    Raises:
        ChoiceError: the settings ask for an engine that cannot do it or is not installed.
    """
    wishes = read_engines(settings.engines)
    installed = {engine.name: engine for engine in installed_engines(language, settings)}
    plan: dict[QuestionClass, EngineSpec] = {}
    for question_class in QuestionClass:
        wished = wishes.get((primary(language), question_class))
        if wished is not None and not _can(installed.get(wished), question_class):
            why = "is not installed for it" if wished not in installed else "cannot do that"
            raise ChoiceError(f"SPEECH_ENGINES: {wished} for {primary(language)}:{question_class} {why}.")
        names = (wished,) if wished else _defaults(primary(language), question_class)
        chosen = next((name for name in names if _can(installed.get(name), question_class)), None)
        if chosen is not None:
            plan[question_class] = installed[chosen].spec
    return _shared(plan)


def _defaults(language: str, question_class: QuestionClass) -> tuple[str, ...]:
    return DEFAULTS.get((language, question_class)) or DEFAULTS["", question_class]


def _can(engine: InstalledEngine | None, question_class: QuestionClass) -> bool:
    if engine is None:
        return False
    return engine.open if question_class is QuestionClass.OPEN else engine.closed


def _shared(plan: dict[QuestionClass, EngineSpec]) -> Plan:
    """Whisper beside a pair that holds the same model would be in memory twice: the pair hears its questions too."""
    pairs = [spec for spec in plan.values() if "+" in spec.name]
    return {
        question_class: next((pair for pair in pairs if set(spec.models) < set(pair.models)), spec)
        for question_class, spec in plan.items()
    }
