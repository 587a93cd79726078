"""What carries a job's id to a worker. It may lose or repeat ids: the rows in `work.jobs` are the truth."""

from __future__ import annotations

import logging
import queue
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from huey import PostgresHuey, SqliteHuey
from huey.consumer import Consumer
from sqlalchemy import URL, event
from sqlalchemy.orm import Session

from storage.database import Database
from work.jobs import ASKED

log = logging.getLogger(__name__)

Run = Callable[[int], object]

JOBS = "ringback"
"""Name of the queue of background jobs."""
DIALS = "ringback-dial"
"""Name of the queue of attempts to dial: an id of an attempt, not of a job."""
POLL_S = {DIALS: 0.04}
"""How long an idle consumer of a polled queue waits before it looks again; 0.1 s for those not named."""


class TransportError(Exception):
    """The queue cannot be used; the message says why and what to do."""


class Transport(Protocol):
    """Carries ids of jobs from who asks to who works; one transport is one named queue."""

    def send(self, job_id: int) -> None:
        """Let some worker run the job soon, at most once."""

    def consume(self, run: Run, *, workers: int = 1) -> None:
        """Run what arrives in `workers` threads; returns after `stop`, when the jobs in hand are done."""

    def stop(self) -> None:
        """End `consume`. May be called from any thread, also before `consume` began."""


class MemoryTransport:
    """Within one process, lost with it."""

    def __init__(self) -> None:
        self._ids: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._stop = threading.Event()

    def send(self, job_id: int) -> None:
        """Put the id into the queue."""
        self._ids.put(job_id)

    def consume(self, run: Run, *, workers: int = 1) -> None:
        """Run ids as they come."""
        threads = [threading.Thread(target=self._work, args=(run,), name=f"job-{n}") for n in range(workers)]
        for thread in threads:
            thread.start()
        self._stop.wait()
        for _ in threads:
            self._ids.put(None)
        for thread in threads:
            thread.join()

    def stop(self) -> None:
        """End `consume`."""
        self._stop.set()

    def _work(self, run: Run) -> None:
        while not self._stop.is_set():
            job_id = self._ids.get()
            if job_id is not None and not self._stop.is_set():
                run_safely(run, job_id)


class _Consumer(Consumer):  # type: ignore[misc]
    """Huey's consumer, leaving the signals to whoever owns the process."""

    def _set_signal_handlers(self) -> None:
        """Do nothing: `stop` is how this consumer ends."""


class HueyTransport:
    """Carried by Huey, in a file beside the database or in PostgreSQL itself.

    Huey gives an id to one worker and forgets it, so a killed worker loses what it held; the sweep sends it again.
    """

    def __init__(self, huey: Any, *, shutdown_timeout_s: float = 30.0, poll_s: float = 0.1) -> None:
        self._huey = huey
        self._poll_s = poll_s
        self._shutdown_timeout_s = shutdown_timeout_s
        self._run: Run | None = None
        self._stop = threading.Event()
        self._task = huey.task(name="ringback.job")(self._execute)

    @classmethod
    def on_sqlite(cls, path: str | Path, *, name: str = JOBS, shutdown_timeout_s: float = 30.0) -> HueyTransport:
        """The queue `name` in the SQLite file `path`, which several queues and processes of one machine may share.

        The queue is not synced to disk: after a power cut the sweep sends again what the queue lost.
        """
        return cls(
            SqliteHuey(name, filename=str(path), results=False, fsync=False, timeout=30),
            shutdown_timeout_s=shutdown_timeout_s,
            poll_s=POLL_S.get(name, 0.1),
        )

    @classmethod
    def on_postgresql(cls, url: URL, *, name: str = JOBS, shutdown_timeout_s: float = 30.0) -> HueyTransport:
        """The queue `name` in tables huey_* of the PostgreSQL database `url`, for any number of machines."""
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return cls(PostgresHuey(name, dsn=dsn, results=False, read_timeout=0.2), shutdown_timeout_s=shutdown_timeout_s)

    def send(self, job_id: int) -> None:
        """Put the id into Huey's queue."""
        self._task(job_id)

    def consume(self, run: Run, *, workers: int = 1) -> None:
        """Run ids as they come: at once on PostgreSQL (LISTEN), within `POLL_S` on SQLite (polled)."""
        self._run = run
        consumer = _Consumer(
            self._huey,
            workers=workers,
            periodic=False,
            initial_delay=0.02,
            max_delay=self._poll_s,
            scheduler_interval=60,
            shutdown_timeout=self._shutdown_timeout_s,
        )
        consumer.start()
        self._stop.wait()
        consumer.stop(graceful=True)
        self.close()

    def stop(self) -> None:
        """End `consume`."""
        self._stop.set()

    def close(self) -> None:
        """Close this thread's connection to the queue."""
        self._huey.storage.close()

    def _execute(self, job_id: int) -> None:
        if self._run is not None:
            run_safely(self._run, job_id)


