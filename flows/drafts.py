"""Drafts: saved by many hands, and never silently overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from flows.errors import ConflictError, UnknownFlow
from flows.versions import Draft, Flow, find_flow


def save_draft(
    session: Session, name: str, document: Mapping[str, Any], *, by: str, now: datetime, revision: int
) -> Draft:
    """Store the draft if the stored one still has `revision` (0: there is none yet).

    The document is plain data and may be half-made. Raises ConflictError, which carries both documents, when somebody
    saved in the meantime.
    """
    flow = session.scalar(select(Flow).where(Flow.name == name))
    if flow is None:
        flow = Flow(name=name, title=dict(document.get("title") or {}), created_at=now)
        session.add(flow)
        session.flush()
    plain = dict(document)
    if revision == 0:
        draft = Draft(flow_id=flow.id, document=plain, updated_at=now, updated_by=by, revision=1)
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
        theirs=dict(stored.document) if stored else {},
        your_revision=revision,
        revision=stored.revision if stored else 0,
        updated_by=stored.updated_by if stored else "",
    )
