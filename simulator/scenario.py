"""Whole calls as YAML: dial, hear, press, say, wait, hang up, expect.

The format is described in scenarios.md beside this file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from simulator.actions import (
    Action,
    CallSpec,
    Expect,
    HangUp,
    Hear,
    Interrupt,
    Press,
    Say,
    Silence,
    Speak,
    Wait,
)
from simulator.errors import ScenarioError


class _PlainWords(yaml.SafeLoader):
    """YAML in which yes, no, on and off are words, as in YAML 1.2: callers say them all the time."""


_PlainWords.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or letter in "tTfF"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

M = TypeVar("M", bound=BaseModel)


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


def as_scenario(source: Scenario | dict[str, Any] | str | Path) -> Scenario:
    """A Scenario as it is, or from a mapping, YAML text or the path of a file. Raises ScenarioError."""
    if isinstance(source, Scenario):
        return source
    return load_scenario(source) if isinstance(source, Path) else parse_scenario(source)


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
    speak = _model(Speak, value if isinstance(value, dict) else {"file": value}, place)
    if speak.file is None:
        return speak
    full = folder / speak.file
    if not full.is_file():
        raise ScenarioError(f"{place}: there is no file {full}.")
    return speak.model_copy(update={"file": full})


def _interrupt(value: Any, place: str, folder: Path) -> Interrupt:
    deeds = [word for word in ("say", "speak", "press") if isinstance(value, dict) and word in value]
    if not isinstance(value, dict) or len(deeds) != 1 or set(value) != {"after", deeds[0]}:
        raise ScenarioError(f"{place} wants after (seconds) and one of say, speak, press.")
    action = _BUILDERS[deeds[0]](value[deeds[0]], f"{place}: {deeds[0]}", folder)
    return _model(Interrupt, {"after_s": _seconds(value["after"]), "action": action}, place)


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
    "interrupt": _interrupt,
    "wait": _wait,
    "hang up": _hang_up,
    "hangup": _hang_up,
    "expect": _expect,
}
