"""Calls as pages want them: who is on the line now and where in the flow, past calls by the page, one call whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session as DbSession

from ivr.calls import Call
from ivr.messages import Message
from ivr.ratings import Rating
from ivr.recordings import Recording
from ivr.turns import TurnRow
from telephony.calls import FINAL_STATUSES
from tickets.people import Person


@dataclass(frozen=True, kw_only=True)
class LiveCall:
    """A call that goes on. `since` is when it reached its node; `person` "" when nobody is known by the number."""

    id: int
    sid: str
    token: str
    direction: str
    number: str
    person: str
    flow: str
    node: str
    language: str
    status: str
    turn: int
    started_at: datetime
    since: datetime
    ticket_id: int | None
    error: str


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """Where a page of calls ended: newest first by start and id."""

    started_at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.started_at.isoformat()}_{self.id}"

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """The cursor that `str` wrote; None for anything else."""
        at, _, number = text.rpartition("_")
        try:
            started_at = datetime.fromisoformat(at)
        except ValueError:
            return None
        if not number.isascii() or not number.isdigit() or started_at.tzinfo is None:
            return None
        return cls(started_at=started_at, id=int(number))


@dataclass(frozen=True, kw_only=True)
class CallFilter:
    """Which calls are wanted; empty fields want all. `text` is part of a number or a whole CallSid."""

    flow: str = ""
    outcome: str = ""
    person_id: int | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class CallsPage:
    """Calls, newest first; `after` leads to the next page, None on the last one."""

    calls: Sequence[Call]
    after: Cursor | None


@dataclass(frozen=True, kw_only=True)
class CallStory:
    """All that is kept of one call."""

    call: Call
    person: Person | None
    turns: Sequence[TurnRow]
    recordings: Sequence[Recording]
    messages: Sequence[Message]
    ratings: Sequence[Rating]


@dataclass(frozen=True, kw_only=True)
class Change:
    """Something new about a call since a cursor: it took a turn."""

    call_id: int
    sid: str
    token: str
    turn: int
    node_before: str
    node_after: str
    heard: str
    status: str
    at: datetime


def live_calls(db: DbSession, *, limit: int = 200) -> list[LiveCall]:
    """The calls that go on, the newest first."""
    since = select(func.max(TurnRow.at)).where(TurnRow.call_id == Call.id).scalar_subquery()
    rows = db.execute(
        select(Call, Person.name, since)
        .outerjoin(Person, Person.id == Call.person_id)
        .where(Call.status.not_in(sorted(FINAL_STATUSES)))
        .order_by(Call.started_at.desc(), Call.id.desc())
        .limit(limit)
    )
    return [_live(call, name or "", at) for call, name, at in rows]


def _live(call: Call, person: str, since: datetime | None) -> LiveCall:
    return LiveCall(
        id=call.id,
        sid=call.sid or "",
        token=call.token,
        direction=call.direction,
        number=call.from_number if call.direction == "inbound" else call.to_number,
        person=person,
        flow=call.flow_name,
        node=call.node,
        language=call.language,
        status=call.status,
        turn=call.turn,
        started_at=call.started_at,
        since=since or call.started_at,
        ticket_id=call.ticket_id,
        error=call.error,
    )


def calls_page(db: DbSession, wanted: CallFilter, *, after: Cursor | None = None, limit: int = 50) -> CallsPage:
    """A page of calls, newest first."""
    query = select(Call).where(*_conditions(wanted))
    if after is not None:
        query = query.where(tuple_(Call.started_at, Call.id) < (after.started_at, after.id))
    found = db.scalars(query.order_by(Call.started_at.desc(), Call.id.desc()).limit(limit + 1)).all()
    calls = found[:limit]
    more = len(found) > limit
    return CallsPage(calls=calls, after=Cursor(started_at=calls[-1].started_at, id=calls[-1].id) if more else None)


def _conditions(wanted: CallFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.flow:
        found.append(Call.flow_name == wanted.flow)
    if wanted.outcome:
        found.append(Call.outcome == wanted.outcome)
    if wanted.person_id is not None:
        found.append(Call.person_id == wanted.person_id)
    if text := wanted.text.strip():
        from_number = Call.from_number.contains(text, autoescape=True)
        to_number = Call.to_number.contains(text, autoescape=True)
        found.append(or_(Call.sid == text, from_number, to_number))
    return found


def call_story(db: DbSession, sid: str) -> CallStory | None:
    """One call whole, by its CallSid; None when there is none."""
    call = db.scalar(select(Call).where(Call.sid == sid))
    if call is None:
        return None
    return CallStory(
        call=call,
        person=db.get(Person, call.person_id) if call.person_id is not None else None,
        turns=db.scalars(select(TurnRow).where(TurnRow.call_id == call.id).order_by(TurnRow.number)).all(),
        recordings=db.scalars(select(Recording).where(Recording.call_id == call.id).order_by(Recording.id)).all(),
        messages=db.scalars(select(Message).where(Message.call_id == call.id).order_by(Message.id)).all(),
        ratings=db.scalars(select(Rating).where(Rating.call_id == call.id).order_by(Rating.id)).all(),
    )


def call_sids(db: DbSession, ticket_id: int) -> list[str]:
    """The calls that led to a ticket last, newest first; a ticket's timeline names them all."""
    rows = db.scalars(select(Call.sid).where(Call.ticket_id == ticket_id).order_by(Call.started_at.desc()))
    return [sid for sid in rows if sid]


def cursor_now(db: DbSession) -> int:
    """The point from which `changes_since` tells what is new."""
    return db.scalar(select(func.max(TurnRow.id))) or 0


def changes_since(db: DbSession, cursor: int, *, limit: int = 500) -> tuple[int, list[Change]]:
    """What happened on calls after `cursor`, oldest first, and the next cursor.

    On PostgreSQL two transactions may commit in another order than their ids; a page that must be whole asks
    `live_calls` again from time to time.
    """
    rows = db.execute(
        select(TurnRow, Call.sid, Call.token, Call.status)
        .join(Call, Call.id == TurnRow.call_id)
        .where(TurnRow.id > cursor)
        .order_by(TurnRow.id)
        .limit(limit)
    ).all()
    changes = [
        Change(
            call_id=turn.call_id,
            sid=sid or "",
            token=token,
            turn=turn.number,
            node_before=turn.node_before,
            node_after=turn.node_after,
            heard=str(turn.heard.get("kind", "")),
            status=status,
            at=turn.at,
        )
        for turn, sid, token, status in rows
    ]
    return (rows[-1][0].id if rows else cursor), changes
