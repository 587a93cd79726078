"""The same whole calls in live streams: our own ear listens. Where a call is kept has nothing to do with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.streams.lifecycle import StreamState
from ivr.streams.rows import Stream
from tests.end_to_end.rehearsal import rows
from tests.end_to_end.worlds import WORLDS, Place, StageAt, calls_at, play_through, stages


@pytest.fixture(scope="module")
def stage_at(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StageAt]:
    """The desk at a place."""
    with stages(request, tmp_path_factory) as go_to:
        yield go_to


@pytest.mark.parametrize(("place", "file"), calls_at(("sqlite", world, "house") for world in WORLDS))
def test_a_call_goes_as_its_scenario_says(stage_at: StageAt, place: Place, file: Path):
    stage = stage_at(place)
    call = play_through(stage, file)
    stage.net.settle()  # The carrier has told of the call's end, and with it the stream is over.
    taken = rows(stage.db, Stream, Stream.call_id == call.id)
    assert taken, "the call never went into a stream"
    assert {stream.state for stream in taken} <= {StreamState.LEFT, StreamState.OVER}
