"""A call comes back from its live stream: the turn it stands at, in the carrier's own words."""

from __future__ import annotations

from ivr.deps import Deps
from ivr.errors import UnknownCallError
from ivr.scope import CallScope
from ivr.session import Session
from ivr.store import lock_by_token, reply_of, verbs_of
from ivr.streams.lifecycle import StreamState, move
from ivr.streams.rows import Stream
from ivr.writing import in_words
from telephony import verb_json
from telephony.calls import CallEvent, CallStatus
from telephony.verbs import Hangup


def document_after_stream(deps: Deps, token: str, stream_id: int, event: CallEvent) -> str:
    """The document for `/voice/calls/<token>/streams/<id>/over`; the same one for a repeated request.

    A stream that still counts as offered or live did not end by our doing: it was refused on the way, or cut. Then the
    question is asked again, and the carrier listens.

    Raises:
        UnknownCallError: no such call or stream, or another CallSid.
    """
    now = deps.clock()
    with deps.db.write() as db:
        call = lock_by_token(db, token)
        stream = db.get(Stream, stream_id)
        if call is None or stream is None or stream.call_id != call.id or call.sid != event.call_sid:
            raise UnknownCallError("The request names a stream that we do not know.")
        if CallStatus(call.status).is_final:
            return deps.provider.render([Hangup()])
        move(stream, "fail", now, "cut" if stream.state == StreamState.LIVE else "never began")
        scope = CallScope(db=db, call=call, talk=Session.from_json(call.state), now=now)
        return present_document(deps, scope, said=stream.state == StreamState.LEFT and stream.said)


def present_document(deps: Deps, scope: CallScope, *, said: bool = False) -> str:
    """What the call hears where it stands, as a document without a stream.

    `said`: the prompts before the verb that leads on were heard. A question is asked with its own all the same.
    """
    call = scope.call
    kept = verbs_of(scope.db, call.id, call.turn)
    if kept is None:
        sent = reply_of(scope.db, call.id, call.turn)
        return (sent[0] if sent else "") or deps.provider.render([Hangup()])
    verbs = verb_json.from_json(kept["verbs"])
    return in_words(deps, scope, verbs[-1:] if said else verbs, call.turn)
