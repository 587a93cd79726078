"""From a draft to a numbered version that new calls take, and back to an older one.

Looking first and putting in force after are two steps: saved tests may take a while, and nobody's call waits for them.
Between the two the flow is held, and whatever changed meanwhile is looked at again, so that nothing is put in force
that was not looked at, and no draft is lost that somebody saved in the meantime.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flows.documents import FlowDocument, from_json, to_json
from flows.errors import ConflictError, DocumentError
from flows.validation.speech_knowledge import NOTHING_KNOWN, SpeechKnowledge
from flows.versions import Draft, Flow, FlowVersion, add_version, checksum_of, lock_flow
from studio.errors import Refused
from studio.previewing import PublishPreview, in_force, preview
from studio.sentences import told
from tickets.audit import record
from work.happenings import tell

LONGEST_NOTE = 2_000


def preview_of_draft(
    session: Session,
    name: str,
    *,
    revision: int,
    now: datetime,
    flow_values: Mapping[str, Any] | None = None,
    speech: SpeechKnowledge = NOTHING_KNOWN,
) -> PublishPreview:
    """The same for the stored draft. Raises ConflictError when it is not at `revision`, Refused when it cannot run."""
    flow = session.scalar(select(Flow).where(Flow.name == name))
    if flow is None:
        raise _no_flow(name)
    document = _document(_draft(session, flow, revision), name)
    return preview(session, document, now=now, flow_values=flow_values, speech=speech)


def publish_draft(
    session: Session,
    name: str,
    *,
    revision: int,
    by: str,
    user_id: int | None,
    note: str,
    now: datetime,
    override_reason: str = "",
    looked: PublishPreview | None = None,
    flow_values: Mapping[str, Any] | None = None,
    speech: SpeechKnowledge = NOTHING_KNOWN,
) -> FlowVersion:
    """Put the draft in force as a numbered version; the draft is gone then.

    `looked` is what `preview_of_draft` found before, so that it need not be looked at again under the lock.
    Raises ConflictError when the draft is not at `revision` any more, Refused with "blockers" when something is in the
    way and no reason is given.
    """
    flow = lock_flow(session, name)
    if flow is None:
        raise _no_flow(name)
    draft = _draft(session, flow, revision)
    if not note.strip():
        raise Refused(told("Say in a note what changes; others read it in the list of versions."))
    if looked is None or looked.base_version_id != flow.published_version_id:
        looked = preview(session, _document(draft, name), now=now, flow_values=flow_values, speech=speech)
    version = _put_in_force(
        session, flow, looked, by=by, user_id=user_id, note=note, now=now, override_reason=override_reason
    )
    session.delete(draft)
    session.flush()
    return version


def publish_document(
    session: Session,
    document: FlowDocument,
    *,
    by: str,
    note: str,
    now: datetime,
    override_reason: str = "",
    looked: PublishPreview | None = None,
    flow_values: Mapping[str, Any] | None = None,
    speech: SpeechKnowledge = NOTHING_KNOWN,
) -> FlowVersion:
    """Put a document in force that is not the draft, as the terminal does; a draft stays. Raises Refused.

    What is in force already is returned as it is.
    """
    flow = lock_flow(session, document.name)
    if flow is None:
        flow = Flow(name=document.name, title=dict(document.title), created_at=now)
        session.add(flow)
        session.flush()
    current = in_force(session, flow)
    if current is not None and current.checksum == checksum_of(to_json(document)):
        return current
    if looked is None or looked.base_version_id != flow.published_version_id:
        looked = preview(session, document, now=now, flow_values=flow_values, speech=speech)
    return _put_in_force(
        session, flow, looked, by=by, user_id=None, note=note, now=now, override_reason=override_reason
    )


def _put_in_force(
    session: Session,
    flow: Flow,
    looked: PublishPreview,
    *,
    by: str,
    user_id: int | None,
    note: str,
    now: datetime,
    override_reason: str,
) -> FlowVersion:
    reason = override_reason.strip()[:LONGEST_NOTE]
    blockers = looked.blockers
    if blockers and not reason:
        sentence = told("Nothing was published. An administrator may publish all the same by giving a reason.")
        raise Refused(sentence, more={"blockers": list(blockers)})
    current = in_force(session, flow)
    if current is not None and current.checksum == checksum_of(to_json(looked.document)):
        raise Refused(
            told("The draft says the same as version {number}; nothing was published.", number=current.number)
        )
    version = add_version(
        session,
        flow,
        looked.document,
        by=by,
        note=note.strip()[:LONGEST_NOTE],
        now=now,
        override_reason=reason if blockers else "",
    )
    details = {"version": version.number, "overridden": len(blockers)}
    record(session, at=now, user_id=user_id, action="flow.publish", subject=flow.name, **details)
    tell(session, "flow.published", {"flow": flow.name, "version": version.number}, now=now, reference=flow.name)
    return version


def _draft(session: Session, flow: Flow, revision: int) -> Draft:
    """The draft at this revision, held until the transaction ends. Raises ConflictError."""
    query = select(Draft).where(Draft.flow_id == flow.id).with_for_update()
    draft = session.scalar(query.execution_options(populate_existing=True))
    if draft is not None and draft.revision == revision:
        return draft
    current = in_force(session, flow)
    if draft is None and current is None:
        raise Refused(told("There is no draft to publish. Change something first."))
    theirs: Mapping[str, Any] = draft.document if draft is not None else current.document if current else {}
    raise ConflictError(
        yours={},
        theirs=dict(theirs),
        your_revision=revision,
        revision=draft.revision if draft is not None else 0,
        updated_by=draft.updated_by if draft is not None else current.published_by if current else "",
    )


def _document(draft: Draft, name: str) -> FlowDocument:
    try:
        document = from_json(dict(draft.document))
    except DocumentError as error:
        raise Refused(
            told("The flow cannot run yet: see its problems."),
            more={"blockers": [], "problems": [problem.to_json() for problem in error.problems]},
        ) from error
    if document.name != name:
        raise Refused(told("The document's name is not “{name}”; a flow keeps its name.", name=name))
    return document


def _no_flow(name: str) -> Refused:
    return Refused(told("There is no flow “{name}”.", name=name[:60]), status=404)


__all__ = ["LONGEST_NOTE", "PublishPreview", "preview", "preview_of_draft", "publish_document", "publish_draft"]
