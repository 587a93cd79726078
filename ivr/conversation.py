"""The transaction around a webhook: load the call, let the engine answer, store everything, give the document.

A request that was already answered gets the same document and causes nothing: the call's row is locked, and a request
to turn n counts only while the call waits for turn n.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session as DbSession

from flows.events import to_json
from flows.nodes.base import Caller
from flows.requests import Answer, CallTimeChecked, CheckCallTime, FindTickets, Lookup, OpenTicket, Request
from ivr import engine, lookup_turns
from ivr.answer_version import flow_at_answer
from ivr.deps import Deps
from ivr.effects import cause
from ivr.errors import UnknownCallError
from ivr.following import write_back
from ivr.hang_up import hung_up
from ivr.heard import heard_to_json, within_limits
from ivr.late import keep_late
from ivr.library import FlowLibrary
from ivr.scope import CallScope
from ivr.session import Session
from ivr.status import news
from ivr.store import add_turn, lock_by_token, reply_of
from ivr.ticketing import find_tickets, open_ticket
from ivr.turn import Scene, Turn
from ivr.writing import Writer, for_stream, for_webhook
from telephony.calls import AnsweredBy, CallEvent, CallStatus, Direction, Heard, Silence, Speech
from telephony.verbs import Hangup

REQUESTS_AT_MOST = 20
"""Local requests of one turn; a flow that asks for more runs in a circle."""


def take_turn(deps: Deps, token: str, number: int, event: CallEvent) -> str:
    """The document that answers a request to `/voice/calls/<token>/turns/<number>`.

    Raises:
        UnknownCallError: no such call, another CallSid, or a turn the call has not reached.
    """
    began = time.perf_counter()
    with deps.db.write() as db:
        scope = _load(deps, db, token, event)
        call = scope.call
        repeated = bool(event.idempotency_token) and event.idempotency_token == scope.talk.token
        if call.turn != number or repeated:
            return _again(deps, scope, call.turn if repeated else number + 1, event)
        if call.sid is None:
            scope.columns["sid"] = event.call_sid
        return _next(deps, scope, event, began)


def last_resort(deps: Deps, token: str, number: int, event: CallEvent, error: str) -> str:
    """The document after something broke while a request to turn `number` was answered. Raises UnknownCallError."""
    began = time.perf_counter()
    with deps.db.write() as db:
        scope = _load(deps, db, token, event)
        if scope.call.turn != number:
            return _again(deps, scope, number + 1, event)
        scene = scene_of(deps, scope)
        return answer(deps, scope, scene, engine.last_resort(scope.talk, scene, error), event, began)


def _load(deps: Deps, db: DbSession, token: str, event: CallEvent) -> CallScope:
    """The call of a request, locked. A token is a secret; the CallSid must fit all the same."""
    call = lock_by_token(db, token)
    if call is None or (call.sid is not None and call.sid != event.call_sid):
        raise UnknownCallError("The request names a call that we do not know.")
    return CallScope(db=db, call=call, talk=Session.from_json(call.state), now=deps.clock())


def _again(deps: Deps, scope: CallScope, number: int, event: CallEvent) -> str:
    """The document that was sent before. A recording whose notice comes after the hang-up is still kept."""
    sent = reply_of(scope.db, scope.call.id, number)
    if sent is None:
        raise UnknownCallError("The request names a turn that the call has not reached.")
    reply, heard = sent
    if heard.get("kind") == "hangup":
        keep_late(deps, scope, event)
    return reply or deps.provider.render([Hangup()])


def _next(deps: Deps, scope: CallScope, event: CallEvent, began: float) -> str:
    """The document of a turn that is answered for the first time."""
    if scope.call.turn == 0 and CallStatus(scope.call.status).is_final:
        # The callee hung up before we were asked what to say; nobody is left to hear it.
        return deps.provider.render([Hangup()])
    scene = scene_of(deps, scope)
    if scope.call.turn == 0:
        turn = engine.start(flow_at_answer(deps, scope, scene.library), scope.talk, scene)
    else:
        turn = _go_on(scope, scene, _of_a_person(scope, within_limits(event.heard)))
    return answer(deps, scope, scene, turn, event, began)


def _of_a_person(scope: CallScope, heard: Heard) -> Heard:
    """What was heard; words are nobody's once a machine has answered, for they are its greeting. Keys still count."""
    verdict = str(scope.call.answered_by or "")
    is_machine = verdict.startswith(("machine", "fax")) and not scope.talk.touched
    return Silence() if is_machine and isinstance(heard, Speech) else heard


