"""Many tickets at once, for measuring: `fill(db, 10_000, now)`."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from demo.callers import CALLERS
from demo.stories import ADDRESSES, COMPLAINTS
from storage.database import Database
from tickets.numbers import FIRST_COUNT, NumberTaken, number_of
from tickets.people import person_for_number
from tickets.search import SearchText, tokens
from tickets.ticket import Priority, Status, Ticket
from tickets.timeline import Entry, EntryKind
from tickets.users import User

BATCH = 1_000
STATUSES = (Status.CLOSED,) * 12 + (Status.SOLVED,) * 4 + (Status.OPEN,) * 2 + tuple(Status)
DAYS = 365


def fill(db: Database, count: int, now: datetime, *, seed: int = 7) -> None:
    """Store `count` demo tickets of the year before `now` with three entries each and their search texts.

    They are written in batches past the desk; what they say and how they lie in time is as the desk would leave it.
    """
    chance = random.Random(seed)
    with db.write() as session:
        people = [person_for_number(session, caller.number, now=now) for caller in CALLERS]
        person_ids = [(person.id, caller.number) for person, caller in zip(people, CALLERS, strict=True) if person]
        users: list[int | None] = [*session.scalars(select(User.id))] or [None]
    for start in range(0, count, BATCH):
        with db.write() as session:
            wanted = [{"taken_at": now} for _ in range(min(BATCH, count - start))]
            ids = session.scalars(insert(NumberTaken).returning(NumberTaken.id), wanted).all()
            rows = [_row(chance, n, now, person_ids, users) for n in ids]
            made = session.execute(insert(Ticket).returning(Ticket.id, Ticket.number), rows).all()
            by_number = {number: ticket_id for ticket_id, number in made}
            session.execute(insert(Entry), [e for row in rows for e in _entries(row, by_number[str(row["number"])])])
            session.execute(insert(SearchText), [_search(row, by_number[str(row["number"])]) for row in rows])


def _row(
    chance: random.Random, taken: int, now: datetime, people: list[tuple[int, str]], users: list[int | None]
) -> dict[str, object]:
    language = chance.choice(("zh-CN", "zh-CN", "en-US"))
    reference = f"RB{chance.randrange(10**9, 10**10)}"
    text = chance.choice(COMPLAINTS + ADDRESSES)[language].format(ref=reference)
    at = now - timedelta(seconds=chance.randrange(60, DAYS * 86_400))
    status = chance.choice(STATUSES)
    person_id, number = chance.choice(people)
    return {
        "number": number_of(FIRST_COUNT - 1 + taken),
        "subject": text[:80],
        "category": chance.choice(("complaint", "delivery", "collection", "question", "other")),
        "category_reason": {"rule": "flow", "node": "demo"},
        "priority": chance.choices(tuple(Priority), (1, 6, 2, 1))[0],
        "priority_reason": [],
        "status": status,
        "person_id": person_id,
        "caller_number": number,
        "language": language,
        "assignee_id": None if status == Status.NEW else chance.choice(users),
        "source": "phone",
        "reference": reference,
        "fields": {},
        "text": text,
        "created_at": at,
        "updated_at": min(at + timedelta(seconds=chance.randrange(60, 200_000)), now),
        "demo": True,
    }


def _entries(row: dict[str, object], ticket_id: int) -> list[dict[str, object]]:
    at = row["created_at"]
    of_ticket: dict[str, object] = {"ticket_id": ticket_id, "at": at, "demo": True}
    return [
        {**of_ticket, "kind": EntryKind.SYSTEM, "actor": "flow", "payload": {"event": "opened", "appended": False}},
        {**of_ticket, "kind": EntryKind.SPEECH, "actor": "caller", "payload": {"node": "demo", "text": row["text"]}},
        {
            **of_ticket,
            "kind": EntryKind.CHANGE,
            "actor": "system",
            "payload": {"field": "status", "from": "new", "to": str(row["status"]), "reason": ""},
        },
    ]


def _search(row: dict[str, object], ticket_id: int) -> dict[str, object]:
    words = f"{row['number']} {row['subject']} {row['caller_number']} {row['reference']} {row['text']}"
    return {"ticket_id": ticket_id, "tokens": " ".join(tokens(words))}
