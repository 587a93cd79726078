"""The versions of a flow: who published which, when and why, what is in force, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flows.diff import Diff, diff
from flows.documents import FlowDocument, from_json
from flows.errors import DocumentError, UnknownFlow
from flows.versions import Draft, FlowVersion, find_flow, find_version, list_versions, load_document, lock_flow
from studio.dependent import Dependent
from studio.dependents import dependents
from studio.errors import Refused
from studio.previewing import breaking, in_force, readable
from studio.publishing import LONGEST_NOTE
from studio.sentences import told
from tickets.audit import AuditRow, record
from tickets.users import User
from work.happenings import tell

DRAFT = "draft"
ROLL_BACK = "flow.roll_back"


@dataclass(frozen=True, kw_only=True)
class Return:
    """That an older version was put in force again. `reason` says why in spite of what it broke."""

    at: datetime
    by: str
    note: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class VersionEntry:
    """A version in the list; `returns` are the times it came back into force, the latest first."""

    id: int
    number: int
    at: datetime
    by: str
    note: str
    override_reason: str
    in_force: bool
    returns: tuple[Return, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the editor takes it."""
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "by": self.by,
            "note": self.note,
            "override_reason": self.override_reason,
            "in_force": self.in_force,
            "returns": [{"at": r.at.isoformat(), "by": r.by, "note": r.note} for r in self.returns],
        }


def versions_of(session: Session, name: str) -> list[VersionEntry]:
    """Every version, newest first. Raises UnknownFlow."""
    flow = find_flow(session, name)
    returns = _returns(session, name)
    return [
        VersionEntry(
            id=version.id,
            number=version.number,
            at=version.published_at,
            by=version.published_by,
            note=version.note,
            override_reason=version.override_reason,
            in_force=version.id == flow.published_version_id,
            returns=tuple(returns.get(version.number, ())),
        )
        for version in list_versions(session, name)
    ]


def _returns(session: Session, name: str) -> dict[int, list[Return]]:
    rows = session.execute(
        select(AuditRow, User.name)
        .outerjoin(User, User.id == AuditRow.user_id)
        .where(AuditRow.action == ROLL_BACK, AuditRow.subject == name)
        .order_by(AuditRow.id.desc())
    )
    found: dict[int, list[Return]] = {}
    for row, who in rows:
        told_by = who or str(row.details.get("by", ""))
        back = Return(
            at=row.at,
            by=told_by,
            note=str(row.details.get("note", "")),
            reason=str(row.details.get("override_reason", "")),
        )
        found.setdefault(int(row.details.get("to", 0)), []).append(back)
    return found


def roll_back(
    session: Session,
    name: str,
    number: int,
    *,
    by: str,
    user_id: int | None,
    note: str,
    now: datetime,
    override_reason: str = "",
) -> FlowVersion:
    """Let new calls take an older version again; calls in progress keep theirs, and a draft stays as it is.

    Raises Refused: no such version, in force already, or with "blockers" when it breaks what depends on the flow and
    no reason is given.
    """
    flow = lock_flow(session, name)
    if flow is None:
        raise Refused(told("There is no flow “{name}”.", name=name[:60]), status=404)
    version = _found(session, name, number)
    current = in_force(session, flow)
    if current is not None and current.id == version.id:
        raise Refused(told("Version {number} is in force already.", number=number))
    reason = override_reason.strip()[:LONGEST_NOTE]
    blockers = tuple(breaking(broken_by_return(session, name, current, version)))
    if blockers and not reason:
        sentence = told("Nothing was changed. An administrator may go back all the same by giving a reason.")
        raise Refused(sentence, more={"blockers": list(blockers)})
    flow.published_version_id = version.id
    flow.title = dict(version.document.get("title") or {})
    details: dict[str, Any] = {"from": current.number if current else 0, "to": number, "by": by}
    details |= {"note": note.strip()[:LONGEST_NOTE]} | ({"override_reason": reason} if blockers else {})
    record(session, at=now, user_id=user_id, action=ROLL_BACK, subject=name, **details)
    tell(session, "flow.published", {"flow": name, "version": number}, now=now, reference=name)
    session.flush()
    return version


def broken_by_return(
    session: Session, name: str, current: FlowVersion | None, version: FlowVersion
) -> tuple[Dependent, ...]:
    """What going back to the version would break. Raises Refused when the version cannot be read any more."""
    try:
        after = load_document(version)
    except DocumentError as error:
        sentence = told("Version {number} cannot be read by this release any more.", number=version.number)
        raise Refused(sentence) from error
    return tuple(found for found in dependents(session, name, readable(current), after) if found.breaks)


def document_at(session: Session, name: str, which: str) -> FlowDocument:
    """The document of a version by its number, or of the draft ("draft"). Raises Refused."""
    if which != DRAFT:
        number = int(which) if which.isdecimal() and len(which) < 8 else 0
        return _read(_found(session, name, number).document)
    draft = session.get(Draft, find_flow(session, name).id)
    if draft is None:
        raise Refused(told("The flow has no draft."), status=404)
    return _read(draft.document)


def compare(session: Session, name: str, before: str, after: str) -> Diff:
    """What changed between two versions, each a number or "draft". Raises Refused."""
    return diff(document_at(session, name, before), document_at(session, name, after))


def _found(session: Session, name: str, number: int) -> FlowVersion:
    try:
        return find_version(session, name, number)
    except UnknownFlow:
        sentence = told("The flow “{name}” has no version {number}.", name=name[:60], number=number)
        raise Refused(sentence, status=404) from None


def _read(data: dict[str, Any]) -> FlowDocument:
    try:
        return from_json(dict(data))
    except DocumentError as error:
        problems = [problem.to_json() for problem in error.problems]
        raise Refused(told("The flow cannot run yet: see its problems."), more={"problems": problems}) from error
