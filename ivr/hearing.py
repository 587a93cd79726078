"""Live speech as pages want it: what is being heard now, the streams that a call had, the servers that carry them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from ivr.calls import Call
from ivr.streams.lifecycle import StreamState
from ivr.streams.offering import ALIVE_WITHIN
from ivr.streams.rows import MediaServer, Stream
from telephony.calls import FINAL_STATUSES

MOST = 500


@dataclass(frozen=True, kw_only=True)
class MediaNow:
    """The media servers together.

    Attributes:
        servers: names of those that live.
        streams: calls that they listen to now.
        room: how many more they can listen to, by primary language subtag.
        last_at: when one that lives no more told of itself last; None when one lives or none ever ran.
    """

    servers: tuple[str, ...] = ()
    streams: int = 0
    room: Mapping[str, int] = field(default_factory=dict)
    last_at: datetime | None = None

    @property
    def is_alive(self) -> bool:
        """Whether calls can be listened to by us at all."""
        return bool(self.servers)


def hearing_now(db: DbSession, *, limit: int = MOST) -> dict[int, str]:
    """The calls that our own ear listens to, by id, with what is being said: partial words, "" while nobody speaks."""
    live = (
        select(Stream.call_id, Stream.hearing)
        .join(Call, Call.id == Stream.call_id)
        .where(Call.status.not_in(sorted(FINAL_STATUSES)), Stream.state == StreamState.LIVE.value)
        .order_by(Stream.call_id)
        .limit(limit)
    )
    return dict(db.execute(live).tuples().all())


def streams_of(db: DbSession, call_id: int) -> Sequence[Stream]:
    """The live streams of a call, oldest first."""
    return db.scalars(select(Stream).where(Stream.call_id == call_id).order_by(Stream.id).limit(MOST)).all()


def media_now(db: DbSession, now: datetime) -> MediaNow:
    """What the media servers last told of themselves."""
    told = db.scalars(select(MediaServer).order_by(MediaServer.name)).all()
    alive = [server for server in told if server.at > now - ALIVE_WITHIN]
    if not alive:
        return MediaNow(last_at=max((server.at for server in told), default=None))
    room: dict[str, int] = {}
    for server in alive:
        for language, count in server.room.items():
            room[language] = room.get(language, 0) + max(0, int(count))
    return MediaNow(
        servers=tuple(server.name for server in alive),
        streams=sum(server.streams for server in alive),
        room=dict(sorted(room.items())),
    )
