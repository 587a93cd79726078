"""The first webhook of a call: who is called, who calls, and the flow they meet."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as DbSession
from sqlalchemy.orm import aliased

from flows.phrases import primary
from flows.snapshots import draft_snapshot
from flows.versions import Flow
from ivr import engine
from ivr.conversation import answer, scene_of
from ivr.deps import Deps
from ivr.errors import NoServiceError
from ivr.library import FlowLibrary
from ivr.line_hours import is_open
from ivr.lines import Line
from ivr.machine import CompiledFlow
from ivr.reception import Reception
from ivr.scope import CallScope
from ivr.session import Frame, Session
from ivr.store import CALLS, CallRow, lock_by_sid, reply_of
from ivr.whole_calls import ask_to_record
from storage.database import connection_of
from telephony.calls import CallEvent, CallStatus, Direction
from telephony.verbs import Hangup
from tickets.people import Person, person_for_number

_Closed = aliased(Flow)
_SERVICE = (
    select(
        Line.id,
        Line.flow_id,
        Line.language,
        Line.zone,
        Line.hours,
        Line.closed_flow_id,
        Line.runs_draft,
        Line.records_calls,
        Line.ear,
        Flow.published_version_id.label("version_id"),
        _Closed.published_version_id.label("closed_version_id"),
    )
    .outerjoin(Flow, Flow.id == Line.flow_id)
    .outerjoin(_Closed, _Closed.id == Line.closed_flow_id)
    .where(Line.number == bindparam("number"))
)
_LINE = select(Line.id).where(Line.number == bindparam("number"))
_ADD_CALL = insert(CALLS).returning(CALLS)


def begin_call(deps: Deps, event: CallEvent) -> str:
    """The first document of an inbound call; the same one again for a repeated request.

    Raises:
        NoServiceError: the number is not ours, or no published flow answers it. Nothing is stored.
    """
    try:
        return _begin(deps, event)
    except IntegrityError:
        # The same request was answered by another process between our look and our insert; its answer is stored now.
        return _begin(deps, event)


def _begin(deps: Deps, event: CallEvent) -> str:
    began = time.perf_counter()
    with deps.db.write() as db:
        known = lock_by_sid(db, event.call_sid)
        if known is not None:
            sent = reply_of(db, known.id, 1)
            if sent is not None:
                return sent[0] or deps.provider.render([Hangup()])
        else:
            known = _answer_call(deps, db, event)
        scope = CallScope(db=db, call=known, talk=Session.from_json(known.state), now=deps.clock())
        scene = scene_of(deps, scope)
        flow = scene.library.version(known.flow_version_id)
        return answer(deps, scope, scene, engine.start(flow, scope.talk, scene), event, began)


def _answer_call(deps: Deps, db: DbSession, event: CallEvent) -> CallRow:
    """Store the call with all that is known of it, before its flow starts."""
    now = deps.clock()
    reception = _reception(deps, db, event, now)
    line_id: int | None
    records, ear = False, ""
    if reception is None:
        service = find_service(deps, db, event.to_number, now)
        line_id, flow, language = service.line_id, service.flow, service.language
        records, ear = service.records_calls, service.ear
    else:
        # Whoever rings back a campaign meets its flow, which says nothing of this line's recording.
        line_id = db.scalar(_LINE, {"number": event.to_number})
        flow, language = FlowLibrary(db, deps.flows).version(reception.flow_version_id), reception.language
    person = person_for_number(db, event.from_number, now=now)
    call = store_call(
        db,
        sid=event.call_sid,
        direction=Direction.INBOUND,
        from_number=event.from_number,
        to_number=event.to_number,
        status=CallStatus.IN_PROGRESS,
        person=person,
        line_id=line_id,
        flow=flow,
        now=now,
        given={**deps.flow_values, **(reception.values if reception else {})},
        language=language,
        answered_at=now,
        ear=ear,
    )
    if reception is not None and reception.met is not None:
        reception.met(db, call.id)
    if records:
        ask_to_record(db, call.id, now)
    return call


def _reception(deps: Deps, db: DbSession, event: CallEvent, now: datetime) -> Reception | None:
    """What somebody above knows about this call; None when nobody does, or the caller's number is withheld."""
    if not event.from_number:
        return None
    asked = (reception(db, event.from_number, event.to_number, now) for reception in deps.receptions)
    return next((found for found in asked if found is not None), None)


