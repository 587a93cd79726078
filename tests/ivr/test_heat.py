"""Heat, counted by hand on small histories and held against random ones."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from flows.documents import from_json
from flows.events import EVENT_TYPES, NodeEntered, NodeLeft
from flows.events import from_json as read_event
from flows.events import to_json as write_event
from flows.versions import publish
from ivr.calls import Call
from ivr.heat import Heat, NodeHeat, heat_of
from ivr.passing import came_by
from ivr.turns import TurnRow
from storage.database import Database

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WEEK = {"since": NOW - timedelta(days=7), "until": NOW}


def flow(name: str, **nodes: Any) -> Any:
    bye = {"type": "hang_up", "prompt": {"en-US": "Goodbye."}}
    start = next(iter(nodes), "bye")
    return from_json({"name": name, "languages": ["en-US"], "start": start, "nodes": {**nodes, "bye": bye}})


def version_of(s: Session, name: str, **nodes: Any) -> int:
    return publish(s, flow(name, **nodes), by="test", note="", now=NOW, override_reason="a test").id


def entered(node: str, version: int = 0) -> dict[str, Any]:
    return write_event(NodeEntered(node=node, version=version))


def left(node: str, by: str, version: int = 0) -> dict[str, Any]:
    return write_event(NodeLeft(node=node, exit=by, version=version))


def missed(node: str, kind: str = "no-match") -> dict[str, Any]:
    return {"type": "NotUnderstood", "node": node, "kind": kind, "count": 1}


def ended(node: str, by: str = "flow", outcome: str = "completed") -> dict[str, Any]:
    return {"type": "CallEnded", "node": node, "by": by, "outcome": outcome}


def store(s: Session, version: int, *turns: list[dict[str, Any]], name: str = "line", age_days: float = 1.0) -> int:
    number = len(s.scalars(select(Call.id)).all()) + 1
    call = Call(
        sid=f"CA{number}", token=f"token{number}", direction="inbound", from_number="", to_number="+1",
        status="completed", flow_name=name, flow_version_id=version, started_at=NOW - timedelta(days=age_days),
    )  # fmt: skip
    s.add(call)
    s.flush()
    s.add_all(
        TurnRow(call_id=call.id, number=n, at=call.started_at, events=events) for n, events in enumerate(turns, 1)
    )
    s.flush()
    return call.id


def test_a_small_history_counted_by_hand(db: Database):
    with db.write() as s:
        version, other = version_of(s, "line"), version_of(s, "another")
        # To the menu, not understood twice, then by key to a person, who answers.
        first = store(
            s, version,
            [entered("hello"), left("hello", "next"), entered("menu")],
            [missed("menu")],
            [missed("menu"), {"type": "PersonRequested", "node": "menu", "how": "errors"}, left("menu", "person"),
             entered("desk")],
            [left("desk", "answered"), entered("bye"), ended("bye")],
        )  # fmt: skip
        # Round the menu twice by the same exit, then hangs up there.
        store(
            s, version,
            [entered("hello"), left("hello", "next"), entered("menu")],
            [left("menu", "track"), entered("track"), left("track", "next"), entered("menu")],
            [left("menu", "track"), entered("track"), left("track", "next"), entered("menu")],
            [missed("menu", "no-input")],
            [ended("menu", "caller", "abandoned")],
        )  # fmt: skip
        # The flow breaks at the lookup and ends as failed.
        store(
            s, version,
            [entered("hello"), left("hello", "next"), entered("menu")],
            [left("menu", "track"), entered("track"), {"type": "FlowFailed", "node": "track", "error": "It broke."},
             ended("track", "flow", "failed")],
        )  # fmt: skip
        # Before the period, and on another flow: counted nowhere.
        store(s, version, [entered("hello")], age_days=8)
        store(s, other, [entered("hello")], name="another")
        assert heat_of(s, version, **WEEK) == Heat(
            calls=3,
            nodes={
                "hello": NodeHeat(entered=3),
                "menu": NodeHeat(entered=3, hung_up=1, person=1, no_match=1, no_input=1),
                "desk": NodeHeat(entered=1),
                "bye": NodeHeat(entered=1),
                "track": NodeHeat(entered=2, failed=1),
            },
            exits={
                "hello": {"next": 3},
                "menu": {"person": 1, "track": 2},
                "desk": {"answered": 1},
                "track": {"next": 1},
            },
        )
        assert heat_of(s, 9_999, **WEEK) == Heat()
        assert s.scalars(select(Call.id).where(came_by(s, "desk", version_id=version))).all() == [first]
        assert s.scalars(select(Call.id).where(came_by(s, "desk", version_id=other))).all() == []


def test_a_sub_flow_has_its_own_heat_wherever_it_runs(db: Database):
    with db.write() as s:
        inner = version_of(s, "inner")
        call_it = {"type": "subflow", "flow": "inner", "exits": {"done": "bye"}}
        outer = version_of(s, "outer", menu=call_it)
        through = store(
            s, outer,
            [entered("menu"), entered("menu", inner), missed("menu")],
            [left("menu", "next", inner), entered("end", inner), left("menu", "done"), entered("bye"), ended("bye")],
            name="outer",
        )  # fmt: skip
        alone = store(s, inner, [entered("menu")], [ended("menu", "caller", "abandoned")], name="inner")
        of_inner, of_outer = heat_of(s, inner, **WEEK), heat_of(s, outer, **WEEK)
        assert of_inner.calls == 2
        assert of_inner.nodes == {
            "menu": NodeHeat(entered=2, no_match=1, hung_up=1), "end": NodeHeat(entered=1)
        }  # fmt: skip
        assert of_inner.exits == {"menu": {"next": 1}}
        assert of_outer.nodes == {"menu": NodeHeat(entered=1), "bye": NodeHeat(entered=1)}
        assert of_outer.exits == {"menu": {"done": 1}}
        by_menu = select(Call.id).order_by(Call.id)
        assert s.scalars(by_menu.where(came_by(s, "menu", version_id=inner))).all() == [through, alone]
        assert s.scalars(by_menu.where(came_by(s, "end", version_id=outer))).all() == []
        assert s.scalars(by_menu.where(came_by(s, "menu"))).all() == [through, alone]


@pytest.mark.parametrize("seed", range(6))
def test_nobody_leaves_a_node_that_they_never_entered(sqlite_db: Database, seed: int):
    chance = random.Random(seed)
    nodes = ["a", "b", "c", "d"]
    with sqlite_db.write() as s:
        version = version_of(s, "line")
        for _ in range(40):
            here, turns = "a", [[entered("a")]]
            for _ in range(chance.randrange(8)):
                by, there = chance.choice(["x", "y"]), chance.choice(nodes)
                turns.append(
                    [missed(here, chance.choice(["no-match", "no-input"])), left(here, by), entered(there)]
                    if chance.random() < 0.4
                    else [left(here, by), entered(there)]
                )
                here = there
            turns.append([ended(here, chance.choice(["caller", "flow"]), "completed")])
            store(s, version, *turns)
        heat = heat_of(s, version, **WEEK)
    assert heat.calls == 40 == heat.nodes["a"].entered
    assert sum(at.hung_up for at in heat.nodes.values()) <= heat.calls
    for node, counts in heat.nodes.items():
        assert counts.entered <= heat.calls
        assert max(counts.hung_up, counts.failed, counts.person, counts.no_match, counts.no_input) <= counts.entered
        assert all(count <= counts.entered for count in heat.exits.get(node, {}).values())


def test_events_stored_before_sub_flows_were_told_apart_are_still_read():
    assert read_event({"type": "NodeEntered", "node": "menu"}) == NodeEntered(node="menu", version=0)
    assert write_event(NodeLeft(node="menu", exit="next")) == {"type": "NodeLeft", "node": "menu", "exit": "next"}
    stamped = NodeEntered(node="menu", version=7)
    assert write_event(stamped)["version"] == 7
    assert read_event(write_event(stamped)) == stamped
    assert {NodeEntered, NodeLeft} <= set(EVENT_TYPES)
