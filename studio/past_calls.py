"""Calls as they took place, read from the desk's tables for a replay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from flows.documents import FlowDocument
from flows.events import CallEnded, Event, NodeEntered, NodeLeft
from flows.versions import FlowVersion, load_document
from ivr.calls import Call
from ivr.lookups import LookupRow
from ivr.rehearsal.past_call import Ending, PastCall, PastTurn, Place, matters
from ivr.rehearsal.past_house import Past
from ivr.session import Session as Talk
from ivr.turns import TurnRow
from studio.past_subflows import Subflows
from studio.past_worlds import lookups_of, tickets_of
from studio.stored_turns import UnreadableTurnError, event_of, heard_of
from telephony.calls import FINAL_STATUSES

BATCH = 250
"""Calls whose turns are read at once."""

ERASED = "The call's answers have been erased."
NEVER_BEGAN = "The call never reached its flow."
UNSETTLED = "The end of the call has not been settled yet."
MACHINE = "A machine answered the call."
OLD_SUBFLOW = "The call ran a sub-flow in a version that is no longer in force."
UNREADABLE = "The record of the call cannot be read."

_FINAL = sorted(status.value for status in FINAL_STATUSES)


class _SkippedError(Exception):
    """A call that cannot be replayed; the text is one of the sentences above."""


@dataclass(frozen=True, kw_only=True)
class PastCalls:
    """Calls that can be replayed, newest first, and how many cannot for which reason."""

    calls: list[PastCall] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def past_calls(s: Session, version: FlowVersion, *, since: datetime, until: datetime, limit: int) -> PastCalls:
    """The newest calls that ended on a version of a flow, at most `limit` of them.

    Raises DocumentError when the version itself cannot be read.
    """
    document = load_document(version)
    query = (
        select(Call)
        .where(
            Call.flow_version_id == version.id,
            Call.started_at >= since,
            Call.started_at <= until,
            Call.status.in_(_FINAL),
        )
        .order_by(Call.started_at.desc(), Call.id.desc())
        .limit(limit)
    )
    found = PastCalls()
    subflows = Subflows(s)
    rows = list(s.scalars(query))
    for start in range(0, len(rows), BATCH):
        for call, turns, past in _with_turns(s, rows[start : start + BATCH]):
            try:
                found.calls.append(_past_call(call, turns, past, document, subflows))
            except _SkippedError as reason:
                found.skipped[str(reason)] += 1
            except UnreadableTurnError:
                found.skipped[UNREADABLE] += 1
    return found


def past_call_of(s: Session, call: Call, document: FlowDocument) -> PastCall | None:
    """One call that ran on a version's document; None when it cannot be read."""
    for found, turns, past in _with_turns(s, [call]):
        try:
            return _past_call(found, turns, past, document, Subflows(s))
        except (_SkippedError, UnreadableTurnError):
            return None
    return None


def _with_turns(s: Session, calls: Sequence[Call]) -> Iterator[tuple[Call, list[Row[Any]], Past]]:
    ids = [call.id for call in calls]
    columns = (TurnRow.call_id, TurnRow.number, TurnRow.at, TurnRow.heard, TurnRow.said, TurnRow.events)
    query = select(*columns).where(TurnRow.call_id.in_(ids)).order_by(TurnRow.call_id, TurnRow.number)
    turns = {call_id: list(rows) for call_id, rows in groupby(s.execute(query), key=lambda row: row.call_id)}
    lookups: dict[int, list[LookupRow]] = {}
    for row in s.scalars(select(LookupRow).where(LookupRow.call_id.in_(ids)).order_by(LookupRow.id)):
        lookups.setdefault(row.call_id, []).append(row)
    heard = {call.id: [turn.heard for turn in turns.get(call.id, ())] for call in calls}
    tickets = tickets_of(s, calls, heard)
    for call in calls:
        of_call = turns.get(call.id, [])
        asked = lookups_of(lookups.get(call.id, ()), [turn.at for turn in of_call])
        yield call, of_call, Past(lookups=asked, tickets=tickets.get(call.id, ()))


