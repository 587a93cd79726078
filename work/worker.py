"""The worker: claims jobs with a lease, runs their handlers, tries again later, and finds what a crash left."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update

from storage.database import Database
from work.heartbeats import beat
from work.jobs import Job, JobState
from work.periodic import Periodic
from work.transport import Transport

log = logging.getLogger(__name__)

FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 900.0
SWEEP_LIMIT = 500
SWEEP_GRACE = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class JobCall:
    """What a handler gets. `tries` counts this one, from 1. The same call may come twice: handlers are idempotent."""

    job_id: int
    kind: str
    key: str
    payload: Mapping[str, Any]
    tries: int
    max_tries: int
    now: datetime

    @property
    def is_last_try(self) -> bool:
        """Whether nothing follows if this one fails."""
        return self.tries >= self.max_tries


class Retry(Exception):  # noqa: N818 - raised as an instruction, not as a fault.
    """Raised by a handler to be called again after `after_s` seconds; counts as a try."""

    def __init__(self, after_s: float, reason: str = "") -> None:
        super().__init__(reason)
        self.after_s = after_s


Handler = Callable[[JobCall], None]
GaveUp = Callable[[JobCall, str], None]


def wait_s(tries: int) -> float:
    """Seconds until the next try after `tries` failed ones: 2, 4, 8 … up to 15 minutes."""
    return float(min(FIRST_WAIT_S * 2 ** (min(tries, 30) - 1), LONGEST_WAIT_S))


class Worker:
    """Runs jobs by kind.

    Args:
        handlers: what to call for each kind.
        clock: gives the current aware time.
        gave_up: called with the reason when a job of that kind has failed for good.
        lease_s: how long a silent worker keeps a job; a living one renews its leases.
        name: of the heartbeat.
    """

    def __init__(
        self,
        db: Database,
        transport: Transport,
        handlers: Mapping[str, Handler],
        clock: Callable[[], datetime],
        *,
        gave_up: Mapping[str, GaveUp] | None = None,
        lease_s: float = 60.0,
        workers: int = 4,
        name: str = "worker",
    ) -> None:
        self._db = db
        self._transport = transport
        self._handlers = handlers
        self._gave_up = gave_up or {}
        self._clock = clock
        self._lease = timedelta(seconds=lease_s)
        self._workers = workers
        self._name = name
        self._held: set[int] = set()
        self._sent: dict[int, datetime] = {}
        self._periodic = Periodic()

    def periodic(self, name: str, every_s: float, fn: Callable[[], object]) -> None:
        """Call `fn` about every `every_s` seconds while `run_forever` runs."""
        self._periodic.add(name, every_s, fn)

    def run_job(self, job_id: int) -> bool:
        """Run one job if it is due and nobody else has it; True if it was run, well or not."""
        call = self._claim(job_id)
        if call is None:
            return False
        with self._holding(job_id):
            try:
                handler = self._handlers.get(call.kind)
                if handler is None:
                    raise LookupError(f"No handler for jobs of kind {call.kind!r}.")  # noqa: TRY301
                handler(call)
            except Exception as error:
                self._failed(call, error)
            else:
                self._finish(call, state=JobState.DONE, finished_at=self._clock(), last_error="")
        return True

    def run_pending(self, now: datetime | None = None) -> int:
        """Run everything that is due, here and now, including what it asks for; gives the number of runs."""
        runs = 0
        while due := self._due(now or self._clock(), limit=SWEEP_LIMIT):
            done = sum(self.run_job(job_id) for job_id in due)
            if not done:
                break
            runs += done
        return runs

    def sweep(self, now: datetime) -> int:
        """Send again what is due and nobody runs: retries, jobs with a later date, what a crash or the queue lost."""
        self._bury(now)
        self._sent = {i: at for i, at in self._sent.items() if now - at < self._lease}
        overdue = [i for i in self._due(now - SWEEP_GRACE, limit=SWEEP_LIMIT) if i not in self._sent]
        for job_id in overdue:
            self._transport.send(job_id)
            self._sent[job_id] = now
        return len(overdue)

    def run_forever(self, stop: threading.Event) -> None:
        """Work until `stop` is set, then end what is in hand and return."""
        threads = [
            threading.Thread(target=self._keep, args=(stop,), name="keeper"),
            threading.Thread(target=self._periodic.run, args=(stop,), name="periodic"),
        ]
        for thread in threads:
            thread.start()
        try:
            self._transport.consume(self.run_job, workers=self._workers)
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def _claim(self, job_id: int) -> JobCall | None:
        now = self._clock()
        with self._db.write() as session:
            claimed = session.execute(
                update(Job)
                .where(Job.id == job_id, _claimable(now), Job.tries < Job.max_tries)
                .values(state=JobState.RUNNING, tries=Job.tries + 1, lease_until=now + self._lease)
                .returning(Job.kind, Job.key, Job.payload, Job.tries, Job.max_tries)
            ).one_or_none()
        if claimed is None:
            return None
        kind, key, payload, tries, max_tries = claimed
        return JobCall(job_id=job_id, kind=kind, key=key, payload=payload, tries=tries, max_tries=max_tries, now=now)

    def _failed(self, call: JobCall, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"[:2000]
        after_s = error.after_s if isinstance(error, Retry) else wait_s(call.tries)
        if call.is_last_try:
            log.error("Job %d (%s) failed for good with %s.", call.job_id, call.kind, type(error).__name__)
            if self._finish(call, state=JobState.FAILED, finished_at=self._clock(), last_error=reason):
                self._tell_gave_up(call, reason)
            return
        fault = type(error).__name__
        log.warning("Job %d (%s) failed with %s, again in %.0f s.", call.job_id, call.kind, fault, after_s)
        due_at = self._clock() + timedelta(seconds=after_s)
        self._finish(call, state=JobState.WAITING, due_at=due_at, last_error=reason)

    def _finish(self, call: JobCall, **values: Any) -> bool:
        """Write the end of a try, unless another worker has taken the job over meanwhile."""
        with self._db.write() as session:
            result = session.execute(
                update(Job)
                .where(Job.id == call.job_id, Job.state == JobState.RUNNING, Job.tries == call.tries)
                .values(lease_until=None, **values)
                .returning(Job.id)
            )
            return result.one_or_none() is not None

    def _tell_gave_up(self, call: JobCall, reason: str) -> None:
        handler = self._gave_up.get(call.kind)
        if handler is None:
            return
        try:
            handler(call, reason)
        except Exception as error:
            log.exception("Giving up job %d (%s) failed with %s.", call.job_id, call.kind, type(error).__name__)

    def _bury(self, now: datetime) -> None:
        """Fail the jobs whose last try ended with the death of its worker."""
        with self._db.write() as session:
            dead = session.execute(
                update(Job)
                .where(Job.state == JobState.RUNNING, Job.lease_until < now, Job.tries >= Job.max_tries)
                .values(state=JobState.FAILED, finished_at=now, lease_until=None, last_error="The worker died at it.")
                .returning(Job.id, Job.kind, Job.key, Job.payload, Job.tries, Job.max_tries)
            ).all()
        for job_id, kind, key, payload, tries, max_tries in dead:
            call = JobCall(
                job_id=job_id, kind=kind, key=key, payload=payload, tries=tries, max_tries=max_tries, now=now
            )
            self._tell_gave_up(call, "The worker died at it.")

    def _due(self, now: datetime, *, limit: int) -> list[int]:
        query = select(Job.id).where(_claimable(now), Job.tries < Job.max_tries).order_by(Job.due_at, Job.id)
        with self._db.read() as session:
            return list(session.scalars(query.limit(limit)))

    @contextlib.contextmanager
    def _holding(self, job_id: int) -> Iterator[None]:
        self._held.add(job_id)
        try:
            yield
        finally:
            self._held.discard(job_id)

    def _keep(self, stop: threading.Event) -> None:
        """Beat, sweep and renew leases every second until `stop`, then end the transport."""
        while not stop.is_set():
            now = self._clock()
            try:
                with self._db.write() as session:
                    beat(session, self._name, now)
                    self._renew(session, now)
                self.sweep(now)
            except Exception as error:
                log.exception("The worker could not look after its jobs: %s.", type(error).__name__)
            stop.wait(1.0)
        self._transport.stop()

    def _renew(self, session: Any, now: datetime) -> None:
        if held := list(self._held):
            session.execute(
                update(Job).where(Job.id.in_(held), Job.state == JobState.RUNNING).values(lease_until=now + self._lease)
            )


def _claimable(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(Job.state == JobState.WAITING, Job.due_at <= now),
        and_(Job.state == JobState.RUNNING, Job.lease_until < now),
    )
