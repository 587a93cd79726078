"""Whole calls through the real application, heard by the carrier's recogniser, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import KINDS
from tests.end_to_end.worlds import WORLDS, Place, StageAt, calls_at, play_through, stages


@pytest.fixture(scope="module")
def stage_at(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StageAt]:
    """The desk at a place."""
    with stages(request, tmp_path_factory) as go_to:
        yield go_to


@pytest.mark.parametrize(("place", "file"), calls_at((kind, world, "carrier") for kind in KINDS for world in WORLDS))
def test_a_call_goes_as_its_scenario_says(stage_at: StageAt, place: Place, file: Path):
    play_through(stage_at(place), file)
