"""The same scenario on a telephone and in a rehearsal: the same nodes, the same sentences, the same ticket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.documents import parse
from ivr.calls import Call
from ivr.lookups import LookupRow
from ivr.rehearsal.playing import rehearse as rehearse_flow
from ivr.rehearsal.scenario import LookupSample, parse_scenario
from ivr.turns import TurnRow
from storage.database import Database
from tests.end_to_end.rehearsal import Stage, rehearse, rows, url_of
from tests.end_to_end.worlds import FOLDER

EXAMPLES = Path(__file__).resolve().parents[2] / "flows" / "examples"
AUDIBLE = ("say", "play", "ask")


@pytest.fixture
def desk(sqlite_db: Database, tmp_path: Path) -> Iterator[Stage]:
    with rehearse(url_of(sqlite_db), tmp_path) as found:
        yield found


@pytest.mark.parametrize(
    "name",
    [
        "track_not_found_then_found_by_keys",
        "complaint_by_speech",
        "no_match_ladder_by_speech",
        "utility_bill_by_keys",
        "hang_up_after_the_address",
    ],
)
def test_a_call_and_its_rehearsal_are_one_engine_two_ways(desk: Stage, name: str):
    file = FOLDER / "open" / f"{name}.yaml"
    scenario = parse_scenario(file.read_text(encoding="utf-8"))
    sid = desk.net.play(file, desk).require().call_sid
    desk.rest()
    (call,) = rows(desk.db, Call, Call.sid == sid)
    turns = rows(desk.db, TurnRow, TurnRow.call_id == call.id)
    lookups: dict[str, list[LookupSample]] = {}
    for row in rows(desk.db, LookupRow, LookupRow.call_id == call.id):
        lookups.setdefault(row.request["node"], []).append(LookupSample(**row.reply))
    view = desk.look(sid)

    played = rehearse_flow(
        parse((EXAMPLES / f"{call.flow_name}.yaml").read_bytes()),
        scenario.model_copy(update={"lookups": lookups}),
        now=call.started_at,
        flow_values=desk.house.config.flow_values,
        to_the_end=True,
    )
    assert [str(failure.sentence) for failure in played.failures] == []
    assert [at.node for at in played.passed if at.entered] == view["nodes"]
    told = [line["text"] for turn in turns for line in turn.said if line["kind"] in AUDIBLE]
    hold = [line["text"] for x in played.exchanges if x.waits_for == "enqueue" for line in x.said[-3:]]
    rehearsed = [line["text"] for x in played.exchanges for line in x.said if line["kind"] in AUDIBLE]
    assert [text for text in rehearsed if text not in hold] == [text for text in told if text not in hold]
    assert played.outcome == view["outcome"]
    known = ("number", "subject", "category", "priority", "language", "reference")
    assert [[t[n] for n in known] for t in played.tickets] == [[t[n] for n in known] for t in view["tickets"]]
    assert [m["body"] for m in played.messages] == [m["body"] for m in view["messages"]]
