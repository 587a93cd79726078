"""What the provider tells beside the conversation: a call's status, a recording's readiness, a message's delivery."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from ivr.deps import Deps
from ivr.following import write_back
from ivr.hang_up import hung_up
from ivr.keeping import mark_missing
from ivr.late import take_recording
from ivr.library import FlowLibrary
from ivr.messages import Message
from ivr.scope import CallScope
from ivr.session import Session
from ivr.status import news
from ivr.store import CallRow, lock_by_sid, lock_by_token
from ivr.streams.offering import end_streams
from telephony.calls import CallEvent, CallStatus, Direction, MessageEvent, RecordingEvent
from work.jobs import ask

log = logging.getLogger(__name__)

GRACE_S = 15
"""A caller who hangs up while being recorded ends the recording; its notice may come after that of the call's end."""

FALLBACK = "fallback"
"""Stands for the call's token where a recording was taken because the flow could not be reached."""

MESSAGE_ORDER = ("waiting", "sending", "accepted", "scheduled", "queued", "sent", "delivered", "read")
FAILED_MESSAGES = ("failed", "undelivered", "canceled")

NO_RECORDING = {
    "absent": "The provider made no recording: there was no sound.",
    "failed": "The provider could not store the recording.",
}


def status_notice(deps: Deps, event: CallEvent) -> bool:
    """Take in a status callback. False when the call is not ours (a second leg, or one that we never answered)."""
    with deps.db.write() as db:
        call = lock_by_sid(db, event.call_sid)
        if call is None:
            return False
        apply_status(deps, db, call, event, deps.clock())
    return True


def prepared_status_notice(deps: Deps, token: str, event: CallEvent) -> bool:
    """Take in a status callback of a call that we placed; it may be the first to tell the call's sid.

    False when it is not of this call: the token names none, or the provider placed two calls for it. The first sid we
    hear of stays.
    """
    with deps.db.write() as db:
        call = lock_by_token(db, token)
        if call is None:
            return False
        if not belongs(db, call, event):
            return False
        apply_status(deps, db, call, event, deps.clock())
    return True


def belongs(db: DbSession, call: CallRow, event: CallEvent) -> bool:
    """Whether an event is of this call, by its sid; for a call without one, whether the sid is nobody else's."""
    if call.sid == event.call_sid:
        return True
    if call.sid is None and lock_by_sid(db, event.call_sid) is None:
        return True
    log.warning("call %s: an event of another call came for it", call.sid or "without a sid")
    return False


def answered_by_notice(deps: Deps, token: str, event: CallEvent) -> bool:
    """Keep the verdict of machine detection, the first one; a person who pressed a key or answered is no machine.

    False when the call is not ours. The conversation goes on as it was: whoever follows the call decides what a machine
    hears.
    """
    with deps.db.write() as db:
        call = lock_by_token(db, token)
        if call is None or not belongs(db, call, event):
            return False
        scope = CallScope(db=db, call=call, talk=Session.from_json(call.state), now=deps.clock())
        if event.answered_by is not None and call.answered_by is None:
            scope.columns["answered_by"] = "human" if scope.talk.touched else str(event.answered_by)
        if call.sid is None:
            scope.columns["sid"] = event.call_sid
        if scope.columns:
            write_back(deps, scope)
    return True


def apply_status(deps: Deps, db: DbSession, call: CallRow, event: CallEvent, now: datetime) -> None:
    """Move the call's status, and settle what the end of the call leaves undone."""
    scope = CallScope(db=db, call=call, talk=Session.from_json(call.state), now=now)
    scope.columns.update(news(call, event, now))
    if call.sid is None:
        scope.columns["sid"] = event.call_sid
    if "status" in scope.columns and event.status.is_final:
        end_streams(scope)
        _ended(deps, scope, event)
    if scope.columns:
        write_back(deps, scope)


def _ended(deps: Deps, scope: CallScope, event: CallEvent) -> None:
    talk = scope.talk
    if talk.ended:
        return
    if not talk.node:
        answered = scope.call.direction == Direction.OUTBOUND and event.status is CallStatus.COMPLETED
        scope.columns["outcome"] = "abandoned" if answered else event.status.value
    elif talk.waits_for == "record":
        due_at = scope.now + timedelta(seconds=GRACE_S)
        payload = {"token": scope.call.token}
        ask(scope.db, "close_call", key=f"close:{scope.call.id}", payload=payload, now=scope.now, due_at=due_at)
    else:
        hung_up(scope, FlowLibrary(scope.db, deps.flows), deps.effects)


def close_call(deps: Deps, token: str, now: datetime) -> None:
    """Settle a call whose caller hung up while being recorded and whose recording never came. Repeatable."""
    with deps.db.write() as db:
        call = lock_by_token(db, token)
        if call is None or not CallStatus(call.status).is_final:
            return
        scope = CallScope(db=db, call=call, talk=Session.from_json(call.state), now=now)
        hung_up(scope, FlowLibrary(db, deps.flows), deps.effects)
        write_back(deps, scope)


def recording_notice(deps: Deps, token: str, event: RecordingEvent) -> bool:
    """Take in a recording status callback. False when the call is not ours: then the sound is to be adopted."""
    with deps.db.write() as db:
        call = lock_by_token(db, token) or lock_by_sid(db, event.call_sid)
        if call is None or (call.sid is not None and call.sid != event.call_sid):
            return False
        if event.status in NO_RECORDING:
            mark_missing(db, event.recording_sid, NO_RECORDING[event.status])
            return True
        if event.status == "completed":
            scope = CallScope(db=db, call=call, talk=Session.from_json(call.state), now=deps.clock())
            take_recording(
                deps,
                scope,
                sid=event.recording_sid,
                url=event.url,
                duration_s=event.duration_s,
                voicemail=token == FALLBACK,
            )
    return True


def message_notice(deps: Deps, event: MessageEvent) -> bool:
    """Take in a message status callback; a late one changes nothing. False when the message is not ours."""
    with deps.db.write() as db:
        message = db.scalar(select(Message).where(Message.sid == event.message_sid).with_for_update())
        if message is None:
            return False
        if message_moves(message.status, event.status):
            message.status = event.status[:16]
            if event.error_code:
                message.error = f"The provider reports error {event.error_code[:20]}."
    return True


def message_moves(status: str, to: str) -> bool:
    """Whether a message of this status may come to the other: forward only; failed is final."""
    if status in FAILED_MESSAGES or status not in MESSAGE_ORDER:
        return False
    if to in FAILED_MESSAGES:
        return status not in ("delivered", "read")
    return to in MESSAGE_ORDER and MESSAGE_ORDER.index(to) > MESSAGE_ORDER.index(status)
