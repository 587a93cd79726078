"""What a test number runs: the draft as it is at the moment a call begins, kept so that the call stays on it.

A snapshot is a version whose number is below zero. It is never listed, never published and never taken back to; calls
name it like any other version, and what they said can be read as long as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from flows.documents import FlowDocument, from_json, to_json
from flows.errors import DocumentError
from flows.versions import Draft, Flow, FlowVersion, checksum_of
from work.jobs import ask

CANNOT_RUN: Mapping[str, str] = {
    "en-US": "This is a test number, and the draft of its flow cannot run yet. Open it in the editor to see why.",
    "zh-CN": "这是测试号码，流程草稿暂时无法运行。请在编辑器中查看原因。",
}
"""What a caller hears of a draft that is not a document yet; silence would look like a broken telephone."""


def is_snapshot(number: int) -> bool:
    """Whether a version of this number is a draft that a test number ran."""
    return number < 0


def draft_snapshot(session: Session, flow: Flow, now: datetime) -> FlowVersion | None:
    """The flow's draft as a version to run; None when there is no draft.

    The same document gives the same version. A draft that cannot be read, or has no node to begin at, gives a flow
    that says so.
    """
    draft = session.get(Draft, flow.id, populate_existing=True)
    if draft is None:
        return None
    data = to_json(_runnable(flow.name, draft.document))
    checksum = checksum_of(data)
    found = _find(session, flow.id, checksum)
    if found is not None:
        return found
    # Two calls may begin at once on a draft that nobody has run yet; the second finds what the first has kept.
    session.execute(select(Flow.id).where(Flow.id == flow.id).with_for_update())
    return _find(session, flow.id, checksum) or _keep(session, flow.id, draft, data, checksum, now)


def _keep(
    session: Session, flow_id: int, draft: Draft, data: dict[str, Any], checksum: str, now: datetime
) -> FlowVersion:
    lowest = session.scalar(select(func.min(FlowVersion.number)).where(FlowVersion.flow_id == flow_id)) or 0
    version = FlowVersion(
        flow_id=flow_id,
        number=min(lowest, 0) - 1,
        document=data,
        published_at=now,
        published_by=draft.updated_by,
        note="",
        checksum=checksum,
    )
    session.add(version)
    session.flush()
    ask(session, "make_prompts", key=f"make_prompts:{version.id}", payload={"version_id": version.id}, now=now)
    return version


def _find(session: Session, flow_id: int, checksum: str) -> FlowVersion | None:
    query = select(FlowVersion).where(
        FlowVersion.flow_id == flow_id, FlowVersion.checksum == checksum, FlowVersion.number < 0
    )
    return session.scalars(query.order_by(FlowVersion.number.desc()).limit(1)).first()


def _runnable(name: str, data: Mapping[str, Any]) -> FlowDocument:
    """The draft as a document, or one that says that it cannot run."""
    try:
        document = from_json(dict(data))
        if document.start in document.nodes and document.name == name:
            return document
    except DocumentError:
        pass
    return from_json(
        {
            "name": name,
            "languages": list(CANNOT_RUN),
            "start": "cannot_run",
            "nodes": {"cannot_run": {"type": "hang_up", "prompt": dict(CANNOT_RUN), "outcome": "failed"}},
        }
    )