def _past_call(
    call: Call, rows: Sequence[Row[Any]], past: Past, document: FlowDocument, subflows: Subflows
) -> PastCall:
    if not rows or rows[0].number != 1:
        raise _SkippedError(NEVER_BEGAN)
    talk = Talk.from_json(call.state)
    if not talk.frames:
        raise _SkippedError(ERASED)
    if str(call.answered_by or "").startswith(("machine", "fax")) and not talk.touched:
        raise _SkippedError(MACHINE)
    events = [[event_of(event) for event in row.events or ()] for row in rows]
    _check(events, document, subflows)
    turns = tuple(_turns(rows, events, subflows))
    every = [event for of_turn in events for event in of_turn]
    ended = [event for event in every if isinstance(event, CallEnded)]
    if not ended:
        raise _SkippedError(UNSETTLED)
    values = _given(talk.frames[0].values, document)
    known = values.get("caller")
    return PastCall(
        id=call.id,
        started_at=call.started_at,
        caller=call.from_number if call.direction == "inbound" else call.to_number,
        caller_name=talk.caller_name,
        vip=talk.vip,
        service_number=call.to_number if call.direction == "inbound" else call.from_number,
        language=str(known.get("language", "")) if isinstance(known, dict) else "",
        outbound=call.direction != "inbound",
        values=values,
        turns=turns,
        past=past,
        ending=Ending(
            outcome=ended[-1].outcome,
            place=turns[-1].place,
            tickets=matters(every, lambda version: subflows.of(version)[1] if version else document),
        ),
    )


def _check(events: Iterable[Iterable[Event]], document: FlowDocument, subflows: Subflows) -> None:
    """Refuse what cannot be told apart or is no longer what would run."""
    for event in (event for of_turn in events for event in of_turn):
        if not isinstance(event, NodeEntered | NodeLeft):
            continue
        if event.version and not subflows.of(event.version)[2]:
            raise _SkippedError(OLD_SUBFLOW)
        if not event.version and event.node not in document.nodes:
            raise _SkippedError(UNREADABLE)


def _turns(rows: Sequence[Row[Any]], events: Sequence[Sequence[Event]], subflows: Subflows) -> Iterator[PastTurn]:
    """The exchanges; requests that only waited for a lookup belong to the exchange that asked for it."""
    place: Place = ("", "")
    held: PastTurn | None = None
    for row, of_turn in zip(rows, events, strict=True):
        path = tuple(
            (subflows.of(e.version)[0] if e.version else "", e.node) for e in of_turn if isinstance(e, NodeEntered)
        )
        asked_at, place = place, _after(place, of_turn, subflows)
        kind = str(row.heard.get("kind", ""))
        said = tuple(line for line in row.said or () if isinstance(line, dict))
        if held is not None and kind == "nothing" and _waited(held):
            held = _joined(held, said, path, place)
            continue
        if held is not None:
            yield held
        heard = None if kind == "hangup" else heard_of(row.heard)
        held = PastTurn(
            number=row.number,
            at=row.at,
            asked_at=asked_at,
            heard=heard,
            heard_as=dict(row.heard),
            said=said,
            path=path,
            place=place,
        )
    if held is not None:
        yield held


def _after(place: Place, events: Sequence[Event], subflows: Subflows) -> Place:
    for event in events:
        if isinstance(event, NodeEntered | NodeLeft | CallEnded):
            version = getattr(event, "version", None)
            flow = place[0] if version is None else (subflows.of(version)[0] if version else "")
            place = (flow, event.node)
    return place


def _waited(held: PastTurn) -> bool:
    """Whether a request that brought nothing was the way back from a lookup: a question is asked by a gather."""
    asks = ("ask", "record", "dial", "dialqueue", "enqueue")
    return not any(line.get("kind") in asks for line in held.said)


def _joined(held: PastTurn, said: tuple[Any, ...], path: tuple[Place, ...], place: Place) -> PastTurn:
    return PastTurn(
        number=held.number,
        at=held.at,
        asked_at=held.asked_at,
        heard=held.heard,
        heard_as=held.heard_as,
        said=held.said + said,
        path=held.path + path,
        place=place,
    )


def _given(values: Mapping[str, Any], document: FlowDocument) -> dict[str, Any]:
    """What the flow was given from outside: neither set by a node nor the flow's own default."""
    set_by_nodes = {name for node in document.nodes.values() for name in node.sets_values()}
    own = {name: variable.default for name, variable in document.variables.items()}
    return {
        name: value
        for name, value in values.items()
        if name not in set_by_nodes and not (name in own and own[name] == value)
    }
