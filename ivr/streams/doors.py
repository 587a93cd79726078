"""What a live stream asks of the house: to come in, to have an answer taken, to leave. Each is one transaction.

The stream and the webhooks share nothing but the database: whichever comes first takes the turn, under the call's lock.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from ivr import lookup_turns
from ivr.conversation import live_turn
from ivr.deps import Deps
from ivr.scope import CallScope
from ivr.session import Session
from ivr.store import lock_by_id, read_by_id, verbs_of
from ivr.streams.lifecycle import StreamState, move
from ivr.streams.rows import MediaServer, Stream
from telephony import verb_json
from telephony.calls import CallStatus, Heard
from telephony.verbs import Prompt, Verb


class StreamRefusedError(Exception):
    """The stream's key is unknown, used up or another call's, or the call is over."""


class StreamGoneError(Exception):
    """The call goes on elsewhere: in a newer stream, by webhooks, or not at all."""


@dataclass(frozen=True, kw_only=True)
class StreamTurn:
    """What a stream is to say and ask now.

    Attributes:
        number: the turn whose answer is awaited; passed back with the answer.
        language: BCP-47 tag of the call as it goes on.
        verbs: prompts, then one of Gather, Redirect (a lookup is under way), Record, Dial, DialQueue, Enqueue, Hangup.
        filler: said when a lookup takes its time.
    """

    stream_id: int
    call_id: int
    call_sid: str
    token: str
    number: int
    language: str
    verbs: tuple[Verb, ...]
    filler: tuple[Prompt, ...] = ()


def enter(deps: Deps, *, key: str, call_sid: str, stream_sid: str) -> StreamTurn:
    """A stream began. Any other stream of the call is superseded; the key opens nothing more.

    Raises:
        StreamRefusedError: nobody offered such a stream to this call, it was opened before, or the call is over.
    """
    now = deps.clock()
    with deps.db.write() as db:
        stream = db.scalar(select(Stream).where(Stream.key == key)) if key else None
        call = lock_by_id(db, stream.call_id) if stream is not None else None
        if stream is None or call is None or call.sid != call_sid:
            raise StreamRefusedError("The stream names no call that was offered one.")
        db.refresh(stream)
        if CallStatus(call.status).is_final or not move(stream, "begin", now):
            raise StreamRefusedError("The stream was opened before, or its call is over.")
        stream.stream_sid, stream.began_at = stream_sid, now
        for other in db.scalars(select(Stream).where(Stream.call_id == call.id, Stream.id != stream.id)):
            move(other, "supersede", now, "superseded")
        scope = CallScope(db=db, call=call, talk=Session.from_json(call.state), now=now)
        try:
            return _turn(scope, stream.id, call.turn)
        except StreamGoneError as error:
            raise StreamRefusedError(str(error)) from error


def answer(deps: Deps, turn: StreamTurn, heard: Heard, *, note: Mapping[str, Any] | None = None) -> StreamTurn:
    """Take what the caller answered and say what comes next. `note` is kept with it: how it was heard.

    Raises:
        StreamGoneError: the call goes on elsewhere; nothing was taken.
    """
    began = time.perf_counter()
    with deps.db.write() as db:
        call = lock_by_id(db, turn.call_id)
        stream = db.get(Stream, turn.stream_id)
        if call is None or stream is None or stream.state != StreamState.LIVE or call.turn != turn.number:
            raise StreamGoneError("The call goes on elsewhere.")
        stream.hearing = ""
        scope = CallScope(db=db, call=call, talk=Session.from_json(call.state), now=deps.clock())
        number = live_turn(deps, scope, heard, note or {}, began)
        return _turn(scope, stream.id, number)


def waits(deps: Deps, turn: StreamTurn) -> bool:
    """Whether the lookup that the call waits for has brought no answer yet."""
    with deps.db.read() as db:
        call = read_by_id(db, turn.call_id)
        if call is None or call.turn != turn.number:
            return False
        scope = CallScope(db=db, call=call, talk=Session.from_json(call.state), now=deps.clock())
        return scope.talk.pending is not None and lookup_turns.answered(scope, scope.talk.pending) is None


def leave(deps: Deps, turn: StreamTurn, *, said: bool = False, why: str = "") -> None:
    """Send the call back to the webhooks; the socket is closed after this.

    `said`: the prompts before the verb that leads out were heard. `why`: what broke ("recogniser", "overload",
    "error"), "" when nothing did.
    """
    with deps.db.write() as db:
        stream = db.get(Stream, turn.stream_id, with_for_update=True)
        if stream is None:
            return
        if move(stream, "fail" if why else "leave", deps.clock(), why):
            stream.said = said


def over(deps: Deps, stream_id: int, why: str) -> None:
    """The socket is gone: "stopped" when the call ended in it, else what cut it."""
    with deps.db.write() as db:
        stream = db.get(Stream, stream_id, with_for_update=True)
        if stream is not None:
            move(stream, "hang_up" if why == "stopped" else "fail", deps.clock(), why)


def partial(deps: Deps, stream_id: int, words: str) -> None:
    """Keep what the caller is saying at the moment, for those who watch."""
    with deps.db.write() as db:
        stream = db.get(Stream, stream_id)
        if stream is not None and stream.state == StreamState.LIVE:
            stream.hearing = words[:500]


def beat(deps: Deps, *, name: str, streams: int, room: Mapping[str, int]) -> None:
    """A media server tells that it lives, how many streams it carries, and for how many more it has ears."""
    with deps.db.write() as db:
        known = {language: calls for language, calls in room.items() if calls > 0}
        db.merge(MediaServer(name=name, at=deps.clock(), streams=streams, room=known))


def media_servers(db: DbSession, since: datetime) -> list[MediaServer]:
    """The servers that told of themselves since then."""
    return list(db.scalars(select(MediaServer).where(MediaServer.at > since).order_by(MediaServer.name)))


def _turn(scope: CallScope, stream_id: int, number: int) -> StreamTurn:
    kept = verbs_of(scope.db, scope.call.id, number)
    if kept is None:
        raise StreamGoneError("The call goes on by webhooks.")
    return StreamTurn(
        stream_id=stream_id,
        call_id=scope.call.id,
        call_sid=scope.call.sid,
        token=scope.call.token,
        number=number,
        language=scope.talk.language,
        verbs=verb_json.from_json(kept["verbs"]),
        filler=verb_json.from_json(kept["filler"]),  # type: ignore[arg-type]
    )
