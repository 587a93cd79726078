"""Server-sent events: pages are told that something changed and fetch the part anew."""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import ClassVar, cast

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from callbacks.attempt import Attempt
from callbacks.campaign import Campaign, CampaignEntry
from callbacks.case import Case
from console.deps import utc_now
from ivr.calls import Call
from ivr.hearing import hearing_now, media_now
from ivr.recordings import Recording
from storage.database import Database
from telephony.calls import FINAL_STATUSES
from tickets.ticket import Ticket
from tickets.timeline import Entry
from work.happenings import Happening

blueprint = Blueprint("streams", __name__)
BEAT_S = 3.0
"""How often a quiet stream is written to. A closed tab is noticed by the second write after it went."""

SLOW_S = 10
"""Pages over very many rows renew themselves this often while calls go on."""

LIFE_S = 600
"""After this a stream ends and the browser opens a new one, so that a forgotten tab holds no thread for ever."""


def tokens(s: Session, now: datetime | None = None) -> dict[str, str]:
    """A short text per topic that differs whenever the topic changed: a few small indexed queries."""
    live = s.execute(
        select(Call.id, Call.status, Call.turn, Call.node)
        .where(Call.status.not_in([x.value for x in FINAL_STATUSES]))
        .order_by(Call.id)
        .limit(500)
    ).all()
    newest = s.execute(
        select(func.max(Ticket.id), func.max(Ticket.updated_at), select(func.max(Entry.id)).scalar_subquery())
    ).one()
    recordings = s.execute(
        select(func.max(Recording.id), func.max(Recording.fetched_at), func.max(Recording.transcribed_at))
    ).one()
    campaigns, slow = _campaign_tokens(s)
    return {
        "live": _digest([tuple(row) for row in live]),
        "campaigns": campaigns,
        "campaigns_slow": slow,
        "tickets": _digest(newest),
        "recordings": _digest(recordings),
        "hearing": _digest(hearing_now(s)),
        "media": _digest(media_now(s, now or utc_now())),
    }


def _campaign_tokens(s: Session) -> tuple[str, str]:
    """Of what campaigns do now, and of their results, which while calls go on change every ten seconds at most."""
    live = s.execute(
        select(Attempt.id, Attempt.state)
        .where(text("state NOT IN ('ended', 'released')"))  # As the partial index has it.
        .order_by(Attempt.id + 0)  # A sum, or the table would be walked along its key to find the few.
        .limit(500)
    ).all()
    newest = s.execute(
        select(
            func.max(Attempt.id),
            select(func.max(CampaignEntry.id)).scalar_subquery(),
            select(func.max(Case.id)).scalar_subquery(),
            select(func.max(Happening.id)).scalar_subquery(),
            select(func.sum(Campaign.version)).scalar_subquery(),
        )
    ).one()
    slow = int(time.time() // SLOW_S) if live else [*newest]
    return _digest([[tuple(row) for row in live], *newest]), _digest(slow)


def _digest(rows: object) -> str:
    """The same in every process, so that a browser which comes back to another one is not told of a change."""
    return f"{zlib.crc32(repr(rows).encode()):08x}"


class Feed:
    """One watcher per process, however many tabs are open; it looks once a second while somebody listens."""

    EXTENSION: ClassVar[str] = "ringback_console_feed"

    def __init__(
        self, db: Database, *, clock: Callable[[], datetime] = utc_now, every_s: float = 1.0, max_streams: int = 32
    ) -> None:
        self._db = db
        self._clock = clock
        self._every_s = every_s
        self._room = threading.BoundedSemaphore(max_streams)
        self._changed = threading.Condition()
        self._listeners = 0
        self._watching = False
        self._now: dict[str, str] = {}

    def enter(self) -> bool:
        """Take one of the places; False when all are taken."""
        if not self._room.acquire(blocking=False):
            return False
        with self._changed:
            self._listeners += 1
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, name="console-feed", daemon=True).start()
        return True

    def leave(self) -> None:
        """Give the place back; the watcher stops after the last one."""
        with self._changed:
            self._listeners -= 1
            self._changed.notify_all()
        self._room.release()

    def wait(self, seen: dict[str, str], timeout_s: float) -> dict[str, str]:
        """The topics whose token is not the one in `seen`; {} after `timeout_s`."""
        with self._changed:
            self._changed.wait_for(lambda: any(seen.get(k) != v for k, v in self._now.items()), timeout_s)
            return {k: v for k, v in self._now.items() if seen.get(k) != v}

    def _watch(self) -> None:
        while True:
            with self._db.read() as s:
                found = tokens(s, self._clock())
            with self._changed:
                self._now = found
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._listeners == 0, self._every_s)
                if self._listeners == 0:
                    self._watching = False
                    self._now = {}
                    return


@blueprint.get("/stream")
def stream() -> ResponseReturnValue:
    """Events named after topics, with the topic's token as data. 503 tells the page to poll instead."""
    feed = cast(Feed, current_app.extensions[Feed.EXTENSION])
    topics = set(request.args.get("watch", "live,tickets,recordings").split(","))
    if not feed.enter():
        return "", 503, {"Retry-After": "5"}
    response = Response(_events(feed, topics), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _events(feed: Feed, topics: set[str]) -> Iterator[str]:
    seen: dict[str, str] = {}
    end = time.monotonic() + LIFE_S
    try:
        yield "retry: 2000\n\n"
        while time.monotonic() < end:
            changed = feed.wait(seen, BEAT_S)
            seen |= changed
            lines = [f"event: {k}\ndata: {v}\n\n" for k, v in changed.items() if k in topics]
            # The comment finds out whether the browser is still there.
            yield "".join(lines) or ": still here\n\n"
    finally:
        feed.leave()
