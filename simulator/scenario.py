"""Whole calls as YAML: dial, hear, press, say, wait, hang up, expect.

The format is described in scenarios.md beside this file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simulator.errors import ScenarioError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class CallSpec(_Strict):
    """Who calls whom. `from` and `to` may be filled in later by whoever plays the scenario."""

    to: str | None = None
    from_: str | None = Field(default=None, alias="from")
    language: str | None = None
    forwarded_from: str | None = None


class Hear(_Strict):
    """Wait for prompts with these words, in order."""

    words: list[str] = Field(min_length=1)
    within_s: float = Field(default=120.0, gt=0)


class Press(_Strict):
    """Press keys when somebody listens; `early`: at once."""

    digits: str = Field(pattern=r"^[0-9*#]+$")
    early: bool = False


class Say(_Strict):
    """Say words; `confidence` is what the carrier's recogniser will report, null for none."""

    text: str = Field(min_length=1)
    confidence: float | None = Field(default=0.9, ge=0, le=1)
    early: bool = False


class Silence(_Strict):
    """Say nothing until the question is given up, or for `seconds`."""

    seconds: float | None = Field(default=None, ge=0)


class Speak(_Strict):
    """Speak a WAV file after the beep."""

    file: Path


class Wait(_Strict):
    """Let time pass."""

    seconds: float = Field(ge=0)


class HangUp(_Strict):
    """Put the phone down."""


class Expect(_Strict):
    """What must be true. `within_s` is how long, in real time, the app may take to make it so."""

    ended_by: str | None = Field(default=None, pattern="^(caller|callee|app|carrier)$")
    status: str | None = None
    heard_in_order: list[str] = Field(default_factory=list)
    not_heard: list[str] = Field(default_factory=list)
    twiml_valid: bool | None = None
    notifications: list[int] | None = None
    node: str | None = None
    nodes: list[str] | None = None
    ticket: dict[str, Any] | None = None
    tickets: int | None = None
    outcome: str | None = None
    sms: dict[str, str] | None = None
    within_s: float = Field(default=10.0, ge=0)


class _PlainWords(yaml.SafeLoader):
    """YAML in which yes, no, on and off are words, as in YAML 1.2: callers say them all the time."""


_PlainWords.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or letter in "tTfF"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

M = TypeVar("M", bound=BaseModel)
Action = Hear | Press | Say | Silence | Speak | Wait | HangUp | Expect


@dataclass(frozen=True, kw_only=True)
class Step:
    """One action and where it stands, such as "step 3 (press)"."""

    place: str
    action: Action


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A whole call."""

    name: str
    call: CallSpec
    steps: tuple[Step, ...]
    expect: Expect | None = None


def load_scenario(path: Path) -> Scenario:
    """Read a scenario file. Raises ScenarioError, which names file, step and what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ScenarioError(f"{path} cannot be read: {error.strerror}.") from error
    return parse_scenario(text, path.stem, path.parent)


def parse_scenario(source: str | dict[str, Any], name: str = "scenario", folder: Path = Path()) -> Scenario:
    """A scenario from YAML text or from the mapping that it would give; files are looked up in `folder`."""
    try:
        document = yaml.load(source, _PlainWords) if isinstance(source, str) else source  # noqa: S506 - a safe loader.
    except yaml.YAMLError as error:
        raise ScenarioError(f"{name} is not YAML: {error}") from error
    if not isinstance(document, dict):
        raise ScenarioError(f"{name} must be a mapping with 'call' and 'steps'.")
    # `setting` and `lookups` are for rehearsals of a flow; on a telephone the world is as it is.
    unknown = set(document) - {"name", "description", "call", "setting", "lookups", "steps", "expect"}
    if unknown:
        raise ScenarioError(f"{name} has unknown parts: {', '.join(sorted(map(str, unknown)))}.")
    expect = document.get("expect")
    return Scenario(
        name=str(document.get("name", name)),
        call=_model(CallSpec, document.get("call") or {}, f"{name}: call"),
        steps=tuple(parse_steps(document.get("steps") or [], name, folder)),
        expect=None if expect is None else _model(Expect, expect, f"{name}: expect"),
    )


def parse_steps(rows: Any, name: str = "scenario", folder: Path = Path()) -> list[Step]:
    """The steps of a list of one-key mappings (or bare words such as `silence`)."""
    if not isinstance(rows, list):
        raise ScenarioError(f"{name}: 'steps' must be a list.")
    return [_step(row, f"{name}: step {number}", folder) for number, row in enumerate(rows, 1)]


def _step(row: Any, place: str, folder: Path) -> Step:
    if isinstance(row, str):
        row = {row: None}
    if not isinstance(row, dict) or len(row) != 1:
        raise ScenarioError(f"{place} must be one word with its value, such as 'press: 1'; it is {row!r}.")
    word, value = next(iter(row.items()))
    build = _BUILDERS.get(str(word).replace("_", " "))
    if build is None:
        raise ScenarioError(f"{place}: there is no step {word!r}; there are {', '.join(_BUILDERS)}.")
    place = f"{place} ({word})"
    return Step(place=place, action=build(value, place, folder))


def _model(kind: type[M], value: Any, place: str) -> M:
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ScenarioError(f"{place}: {field + ': ' if field else ''}{first['msg']}.") from error


def _hear(value: Any, place: str, _: Path) -> Hear:
    if isinstance(value, dict):
        return _model(Hear, {**value, "words": _words(value.get("words"))}, place)
    return _model(Hear, {"words": _words(value)}, place)


def _words(value: Any) -> list[str]:
    return [str(piece) for piece in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _press(value: Any, place: str, _: Path) -> Press:
    if isinstance(value, dict):
        return _model(Press, {**value, "digits": str(value.get("digits", ""))}, place)
    if isinstance(value, int) and not isinstance(value, bool):
        return _model(Press, {"digits": str(value)}, place)
    return _model(Press, {"digits": value}, place)


def _say(value: Any, place: str, _: Path) -> Say:
    return _model(Say, value if isinstance(value, dict) else {"text": value}, place)


def _seconds(value: Any) -> Any:
    return value[:-1] if isinstance(value, str) and value.endswith("s") else value


def _silence(value: Any, place: str, _: Path) -> Silence:
    return _model(Silence, {"seconds": _seconds(value)}, place)


def _wait(value: Any, place: str, _: Path) -> Wait:
    return _model(Wait, {"seconds": _seconds(value)}, place)


def _speak(value: Any, place: str, folder: Path) -> Speak:
    path = value.get("file") if isinstance(value, dict) else value
    speak = _model(Speak, {"file": path}, place)
    full = folder / speak.file
    if not full.is_file():
        raise ScenarioError(f"{place}: there is no file {full}.")
    return Speak(file=full)


def _hang_up(value: Any, place: str, _: Path) -> HangUp:
    if value is not None:
        raise ScenarioError(f"{place} takes no value.")
    return HangUp()


def _expect(value: Any, place: str, _: Path) -> Expect:
    return _model(Expect, value, place)


_BUILDERS: dict[str, Callable[[Any, str, Path], Action]] = {
    "hear": _hear,
    "press": _press,
    "say": _say,
    "silence": _silence,
    "speak": _speak,
    "wav": _speak,
    "wait": _wait,
    "hang up": _hang_up,
    "hangup": _hang_up,
    "expect": _expect,
}
