"""One contract for everything that carries job ids."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import URL

from storage.database import Database
from work.transport import DIALS, JOBS, HueyTransport, MemoryTransport, Transport, TransportError, for_url

ROOT = Path(__file__).resolve().parents[2]
Open = Callable[[str], Transport]


@pytest.fixture(params=["memory", "sqlite", "postgresql", "celery"])
def open_queue(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens a queue by its name, each time anew, as each process does."""
    if request.param == "memory":
        kept: dict[str, Transport] = {}
        return lambda name: kept.setdefault(name, MemoryTransport())
    if request.param == "sqlite":
        return lambda name: HueyTransport.on_sqlite(tmp_path / "queue.db", name=name, shutdown_timeout_s=10)
    if request.param == "celery":
        from work.celery_transport import CeleryTransport

        return lambda name: CeleryTransport(f"filesystem://{tmp_path}/broker", name=name, shutdown_timeout_s=10)
    url: URL = request.getfixturevalue("postgres_db_url")
    return lambda name: HueyTransport.on_postgresql(url, name=name, shutdown_timeout_s=10)


@pytest.fixture
def transport(open_queue: Open) -> Transport:
    return open_queue(JOBS)


class Consumed:
    """What a transport delivered while it was consumed in a thread."""

    def __init__(self, transport: Transport, *, workers: int = 2, then: Callable[[int], None] = lambda _: None):
        self.ids: list[int] = []
        self.threads: set[str] = set()
        self._then = then
        self._transport = transport
        self._thread = threading.Thread(target=transport.consume, args=(self._run,), kwargs={"workers": workers})

    def _run(self, job_id: int) -> None:
        self.ids.append(job_id)
        self.threads.add(threading.current_thread().name)
        self._then(job_id)

    def __enter__(self) -> "Consumed":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.stop()
        self._thread.join(20)
        assert not self._thread.is_alive()

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + 20
        while len(self.ids) < count and time.monotonic() < deadline:
            time.sleep(0.01)


def test_what_was_sent_before_and_while_consuming_arrives_once(transport: Transport):
    for number in range(5):
        transport.send(number)
    with Consumed(transport) as consumed:
        for number in range(5, 10):
            transport.send(number)
        consumed.wait_for(10)
        time.sleep(0.15)
    assert sorted(consumed.ids) == list(range(10))


def test_a_run_that_raises_does_not_stop_the_others(transport: Transport):
    def fail_on_first(job_id: int) -> None:
        if job_id == 0:
            raise ValueError("broken")

    with Consumed(transport, workers=1, then=fail_on_first) as consumed:
        transport.send(0)
        transport.send(1)
        consumed.wait_for(2)
    assert sorted(consumed.ids) == [0, 1]


def test_several_workers_run_side_by_side(transport: Transport):
    together = threading.Barrier(2, timeout=15)
    with Consumed(transport, workers=2, then=lambda _: together.wait() and None) as consumed:
        transport.send(1)
        transport.send(2)
        consumed.wait_for(2)
    assert not together.broken
    assert len(consumed.threads) == 2


def test_stopping_lets_the_job_in_hand_end(transport: Transport):
    begun, ended = threading.Event(), threading.Event()

    def slow(_: int) -> None:
        begun.set()
        time.sleep(0.3)
        ended.set()

    with Consumed(transport, then=slow):
        transport.send(1)
        assert begun.wait(15)
    assert ended.is_set()


def test_stopping_before_consuming_returns_at_once(transport: Transport):
    transport.stop()
    with Consumed(transport) as consumed:
        pass
    assert consumed.ids == []


def test_queues_of_different_names_do_not_mix(open_queue: Open):
    jobs, dials = open_queue(JOBS), open_queue(DIALS)
    with Consumed(jobs) as worked, Consumed(dials) as dialled:
        for number in range(4):
            jobs.send(number)
            dials.send(100 + number)
        worked.wait_for(4)
        dialled.wait_for(4)
    assert (sorted(worked.ids), sorted(dialled.ids)) == ([0, 1, 2, 3], [100, 101, 102, 103])


def test_what_one_opening_sends_another_one_consumes(open_queue: Open):
    sender, receiver = open_queue(DIALS), open_queue(DIALS)
    sender.send(7)
    with Consumed(receiver) as consumed:
        sender.send(8)
        consumed.wait_for(2)
    assert sorted(consumed.ids) == [7, 8]


@pytest.mark.parametrize("open_queue", ["sqlite", "postgresql", "celery"], indirect=True)
def test_two_consumers_of_one_queue_share_what_arrives(open_queue: Open):
    # A queue in memory is one object, consumed once.
    sender, first, second = open_queue(DIALS), open_queue(DIALS), open_queue(DIALS)
    with Consumed(first) as one, Consumed(second) as other:
        for number in range(20):
            sender.send(number)
        deadline = time.monotonic() + 20
        while len(one.ids) + len(other.ids) < 20 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.15)
    assert sorted(one.ids + other.ids) == list(range(20))


def test_the_queue_is_chosen_by_its_address(sqlite_db: Database, tmp_path: Path):
    assert isinstance(for_url(sqlite_db, "", DIALS), HueyTransport)
    assert for_url(sqlite_db, "memory:", DIALS) is for_url(sqlite_db, "memory:", DIALS)
    assert for_url(sqlite_db, "memory:", DIALS) is not for_url(sqlite_db, "memory:", JOBS)
    chosen = for_url(sqlite_db, f"celery+filesystem://{tmp_path}/broker", DIALS)
    assert type(chosen).__name__ == "CeleryTransport"
    with pytest.raises(TransportError, match="celery\\+<broker URL>"):
        for_url(sqlite_db, "rabbit://host")


def test_celery_is_not_imported_unless_it_was_chosen():
    code = "import sys, work.transport, work.worker; sys.exit('celery' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
