"""The form of a service number: read, checked, and filled in again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.settings import DAYS
from console import language
from console.deps import deps
from console.form_fields import Fields, FormView
from console.translate import gettext as _
from console.week_grid import spans_of, text_of
from flows.nodes.opening_hours import periods_of
from flows.versions import Flow
from ivr.lines import Line

ALWAYS, HOURS = "always", "hours"
EARS = ("carrier", "house")
"""Who may listen on a number, whatever its flow says."""
_MONDAY = date(2026, 1, 5)
_DAY_MIN = 1440


@dataclass(frozen=True, kw_only=True)
class LineValues:
    """What the form says of a number, checked; the columns of `Line`."""

    number: str
    label: str
    flow_id: int | None
    language: str
    zone: str
    hours: dict[str, Any]
    closed_flow_id: int | None
    runs_draft: bool
    records_calls: bool
    ear: str = ""


def read(s: Session, fields: Fields, line: Line | None, languages: tuple[str, ...]) -> LineValues | None:
    """The values of the form; None when something is wrong, with the sentence beside its field."""
    number = fields.telephone("number", region=deps().region)
    if number and _is_taken(s, number, line):
        fields.refuse("number", _("This number is in the list already."))
    flows = {str(flow_id): flow_id for flow_id in s.scalars(select(Flow.id))}
    flow_id = flows.get(fields.choice("flow", {"", *flows}))
    if fields.choice("when", (ALWAYS, HOURS), ALWAYS) == HOURS:
        hours, zone = _week(fields), _zone(fields)
        closed_flow_id = flows.get(fields.choice("closed_flow", {"", *flows}))
    else:
        hours, zone, closed_flow_id = {}, "", None
    if closed_flow_id is not None and closed_flow_id == flow_id:
        fields.refuse("closed_flow", _("This is the flow of the open hours too; choose another one, or none."))
    runs_draft = fields.flag("runs_draft")
    if runs_draft and flow_id is None:
        fields.refuse("flow", _("Choose the flow whose draft the test number runs."))
    values = LineValues(
        number=number,
        label=fields.text("label", most=120),
        flow_id=flow_id,
        language=fields.choice("language", {"", *languages, *([line.language] if line else [])}),
        zone=zone,
        hours=hours,
        closed_flow_id=closed_flow_id,
        runs_draft=runs_draft,
        records_calls=fields.flag("records_calls"),
        ear=fields.choice("ear", {"", *EARS}),
    )
    return None if fields.errors else values


def _is_taken(s: Session, number: str, line: Line | None) -> bool:
    other = s.scalar(select(Line.id).where(Line.number == number))
    return other is not None and (line is None or other != line.id)


def _zone(fields: Fields) -> str:
    zone = fields.raw("zone")
    if zone not in language.zones():
        fields.refuse("zone", _("There is no time zone %(zone)s. Choose one of the list.", zone=zone[:60] or "—"))
        return "UTC"
    return zone


def _week(fields: Fields) -> dict[str, Any]:
    """The hours as a flow writes them: one line when every day is alike."""
    week: dict[str, list[str]] = {}
    for day in DAYS:
        try:
            spans = spans_of(fields.raw(f"week_{day}"))
        except ValueError as error:
            fields.refuse(f"week_{day}", str(error))
            continue
        week[day] = text_of(spans).split(", ") if spans else []
    if not fields.errors and not any(week.values()):
        fields.refuse("week", _("The number would never be open; mark at least one hour, or choose “always”."))
    alike = len({tuple(periods) for periods in week.values()}) == 1 and len(week) == len(DAYS)
    return {"every_day": week["mon"]} if alike else week


def shown(line: Line | None, *, number: str = "", zone: str = "UTC") -> FormView:
    """The form as it stands for a number; an empty one for a new number."""
    if line is None:
        return FormView(values={"when": ALWAYS, "zone": zone, "number": number})
    values = {
        "number": line.number,
        "label": line.label,
        "flow": str(line.flow_id or ""),
        "closed_flow": str(line.closed_flow_id or ""),
        "language": line.language,
        "ear": line.ear,
        "zone": line.zone or ("UTC" if line.hours else zone),
        "when": HOURS if line.hours else ALWAYS,
        "runs_draft": "1" if line.runs_draft else "",
        "records_calls": "1" if line.records_calls else "",
    }
    return FormView(values=values | _week_texts(line.hours))


def _week_texts(hours: Mapping[Any, Any]) -> dict[str, str]:
    """A text per weekday; what passes midnight stands on both days, as the grid has it."""
    spans: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    for place in range(len(DAYS) if hours else 0):
        for period in periods_of(hours, _MONDAY + timedelta(days=place)):
            begin, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in period.split("-"))
            if end > begin:
                spans[place].append((begin, end))
                continue
            spans[place].append((begin, _DAY_MIN))
            if end:
                spans[(place + 1) % len(DAYS)].append((0, end))
    return {f"week_{day}": text_of(tuple(sorted(spans[place]))) for place, day in enumerate(DAYS)}
