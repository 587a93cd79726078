"""Whole calls as YAML: each file is one, each folder a world in which it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests

from ivr.calls import Call
from tests.conftest import fresh_database
from tests.end_to_end.rehearsal import CLOSED, OPEN, Stage, rehearse, rows, url_of
from work.jobs import Job, JobState

FOLDER = Path(__file__).parent / "scenarios"
FILES = sorted(FOLDER.glob("*/*.yaml"))
WORLDS = sorted({path.parent.name for path in FILES})
Place = tuple[str, str, str]
"""Kind of database, world, and whose ear listens."""

StageAt = Callable[[Place], Stage]


def calls_at(places: Iterable[Place]) -> list[object]:
    """Every scenario at each of the places of its world, as parameters of a test."""
    return [
        pytest.param(place, path, id="-".join((*place, path.stem)))
        for place in places
        for path in FILES
        if path.parent.name == place[1]
    ]


@contextmanager
def stages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StageAt]:
    """The desk on one kind of database in one of the worlds. All calls of a world share it; the next world ends it."""
    with ExitStack() as stack:
        now_at: list[tuple[Place, Stage]] = []

        def go_to(place: Place) -> Stage:
            if not now_at or now_at[-1][0] != place:
                stack.close()
                kind, world, ear = place
                folder = tmp_path_factory.mktemp(f"{world}-{kind}")
                database = stack.enter_context(fresh_database(request, kind, folder))
                now_at.append((place, stack.enter_context(_world(url_of(database), folder, world, ear))))
            return now_at[-1][1]

        yield go_to


@contextmanager
def _world(database_url: str, folder: Path, world: str, ear: str) -> Iterator[Stage]:
    """The desk, open or closed, with a parcel service that works, fails, or takes longer than any patience."""
    mood = world.removeprefix("parcels_") if world.startswith("parcels_") else "normal"
    starts_at = CLOSED if world == "closed" else OPEN
    with rehearse(database_url, folder, starts_at=starts_at, patient=mood != "slow", ear=ear) as stage:
        requests.post(f"{stage.net.base_url}/parcels-mode", json={"mode": mood}, timeout=10).raise_for_status()
        yield stage
        assert stage.net.carrier.crashes == []


def play_through(stage: Stage, file: Path) -> Call:
    """The call goes as its scenario says, with valid documents and nothing left broken."""
    result = stage.net.play(file, stage).require()
    stage.require_valid(result.call_sid)
    (call,) = rows(stage.db, Call, Call.sid == result.call_sid)
    assert call.error == ""
    assert [job.last_error for job in rows(stage.db, Job, Job.state == JobState.FAILED)] == []
    found: Call = call
    return found
