"""An answering machine has picked up: the short version of the call, or the end of it."""

from __future__ import annotations

import time

from ivr import engine
from ivr.conversation import answer, scene_of
from ivr.deps import Deps
from ivr.errors import UnknownCallError
from ivr.scope import CallScope
from ivr.session import Session
from ivr.store import CallRow, lock_by_token, read_by_id
from ivr.streams.returning import present_document
from telephony.calls import CallEvent, CallStatus
from telephony.provider import ProviderError
from work.worker import JobCall, Retry

HANG_UP = "hang_up"
VOICEMAIL = "voicemail"


def redirect_call(deps: Deps, call: JobCall) -> None:
    """Send a call that a machine answered to the voicemail version, or end it.

    Does nothing when a person has pressed a key or answered meanwhile, or the call is over. Repeatable.
    """
    with deps.db.read() as db:
        row = read_by_id(db, int(call.payload["call_id"]))
    if row is None or row.sid is None or not _is_machines(row):
        return
    address = f"{deps.public_base_url}/voice/calls/{row.token}/voicemail"
    try:
        if call.payload["action"] == VOICEMAIL:
            deps.provider.update_call(row.sid, answer_url=address)
        else:
            deps.provider.update_call(row.sid, hang_up=True)
    except ProviderError as error:
        if error.retryable:
            raise Retry(1.0, str(error)) from error
        raise


def voicemail_document(deps: Deps, token: str, event: CallEvent) -> str:
    """The document for `/voice/calls/<token>/voicemail`; the same one for a repeated request.

    A person who pressed a key or answered while the call was on its way here hears the last question again.

    Raises:
        UnknownCallError: no such call, or another CallSid.
    """
    began = time.perf_counter()
    with deps.db.write() as db:
        row = lock_by_token(db, token)
        if row is None or row.sid != event.call_sid:
            raise UnknownCallError("The request names a call that we do not know.")
        scope = CallScope(db=db, call=row, talk=Session.from_json(row.state), now=deps.clock())
        if scope.talk.ended or scope.talk.touched or not scope.talk.frames:
            return present_document(deps, scope)
        scene = scene_of(deps, scope)
        return answer(deps, scope, scene, engine.leave_message(scope.talk, scene), event, began)


def _is_machines(row: CallRow) -> bool:
    talk = Session.from_json(row.state)
    return not (talk.touched or talk.ended or CallStatus(row.status).is_final)
