"""The calendar of calls: cases that fall due on each day, calls made, and the campaigns that run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from callbacks.campaign import Campaign
from callbacks.reports.calendar import DayPlan, Run, planned, runs
from console import translate
from console.campaign_live_sentences import day_names
from console.campaign_terms import term
from console.campaign_words import grouped
from console.deps import deps, now
from console.guard import needs, viewer
from console.translate import gettext as _
from tickets.users import Role

blueprint = Blueprint("campaign_calendar", __name__)
WEEK = 7


@dataclass(frozen=True, kw_only=True)
class DayCell:
    """One day of the page. `is_outside`: of the month before or after the one shown."""

    day: date
    label: str
    is_today: bool
    is_outside: bool
    plans: tuple[DayPlan, ...]
    runs: tuple[Run, ...]

    @property
    def due(self) -> int:
        """Cases that fall due on the day."""
        return sum(plan.due for plan in self.plans)

    @property
    def called(self) -> int:
        """Calls made on the day."""
        return sum(plan.called for plan in self.plans)

    @property
    def has_news(self) -> bool:
        """More than campaigns that go on; a narrow screen shows only such days, and today."""
        edges = any(
            self.day in (run.first, run.last) and not (run.is_open_end and self.day == run.last) for run in self.runs
        )
        return bool(self.plans) or edges or self.is_today


@blueprint.get("/campaigns/calendar")
@needs(Role.OPS)
def page() -> str:
    """A month, or with view=week a week, in the reader's time zone."""
    zone, view = ZoneInfo(viewer().time_zone or "UTC"), "week" if request.args.get("view") == "week" else "month"
    today = now().astimezone(zone).date()
    chosen = _chosen(request.args.get("day", ""), today)
    first, days = _span(chosen, view)
    with deps().db.read() as s:
        plans, shown = planned(s, first, days, zone, now()), runs(s, first, days, zone, now())
        names = _names(s, plans, shown)
    cells = [_cell(first + timedelta(days=i), plans, shown, today, chosen, view) for i in range(days)]
    return render_template(
        "campaign_calendar.html",
        weeks=[cells[i : i + WEEK] for i in range(0, days, WEEK)],
        day_names=day_names("abbreviated"),
        names=names,
        title=_title(chosen, first, view),
        view=view,
        sentence=_sentence(cells, today),
        term=term,
        grouped=grouped,
        **_links(chosen, view),
    )


def _chosen(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(text) if text else today
    except ValueError as error:
        raise BadRequest(_("The address names a day that does not exist.")) from error
    if not today.year - 5 <= found.year <= today.year + 5:
        raise BadRequest(_("The calendar shows five years back and five ahead."))
    return found


def _span(chosen: date, view: str) -> tuple[date, int]:
    """The first Monday shown and how many days."""
    if view == "week":
        return chosen - timedelta(days=chosen.weekday()), WEEK
    start = chosen.replace(day=1)
    first = start - timedelta(days=start.weekday())
    following = (start + timedelta(days=31)).replace(day=1)
    weeks = -(-(following - first).days // WEEK)
    return first, weeks * WEEK


def _cell(day: date, plans: list[DayPlan], shown: list[Run], today: date, chosen: date, view: str) -> DayCell:
    return DayCell(
        day=day,
        label=str(format_date(day, "full", locale=translate.language())),
        is_today=day == today,
        is_outside=view == "month" and day.month != chosen.month,
        plans=tuple(plan for plan in plans if plan.day == day),
        runs=tuple(run for run in shown if run.first <= day <= run.last),
    )


def _names(s: Session, plans: list[DayPlan], shown: list[Run]) -> dict[int, str]:
    wanted = {plan.campaign_id for plan in plans} | {run.campaign_id for run in shown}
    rows = s.execute(select(Campaign.id, Campaign.name).where(Campaign.id.in_(wanted)))
    return dict(rows.tuples().all())


def _title(chosen: date, first: date, view: str) -> str:
    locale = translate.language()
    if view == "month":
        return str(format_date(chosen, "y年M月" if locale == "zh" else "MMMM y", locale=locale))
    last = first + timedelta(days=WEEK - 1)
    return f"{format_date(first, 'medium', locale=locale)} – {format_date(last, 'medium', locale=locale)}"


def _sentence(cells: list[DayCell], today: date) -> str:
    coming = sum(cell.due for cell in cells if cell.day >= today)
    if not coming:
        return _("No case falls due in these days.")
    top = max(cells, key=lambda cell: cell.due)
    return _(
        "%(count)s cases fall due in these days, most of them on %(day)s (%(top)s).",
        count=grouped(coming),
        day=top.label,
        top=grouped(top.due),
    )


def _links(chosen: date, view: str) -> dict[str, Any]:
    """Where the arrows lead."""
    if view == "week":
        before, after = chosen - timedelta(days=WEEK), chosen + timedelta(days=WEEK)
    else:
        before = chosen.replace(day=1) - timedelta(days=1)
        after = (chosen.replace(day=1) + timedelta(days=31)).replace(day=1)

    def to(day: date | None, how: str = view) -> str:
        return url_for("console.campaign_calendar.page", view=how, day=day.isoformat() if day else None)

    return {
        "before_url": to(before),
        "after_url": to(after),
        "today_url": to(None),
        "month_url": to(chosen, "month"),
        "week_url": to(chosen, "week"),
    }
