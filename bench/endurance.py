"""Whole calls counted afterwards in the database, and the web process's memory over many calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bench import loads
from bench.calls import COMPLAINT, SHORT_CALL, Exchange, Ledger
from bench.figures import family_rss_mb
from bench.server import Server
from ivr.calls import Call
from ivr.ratings import Rating
from ivr.recordings import Recording
from ivr.turns import TurnRow
from storage.database import Database
from tickets.ticket import Ticket
from tickets.timeline import Entry, EntryKind
from work.jobs import Job

AT_ONCE = 50
EVENTS = ("LanguageChosen", "RecordingMade", "TicketOpened", "Rated", "CallEnded")
"""Events that each complaint call reports exactly once."""


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many rows there are of something, and how many there must be."""

    what: str
    expected: int
    found: int


@dataclass(frozen=True, kw_only=True)
class EndToEnd:
    """So many calls from the first webhook to the last status callback."""

    calls: int
    elapsed_s: float
    turns_per_second: float
    counts: list[Count]
    bad: list[str]

    @property
    def nothing_lost(self) -> bool:
        """Whether every count is exact and every answer was a document."""
        return not self.bad and all(count.expected == count.found for count in self.counts)


@dataclass(kw_only=True)
class Memory:
    """Resident memory of the web process after so many calls: (calls, MB)."""

    samples: list[tuple[int, float]] = field(default_factory=list)

    @property
    def kb_per_1000_calls(self) -> float:
        """Growth over the last half of the calls."""
        half = self.samples[len(self.samples) // 2 :]
        (first, before), (last, after) = half[0], half[-1]
        return 1e6 * (after - before) / max(last - first, 1)


async def end_to_end(server: Server, token: str, exchange: Exchange, db: Database, calls: int) -> EndToEnd:
    """Let callers complain from the first webhook to the last status callback, and count what is there."""
    with db.read() as session:
        before = session.scalar(select(func.max(Call.id))) or 0
    ledger = Ledger(keep_documents=True)
    run = await loads.complete(
        server, token, loads.ended_calls(exchange, COMPLAINT), at_once=AT_ONCE, count=calls, ledger=ledger
    )
    with db.read() as session:
        counts = count_rows(session, ledger, calls=calls, after_call=before)
    return EndToEnd(
        calls=calls,
        elapsed_s=run.elapsed_s,
        turns_per_second=run.per_second,
        counts=counts,
        bad=ledger.bad[:10],
    )


def count_rows(session: Session, ledger: Ledger, *, calls: int, after_call: int) -> list[Count]:
    """What complaint calls must have left, and what they left; calls up to the id `after_call` are others."""
    mine = Call.id > after_call
    ids = select(Call.id).where(mine)
    sids = select(Call.sid).where(mine)
    turns = session.execute(
        select(Call.sid, TurnRow.number, TurnRow.reply, TurnRow.events)
        .join(Call, Call.id == TurnRow.call_id)
        .where(mine)
        .order_by(Call.sid, TurnRow.number)
    ).all()
    stored: dict[str, list[str]] = {}
    for turn in turns:
        stored.setdefault(str(turn.sid), []).append(turn.reply)
    fetches = select("fetch:" + Recording.sid).where(Recording.call_id.in_(ids))
    same = sum(stored.get(sid) == heard for sid, heard in ledger.documents.items())
    tickets = select(Ticket.id).where(Ticket.call_sid.in_(sids))

    def rows(model: Any, *where: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(model).where(*where)) or 0

    return [
        Count(what="calls, all completed", expected=calls, found=rows(Call, mine, Call.status == "completed")),
        Count(what="turns", expected=ledger.turns, found=len(turns)),
        Count(what="calls whose stored documents are those heard, in order", expected=calls, found=same),
        Count(what="tickets", expected=calls, found=rows(Ticket, Ticket.call_sid.in_(sids))),
        Count(what="recordings on tickets", expected=calls, found=rows(Recording, Recording.ticket_id.in_(tickets))),
        Count(what="ratings", expected=calls, found=rows(Rating, Rating.call_id.in_(ids))),
        Count(
            what="recording entries on timelines",
            expected=calls,
            found=rows(Entry, Entry.ticket_id.in_(tickets), Entry.kind == EntryKind.RECORDING),
        ),
        Count(
            what="call entries on timelines",
            expected=calls,
            found=rows(Entry, Entry.ticket_id.in_(tickets), Entry.kind == EntryKind.CALL),
        ),
        Count(
            what="jobs to fetch a recording",
            expected=calls,
            found=rows(Job, Job.key.in_(fetches)),
        ),
        *_events((turn.events for turn in turns), calls),
    ]


def _events(stored: Iterable[list[dict[str, Any]]], calls: int) -> list[Count]:
    found = Counter(event["type"] for events in stored for event in events)
    return [Count(what=f"events {name}", expected=calls, found=found[name]) for name in EVENTS]


async def memory(server: Server, token: str, exchange: Exchange, calls: int) -> Memory:
    """Many short calls; the memory is read ten times on the way."""
    found = Memory()
    step = max(calls // 10, 1)
    for done in range(step, calls + 1, step):
        unit = loads.ended_calls(exchange, SHORT_CALL)
        await loads.complete(server, token, unit, at_once=8, count=step, ledger=Ledger())
        found.samples.append((done, family_rss_mb(server.pid)))
    return found
