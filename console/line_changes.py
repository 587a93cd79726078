"""A service number added, changed or taken off the list, and the record of it with what it was before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign, CampaignState
from console.line_form import LineValues
from console.translate import gettext as _now
from console.translate import lazy_gettext as _
from console.words import local_title
from flows.versions import Flow
from ivr.lines import Line
from tickets.audit import AuditRow, record
from tickets.users import User

ADD, CHANGE, REMOVE = "line.add", "line.change", "line.remove"
SHOWN = 12

FIELDS = {
    "number": _("number"),
    "label": _("name"),
    "flow": _("flow"),
    "closed_flow": _("flow outside the hours"),
    "language": _("language"),
    "zone": _("time zone"),
    "hours": _("hours"),
    "runs_draft": _("runs the draft"),
}


@dataclass(frozen=True, kw_only=True)
class LineDeed:
    """One entry of the record: who did what when, and a sentence per field."""

    at: datetime
    by: str
    what: str
    label: str
    changes: tuple[str, ...]


def put(s: Session, line: Line | None, values: LineValues, *, user_id: int, now: datetime) -> Line:
    """Store what the form said. What changed is recorded with both values, numbers apart: they do not belong there."""
    before = _names(s, line) if line is not None else {}
    action = CHANGE if line is not None else ADD
    if line is None:
        line = Line(number=values.number)
        s.add(line)
    for column, value in asdict(values).items():
        setattr(line, column, value)
    s.flush()
    after = _names(s, line)
    changed = {field: [before.get(field), after[field]] for field in after if before.get(field) != after[field]}
    if "number" in changed:
        changed["number"] = []
    if changed:
        _record(s, action, line, now=now, user_id=user_id, changes=changed)
    return line


def remove(s: Session, line: Line, *, user_id: int, now: datetime) -> None:
    """Take a number off the list; its calls stay."""
    _record(s, REMOVE, line, now=now, user_id=user_id, changes={"flow": [_names(s, line)["flow"], None]})
    s.delete(line)
    s.flush()


def calling_from(s: Session, line: Line) -> list[str]:
    """Names of the campaigns not ended that call from the number."""
    ended = (CampaignState.FINISHED, CampaignState.STOPPED)
    open_ones = s.scalars(select(Campaign).where(Campaign.state.not_in(ended)).order_by(Campaign.name))
    return [campaign.name for campaign in open_ones if line.number in campaign.caller_numbers]


def _record(s: Session, action: str, line: Line, *, now: datetime, user_id: int, changes: dict[str, Any]) -> None:
    subject = f"line {line.id}"
    record(s, at=now, user_id=user_id, action=action, subject=subject, label=line.label, changes=changes)


def _names(s: Session, line: Line) -> dict[str, Any]:
    """The number's settings with flows by their names."""
    return {
        "number": line.number,
        "label": line.label,
        "flow": _flow(s, line.flow_id),
        "closed_flow": _flow(s, line.closed_flow_id),
        "language": line.language,
        "zone": line.zone,
        "hours": line.hours or {},
        "runs_draft": line.runs_draft,
    }


def _flow(s: Session, flow_id: int | None) -> str | None:
    flow = s.get(Flow, flow_id) if flow_id is not None else None
    return flow.name if flow is not None else None


def recent(s: Session) -> list[LineDeed]:
    """The latest deeds, newest first."""
    rows = s.execute(
        select(AuditRow, User.name)
        .outerjoin(User, User.id == AuditRow.user_id)
        .where(AuditRow.action.in_((ADD, CHANGE, REMOVE)))
        .order_by(AuditRow.id.desc())
        .limit(SHOWN)
    ).all()
    titles = {flow.name: local_title(flow.title, flow.name) for flow in s.scalars(select(Flow))}
    return [
        LineDeed(
            at=row.at,
            by=who or "",
            what=row.action,
            label=str(row.details.get("label") or row.subject),
            changes=tuple(_sentences(row.details.get("changes") or {}, titles, row.action)),
        )
        for row, who in rows
    ]


def _sentences(changes: dict[str, Any], titles: dict[str, str], action: str) -> Iterator[str]:
    for field, pair in changes.items():
        word = str(FIELDS.get(field, field))
        if not pair or field == "hours":
            yield _now("%(field)s changed", field=word) if action == CHANGE else word
            continue
        before, after = (_shown(value, titles) for value in pair)
        if action == CHANGE:
            yield _now("%(field)s: %(before)s → %(after)s", field=word, before=before or "—", after=after or "—")
        elif after or before:
            yield f"{word}: {after or before}"


def _shown(value: Any, titles: dict[str, str]) -> str:
    if isinstance(value, bool):
        return _now("yes") if value else _now("no")
    return titles.get(str(value), str(value)) if value else ""