def for_database(db: Database, *, name: str = JOBS, shutdown_timeout_s: float = 30.0) -> HueyTransport:
    """The transport that fits the database: a file beside an SQLite one, tables within a PostgreSQL one."""
    if not db.is_sqlite:
        return HueyTransport.on_postgresql(db.url, name=name, shutdown_timeout_s=shutdown_timeout_s)
    path = Path(db.url.database or "ringback.db").with_suffix(".queue.db")
    return HueyTransport.on_sqlite(path, name=name, shutdown_timeout_s=shutdown_timeout_s)


_IN_MEMORY: weakref.WeakKeyDictionary[Database, dict[str, MemoryTransport]] = weakref.WeakKeyDictionary()


def for_url(db: Database, queue_url: str, name: str = JOBS, *, shutdown_timeout_s: float = 30.0) -> Transport:
    """The queue `name` as configured.

    Args:
        queue_url: "" for Huey in the database; "celery+<broker URL>" for Celery, such as
            "celery+amqp://user@host//", "celery+redis://host/0" or "celery+filesystem:///folder"; "memory:" for one
            within this process, the same one for each database and name.

    Raises:
        TransportError: nothing is known of such an address.
    """
    if not queue_url:
        return for_database(db, name=name, shutdown_timeout_s=shutdown_timeout_s)
    if queue_url == "memory:":
        return _IN_MEMORY.setdefault(db, {}).setdefault(name, MemoryTransport())
    kind, plus, broker_url = queue_url.partition("+")
    if kind == "celery" and plus and broker_url:
        # Celery takes half a second to import, which only those who chose it should spend.
        from work.celery_transport import CeleryTransport

        return CeleryTransport(broker_url, name=name, shutdown_timeout_s=shutdown_timeout_s)
    raise TransportError(
        f"QUEUE_URL begins with {queue_url.partition(':')[0]!r}; leave it empty for Huey, or write celery+<broker URL>."
    )


def attach(db: Database, transport: Transport) -> Callable[[], None]:
    """From now on send what sessions of `db` ask for, after their commit; gives a function that ends this.

    A transport that fails does not fail the commit: the sweep finds the job.
    """

    def after_commit(session: Session) -> None:
        if session.bind is db.engine:
            for job_id in session.info.pop(ASKED, ()):
                try:
                    transport.send(job_id)
                except Exception as error:
                    log.warning("Job %d waits for the sweep: the queue failed with %s.", job_id, type(error).__name__)

    def after_rollback(session: Session) -> None:
        if session.bind is db.engine:
            session.info.pop(ASKED, None)

    event.listen(Session, "after_commit", after_commit)
    event.listen(Session, "after_rollback", after_rollback)

    def detach() -> None:
        event.remove(Session, "after_commit", after_commit)
        event.remove(Session, "after_rollback", after_rollback)

    return detach


def run_safely(run: Run, job_id: int) -> None:
    """Run one id; an error is logged and goes no further."""
    try:
        run(job_id)
    except Exception as error:
        log.exception("Job %d could not be run: %s.", job_id, type(error).__name__)
