"""One contract for everything that carries job ids."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import URL

from work.transport import HueyTransport, MemoryTransport, Transport


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def transport(request: pytest.FixtureRequest, tmp_path: Path) -> Transport:
    if request.param == "memory":
        return MemoryTransport()
    if request.param == "sqlite":
        return HueyTransport.on_sqlite(tmp_path / "queue.db", shutdown_timeout_s=10)
    url: URL = request.getfixturevalue("postgres_db_url")
    return HueyTransport.on_postgresql(url, shutdown_timeout_s=10)


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
