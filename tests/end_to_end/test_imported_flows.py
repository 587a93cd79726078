"""Imported flows on the telephone: the whole application, rung by the simulated network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from flows.importers import import_file
from flows.versions import publish
from ivr.calls import Call
from ivr.lines import Line
from tests.conftest import fresh_database
from tests.end_to_end.rehearsal import SERVICE_NUMBER, Stage, rehearse, rows, url_of

DOCUMENTS = Path(__file__).parents[1] / "flows" / "importers" / "documents"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

FERRY = """
name: At night a word is left, and the purser does not answer
call: {to: "+864008001234", from: "+8613900010099"}
steps:
  - hear: [The ferry office is asleep, Please speak after the tone]
  - say: my ticket is wet
  - wait: 3s
  - press: "#"
  - hear: Fair winds
expect: {outcome: completed}
"""
FLEX = """
name: A virtual agent's task is chosen, and any key brings the queue
call: {to: "+864008001234", from: "+8613900010099"}
steps:
  - hear: [How can I help you, "send to agent, press 1"]
  - say: send to agent
  - hear: Please press any key
  - press: 5
  - hear: Now connecting you
  - hang up
"""
WELL = """
name: The water is muddy, and it is told
call: {to: "+864008001234", from: "+8613900010099"}
steps:
  - hear: [this is the well watch, How is the water today]
  - press: 1
  - hear: How many buckets
  - press: "12#"
  - hear: You drew 13 buckets
expect: {outcome: completed}
"""


@pytest.fixture(scope="module")
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("imported")
    with fresh_database(request, "sqlite", folder) as database, rehearse(url_of(database), folder) as found:
        yield found


def on_the_line(stage: Stage, file: Path, **more: str) -> None:
    """Import the file, publish what came of it and let the service number run it."""
    imported = import_file(file.read_bytes(), file_name=file.name, **more)
    assert imported.document is not None
    with stage.db.write() as s:
        reason = "A test of the telephone."
        version = publish(s, imported.document, by="test", note="", now=NOW, override_reason=reason)
        s.scalars(select(Line).where(Line.number == SERVICE_NUMBER)).one().flow_id = version.flow_id


@pytest.mark.parametrize(
    ("file", "script", "more"),
    [
        (DOCUMENTS / "ferry_line.json", FERRY, {}),
        (DOCUMENTS / "well_watch.json", WELL, {"language": "en-US"}),
        (CORPUS / "studio" / "11_twilio_labs_voice_to_flex.json", FLEX, {}),
    ],
    ids=["studio", "floip", "public"],
)
def test_an_imported_flow_is_called(
    stage: Stage, tmp_path: Path, file: Path, script: str, more: dict[str, str]
) -> None:
    if not file.is_file():
        pytest.skip("corpus not present")
    on_the_line(stage, file, **more)
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(script, encoding="utf-8")
    result = stage.net.play(scenario, stage).require()
    stage.require_valid(result.call_sid)
    (call,) = rows(stage.db, Call, Call.sid == result.call_sid)
    assert call.error == ""
