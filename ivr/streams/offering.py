"""Whether a call goes into a live stream now, and the document that leads it there."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DbSession

from flows.phrases import primary
from ivr.deps import Deps
from ivr.scope import CallScope
from ivr.streams.lifecycle import StreamState, move
from ivr.streams.rows import MediaServer, Stream
from telephony.calls import CallStatus
from telephony.verbs import Connect, Redirect

HOUSE = "house"
"""The ear that is ours."""

FAILURES_AT_MOST = 2
"""Streams of one call that may fail before it stays with the carrier's recogniser."""

ALIVE_WITHIN = timedelta(seconds=10)
"""A media server tells of itself every two seconds; one that has not for so long is down."""


def may_offer(deps: Deps, scope: CallScope) -> bool:
    """Whether this call is to be listened to by us, and somebody can."""
    ear = scope.columns.get("ear", scope.call.ear)
    status = CallStatus(scope.columns.get("status", scope.call.status))
    if ear != HOUSE or not deps.stream_url or status.is_final:
        return False
    return _room(scope.db, scope.talk.language, scope.now) > 0 and _failures(scope.db, scope.call.id) < FAILURES_AT_MOST


def connect_document(deps: Deps, scope: CallScope) -> str:
    """Offer a new stream, and the document that connects the call to it. Earlier ones that never began are over."""
    for earlier in scope.db.scalars(select(Stream).where(Stream.call_id == scope.call.id)):
        move(earlier, "supersede", scope.now, "superseded")
    stream = Stream(call_id=scope.call.id, key=secrets.token_urlsafe(24), offered_at=scope.now)
    scope.db.add(stream)
    scope.db.flush()
    back = f"{deps.public_base_url}/voice/calls/{scope.call.token}/streams/{stream.id}/over"
    return deps.provider.render([Connect(url=deps.stream_url, parameters=(("key", stream.key),)), Redirect(url=back)])


def end_streams(scope: CallScope) -> None:
    """The call is over, and so is every stream of it: those that never began, and those whose server is gone."""
    for stream in scope.db.scalars(select(Stream).where(Stream.call_id == scope.call.id).with_for_update()):
        move(stream, "hang_up", scope.now, "stopped")


def _room(db: DbSession, language: str, now: datetime) -> int:
    """How many more calls in a language can be listened to, over all media servers that live."""
    rooms = db.scalars(select(MediaServer.room).where(MediaServer.at > now - ALIVE_WITHIN))
    return sum(_of(room, language) for room in rooms)


def _of(room: Mapping[str, int], language: str) -> int:
    return max(0, int(room.get(primary(language), 0)))


def _failures(db: DbSession, call_id: int) -> int:
    failed = select(func.count()).where(Stream.call_id == call_id, Stream.state == StreamState.FAILED.value)
    return db.scalar(failed) or 0
