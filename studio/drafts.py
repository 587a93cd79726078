"""Saving and discarding drafts: within limits, audited, never over somebody else's work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flows.documents import MAX_NODES
from flows.drafts import discard_draft, load_draft, save_draft
from flows.errors import ConflictError
from flows.versions import Draft
from studio.deps import StudioViewer
from studio.errors import Refused
from studio.sentences import told
from tickets.audit import AuditRow, record

MAX_LANGUAGES = 40
"""Of one flow; every prompt is looked at in each."""

ONE_SESSION = timedelta(minutes=10)
"""Saves of one person within this time are one deed in the audit; drafts save themselves every few seconds."""


def save(
    s: Session,
    name: str,
    data: Mapping[str, Any],
    *,
    revision: int,
    by: StudioViewer,
    now: datetime,
    base: int | None = None,
) -> Draft:
    """Store a draft, half-made or not. Raises Refused beyond the limits, ConflictError when somebody was faster.

    `base` is the number of the published version that a new draft grew from, 0 for none, None when nobody knows.
    """
    check_shape(data)
    draft = save_draft(s, name, data, by=by.name, now=now, revision=revision, base=base)
    _record_once(s, name, by=by, now=now)
    return draft


def discard(s: Session, name: str, *, revision: int | None, by: StudioViewer, now: datetime) -> None:
    """Forget the draft. Raises ConflictError when it is not the one of `revision` any more (None: whichever it is)."""
    draft = load_draft(s, name)
    if draft is None:
        return
    if revision is not None and draft.revision != revision:
        raise ConflictError(
            yours={}, theirs=dict(draft.document), your_revision=revision, revision=draft.revision,
            updated_by=draft.updated_by,
        )  # fmt: skip
    discard_draft(s, name)
    record(s, at=now, user_id=by.id, action="flow.draft.discard", subject=name)


def check_shape(data: Mapping[str, Any]) -> None:
    """A half-made document still is an object of nodes, and not too many. Raises Refused (422)."""
    nodes = data.get("nodes")
    if not isinstance(nodes, dict) or not all(isinstance(node, dict) for node in nodes.values()):
        raise Refused(told("The document's nodes must be objects below their names."))
    if len(nodes) > MAX_NODES:
        raise Refused(
            told(
                "The flow has {count} nodes; the limit is {limit}. Split it into sub-flows.",
                count=len(nodes),
                limit=MAX_NODES,
            )
        )
    languages = data.get("languages")
    if not isinstance(languages, list) or not all(isinstance(tag, str) for tag in languages):
        raise Refused(told("The document's languages must be a list of language tags."))
    if len(languages) > MAX_LANGUAGES:
        raise Refused(
            told("The flow has {count} languages; the limit is {limit}.", count=len(languages), limit=MAX_LANGUAGES)
        )
    if not isinstance(data.get("start"), str):
        raise Refused(told("The document's start must be the name of a node, or empty."))
    for name, kind in (("title", dict), ("layout", dict), ("notes", list)):
        if not isinstance(data.get(name, kind()), kind):
            raise Refused(told("The document's “{key}” cannot be read by the editor.", key=name))


def _record_once(s: Session, name: str, *, by: StudioViewer, now: datetime) -> None:
    seen = select(AuditRow.id).where(
        AuditRow.user_id == by.id,
        AuditRow.action == "flow.draft.save",
        AuditRow.subject == name,
        AuditRow.at > now - ONE_SESSION,
    )
    if s.scalar(seen.limit(1)) is None:
        record(s, at=now, user_id=by.id, action="flow.draft.save", subject=name)
