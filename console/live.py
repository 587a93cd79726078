"""Calls that are going on now: where each of them is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console import conversation, naming
from console.deps import deps
from ivr.calls import Call
from ivr.hearing import hearing_now
from ivr.turns import TurnRow
from telephony.calls import FINAL_STATUSES
from tickets.people import Person

blueprint = Blueprint("live", __name__)
MOST = 200


@blueprint.get("/live")
def page() -> str:
    """The page, which keeps itself up to date."""
    with deps().db.read() as s:
        return render_template("live.html", **_live(s))


@blueprint.get("/live/calls")
def listing() -> str:
    """Only the list."""
    with deps().db.read() as s:
        return render_template("_live_calls.html", **_live(s))


def _live(s: Session) -> dict[str, Any]:
    final = [x.value for x in FINAL_STATUSES]
    query = select(Call).where(Call.status.not_in(final)).order_by(Call.started_at.desc(), Call.id.desc())
    calls = list(s.scalars(query.limit(MOST)))
    people_ids = {c.person_id for c in calls if c.person_id}
    people = {p.id: p for p in s.scalars(select(Person).where(Person.id.in_(people_ids)))} if people_ids else {}
    return {
        "calls": calls,
        "people": people,
        "names": naming.names_of(s, calls),
        "hearing": hearing_now(s),
        "last": _last_turns(s, [c.id for c in calls]),
    }


def _last_turns(s: Session, call_ids: list[int]) -> dict[int, conversation.Exchange]:
    if not call_ids:
        return {}
    newest = (
        select(TurnRow.call_id, func.max(TurnRow.number).label("number"))
        .where(TurnRow.call_id.in_(call_ids))
        .group_by(TurnRow.call_id)
        .subquery()
    )
    query = select(TurnRow).join(newest, (TurnRow.call_id == newest.c.call_id) & (TurnRow.number == newest.c.number))
    return {row.call_id: conversation.exchange(row) for row in s.scalars(query)}
