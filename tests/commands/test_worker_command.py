"""`flask worker` as a process: it does what is asked, and stops cleanly when it is told to."""

from __future__ import annotations

import time
from pathlib import Path

from simulator.facade import SimulatedNetwork
from storage.database import Database
from tests.end_to_end.processes import worker_process
from tests.end_to_end.rehearsal import configure, rows, url_of
from work.heartbeats import is_alive
from work.jobs import Job, JobState, ask
from work.transport import attach, for_database

WITHIN_S = 60.0


def test_the_worker_works_beats_and_ends_in_order_when_it_is_asked_to(
    db: Database, net: SimulatedNetwork, tmp_path: Path
):
    config = configure(net, url_of(db), tmp_path, "http://desk.example")
    detach = attach(db, for_database(db))
    with worker_process(config, tmp_path / "worker.log") as worker:
        worker.wait_for("The worker is at work.")
        with db.write() as session:
            ask(session, "close_call", key="close:1", payload={"token": "nobody"}, now=net.now())
        deadline = time.monotonic() + WITHIN_S
        while rows(db, Job)[0].state != JobState.DONE:
            assert time.monotonic() < deadline, rows(db, Job)[0].last_error
            time.sleep(0.05)
        with db.read() as session:
            assert is_alive(session, "worker", net.now())
        assert worker.ask_to_stop() == 0
        assert "The worker stopped." in worker.output
        assert "Traceback" not in worker.output
    detach()
