"""Calls that came in by real webhooks, replayed and counted: every way to talk and to leave, and sub-flows."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from flows.documents import from_json, to_json
from flows.versions import latest, load_document
from ivr.heat import NodeHeat, heat_of
from ivr.turns import TurnRow
from studio.replays import replay_flow
from tests.ivr.conftest import Desk

SECOND = "+442071838751"

OUTER = """
format: 1
name: outer
languages: [en-US]
start: menu
nodes:
  menu:
    type: menu
    prompt: {en-US: "One or two?"}
    choices:
      - {key: "1", name: inside, label: {en-US: inside}}
      - {key: "2", name: over, label: {en-US: over}}
    exits: {inside: inside, over: bye, person: bye, failed: bye}
  inside:
    type: subflow
    flow: inner
    exits: {done: bye}
  bye:
    type: hang_up
    prompt: {en-US: "Goodbye."}
"""
INNER = """
format: 1
name: inner
languages: [en-US]
start: menu
nodes:
  menu:
    type: menu
    prompt: {en-US: "Red or blue?"}
    choices:
      - {key: "1", name: red, label: {en-US: red}}
      - {key: "2", name: blue, label: {en-US: blue}}
    exits: {red: done, blue: menu, person: done, failed: done}
  done:
    type: hang_up
    end: done
"""


def replayed(desk: Desk, flow: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
    with desk.db.read() as s:
        document = load_document(latest(s, flow))
        if data is not None:
            document = from_json(data)
        return replay_flow(s, flow, document, now=desk.clock() + timedelta(hours=1), days=2)


def test_calls_of_every_kind_end_the_same_on_their_own_flow(desk: Desk):
    desk.publish()
    withheld = desk.call("1", caller="")
    withheld.record()
    withheld.hang_up()
    told = desk.call("2")
    desk.clock.pass_s(20)
    told.say("the lamp is broken")
    told.hang_up()
    desk.call("2").hang_up()
    gone_while_recording = desk.call("1")
    gone_while_recording.record(ended_by="hangup")
    gone_while_recording.hang_up()
    empty = desk.call("3", "2", "1")
    empty.record(seconds=0)
    empty.hang_up()
    desk.call("0", caller="+447700900123").answer_queue("bridged").hang_up()
    desk.call("0").answer_queue("leave").hang_up()
    nobody = desk.call()
    for _ in range(3):
        nobody.silent()
    nobody.hang_up()
    unclear = desk.call(caller="+447700900124")
    unclear.say("blue elephants")
    unclear.say("a complaint", confidence=0.5)
    unclear.press("1")
    unclear.hang_up()
    desk.call("9", "4").hang_up()
    assert [row["reason"] for row in replayed(desk, "hotline")["skipped"]] == [
        "The end of the call has not been settled yet."
    ]
    desk.clock.pass_s(600)
    desk.work()
    found = replayed(desk, "hotline")
    assert found["different"] == found["skipped"] == []
    assert found["calls"] == found["same"] == 10


def test_a_sub_flow_is_replayed_on_its_version_and_has_its_own_heat(desk: Desk):
    desk.publish(INNER, number=None)
    desk.publish(OUTER, number=SECOND)
    through = desk.call("1", "2", "1", to=SECOND)
    assert through.heard
    through.hang_up()
    desk.call("2", to=SECOND).hang_up()
    desk.call("1", to=SECOND).hang_up()
    stamps = [event.get("version", 0) for row in desk.rows(TurnRow) for event in row.events if "exit" in event]
    with desk.db.read() as s:
        outer, inner = latest(s, "outer"), latest(s, "inner")
        assert set(stamps) == {0, inner.id}
        week = {"since": desk.clock() - timedelta(days=7), "until": desk.clock() + timedelta(hours=1)}
        assert heat_of(s, outer.id, **week).nodes == {
            "menu": NodeHeat(entered=3), "inside": NodeHeat(entered=2), "bye": NodeHeat(entered=2)
        }  # fmt: skip
        assert heat_of(s, inner.id, **week).nodes == {
            "menu": NodeHeat(entered=2, hung_up=1), "done": NodeHeat(entered=1)
        }  # fmt: skip
        data = deepcopy(to_json(load_document(outer)))
    unchanged = replayed(desk, "outer")
    assert (unchanged["calls"], unchanged["same"]) == (3, 3)
    data["nodes"]["menu"]["exits"]["inside"] = "bye"
    assert len(replayed(desk, "outer", data)["different"]) == 1
    desk.publish(INNER.replace("Red or blue?", "Blue or red?"), number=None)
    assert replayed(desk, "outer")["skipped"] == [
        {"reason": "The call ran a sub-flow in a version that is no longer in force.", "count": 2}
    ]
    with desk.db.read() as s:
        assert s.scalars(select(TurnRow.id)).all()