@dataclass(frozen=True, kw_only=True)
class Service:
    """What answers a number now: its line, the flow, and the language calls begin in ("" for the caller's own)."""

    line_id: int
    flow: CompiledFlow
    language: str = ""
    records_calls: bool = False
    ear: str = ""


def find_service(deps: Deps, db: DbSession, number: str, at: datetime) -> Service:
    """What answers a number at a moment. Raises NoServiceError."""
    found = connection_of(db).execute(_SERVICE, {"number": number}).first()
    if found is None:
        raise NoServiceError("The number called is not one of ours.")
    version_id = _version(db, found, at)
    if version_id is None:
        raise NoServiceError("No published flow answers the number called.")
    flow = FlowLibrary(db, deps.flows).version(version_id)
    # A language that the flow does not speak (any more) says nothing; the caller's own may still be one of its.
    speaks = primary(found.language) in {primary(tag) for tag in flow.document.languages}
    language = found.language if speaks else ""
    return Service(line_id=found.id, flow=flow, language=language, records_calls=found.records_calls, ear=found.ear)


def _version(db: DbSession, line: Row[Any], now: datetime) -> int | None:
    """The version that answers now: of the flow for the hours, the draft on a test number; None when there is none.

    A flow for the night that was never published leaves the line to its own flow: callers are not met with silence.
    """
    own = line.closed_flow_id is None or is_open(line.hours, line.zone, now)
    if line.runs_draft:
        flow_id = line.flow_id if own else line.closed_flow_id
        draft = draft_snapshot(db, db.get_one(Flow, flow_id), now) if flow_id is not None else None
        if draft is not None:
            return draft.id
    version_id: int | None = line.version_id if own else line.closed_version_id or line.version_id
    return version_id


def store_call(
    db: DbSession,
    *,
    sid: str | None,
    direction: Direction,
    from_number: str,
    to_number: str,
    status: CallStatus,
    person: Person | None,
    line_id: int | None,
    flow: CompiledFlow | None,
    now: datetime,
    given: Mapping[str, Any] | None = None,
    language: str = "",
    answered_at: datetime | None = None,
    ear: str = "",
    demo: bool = False,
) -> CallRow:
    """Insert a call that waits for its first turn; gives its row.

    `given` are values the flow starts with. `ear` is who listens, "" as the flow says. `language` is the one to begin
    in where the flow speaks it, "" for the
    person's own; for a call that never met a flow (None) it says in what it was spoken to.
    """
    languages = flow.document.languages if flow is not None else (language,)
    known_language = language or ((person.language or "") if person is not None else "")
    sisters = [tag for tag in languages if primary(tag) == primary(known_language)]
    # The language node reads this, and does not ask a caller whose language is known.
    values = dict(given or {}) | ({"caller": {"language": known_language}} if known_language else {})
    talk = Session(
        frames=[Frame(version=flow.version, node="", values=values)] if flow else [],
        language=known_language if known_language in languages else next(iter(sisters), languages[0]),
        caller_name=person.name if person is not None else "",
        vip=person.vip if person is not None else False,
    )
    row = connection_of(db).execute(
        _ADD_CALL,
        {
            "sid": sid,
            "token": secrets.token_urlsafe(16),
            "direction": direction.value,
            "from_number": from_number,
            "to_number": to_number,
            "person_id": person.id if person is not None else None,
            "line_id": line_id,
            "status": status.value,
            "language": talk.language,
            "flow_name": flow.document.name if flow is not None else "",
            "flow_version_id": flow.version if flow is not None else None,
            "turn": 0,
            "state": talk.to_json(),
            "started_at": now,
            "answered_at": answered_at,
            "ear": ear or (flow.document.ear if flow is not None else "carrier"),
            "demo": demo,
        },
    )
    return row.one()
