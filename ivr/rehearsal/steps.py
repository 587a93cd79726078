"""The steps of a scenario: what somebody at the phone does, hears and expects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from ivr.rehearsal.errors import ScenarioError, refused
from ivr.rehearsal.matching import check_piece


class Part(BaseModel):
    """A part of a scenario: frozen, and nothing in it that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Hear(Part):
    """Prompts with these words, in order. `within_s` is patience in seconds of call time."""

    words: tuple[str, ...] = Field(min_length=1, max_length=20)
    within_s: float = Field(default=120.0, gt=0, le=3600)

    @field_validator("words")
    @classmethod
    def _readable(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        for piece in words:
            check_piece(piece)
        return words


class Press(Part):
    """Keys; `early` presses them whoever listens."""

    digits: str = Field(pattern=r"^[0-9*#]+$", max_length=100)
    early: bool = False


class Say(Part):
    """Words; `confidence` is what the recogniser reports, None for nothing."""

    text: str = Field(min_length=1, max_length=8_000)
    confidence: float | None = Field(default=0.9, ge=0, le=1)
    early: bool = False


class Silence(Part):
    """Nothing is said until the question is given up, or for `seconds`."""

    seconds: float | None = Field(default=None, ge=0, le=3600)


class Speak(Part):
    """A sound file is spoken, or words synthesized with noise `snr_db` below them.

    A rehearsal hears the words of `text`; of a file without one, a few seconds of speech without words.
    """

    file: str = Field(default="", max_length=200)
    text: str = Field(default="", max_length=8_000)
    language: str | None = None
    snr_db: float | None = None
    confidence: float | None = Field(default=0.9, ge=0, le=1)
    early: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.file or self.text):
            raise ValueError("It wants a file, or a text")
        return self


class Interrupt(Part):
    """Words, sound or keys so much into the prompt that sounds now, or comes next."""

    after_s: float = Field(ge=0, le=3600)
    action: Say | Speak | Press


class Wait(Part):
    """Time passes."""

    seconds: float = Field(ge=0, le=3600)


class HangUp(Part):
    """The phone is put down."""


class Expect(Part):
    """What must be true. What only a carrier knows (status, twiml_valid, notifications, within_s) is not judged."""

    ended_by: str | None = Field(default=None, pattern="^(caller|callee|app|carrier)$")
    status: str | None = None
    heard_in_order: tuple[str, ...] = ()
    not_heard: tuple[str, ...] = ()
    twiml_valid: bool | None = None
    notifications: tuple[int, ...] | None = None
    node: str | None = None
    nodes: tuple[str, ...] | None = None
    ticket: dict[str, Any] | None = None
    tickets: int | None = None
    outcome: str | None = None
    sms: dict[str, str] | None = None
    within_s: float = Field(default=10.0, ge=0)

    @field_validator("heard_in_order", "not_heard")
    @classmethod
    def _readable(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        for piece in words:
            check_piece(piece)
        return words


Action = Hear | Press | Say | Silence | Speak | Interrupt | Wait | HangUp | Expect
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One action; `kind` is its word in the scenario."""

    kind: str
    action: Action


def read_step(row: Any, number: int) -> Step:
    """The step of a one-key mapping, or of a bare word such as `silence`. Raises ScenarioError with its number."""
    if isinstance(row, str):
        row = {row: None}
    if not isinstance(row, dict) or len(row) != 1:
        raise refused("Step {number} must be one word with its value, such as “press: 1”.", number=number)
    word, value = next(iter(row.items()))
    kind = str(word).replace("_", " ").strip()
    build = _BUILDERS.get(kind)
    if build is None:
        words = ", ".join(_BUILDERS)
        raise refused(
            "Step {number}: there is no “{word}”; there are {words}.", number=number, word=kind[:40], words=words
        )
    return Step(kind=_PLAIN.get(kind, kind), action=build(value, f"{number} ({kind})"))


def read_part(kind: type[M], value: Any, place: str) -> M:
    """The part of a scenario. Raises ScenarioError with the place and what is wrong first."""
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise refused("{place}: {what}", place=place, what=f"{field + ': ' if field else ''}{first['msg']}.") from error


def _step(kind: type[M], value: Any, place: str) -> M:
    try:
        return read_part(kind, value, "")
    except ScenarioError as error:
        what = error.sentence.values["what"]
        raise refused("Step {place}: {what}", place=place, what=what) from error


def _words(value: Any) -> list[str]:
    return [str(piece) for piece in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _hear(value: Any, place: str) -> Action:
    given = {**value, "words": _words(value.get("words"))} if isinstance(value, dict) else {"words": _words(value)}
    return _step(Hear, given, place)


def _press(value: Any, place: str) -> Action:
    if isinstance(value, dict):
        return _step(Press, {**value, "digits": str(value.get("digits", ""))}, place)
    whole = isinstance(value, int) and not isinstance(value, bool)
    return _step(Press, {"digits": str(value) if whole else value}, place)


def _say(value: Any, place: str) -> Action:
    return _step(Say, value if isinstance(value, dict) else {"text": str(value) if value is not None else ""}, place)


def _seconds(value: Any) -> Any:
    if value is True:
        return None
    return value[:-1] if isinstance(value, str) and value.endswith("s") else value


def _speak(value: Any, place: str) -> Action:
    return _step(Speak, value if isinstance(value, dict) else {"file": value}, place)


_DEEDS: Mapping[str, Callable[[Any, str], Action]] = {"say": _say, "speak": _speak, "press": _press}


def _interrupt(value: Any, place: str) -> Action:
    deeds = [word for word in _DEEDS if isinstance(value, dict) and word in value]
    if len(deeds) != 1 or set(value) != {"after", deeds[0]}:
        raise refused("Step {place}: it wants after (seconds) and one of say, speak, press.", place=place)
    action = _DEEDS[deeds[0]](value[deeds[0]], place)
    return _step(Interrupt, {"after_s": _seconds(value["after"]), "action": action}, place)


def _hang_up(value: Any, place: str) -> Action:
    if value not in (None, True):
        raise refused("Step {place}: it takes no value.", place=place)
    return HangUp()


_BUILDERS: Mapping[str, Callable[[Any, str], Action]] = {
    "hear": _hear,
    "press": _press,
    "say": _say,
    "silence": lambda value, place: _step(Silence, {"seconds": _seconds(value)}, place),
    "speak": _speak,
    "wav": _speak,
    "interrupt": _interrupt,
    "wait": lambda value, place: _step(Wait, {"seconds": _seconds(value)}, place),
    "hang up": _hang_up,
    "hangup": _hang_up,
    "expect": lambda value, place: _step(Expect, value, place),
}
_PLAIN = {"wav": "speak", "hangup": "hang up"}
