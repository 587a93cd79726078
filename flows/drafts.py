"""Drafts: saved by many hands, and never silently overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from flows.errors import ConflictError, UnknownFlow
from flows.versions import Draft, Flow, FlowVersion, find_flow, lock_flow


def save_draft(
    session: Session,
    name: str,
    document: Mapping[str, Any],
    *,
    by: str,
    now: datetime,
    revision: int,
    base: int | None = None,
) -> Draft:
    """Store the draft if the stored one still has `revision` (0: there is none yet).

    The document is plain data and may be half-made. `base` is the number of the published version that a new draft
    grew from, 0 for none, None when nobody knows. Raises ConflictError, which carries both documents, when somebody
    saved or published in the meantime.
    """
    flow = lock_flow(session, name)
    if flow is None:
        flow = Flow(name=name, title=dict(document.get("title") or {}), created_at=now)
        session.add(flow)
        session.flush()
    plain = dict(document)
    if revision == 0:
        if base is not None and base != _number_in_force(session, flow):
            raise _conflict(session, flow.id, plain, revision)
        draft = Draft(flow_id=flow.id, document=plain, updated_at=now, updated_by=by, revision=_first(flow, now))
        try:
            with session.begin_nested():
                session.add(draft)
        except IntegrityError:
            raise _conflict(session, flow.id, plain, revision) from None
        return draft
    changed = session.execute(
        update(Draft)
        .where(Draft.flow_id == flow.id, Draft.revision == revision)
        .values(document=plain, updated_at=now, updated_by=by, revision=revision + 1)
        .execution_options(synchronize_session=False)
    )
    if getattr(changed, "rowcount", 0) != 1:
        raise _conflict(session, flow.id, plain, revision)
    saved = session.get(Draft, flow.id, populate_existing=True)
    if saved is None:
        raise UnknownFlow(f"The flow “{name[:60]}” has no draft.")
    return saved


def _first(flow: Flow, now: datetime) -> int:
    """The revision a new draft begins with: 1 for a new flow, and more than any earlier, discarded draft had.

    It is the flow's age in seconds, since nobody saves faster than once a second for long. Else an editor that still
    holds revision 3 of a discarded draft could overwrite revision 3 of the next one.
    """
    return 1 + max(0, int((now - flow.created_at).total_seconds()))


def load_draft(session: Session, name: str) -> Draft | None:
    """The flow's draft, None when there is none. Raises UnknownFlow."""
    return session.get(Draft, find_flow(session, name).id, populate_existing=True)


def discard_draft(session: Session, name: str) -> None:
    """Forget the draft, if there is one. Raises UnknownFlow."""
    draft = load_draft(session, name)
    if draft is not None:
        session.delete(draft)
        session.flush()


def _conflict(session: Session, flow_id: int, yours: dict[str, Any], revision: int) -> ConflictError:
    stored = session.get(Draft, flow_id, populate_existing=True)
    return ConflictError(
        yours=yours,
        theirs=dict(stored.document) if stored else _in_force(session, flow_id),
        your_revision=revision,
        revision=stored.revision if stored else 0,
        updated_by=stored.updated_by if stored else "",
    )


def _in_force(session: Session, flow_id: int) -> dict[str, Any]:
    """The published document: what is there once a draft was published or discarded; {} when there is none."""
    version = _version_in_force(session, session.get(Flow, flow_id, populate_existing=True))
    return dict(version.document) if version else {}


def _number_in_force(session: Session, flow: Flow) -> int:
    version = _version_in_force(session, flow)
    return version.number if version else 0


def _version_in_force(session: Session, flow: Flow | None) -> FlowVersion | None:
    return session.get(FlowVersion, flow.published_version_id) if flow and flow.published_version_id else None
