"""Whole calls through the real application: each YAML file is one, and each folder a world in which its calls happen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from ivr.calls import Call
from tests.conftest import KINDS, fresh_database
from tests.end_to_end.rehearsal import CLOSED, OPEN, Stage, rehearse, rows
from work.jobs import Job, JobState

FOLDER = Path(__file__).parent / "scenarios"
FILES = sorted(FOLDER.glob("*/*.yaml"))
WORLDS = sorted({path.parent.name for path in FILES})


@pytest.fixture(scope="module")
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The desk in one of the worlds, on one kind of database; all calls of the world share it."""
    kind, world = request.param
    folder = tmp_path_factory.mktemp(f"{world}-{kind}")
    with fresh_database(request, kind, folder) as database:
        url = database.url.render_as_string(hide_password=False)
        starts_at = CLOSED if world == "closed" else OPEN
        with rehearse(url, folder, starts_at=starts_at, patient=world != "parcels_slow") as found:
            set_mood(found, world.removeprefix("parcels_") if world.startswith("parcels_") else "normal")
            yield found
            assert found.net.carrier.crashes == []


def set_mood(stage: Stage, mood: str) -> None:
    """Let the parcel service behave."""
    requests.post(f"{stage.net.base_url}/parcels-mode", json={"mode": mood}, timeout=10).raise_for_status()


def cases() -> list[object]:
    """Every file on every kind of database, world by world."""
    return [
        pytest.param((kind, path.parent.name), path, id=f"{kind}-{path.parent.name}-{path.stem}")
        for kind in KINDS
        for world in WORLDS
        for path in FILES
        if path.parent.name == world
    ]


@pytest.mark.parametrize(("stage", "file"), cases(), indirect=["stage"])
def test_a_call_goes_as_its_scenario_says(stage: Stage, file: Path):
    result = stage.net.play(file, stage).require()
    stage.require_valid(result.call_sid)
    (call,) = rows(stage.db, Call, Call.sid == result.call_sid)
    assert call.error == ""
    assert [job.last_error for job in rows(stage.db, Job, Job.state == JobState.FAILED)] == []
