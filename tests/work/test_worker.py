"""Jobs are run once, again after an error, and never lost."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.database import Database
from work.heartbeats import is_alive
from work.jobs import Job, JobState, ask
from work.transport import MemoryTransport, attach, for_database, for_url
from work.worker import JobCall, Retry, Worker, wait_s

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Noted(MemoryTransport):
    """A memory transport that also remembers what was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[int] = []

    def send(self, job_id: int) -> None:
        self.sent.append(job_id)
        super().send(job_id)


def job(db: Database, key: str) -> Job:
    with db.read() as session:
        found = session.scalars(select(Job).where(Job.key == key)).one()
        session.expunge(found)
        return found


def ask_for(db: Database, key: str, *, kind: str = "work", due_at: datetime | None = None, **more: object) -> int:
    with db.write() as session:
        return ask(session, kind, key=key, payload={"key": key}, now=NOW, due_at=due_at, **more).id


def wait_until(true: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def test_asking_twice_for_the_same_key_makes_one_job(db: Database):
    assert ask_for(db, "a") == ask_for(db, "a")
    calls: list[JobCall] = []
    worker = Worker(db, MemoryTransport(), {"work": calls.append}, Clock())
    assert worker.run_pending() == 1
    assert [(c.key, dict(c.payload), c.tries) for c in calls] == [("a", {"key": "a"}, 1)]
    assert ask_for(db, "a") == job(db, "a").id
    assert worker.run_pending() == 0
    assert (job(db, "a").state, job(db, "a").finished_at) == (JobState.DONE, NOW)


def test_work_asked_for_in_a_transaction_that_fails_is_not_asked_for(db: Database):
    transport = Noted()
    detach = attach(db, transport)

    def ask_and_fail() -> None:
        with db.write() as session:
            ask(session, "work", key="a", payload={}, now=NOW)
            raise RuntimeError("after asking")

    with pytest.raises(RuntimeError, match="after asking"):
        ask_and_fail()
    detach()
    with db.read() as session:
        assert session.scalars(select(Job)).all() == []
    assert transport.sent == []


def test_a_job_is_sent_after_the_commit_and_not_before(db: Database):
    transport = Noted()
    detach = attach(db, transport)
    with db.write() as session:
        made = ask(session, "work", key="a", payload={}, now=NOW)
        ask(session, "work", key="later", payload={}, now=NOW, due_at=NOW + timedelta(hours=1))
        assert transport.sent == []
    detach()
    assert transport.sent == [made.id]


def test_a_broken_queue_does_not_break_the_commit(db: Database):
    class Broken(MemoryTransport):
        def send(self, job_id: int) -> None:
            raise OSError("disk full")

    detach = attach(db, Broken())
    ask_for(db, "a")
    detach()
    assert job(db, "a").state == JobState.WAITING


def test_an_error_is_kept_and_the_job_tried_again_later_each_time(db: Database):
    clock, calls = Clock(), []

    def fail(call: JobCall) -> None:
        calls.append(clock.now)
        raise ValueError("no luck")

    ask_for(db, "a", max_tries=3)
    gave_up: list[str] = []
    worker = Worker(db, MemoryTransport(), {"work": fail}, clock, gave_up={"work": lambda _, why: gave_up.append(why)})
    for _ in range(100):
        worker.run_pending()
        clock.pass_s(1)
    assert [(at - NOW).total_seconds() for at in calls] == [0, 2, 6]
    assert (job(db, "a").state, job(db, "a").last_error) == (JobState.FAILED, "ValueError: no luck")
    assert gave_up == ["ValueError: no luck"]


def test_waiting_doubles_up_to_a_quarter_of_an_hour():
    assert [wait_s(tries) for tries in (1, 2, 3, 9, 10, 10_000)] == [2, 4, 8, 512, 900, 900]


def test_a_handler_says_itself_when_to_try_again(db: Database):
    clock = Clock()

    def later(call: JobCall) -> None:
        if not call.is_last_try:
            raise Retry(90, "recording not ready")

    ask_for(db, "a", max_tries=2)
    worker = Worker(db, MemoryTransport(), {"work": later}, clock)
    worker.run_pending()
    assert (job(db, "a").state, job(db, "a").due_at) == (JobState.WAITING, NOW + timedelta(seconds=90))
    clock.pass_s(90)
    worker.run_pending()
    assert job(db, "a").state == JobState.DONE


def test_a_kind_without_handler_waits_for_a_worker_that_has_one(db: Database):
    clock = Clock()
    ask_for(db, "a", kind="new")
    Worker(db, MemoryTransport(), {}, clock).run_pending()
    assert "No handler" in job(db, "a").last_error
    clock.pass_s(10)
    Worker(db, MemoryTransport(), {"new": lambda _: None}, clock).run_pending()
    assert job(db, "a").state == JobState.DONE


def test_a_future_job_is_not_run_early(db: Database):
    clock = Clock()
    job_id = ask_for(db, "a", due_at=NOW + timedelta(minutes=5))
    worker = Worker(db, MemoryTransport(), {"work": lambda _: None}, clock)
    assert not worker.run_job(job_id)
    assert worker.run_pending() == 0
    clock.pass_s(300)
    assert worker.run_pending() == 1


def test_a_job_may_ask_for_another_one(db: Database):
    def first(call: JobCall) -> None:
        ask_for(db, "second", kind="last")

    ask_for(db, "first")
    worker = Worker(db, MemoryTransport(), {"work": first, "last": lambda _: None}, Clock())
    assert worker.run_pending() == 2


def test_the_same_id_delivered_to_many_workers_at_once_is_run_once(db: Database):
    job_id = ask_for(db, "a")
    calls: list[str] = []
    workers = [Worker(db, MemoryTransport(), {"work": lambda c: calls.append(c.key)}, Clock()) for _ in range(6)]
    threads = [threading.Thread(target=worker.run_job, args=(job_id,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == ["a"]


def test_the_sweep_sends_what_the_queue_lost_once_per_lease(db: Database):
    clock, transport = Clock(), Noted()
    job_id = ask_for(db, "a")
    worker = Worker(db, transport, {"work": lambda _: None}, clock, lease_s=60)
    assert worker.sweep(clock.now) == 0  # It may still be on its way.
    clock.pass_s(5)
    assert (worker.sweep(clock.now), worker.sweep(clock.now), transport.sent) == (1, 0, [job_id])
    clock.pass_s(60)
    assert worker.sweep(clock.now) == 1


def test_a_job_whose_worker_is_silent_beyond_its_lease_is_run_by_another(db: Database):
    clock, transport = Clock(), Noted()
    ask_for(db, "a")

    class Killed(BaseException):
        pass

    def die(_: JobCall) -> None:
        raise Killed

    with pytest.raises(Killed):
        Worker(db, transport, {"work": die}, clock, lease_s=30).run_pending()
    other = Worker(db, transport, {"work": lambda _: None}, clock, lease_s=30)
    assert other.run_pending() == 0
    clock.pass_s(32)
    assert other.sweep(clock.now) == 1
    assert other.run_pending() == 1
    assert (job(db, "a").state, job(db, "a").tries) == (JobState.DONE, 2)


def test_a_worker_that_lost_its_lease_does_not_overwrite_the_other_ones_result(db: Database):
    clock = Clock()
    ask_for(db, "a")
    other = Worker(db, MemoryTransport(), {"work": lambda _: None}, clock, lease_s=10)

    def slow(_: JobCall) -> None:
        clock.pass_s(11)
        assert other.run_pending() == 1
        raise ValueError("too late")

    Worker(db, MemoryTransport(), {"work": slow}, clock, lease_s=10).run_pending()
    assert (job(db, "a").state, job(db, "a").tries, job(db, "a").last_error) == (JobState.DONE, 2, "")


def test_a_job_that_kills_its_worker_each_time_is_failed_in_the_end(db: Database):
    clock = Clock()
    job_id = ask_for(db, "a", max_tries=1)
    gave_up: list[str] = []
    worker = Worker(db, MemoryTransport(), {}, clock, gave_up={"work": lambda call, _: gave_up.append(call.key)})
    with db.write() as session:
        row = session.get_one(Job, job_id)
        row.state, row.tries, row.lease_until = JobState.RUNNING, 1, NOW
    clock.pass_s(1)
    worker.sweep(clock.now)
    assert (job(db, "a").state, gave_up) == (JobState.FAILED, ["a"])


@contextmanager
def running(worker: Worker) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_forever, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def test_a_running_worker_beats_takes_jobs_at_once_and_does_periodic_things(db: Database):
    transport = for_database(db, shutdown_timeout_s=10)
    detach = attach(db, transport)
    done, ticks = [], []
    worker = Worker(db, transport, {"work": lambda c: done.append(c.key)}, lambda: datetime.now(UTC), workers=2)
    worker.periodic("tick", 0.05, lambda: ticks.append(1))
    worker.periodic("broken", 0.05, lambda: 1 / 0)
    with running(worker):
        for number in range(10):
            ask_for(db, f"{number}")
        assert wait_until(lambda: len(done) == 10 and len(ticks) > 3)
        with db.read() as session:
            assert is_alive(session, "worker", datetime.now(UTC))
    detach()
    assert sorted(done) == [f"{n}" for n in range(10)]


def test_a_long_job_keeps_its_lease_while_its_worker_lives(db: Database):
    transport = for_database(db, shutdown_timeout_s=10)
    runs = []

    def slow(call: JobCall) -> None:
        runs.append(call.tries)
        time.sleep(2.5)

    ask_for(db, "a")
    worker = Worker(db, transport, {"work": slow}, lambda: datetime.now(UTC), lease_s=1.5, workers=2)
    with running(worker):
        assert wait_until(lambda: job(db, "a").state == JobState.DONE)
    assert runs == [1]


def spawn(db: Database, log: Path, hold_s: float, queue_url: str) -> subprocess.Popen[bytes]:
    script = Path(__file__).with_name("crashing_worker.py")
    url = db.url.render_as_string(hide_password=False)
    return subprocess.Popen([sys.executable, str(script), url, str(log), str(hold_s), queue_url])


def lines(log: Path) -> list[str]:
    return log.read_text().splitlines() if log.exists() else []


@pytest.mark.parametrize("queue", ["huey", "celery"])
def test_a_killed_worker_loses_nothing(db: Database, tmp_path: Path, queue: str):
    log = tmp_path / "log"
    queue_url = f"celery+filesystem://{tmp_path}/broker" if queue == "celery" else ""
    transport = for_url(db, queue_url)
    detach = attach(db, transport)
    for number in range(6):
        ask_for(db, f"{number}", kind="slow")
    first = spawn(db, log, 60, queue_url)
    try:
        assert wait_until(lambda: len(lines(log)) >= 2)
    finally:
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    second = spawn(db, log, 0, queue_url)
    try:
        assert wait_until(lambda: all(job(db, f"{n}").state == JobState.DONE for n in range(6)), 40)
        second.send_signal(signal.SIGTERM)
        assert second.wait(30) == 0
    finally:
        if second.poll() is None:
            second.kill()
            second.wait()
        detach()
    ends = [line for line in lines(log) if line.startswith("end")]
    assert sorted(ends) == [f"end {n}" for n in range(6)]
    assert lines(log)[-1] == "stopped"
    assert sum(job(db, f"{n}").tries for n in range(6)) == 8  # Two were in hand at the kill.