def _go_on(scope: CallScope, scene: Scene, heard: Heard) -> Turn:
    """Resume the flow, or wait on for the lookup it waits for."""
    pending = scope.talk.pending
    if pending is None:
        return engine.resume(scope.talk, heard, scene)
    reply = lookup_turns.answered(scope, pending)
    if reply is None:
        return lookup_turns.wait_on(scope, pending)
    scope.talk.pending = None
    return engine.resume(scope.talk, reply, scene)


def scene_of(deps: Deps, scope: CallScope) -> Scene:
    """What surrounds the turn."""
    return Scene(
        now=scope.now,
        library=FlowLibrary(scope.db, deps.flows),
        caller=Caller(number=scope.caller_number, name=scope.talk.caller_name, vip=scope.talk.vip),
        service_number=scope.service_number,
        call_sid=scope.call.sid or scope.columns.get("sid", ""),
    )


def live_turn(deps: Deps, scope: CallScope, heard: Heard, note: Mapping[str, Any], began: float) -> int:
    """Take an answer that came through a live stream; gives the number of the turn that says what comes next.

    `note` is kept with what was heard. The call's row is locked by whoever asks.
    """
    event = CallEvent(
        call_sid=scope.call.sid,
        from_number=scope.call.from_number,
        to_number=scope.call.to_number,
        status=CallStatus.IN_PROGRESS,
        direction=Direction(scope.call.direction),
        heard=heard,
    )
    scene = scene_of(deps, scope)
    turn = _go_on(scope, scene, _of_a_person(scope, within_limits(heard)))
    answer(deps, scope, scene, turn, event, began, write=for_stream, note=note)
    return int(scope.columns["turn"])


def answer(
    deps: Deps,
    scope: CallScope,
    scene: Scene,
    turn: Turn,
    event: CallEvent,
    began: float,
    *,
    write: Writer = for_webhook,
    note: Mapping[str, Any] | None = None,
) -> str:
    """Answer what the engine asks, let events have their effects, store the turn, and write the document."""
    call, talk = scope.call, scope.talk
    node_before = call.node
    turn = _settle(deps, scope, scene, turn)
    cause(deps.effects, scope, turn.events)
    number = call.turn + 1
    scope.columns.update(news(call, event, scope.now), turn=number, node=talk.node)
    written = write(deps, scope, turn, number)
    talk.token = event.idempotency_token
    add_turn(
        scope.db,
        call_id=call.id,
        number=number,
        at=scope.now,
        node_before=node_before,
        node_after=talk.node,
        heard=heard_to_json(within_limits(event.heard)) | ({"note": dict(note)} if note else {}),
        said=written.said,
        events=[to_json(e) for e in turn.events],
        verbs=written.verbs,
        reply=written.reply,
        token=event.idempotency_token or None,
        ms=round((time.perf_counter() - began) * 1000, 2),
    )
    if event.status.is_final:
        hung_up(scope, scene.library, deps.effects)
    _trust_what_was_done(scope)
    write_back(deps, scope)
    return written.reply


def _trust_what_was_done(scope: CallScope) -> None:
    """Whoever presses a key or answers is a person, whatever machine detection says before or after."""
    known = scope.columns.get("answered_by", scope.call.answered_by)
    if scope.talk.touched and scope.call.direction == Direction.OUTBOUND and known != AnsweredBy.HUMAN:
        scope.columns["answered_by"] = AnsweredBy.HUMAN.value


def _settle(deps: Deps, scope: CallScope, scene: Scene, turn: Turn) -> Turn:
    """Do what the engine asks of the house until it asks nothing more, or something slow."""
    asked = 0
    while (request := turn.request) is not None:
        if isinstance(request, Lookup):
            return lookup_turns.ask_lookup(scope, turn, request)
        asked += 1
        if asked > REQUESTS_AT_MOST:
            error = f"The flow asked the house {REQUESTS_AT_MOST} things in one turn."
            turn = turn.then(engine.last_resort(scope.talk, scene, error))
            asked = 0
            continue
        turn = turn.then(engine.resume(scope.talk, _answer_of(deps, scope, request), scene))
    return turn


def _answer_of(deps: Deps, scope: CallScope, request: Request) -> Answer:
    match request:
        case OpenTicket():
            return open_ticket(scope, request)
        case FindTickets():
            return find_tickets(scope, request)
        case CheckCallTime(at=at):
            return CallTimeChecked(allowed=True) if deps.call_time is None else deps.call_time(scope, at)
        case other:
            raise TypeError(f"The house does not know how to answer {type(other).__name__}.")
