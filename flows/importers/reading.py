"""The bytes of an imported file as data, and which format they are."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal, NoReturn

from flows.importers.report import ImportRefused, shown
from flows.problems import Problem

Form = Literal["auto", "ringback", "studio", "floip"]

MAX_BYTES = 5_000_000
MAX_DEPTH = 60
MAX_NODES = 5_000

FORM_NAMES: Mapping[str, str] = {
    "ringback": "a Ringback flow",
    "studio": "a Twilio Studio flow",
    "floip": "a FLOIP flow",
}
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def decode(data: bytes) -> str:
    """The text of the file: UTF-8, or UTF-16 with its mark. Raises ImportRefused."""
    if len(data) > MAX_BYTES:
        raise ImportRefused(
            "The file has {size} MB; the limit is {limit} MB.", size=f"{len(data) / 1e6:.1f}", limit=MAX_BYTES // 10**6
        )
    coding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    if coding != "utf-16" and b"\0" in data[:4000]:
        raise ImportRefused("This is not a text file. Choose the JSON or YAML that the other program exported.")
    try:
        text = data.decode(coding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ImportRefused(
            "The file is not UTF-8 text (line {line}). Save it as UTF-8.", line=line, problems=[_problem(line=line)]
        ) from error
    if not text.strip():
        raise ImportRefused("The file is empty.")
    return text


def is_json(text: str) -> bool:
    """Whether the text means to be JSON."""
    return text.lstrip()[:1] in ("{", "[") or text.lstrip()[:2] in ("//", "/*")


def read_json(text: str) -> Any:
    """The data of JSON. Raises ImportRefused with line and column."""

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            counted = Counter(key for key, _ in pairs)
            doubtful = {key for key, value in pairs if counted[key] > 1 and value != found[key]}
            if not doubtful:
                return found  # Written twice with one value, nothing is in doubt.
            twice = next(key for key in counted if key in doubtful)
            line = _line_of_key(text, twice)
            raise ImportRefused(
                "The key “{key}” stands twice in one object; only one of them can be meant.",
                key=twice,
                problems=[_problem(line=line)] if line else [],
            )
        return found

    def constant(name: str) -> NoReturn:
        raise ImportRefused("{name} is not a JSON number.", name=name, problems=_line_of(text, name))

    try:
        data = json.loads(text, object_pairs_hook=build, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise _unreadable(text, error) from error
    except (RecursionError, ValueError) as error:
        raise ImportRefused("The JSON is nested too deeply, or has a number too long to read.") from error
    _check_depth(data)
    return data


def find_form(data: Any) -> Form:
    """Which format the data are. Raises ImportRefused when none."""
    if not isinstance(data, dict):
        what = "a list" if isinstance(data, list) else "a single value"
        raise ImportRefused("This is JSON, but {what}, not an object. A flow is an object.", what=what)
    if isinstance(studio_definition(data).get("states"), list):
        return "studio"
    if isinstance(data.get("flows"), list) or ("blocks" in data and "first_block_id" in data):
        return "floip"
    if "nodes" in data:
        return "ringback"
    keys = ", ".join(shown(str(key))[:40] for key in list(data)[:8])
    raise ImportRefused(
        "This is JSON, but neither a Ringback flow (nodes), a Twilio Studio flow (states) nor a FLOIP flow (flows): "
        "it has the keys {keys}.",
        keys=keys or "–",
    )


def studio_definition(data: dict[str, Any]) -> dict[str, Any]:
    """The definition within what Studio's API answers for a flow; the data themselves where they are one."""
    inner = data.get("definition")
    return inner if isinstance(inner, dict) and "states" not in data else data


def _unreadable(text: str, error: json.JSONDecodeError) -> ImportRefused:
    problem = _problem(line=error.lineno, column=error.colno)
    place = {"line": error.lineno, "column": error.colno}
    rest = text[error.pos : error.pos + 2]
    # Python points at the comma or at the comment, depending on its release.
    behind = re.match(r"[\s,]*(//|/\*)", text[error.pos : error.pos + 300])
    if rest in ("//", "/*") or behind:
        return ImportRefused(
            "The JSON has a comment at line {line}, column {column}; JSON has none. Remove it.",
            problems=[problem],
            **place,
        )
    if not text[error.pos :].strip() or error.msg.startswith("Unterminated"):
        return ImportRefused(
            "The JSON breaks off at line {line}, column {column}. The file is not whole; export it again.",
            problems=[problem],
            **place,
        )
    return ImportRefused(
        "The JSON cannot be read at line {line}, column {column}: {message}.",
        problems=[problem],
        message=error.msg,
        **place,
    )


def _check_depth(data: Any) -> None:
    level, depth = [data], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise ImportRefused("The JSON is nested more than {limit} levels deep.", limit=MAX_DEPTH)
        level = [
            part
            for whole in level
            if isinstance(whole, (dict, list))
            for part in (whole.values() if isinstance(whole, dict) else whole)
        ]


def _line_of_key(text: str, key: str) -> int | None:
    places = [m.start() for m in re.finditer(re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:", text)]
    return text.count("\n", 0, places[1]) + 1 if len(places) > 1 else None


def _line_of(text: str, word: str) -> list[Problem]:
    place = text.find(word)
    return [_problem(line=text.count("\n", 0, place) + 1)] if place >= 0 else []


def _problem(*, line: int | None = None, column: int | None = None) -> Problem:
    return Problem(rule="syntax", message="The file cannot be read from here on.", line=line, column=column)
