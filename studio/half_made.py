"""A document while somebody works on it: what can be read of it, and stand-ins for what cannot, so that the lint runs.

A node that cannot be read is replaced by one that leads wherever its exits say and may set whatever it seems to set;
a setting that cannot be read is replaced by its default. What the lint then says about these is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import ValidationError

from flows.documents import FlowDocument, check_nodes
from flows.errors import DocumentError
from flows.migrations import migrate
from flows.node_reading import explain, node_types, read_node
from flows.nodes.base import Node
from flows.problems import Problem
from flows.schema import fixed_exits
from flows.validation.inspection import ENDINGS

UNREAD = "unread"
FALLBACKS: Mapping[str, Any] = {"name": "flow", "languages": ("en-US",), "start": ""}
"""What stands for a required setting that cannot be read; others are left out."""


class Unread(Node):
    """Stands for a node that cannot be read and does not ask."""

    type: str = UNREAD
    sets: frozenset[str] = frozenset()
    ends: bool = False

    def exit_names(self) -> tuple[str, ...]:
        """Wherever it leads; none for a kind of node that calls end at."""
        return () if self.ends else tuple(self.exits)

    def optional_exits(self) -> frozenset[str]:
        """All of them."""
        return frozenset(self.exits)

    def sets_values(self) -> frozenset[str]:
        """What it seems to set."""
        return self.sets


class UnreadQuestion(Unread):
    """Stands for a node that cannot be read and asks, or may ask."""

    asks: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class HalfMade:
    """What could be read of a document.

    Attributes:
        document: the whole with stand-ins; None when there is nothing to lint.
        problems: what could not be read, at node and field.
        unread: types of the nodes that could not be read, by name.
        settings: names of the document's settings that could not be read.
    """

    document: FlowDocument | None
    problems: tuple[Problem, ...]
    unread: Mapping[str, str] = field(default_factory=dict)
    settings: frozenset[str] = frozenset()


def read_half_made(data: Mapping[str, Any]) -> HalfMade:
    """Read plain data as far as it goes. Never raises for what a person may have typed."""
    try:
        data = migrate(dict(data))
    except DocumentError as error:
        return HalfMade(document=None, problems=error.problems)
    raw = data.get("nodes") or {}
    problems = check_nodes(raw)
    if not isinstance(raw, dict) or not raw:
        empty = Problem(field="nodes", message="The flow has no nodes yet.", fix="Add a node from the palette.")
        return HalfMade(document=None, problems=tuple(problems) or (empty,))
    tags = languages_of(data)
    nodes: dict[str, Node] = {}
    unread: dict[str, str] = {}
    for name, value in raw.items():
        node = read_node(name, value, tags)
        if isinstance(node, Node):
            nodes[name] = node
        else:
            problems.extend(node)
            nodes[name] = _stand_in(value)
            unread[name] = str(value.get("type", "")) if isinstance(value, dict) else ""
    document, found, settings = _build({**data, "nodes": nodes})
    return HalfMade(document=document, problems=(*found, *problems), unread=unread, settings=settings)


def languages_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The document's language tags, as far as they are texts."""
    tags = data.get("languages")
    return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, (list, tuple)) else ()


def likely_exits(value: Any) -> tuple[str, ...]:
    """The exits a node will have once it can be read: those of its type, else what its fields and wires name."""
    if not isinstance(value, dict):
        return ()
    wired = tuple(str(name) for name in value["exits"]) if isinstance(value.get("exits"), dict) else ()
    cls = node_types().get(str(value.get("type", "")))
    fixed = fixed_exits(cls) if cls is not None else ()
    if fixed is not None:
        return tuple(dict.fromkeys((*fixed, *wired)))
    named = [
        part.get(key)
        for parts, key in (("choices", "name"), ("conditions", "exit"))
        for part in (value[parts] if isinstance(value.get(parts), list) else ())
        if isinstance(part, dict)
    ]
    return tuple(dict.fromkeys((*(name for name in named if isinstance(name, str) and name), *wired)))


def _stand_in(value: Any) -> Unread:
    data = value if isinstance(value, dict) else {}
    kind = str(data.get("type", ""))
    exits = data["exits"] if isinstance(data.get("exits"), dict) else {}
    cls = node_types().get(kind)
    asks = cls is None or cls.asks
    sets = {data["value"]} if isinstance(data.get("value"), str) else set()
    for key in ("take", "values"):
        if isinstance(data.get(key), dict):
            sets.update(str(name) for name in data[key])
    return (UnreadQuestion if asks else Unread)(
        sets=frozenset(sets - {""}),
        ends=kind in ENDINGS,
        exits={str(name): target for name, target in exits.items() if isinstance(target, str)},
    )


def _build(data: dict[str, Any]) -> tuple[FlowDocument | None, list[Problem], frozenset[str]]:
    """The document with what cannot be read put right, what was wrong, and the settings that were."""
    problems: list[Problem] = []
    try:
        return FlowDocument.model_validate(data), problems, frozenset()
    except ValidationError as error:
        problems.extend(explain(error, node="", model=FlowDocument))
        wrong = {str(item["loc"][0]) for item in error.errors(include_url=False) if item["loc"]}
    repaired = {key: value for key, value in data.items() if key not in wrong}
    repaired |= {key: value for key, value in FALLBACKS.items() if key in wrong}
    try:
        return FlowDocument.model_validate(repaired), problems, frozenset(wrong)
    except ValidationError:
        return None, problems, frozenset(wrong)
