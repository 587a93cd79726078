"""A service number added, changed or taken off the list, and the record of it with what it was before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from callbacks.campaign import Campaign, CampaignState
from console.line_form import LineValues
from console.speech_words import EAR
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
    "ear": _("ear"),
    "zone": _("time zone"),
    "hours": _("hours"),
    "runs_draft": _("runs the draft"),
    "records_calls": _("records its calls"),
}


EARS = {ear: found.label for ear, found in EAR.items()}


class NumberTaken(BadRequest):
    """Somebody else added the number between the look at the list and the insert; the page says so in a sentence."""


@dataclass(frozen=True, kw_only=True)
class LineDeed:
    """One entry of the record: who did what when, and a sentence per field."""

    at: datetime
    by: str
    what: str
    label: str
    changes: tuple[str, ...]


def put(s: Session, line: Line | None, values: LineValues, *, user_id: int, now: datetime) -> Line:
    """Store what the form said, and the record of it. Raises NumberTaken."""
    is_new = line is None
    line = line if line is not None else Line(number=values.number)
    with recorded(s, line, is_new=is_new, user_id=user_id, now=now):
        for column, value in asdict(values).items():
            setattr(line, column, value)
    return line


@contextmanager
def recorded(
    s: Session, line: Line, *, is_new: bool, user_id: int | None, now: datetime, **more: Any
) -> Iterator[None]:
    """Store what is changed of the line within, and record it with both values.

    Telephone numbers are left out: they do not belong there. `more` goes into the record too. Raises NumberTaken.
    """
    before = {} if is_new else _names(s, line)
    yield
    if is_new:
        s.add(line)
    try:
        s.flush()
    except IntegrityError as error:
        raise NumberTaken(_now("This number is in the list already.")) from error
    after = _names(s, line)
    changed = {field: [before.get(field), after[field]] for field in after if before.get(field) != after[field]}
    if "number" in changed:
        changed["number"] = []
    if changed:
        _record(s, ADD if is_new else CHANGE, line, now=now, user_id=user_id, changes=changed, **more)


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


def _record(
    s: Session, action: str, line: Line, *, now: datetime, user_id: int | None, changes: dict[str, Any], **more: Any
) -> None:
    subject = f"line {line.id}"
    record(s, at=now, user_id=user_id, action=action, subject=subject, label=line.label, changes=changes, **more)


def _names(s: Session, line: Line) -> dict[str, Any]:
    """The number's settings with flows by their names."""
    return {
        "number": line.number,
        "label": line.label,
        "flow": _flow(s, line.flow_id),
        "closed_flow": _flow(s, line.closed_flow_id),
        "language": line.language,
        "ear": line.ear or "",
        "zone": line.zone,
        "hours": line.hours or {},
        "runs_draft": line.runs_draft,
        "records_calls": line.records_calls,
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
            by=who or str(row.details.get("by") or ""),
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
        before, after = (_shown(value, EARS if field == "ear" else titles) for value in pair)
        if action == CHANGE:
            yield _now("%(field)s: %(before)s → %(after)s", field=word, before=before or "—", after=after or "—")
        elif after or before:
            yield f"{word}: {after or before}"


def _shown(value: Any, titles: Mapping[str, Any]) -> str:
    if isinstance(value, bool):
        return _now("yes") if value else _now("no")
    return str(titles.get(str(value), value)) if value else ""
