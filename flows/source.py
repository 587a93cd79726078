"""The text of a document as plain data, with the line of everything in it.

YAML is read with YAML 1.2's few plain types, so that `yes`, `no`, `on`, `09:30` and `2026-11-23` stay text, as people
expect of exit names, synonyms and opening hours. Anchors, aliases and tags are refused: they make bombs and surprises.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import yaml

from flows.errors import DocumentError
from flows.problems import Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 40

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: Mapping[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,30})")
_FLOAT = re.compile(r"-?(0|[1-9][0-9]{0,30})\.[0-9]{1,30}([eE][-+][0-9]{1,3})?")

Path = tuple[str, ...]
"""Keys and places of items, all as text: ("nodes", "main", "choices", "0", "key")."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A document's data and, by path ("nodes", "hello", "prompt"), the line on which it begins (from 1)."""

    data: Any
    lines: Mapping[Path, int] = field(default_factory=dict)

    def line_of(self, path: Path) -> int | None:
        """The line of the path, or of the nearest part of it that stands in the text."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def place(self, problem: Problem) -> Problem:
        """The problem with its line, if it has none and one is known."""
        if problem.line is not None:
            return problem
        field = tuple(part for part in problem.field.split(".") if part)
        return replace(problem, line=self.line_of(("nodes", problem.node, *field) if problem.node else field))


def read_source(text: str | bytes) -> Source:
    """Read YAML or JSON. Raises DocumentError naming line and column."""
    text = _decode(text)
    if text.lstrip()[:1] == "{":
        return _read_json(text)
    return _read_yaml(text)


def refuse(message: str, *, line: int | None = None, column: int | None = None, fix: str = "") -> NoReturn:
    """Raise DocumentError for one problem of the text itself."""
    problem = Problem(rule="syntax", message=message, line=line, column=column, fix=fix)
    raise DocumentError("This is not a flow document.", [problem])


def _decode(text: str | bytes) -> str:
    try:
        encoded = text.encode() if isinstance(text, str) else text
    except UnicodeEncodeError:
        refuse("The text has half characters (surrogates).", fix="Save the file as UTF-8.")
    if len(encoded) > MAX_BYTES:
        size, limit = len(encoded) / 1e6, MAX_BYTES / 1e6
        refuse(f"The document has {size:.1f} MB; the limit is {limit:.0f} MB.", fix="Split it into sub-flows.")
    try:
        return encoded.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse("The file is not UTF-8.", line=encoded[: error.start].count(b"\n") + 1, fix="Save it as UTF-8.")


def _read_json(text: str) -> Source:
    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            refuse(f"The key “{twice[:60]}” stands twice in one object.", line=_line_of_key(text, twice))
        return found

    def constant(name: str) -> NoReturn:
        refuse(f"{name} is not a JSON number.")

    try:
        data = json.loads(text, object_pairs_hook=build, parse_constant=constant)
    except json.JSONDecodeError as error:
        refuse(f"The JSON cannot be read: {error.msg}.", line=error.lineno, column=error.colno)
    except (RecursionError, ValueError):
        refuse("The JSON is nested too deeply or has a number too long to read.")
    _check_depth(data)
    try:
        lines = _read_yaml(text).lines
    except DocumentError:
        lines = {}  # Not every JSON text is YAML; the lines are a courtesy.
    return Source(data=data, lines=lines)


def _line_of_key(text: str, key: str) -> int | None:
    places = [m.start() for m in re.finditer(re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:", text)]
    return text.count("\n", 0, places[1]) + 1 if len(places) > 1 else None


def _check_depth(data: Any) -> None:
    level, depth = [data], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            refuse(f"The document is nested more than {MAX_DEPTH} levels deep.")
        level = [
            part
            for whole in level
            if isinstance(whole, (dict, list))
            for part in (whole.values() if isinstance(whole, dict) else whole)
        ]


def _read_yaml(text: str) -> Source:
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        refuse(
            f"The YAML cannot be read: {error.problem or error.context or 'syntax error'}.",
            line=min(mark.line, text.rstrip("\n").count("\n")) + 1 if mark else None,
            column=mark.column + 1 if mark else None,
        )
    except yaml.YAMLError as error:
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else None
        refuse(f"The YAML cannot be read: {str(error).splitlines()[0]}.", line=line)
    if not builder.roots:
        refuse("The document is empty.")
    return Source(data=builder.roots[0], lines=builder.lines)


class _Builder:
    """Builds data from YAML events and notes the line of each key and item."""

    def __init__(self) -> None:
        self.roots: list[Any] = []
        self.lines: dict[Path, int] = {}
        self._stack: list[Any] = []
        self._paths: list[Path] = []
        self._keys: list[str | None] = []

    def take(self, event: Any) -> None:
        """The next event of the parser."""
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            refuse("Anchors (&) and aliases (*) are not used in flow documents.", line=line, column=column,
                   fix="Write the value out where it is needed.")  # fmt: skip
        if isinstance(event, yaml.DocumentStartEvent) and self.roots:
            refuse("There is more than one document in the file.", line=line, column=column)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line, column)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._check_tag(event, line, column)
            self._open({} if isinstance(event, yaml.MappingStartEvent) else [], line, column)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._stack.pop()
            self._paths.pop()
            self._keys.pop()

    def _scalar(self, event: Any, line: int, column: int) -> None:
        if self._stack and isinstance(self._stack[-1], dict) and self._keys[-1] is None:
            if event.value in self._stack[-1]:
                refuse(f"The key “{event.value[:60]}” stands twice.", line=line, column=column,
                       fix="Rename or remove one of them.")  # fmt: skip
            self._keys[-1] = event.value
            self.lines[(*self._paths[-1], event.value)] = line
            return
        self._check_tag(event, line, column)
        self._place(_resolve(event.value) if event.implicit[0] and not event.tag else event.value, line)

    def _check_tag(self, event: Any, line: int, column: int) -> None:
        if event.tag and event.tag not in ("tag:yaml.org,2002:str", "!"):
            refuse(f"The tag “{event.tag[:60]}” is not used in flow documents.", line=line, column=column,
                   fix="Remove it.")  # fmt: skip

    def _open(self, whole: Any, line: int, column: int) -> None:
        if len(self._stack) >= MAX_DEPTH:
            refuse(f"The document is nested more than {MAX_DEPTH} levels deep.", line=line, column=column)
        if self._stack and isinstance(self._stack[-1], dict) and self._keys[-1] is None:
            refuse("A key must be plain text.", line=line, column=column)
        path = self._place(whole, line)
        self._stack.append(whole)
        self._paths.append(path)
        self._keys.append(None)

    def _place(self, value: Any, line: int) -> Path:
        """Put the value where it belongs and return its path."""
        if not self._stack:
            self.roots.append(value)
            return ()
        whole = self._stack[-1]
        if isinstance(whole, list):
            path = (*self._paths[-1], str(len(whole)))
            whole.append(value)
            self.lines[path] = line
            return path
        key = str(self._keys[-1])
        self._keys[-1] = None
        whole[key] = value
        return (*self._paths[-1], key)


def _resolve(value: str) -> Any:
    """The value of a plain scalar: null, true, false, a number, else text."""
    if value in _WORDS:
        return _WORDS[value]
    if _INTEGER.fullmatch(value):
        return int(value)
    if _FLOAT.fullmatch(value):
        return float(value)
    return value
