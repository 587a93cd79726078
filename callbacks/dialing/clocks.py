"""The clock by which dials are paced: the database's, since several machines have several opinions of the time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.orm import Session

from storage.database import Database

_STALE_S = 10.0
"""An estimate of the database's clock is measured again after so long, however good it was."""

_READ = text("SELECT clock_timestamp()")


class DialClock(Protocol):
    """What the dialer asks about time. All moments are aware, UTC."""

    def read(self, session: Session) -> datetime:
        """The present moment, exactly, by asking the database of the session."""

    def now(self) -> datetime:
        """The present moment, as well as it is known without asking."""

    def wait_until(self, moment: datetime) -> None:
        """Return at that moment, or at once when it has passed."""


class LocalClock:
    """The clock of this machine, or any other that a function tells: for one process on SQLite, and for tests.

    `sleep` waits so many seconds; tests with a clock that stands still give one that moves it, or does nothing.
    """

    def __init__(self, now: Callable[[], datetime], sleep: Callable[[float], None] = time.sleep) -> None:
        self._now = now
        self._sleep = sleep

    def read(self, session: Session) -> datetime:
        """The present moment."""
        return self._now()

    def now(self) -> datetime:
        """The present moment."""
        return self._now()

    def wait_until(self, moment: datetime) -> None:
        """Wait once for what is left."""
        left_s = (moment - self._now()).total_seconds()
        if left_s > 0:
            self._sleep(left_s)


class PostgresClock:
    """PostgreSQL's clock. Between two looks it is carried on by this machine's steady clock.

    `ahead` is added to it, for a house whose own clock runs ahead to show another time of day.
    """

    def __init__(self, db: Database, ahead: timedelta = timedelta(0)) -> None:
        self._db = db
        self._ahead = ahead
        self._lock = threading.Lock()
        self._base: datetime | None = None
        self._base_s = 0.0
        self._error_s = 0.0

    def read(self, session: Session) -> datetime:
        """Ask; the estimate is corrected by what comes."""
        before_s = time.monotonic()
        moment: datetime = session.execute(_READ).scalar_one() + self._ahead
        after_s = time.monotonic()
        error_s = (after_s - before_s) / 2
        with self._lock:
            stale = self._base is None or after_s - self._base_s > _STALE_S
            if stale or error_s <= self._error_s:
                self._base, self._base_s, self._error_s = moment, before_s + error_s, error_s
        return moment

    def now(self) -> datetime:
        """The latest look, carried on."""
        with self._lock:
            base, base_s = self._base, self._base_s
        if base is None:
            with self._db.read() as session:
                return self.read(session)
        return base + timedelta(seconds=time.monotonic() - base_s)

    def wait_until(self, moment: datetime) -> None:
        """Sleep until then."""
        left_s = (moment - self.now()).total_seconds()
        if left_s > 0:
            time.sleep(left_s)


def clock_for(db: Database, now: Callable[[], datetime], *, ahead: timedelta = timedelta(0)) -> DialClock:
    """The clock that fits a database; `now` is the process's own, which runs `ahead` of the true time."""
    return LocalClock(now) if db.is_sqlite else PostgresClock(db, ahead)
