"""Values that make conditions come out as wanted: what lookups answer and calls start with."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from flows.documents import FlowDocument
from flows.errors import ExpressionError
from flows.expressions import evaluate, names

TRIES_AT_MOST = 400
"""Combinations of values tried for one condition."""

RESULTS_AT_MOST = 4
"""Results of one computed value that are told apart."""

_PART = re.compile(r"([^.\[\]]+)|\[(-?\d+)\]")


def decisions(document: FlowDocument) -> tuple[Mapping[str, str], ...]:
    """The conditions of every branching node by exit, in the order in which they are looked at; `else` is "".

    A node branches when it has `conditions` with `when` and `exit`, whatever its type.
    """
    found = []
    for node in document.nodes.values():
        rows = getattr(node, "conditions", ())
        if rows and all(hasattr(row, "when") and hasattr(row, "exit") for row in rows):
            found.append({**{row.exit: row.when for row in rows}, "": ""})
    return tuple(found)


def read_names(document: FlowDocument) -> frozenset[str]:
    """The values that conditions look at."""
    conditions = [source for decision in decisions(document) for source in decision.values() if source]
    return frozenset(_read([*conditions, *computed(document)]))


def assignments(document: FlowDocument, free: frozenset[str], now: datetime) -> Iterator[dict[str, Any]]:
    """Values for some of the `free` names, so that every exit that depends on them is taken once."""
    seen: set[str] = set()
    for decision in decisions(document):
        conditions = [source for source in decision.values() if source]
        read = [name for name in _read(conditions) if name in free]
        if not read:
            continue
        for wanted in decision.values():
            for values in _making(tuple(conditions), wanted, tuple(read), now):
                if repr(values) not in seen:
                    seen.add(repr(values))
                    yield values
    for source in computed(document):
        for values in _telling_apart(source, free, now):
            if repr(values) not in seen:
                seen.add(repr(values))
                yield values


def computed(document: FlowDocument) -> tuple[str, ...]:
    """Expressions whose results become values that conditions may look at."""
    nodes = (node for node in document.nodes.values() if node.type == "set_value")
    return tuple(dict.fromkeys(source for node in nodes for source in node.expressions().values()))


def _telling_apart(source: str, free: frozenset[str], now: datetime) -> Iterator[dict[str, Any]]:
    """A combination of values for each result that an expression can have, a few of them."""
    read = [name for name in _read([source]) if name in free]
    results: set[str] = set()
    pools = [candidates([source], name) for name in read]
    for combination in itertools.islice(itertools.product(*pools), TRIES_AT_MOST) if read else ():
        values = dict(zip(read, combination, strict=True))
        try:
            result = repr(evaluate(source, values, now=now))
        except ExpressionError:
            continue
        if result not in results and len(results) < RESULTS_AT_MOST:
            results.add(result)
            yield values


def _making(conditions: Sequence[str], wanted: str, free: tuple[str, ...], now: datetime) -> Iterator[dict[str, Any]]:
    """The first combination of values with which the wanted condition is the first that holds ("": none does)."""
    pools = [candidates(conditions, name) for name in free]
    for combination in itertools.islice(itertools.product(*pools), TRIES_AT_MOST):
        values = dict(zip(free, combination, strict=True))
        if _first_that_holds(conditions, values, now) == wanted:
            yield values
            return


def _first_that_holds(conditions: Sequence[str], values: Mapping[str, Any], now: datetime) -> str:
    for source in conditions:
        try:
            if evaluate(source, values, now=now):
                return source
        except ExpressionError:
            continue
    return ""


def candidates(conditions: Sequence[str], name: str) -> tuple[Any, ...]:
    """Values worth trying for a name: what it is compared with, a little more and less, something, nothing."""
    found: list[Any] = []
    for source in conditions:
        found.extend(_compared(source, name))
    numbers = [value for value in found if isinstance(value, int | float) and not isinstance(value, bool)]
    near = [value + step for value in numbers for step in (1, -1)]
    days = ["2026-12-05"] if not numbers else []
    made = [*found, *near, *days, True, False, 0, 1, 100, None]
    return tuple({repr(value): value for value in made}.values())


@lru_cache(maxsize=2048)
def _compared(source: str, name: str) -> tuple[Any, ...]:
    """Constants of an expression that reads the name; under keys of it, as objects ({"status": "late"})."""
    try:
        tree = ast.parse(source.strip().replace("\n", " "), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    paths = [path for node in ast.walk(tree) if (path := _path(node)) and path[0] == name]
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    deeper = [path[1:] for path in paths if len(path) > 1]
    if not deeper:
        return tuple(constants)
    longest = max(deeper, key=len)
    return tuple(_nested(longest, value) for value in (*constants, "2026-12-05", 1, None))


def _path(node: ast.AST) -> tuple[str, ...]:
    """("parcel", "status") of parcel.status; () of anything else."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute) and (before := _path(node.value)):
        return (*before, node.attr)
    return ()


def _nested(path: Sequence[str], value: Any) -> Any:
    for key in reversed(path):
        value = {key: value}
    return value


def _read(conditions: Sequence[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for source in conditions:
        try:
            found.update(dict.fromkeys(sorted(names(source))))
        except ExpressionError:
            continue
    return tuple(found)


def body_with(take: Mapping[str, str], values: Mapping[str, Any]) -> Any:
    """The JSON reply from which `take` (value name to path) takes these values; the others get something to read."""
    body: Any = {}
    for name, path in take.items():
        value = values.get(name, None if name in values else "1")
        if path == ".":
            return value if name in values else {"value": value}
        if value is not None:
            _put(body, [(key, int(index) if index else 0) for key, index in _PART.findall(path)], value)
    return body


def _put(body: Any, path: Sequence[tuple[str, int]], value: Any) -> None:
    """Put a value at a path, making objects and lists on the way."""
    for place, (key, index) in enumerate(path):
        last = place == len(path) - 1
        fresh: Any = value if last else [] if not path[place + 1][0] else {}
        if key and isinstance(body, dict):
            if last:
                body[key] = value
            body = body.setdefault(key, fresh)
        elif not key and isinstance(body, list):
            at = max(index, 0)
            body.extend({} for _ in range(at + 1 - len(body)))
            body[at] = fresh if last or not isinstance(body[at], type(fresh)) else body[at]
            body = body[at]
        else:
            return
