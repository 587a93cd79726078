"""The first page: a few live numbers and three small pictures of the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from console import charts, words
from console.deps import deps, now
from console.language import local_time
from console.translate import gettext as _
from console.translate import ngettext, time_zone
from ivr.calls import Call
from ivr.hearing import media_now
from telephony.calls import FINAL_STATUSES
from tickets.ticket import Ticket

blueprint = Blueprint("overview", __name__)
OPEN = ("new", "open", "waiting_customer", "waiting_third")


@blueprint.get("/")
def page() -> str:
    """The overview."""
    with deps().db.read() as s:
        return render_template("overview.html", media=media_now(s, now()), **_numbers(s, now()))


@blueprint.get("/overview/numbers")
def numbers() -> str:
    """Only the parts that change, for the page to put in place."""
    with deps().db.read() as s:
        return render_template("_overview_numbers.html", **_numbers(s, now()))


@blueprint.get("/overview/speech")
def speech() -> str:
    """Only what is said of live speech."""
    with deps().db.read() as s:
        return render_template("_speech_now.html", media=media_now(s, now()))


def _numbers(s: Session, moment: datetime) -> dict[str, Any]:
    rows = s.execute(select(Ticket.status, Ticket.priority, func.count()).group_by(Ticket.status, Ticket.priority))
    statuses: dict[str, int] = dict.fromkeys(words.STATUS, 0)
    priorities: dict[str, int] = dict.fromkeys(reversed(words.PRIORITY), 0)
    for status, priority, count in rows:
        statuses[str(status)] = statuses.get(str(status), 0) + count
        if status in OPEN:
            priorities[str(priority)] = priorities.get(str(priority), 0) + count
    unassigned = s.scalar(
        select(func.count()).select_from(Ticket).where(Ticket.status.in_(OPEN), Ticket.assignee_id.is_(None))
    )
    live = s.scalar(select(func.count()).select_from(Call).where(Call.status.not_in([x.value for x in FINAL_STATUSES])))
    hours, today, by_bot = _calls(s, moment)
    solved = s.scalar(select(func.count()).select_from(Ticket).where(Ticket.solved_at >= _midnight(moment)))
    return {
        "live": live,
        "open_count": sum(statuses[x] for x in OPEN if x in statuses),
        "unassigned": unassigned,
        "urgent": priorities.get("urgent", 0),
        "solved_today": solved,
        "calls_today": today,
        "by_bot_today": by_bot,
        "hours": hours,
        "hours_chart": charts.columns(_("Calls of the last 24 hours, by hour"), hours, chart_id="hours"),
        "hours_takeaway": _busiest(hours),
        "statuses": statuses,
        "statuses_takeaway": _most(statuses, words.STATUS, _("No tickets yet.")),
        "priorities": priorities,
        "priorities_takeaway": _urgent_sentence(priorities),
        "share": charts.share,
    }


def _midnight(moment: datetime) -> datetime:
    zone = time_zone()
    return moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def _calls(s: Session, moment: datetime) -> tuple[list[charts.Bar], int, int]:
    """Bars of the last 24 hours (oldest first), calls since local midnight, and those that ended without a ticket."""
    start = moment.replace(minute=0, second=0, microsecond=0) - timedelta(hours=23)
    begun = [(Call.started_at >= start + timedelta(hours=i), i) for i in reversed(range(24))]
    hour, is_incoming = case(*begun, else_=0).label("hour"), (Call.direction == "inbound").label("incoming")
    counted = select(hour, is_incoming, func.count()).where(Call.started_at >= start).group_by("hour", "incoming")
    incoming, outgoing = [0] * 24, [0] * 24
    for number, came_in, count in s.execute(counted):
        (incoming if came_in else outgoing)[number] += count
    alone = case((and_(Call.ended_at.is_not(None), Call.ticket_id.is_(None)), 1))
    today, by_bot = s.execute(
        select(func.count(), func.count(alone)).select_from(Call).where(Call.started_at >= _midnight(moment))
    ).one()
    bars = [
        charts.Bar(label=local_time(start + timedelta(hours=i), "time"), value=incoming[i], second=outgoing[i])
        for i in range(24)
    ]
    return bars, today, by_bot


def _busiest(bars: list[charts.Bar]) -> str:
    total = sum(b.value + b.second for b in bars)
    if not total:
        return _("No calls in the last 24 hours.")
    top = max(bars, key=lambda b: b.value + b.second)
    return ngettext(
        "One call in the last 24 hours, at %(hour)s.",
        "%(num)s calls in the last 24 hours, most of them in the hour from %(hour)s (%(top)s).",
        total,
        hour=top.label,
        top=top.value + top.second,
    )


def _most(counts: dict[str, int], table: dict[str, words.Word], nothing: str) -> str:
    total = sum(counts.values())
    if not total:
        return nothing
    key = max(counts, key=lambda k: counts[k])
    return _(
        "Most tickets are “%(status)s”: %(count)s of %(total)s.",
        status=table[key].label,
        count=counts[key],
        total=total,
    )


def _urgent_sentence(priorities: dict[str, int]) -> str:
    total = sum(priorities.values())
    if not total:
        return _("Nothing is open.")
    soon = priorities.get("urgent", 0) + priorities.get("high", 0)
    return _("%(soon)s of %(total)s open tickets are high or urgent.", soon=soon, total=total)
