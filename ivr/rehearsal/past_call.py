"""A call as it took place, as far as a replay needs it: what was heard where, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.documents import FlowDocument
from flows.events import Event, NodeEntered, NodeLeft, TicketOpened
from ivr.rehearsal.past_house import Past
from telephony.calls import Heard

Place = tuple[str, str]
"""A sub-flow's name ("" for the call's own flow) and a node of it."""


@dataclass(frozen=True, kw_only=True)
class PastTurn:
    """One exchange.

    Attributes:
        number: of the stored turn, from 1.
        at: when the caller answered, aware, UTC.
        asked_at: the place that was asking, ("", "") for the first turn.
        heard: what the engine was given, None for a hang-up.
        heard_as: the same as it is stored, {"kind": …}.
        said: what was said back, as stored.
        path: places that were entered.
        place: where the call stood afterwards.
    """

    number: int
    at: datetime
    asked_at: Place
    heard: Heard | None
    heard_as: Mapping[str, Any]
    said: tuple[Mapping[str, Any], ...]
    path: tuple[Place, ...]
    place: Place


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a call ended: the outcome's word, the last place, and what its tickets were about, sorted."""

    outcome: str
    place: Place
    tickets: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PastCall:
    """One real call. `language` is what the caller was known to speak, "" when nobody knew."""

    id: int
    started_at: datetime
    caller: str
    caller_name: str
    vip: bool
    service_number: str
    language: str
    outbound: bool
    values: Mapping[str, Any]
    turns: tuple[PastTurn, ...]
    past: Past = field(default_factory=Past)
    ending: Ending


def matters(events: Iterable[Event], document_of: Callable[[int], FlowDocument | None]) -> tuple[str, ...]:
    """What the tickets of a call were about, sorted: the categories that the opening nodes name, "" where none does.

    `document_of` gives the document of a sub-flow's version id, and of 0 for the call's own flow. The category that a
    ticket has today does not count: people and rules may have changed it since.
    """
    found: list[str] = []
    version = 0
    for event in events:
        match event:
            case NodeEntered() | NodeLeft():
                version = event.version
            case TicketOpened(node=name):
                document = document_of(version)
                node = document.nodes.get(name) if document is not None else None
                found.append(str(getattr(node, "category", "")))
            case _:
                continue
    return tuple(sorted(found))
