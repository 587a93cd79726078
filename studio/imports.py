"""An import becomes a draft: of a new flow, or of one that is there. Nothing is published by it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from flows.drafts import save_draft
from flows.importers import Imported
from flows.versions import Draft, Flow
from studio.deps import StudioViewer
from studio.drafts import check_shape
from studio.errors import Refused
from studio.opening import RESERVED
from studio.sentences import told
from tickets.audit import record


def standing_in_the_way(s: Session, name: str) -> str:
    """What an import under this name would replace: "draft", "published" (only a draft is added), or "" for nothing."""
    flow = s.scalar(select(Flow).where(Flow.name == name))
    if flow is None:
        return ""
    if s.get(Draft, flow.id) is not None:
        return "draft"
    return "published" if flow.published_version_id else "draft"


def store_import(s: Session, imported: Imported, *, by: StudioViewer, now: datetime, replace: bool = False) -> Draft:
    """Keep the imported flow as the draft of the flow it names.

    `replace` allows what stands there to be changed: the draft to be written over, a published flow to get one.
    Raises Refused when it is not allowed, or the name is one that addresses need.
    """
    name = str(imported.data.get("name", ""))
    check_shape(imported.data)
    if name in RESERVED | {"import"}:
        raise Refused(told("A flow cannot be named {name}; choose another name.", name=name))
    before = standing_in_the_way(s, name)
    if before and not replace:
        sentence = (
            told("There is a flow {name} with a draft already. Choose another name, or replace the draft.", name=name)
            if before == "draft"
            else told("There is a flow {name} already. Choose another name, or import it as its draft.", name=name)
        )
        raise Refused(sentence, status=409)
    flow = s.scalar(select(Flow).where(Flow.name == name))
    old = s.get(Draft, flow.id) if flow is not None else None
    draft = save_draft(s, name, imported.data, by=by.name, now=now, revision=old.revision if old else 0)
    report = imported.report
    record(
        s,
        at=now,
        user_id=by.id or None,
        action="flow.import",
        subject=name,
        format=report.format,
        nodes=len(imported.data["nodes"]),
        taken=len(report.taken),
        changed=len(report.changed),
        refused=len(report.refused),
        replaced=before == "draft",
    )
    return draft
