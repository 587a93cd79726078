"""After an import: the people behind the numbers are made, a thousand at a time, and what came in between is merged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update

from callbacks.campaign import Campaign
from callbacks.case import Case, CaseState
from callbacks.cases import crowded
from callbacks.known_people import hold_numbers, people_for
from callbacks.merging import merge_open
from storage.database import Database

_AT_ONCE = 1_000


def link_people(db: Database, import_id: int, clock: Callable[[], datetime]) -> int:
    """Give every case of an import its person; gives how many. Run again after a crash it goes on where it was."""
    linked = 0
    while some := _some(db, import_id, clock()):
        linked += some
    return linked


def _some(db: Database, import_id: int, now: datetime) -> int:
    with db.write() as session:
        query = select(Case.id, Case.number, Case.name, Case.language, Case.campaign_id).where(
            Case.import_id == import_id, Case.person_id.is_(None), Case.state != CaseState.STAGED
        )
        rows = session.execute(query.order_by(Case.id).limit(_AT_ONCE)).all()
        if not rows:
            return 0
        campaign = session.get_one(Campaign, rows[0].campaign_id)
        wanted = {row.number: (row.name, row.language) for row in rows}
        people = people_for(session, wanted, now=now, demo=campaign.demo)
        session.execute(update(Case), [{"id": row.id, "person_id": people[row.number]} for row in rows])
        hold_numbers(session, sorted(wanted))
        if many := crowded(session, list(wanted)):
            merge_open(session, campaign, many, now)
        return len(rows)
