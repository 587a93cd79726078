"""Stored flows: a draft that changes, and published versions that never do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import JSON, Connection, ForeignKey, String, Text, UniqueConstraint, delete, event, func, select, update
from sqlalchemy.orm import Mapped, Mapper, Session, mapped_column

from flows.documents import FlowDocument, from_json, to_json
from flows.errors import ImmutableVersion, PublishRefused, UnknownFlow
from flows.problems import Level
from flows.validation import lint
from storage.database import Base
from storage.types import Json, UtcDateTime
from work.jobs import ask

MAX_LOADED = 256
_loaded: dict[tuple[int, str], FlowDocument] = {}
"""Documents by version id and checksum: two databases in one process (tests) number their versions alike."""

DocumentColumn = JSON()
"""Plain JSON also on PostgreSQL: JSONB would sort the keys, and a document's order of nodes and languages matters."""


class Flow(Base):
    """A call flow by its name. `published_version_id` is the version that new calls take, None before the first."""

    __tablename__ = "flows"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    demo: Mapped[bool] = mapped_column(default=False)
    published_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("flow_versions.id", use_alter=True, name="fk_flows_published_version")
    )


class FlowVersion(Base):
    """A published version: numbered from 1 per flow and never changed. `override_reason` says why in spite of lint.

    A number below zero is a draft as a test number ran it (`flows.snapshots`).
    """

    __tablename__ = "flow_versions"
    __table_args__ = (UniqueConstraint("flow_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    flow_id: Mapped[int] = mapped_column(ForeignKey("flows.id"), index=True)
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(DocumentColumn)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    override_reason: Mapped[str] = mapped_column(Text, default="")
    checksum: Mapped[str] = mapped_column(String(64))


class Draft(Base):
    """The one draft of a flow; its document may be half-made. `revision` counts saves from 1."""

    __tablename__ = "flow_drafts"

    flow_id: Mapped[int] = mapped_column(ForeignKey("flows.id"), primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(DocumentColumn)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(String(120), default="")
    revision: Mapped[int] = mapped_column(default=1)


@event.listens_for(FlowVersion, "before_update")
@event.listens_for(FlowVersion, "before_delete")
def _keep(_mapper: Mapper[Any], _connection: Connection, version: FlowVersion) -> NoReturn:
    raise ImmutableVersion(f"Version {version.number} is published and stays as it is; publish a new one.")


def find_flow(session: Session, name: str) -> Flow:
    """The flow of this name. Raises UnknownFlow."""
    flow = session.scalar(select(Flow).where(Flow.name == name))
    if flow is None:
        raise UnknownFlow(f"There is no flow “{name[:60]}”.")
    return flow


def flow_names(session: Session) -> Mapping[str, tuple[str, ...]]:
    """Every published flow's name with the names of the flows it calls, as the lint wants to know."""
    versions = session.scalars(select(FlowVersion).join(Flow, Flow.published_version_id == FlowVersion.id))
    return {v.document["name"]: called_flows(v.document) for v in versions}


def called_flows(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the flows that a document (plain data) calls."""
    nodes = document.get("nodes", {}).values()
    return tuple(str(n.get("flow", "")) for n in nodes if isinstance(n, dict) and n.get("type") == "subflow")


def publish(
    session: Session,
    document: FlowDocument,
    *,
    by: str,
    note: str,
    now: datetime,
    override_reason: str = "",
    demo: bool = False,
) -> FlowVersion:
    """Make the document the version that new calls take, and return it.

    Publishing what is already in force changes nothing and returns that version. Raises PublishRefused when the lint
    finds errors and no `override_reason` is given.
    """
    # The flow is held first, so that two who publish at once are numbered one after the other.
    flow = lock_flow(session, document.name)
    errors = [p for p in lint(document, known_flows=flow_names(session), now=now) if p.level is Level.ERROR]
    if errors and not override_reason.strip():
        count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        raise PublishRefused(f"The flow {document.name} has {count}; nothing was published.", errors)
    if flow is None:
        flow = Flow(name=document.name, title=dict(document.title), created_at=now, demo=demo)
        session.add(flow)
        session.flush()
    reason = override_reason.strip() if errors else ""
    return add_version(session, flow, document, by=by, note=note, now=now, override_reason=reason)


def add_version(
    session: Session,
    flow: Flow,
    document: FlowDocument,
    *,
    by: str,
    note: str,
    now: datetime,
    override_reason: str = "",
) -> FlowVersion:
    """Number the document and put it in force, whatever the lint says; `flow` is held by the caller.

    What is already in force changes nothing and is returned.
    """
    data = to_json(document)
    checksum = checksum_of(data)
    current = session.get(FlowVersion, flow.published_version_id) if flow.published_version_id else None
    if current is not None and current.checksum == checksum:
        return current
    version = FlowVersion(
        flow_id=flow.id,
        number=next_number(session, flow.id),
        document=data,
        published_at=now,
        published_by=by,
        note=note,
        override_reason=override_reason,
        checksum=checksum,
    )
    session.add(version)
    session.flush()
    flow.published_version_id = version.id
    flow.title = dict(document.title)
    session.flush()
    ask(session, "make_prompts", key=f"make_prompts:{version.id}", payload={"version_id": version.id}, now=now)
    return version


def next_number(session: Session, flow_id: int) -> int:
    """The number of the flow's next version, from 1; drafts that test numbers ran do not count."""
    highest = session.scalar(select(func.max(FlowVersion.number)).where(FlowVersion.flow_id == flow_id)) or 0
    return max(highest, 0) + 1


def lock_flow(session: Session, name: str) -> Flow | None:
    """The flow, kept from everybody else until the transaction ends; None when there is none of this name."""
    query = select(Flow).where(Flow.name == name).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def latest(session: Session, name: str) -> FlowVersion:
    """The version that new calls take. Raises UnknownFlow."""
    version_id = find_flow(session, name).published_version_id
    version = session.get(FlowVersion, version_id) if version_id else None
    if version is None:
        raise UnknownFlow(f"The flow “{name[:60]}” has no published version.")
    return version


def find_version(session: Session, name: str, number: int) -> FlowVersion:
    """One version by its number. Raises UnknownFlow."""
    flow = find_flow(session, name)
    version = session.scalar(select(FlowVersion).where(FlowVersion.flow_id == flow.id, FlowVersion.number == number))
    if version is None or number < 1:
        raise UnknownFlow(f"The flow “{name[:60]}” has no version {number}.")
    return version


def list_versions(session: Session, name: str) -> list[FlowVersion]:
    """Every published version, newest first. Raises UnknownFlow."""
    flow = find_flow(session, name)
    query = select(FlowVersion).where(FlowVersion.flow_id == flow.id, FlowVersion.number > 0)
    return list(session.scalars(query.order_by(FlowVersion.number.desc())))


def roll_back(session: Session, name: str, number: int) -> FlowVersion:
    """Let new calls take an older version again. Raises UnknownFlow."""
    version = find_version(session, name, number)
    find_flow(session, name).published_version_id = version.id
    session.flush()
    return version


def load_document(version: FlowVersion) -> FlowDocument:
    """The version's document; the same object each time within a process. Raises DocumentError if unreadable."""
    key = (version.id, version.checksum)
    document = _loaded.get(key)
    if document is None:
        if len(_loaded) >= MAX_LOADED:
            _loaded.clear()
        document = _loaded[key] = from_json(version.document)
    return document


def erase_flow(session: Session, name: str) -> None:
    """Remove a flow with its draft and versions, for demo data only. The database refuses it while calls name them."""
    flow = find_flow(session, name)
    session.execute(update(Flow).where(Flow.id == flow.id).values(published_version_id=None))
    session.execute(delete(Draft).where(Draft.flow_id == flow.id))
    session.execute(delete(FlowVersion).where(FlowVersion.flow_id == flow.id))
    session.execute(delete(Flow).where(Flow.id == flow.id))


def checksum_of(data: Mapping[str, Any]) -> str:
    """What tells one document from another: SHA-256 of its compact JSON, in hexadecimal."""
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
