"""The demo organisation's week, replayed, counted and learned from: what the engine stored is what the studio finds."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from demo import history
from flows.documents import from_json, to_json
from flows.drafts import load_draft, save_draft
from flows.saved_tests import FlowTest
from flows.snapshots import draft_snapshot
from flows.versions import find_flow, latest, load_document
from ivr.calls import Call
from ivr.heat import heat_of
from ivr.missed import Utterance, count_open, missed, open_utterances
from ivr.missed_marks import MissedMark
from ivr.passing import HAPPENINGS, came_by, had_happen
from ivr.turns import TurnRow
from storage.database import Database
from studio import learning
from studio.deps import StudioViewer
from studio.errors import Refused
from studio.heats import heat_for
from studio.replays import replay_flow
from studio.synonyms import meanings, with_word
from studio.tests_of_flow import run_saved
from tests.console.conftest import NOW, PASSWORD, add_users
from tests.studio.studio_desk import editor_of, studio_app
from tickets.audit import AuditRow

FLOW = "courier_hotline"
ADA = StudioViewer(id=1, name="Ada", role="admin")


@pytest.fixture(scope="module")
def told(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the whole week, led by the real engine; tests work on copies of it."""
    path = tmp_path_factory.mktemp("week") / "week.db"
    shutil.copyfile(sqlite_template, path)
    db = Database(f"sqlite:///{path}")
    with db.write() as s:
        history.load(s, NOW)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.dispose()
    return path


@pytest.fixture
def bare_week(told: Path, tmp_path: Path) -> Iterator[Database]:
    """The demo's week, to be worked on; nobody can sign in."""
    shutil.copyfile(told, tmp_path / "week.db")
    db = Database(f"sqlite:///{tmp_path / 'week.db'}")
    yield db
    db.dispose()


@pytest.fixture
def week(bare_week: Database) -> Database:
    """The same with the three users of the console's tests, and without the demo's own saved tests."""
    add_users(bare_week)
    with bare_week.write() as s:
        s.execute(delete(FlowTest))
    return bare_week


def without(s: Session, node: str, choice: str) -> Any:
    """The published document without one menu option."""
    data = deepcopy(to_json(load_document(latest(s, FLOW))))
    menu = data["nodes"][node]
    menu["choices"] = [row for row in menu["choices"] if row["name"] != choice]
    del menu["exits"][choice]
    return data


def took(s: Session, node: str, choice: str) -> set[int]:
    """The calls that left a node by an exit, from their stored events alone."""
    return {
        turn.call_id
        for turn in s.scalars(select(TurnRow))
        for event in turn.events
        if (event["type"], event.get("node"), event.get("exit")) == ("NodeLeft", node, choice)
    }


def test_nothing_differs_on_the_unchanged_flow_and_a_removed_option_lists_those_who_took_it(week: Database):
    with week.read() as s:
        unchanged = replay_flow(s, FLOW, load_document(latest(s, FLOW)), now=NOW, days=8)
        assert (unchanged["calls"], unchanged["same"]) == (history.CALLS, history.CALLS)
        assert unchanged["different"] == unchanged["skipped"] == []
        for node, choice in (("main_menu", "complain"), ("main_menu", "collect"), ("after_hours_menu", "track")):
            expected = took(s, node, choice)
            replayed = replay_flow(s, FLOW, from_json(without(s, node, choice)), now=NOW, days=8)
            assert expected
            assert {call["id"] for call in replayed["different"]} == expected
            assert replayed["same"] == history.CALLS - len(expected)
            for call in replayed["different"]:
                assert call["after"]["node"] == node
                label = load_document(latest(s, FLOW)).nodes[node].label
                assert call["after"]["sentence"] == f"Would still be asking at “{label}”."
                assert call["before"]["turns"][call["parts_at"]] != call["after"]["turns"][call["parts_at"]]


def test_calls_that_cannot_be_replayed_are_skipped_with_a_reason(week: Database):
    with week.write() as s:
        ids = list(s.scalars(select(Call.id).order_by(Call.id)))
        s.execute(update(Call).where(Call.id == ids[0]).values(state={}))
        first = s.scalars(select(TurnRow).where(TurnRow.call_id == ids[1])).first()
        assert first is not None
        first.events = [*first.events, {"type": "FromTheFuture"}]
        s.execute(update(Call).where(Call.id == ids[2]).values(status="in-progress"))
        s.flush()
        found = replay_flow(s, FLOW, load_document(latest(s, FLOW)), now=NOW, days=8)
        assert found["calls"] == found["same"] == history.CALLS - 3
        assert Counter({row["reason"]: row["count"] for row in found["skipped"]}) == {
            "The call's answers have been erased.": 1,
            "The record of the call cannot be read.": 1,
        }
        newest = replay_flow(s, FLOW, load_document(latest(s, FLOW)), now=NOW, days=8, limit=5)
        assert newest["calls"] == 5


def test_heat_says_what_the_stored_events_say(week: Database):
    with week.read() as s:
        agrees(s, history.CALLS)


def test_on_either_database_replay_heat_and_the_queue_agree_with_what_is_stored(db: Database):
    add_users(db)
    with db.write() as s:
        history.load(s, NOW, calls=45)
        agrees(s, 45)
        replayed = replay_flow(s, FLOW, from_json(without(s, "main_menu", "track")), now=NOW, days=8)
        assert {call["id"] for call in replayed["different"]} == took(s, "main_menu", "track")
        utterance = first_missed(s)
        learned = learning.learn(s, FLOW, utterance.turn_id, "complain", by=ADA, now=NOW)
        assert utterance.same not in {u.same for u in open_utterances(s, FLOW)}
        assert learning.undo(s, FLOW, utterance.turn_id, by=ADA, now=NOW) == learned.utterances


def agrees(s: Session, calls: int) -> None:
    """The heat of the week is what its events say."""
    version = latest(s, FLOW).id
    heat = heat_of(s, version, since=NOW - timedelta(days=8), until=NOW)
    assert heat.calls == calls
    for choice in ("track", "complain", "collect", "question"):
        assert heat.exits["main_menu"].get(choice, 0) == len(took(s, "main_menu", choice))
    for node in ("main_menu", "complaint", "rating"):
        by = select(Call.id).where(came_by(s, node, version_id=version))
        assert heat.nodes[node].entered == len(s.scalars(by).all()) > 0
    for what in HAPPENINGS:
        at_menu = s.scalars(select(Call.id).where(had_happen(s, "main_menu", what))).all()
        assert len(at_menu) == getattr(heat.nodes["main_menu"], what)
    abandoned = s.scalars(select(Call.id).where(Call.ended_by == "caller")).all()
    assert sum(node.hung_up for node in heat.nodes.values()) == len(abandoned) > 0


def first_missed(s: Session, node: str = "main_menu", why: str = "no_match") -> Utterance:
    """An utterance that the flow has no words for."""
    data = latest(s, FLOW).document
    for utterance in open_utterances(s, FLOW):
        if utterance.node != node or utterance.why != why:
            continue
        try:
            with_word(data, node, meanings(data, node, utterance.language)[2].name, utterance.language, utterance.text)
        except Refused:
            continue
        return utterance
    raise AssertionError("The week has no such utterance.")


def test_one_click_puts_the_words_into_the_draft_and_saves_a_test_and_undo_takes_both_back(week: Database):
    with week.write() as s:
        utterance, before = first_missed(s), count_open(s, FLOW)
        published = deepcopy(latest(s, FLOW).document)
        learned = learning.learn(s, FLOW, utterance.turn_id, "complain", by=ADA, now=NOW)
        draft = load_draft(s, FLOW)
        assert draft is not None
        complain = next(c for c in draft.document["nodes"]["main_menu"]["choices"] if c["name"] == "complain")
        assert complain["words"][utterance.language][-1] == utterance.text
        assert count_open(s, FLOW) == before - 1
        tests = s.scalars(select(FlowTest)).all()
        assert [(test.name, test.origin) for test in tests] == [(learned.test, "missed")]
        assert "+8613800138000" in str(tests[0].scenario)
        call = s.get_one(Call, utterance.call_id)
        assert not call.from_number or call.from_number not in str(tests[0].scenario)
        assert [result.passed for result in run_saved(s, from_json(draft.document), NOW)] == [True]
        assert [result.passed for result in run_saved(s, from_json(published), NOW)] == [False]
        audit = s.scalars(select(AuditRow).where(AuditRow.action == "flow.missed.learn")).one()
        assert utterance.text not in str(audit.details)
        with pytest.raises(Refused, match="dealt with"):
            learning.learn(s, FLOW, utterance.turn_id, "collect", by=ADA, now=NOW)
        assert learning.undo(s, FLOW, utterance.turn_id, by=ADA, now=NOW) == learned.utterances
        draft = load_draft(s, FLOW)
        assert draft is not None
        assert draft.document == published
        assert count_open(s, FLOW) == before
        assert s.scalars(select(FlowTest)).all() == []


def test_what_cannot_be_learned_is_refused_and_nothing_is_stored(week: Database):
    with week.write() as s:
        utterance = first_missed(s)
        data = deepcopy(latest(s, FLOW).document)
        theirs = with_word(data, "main_menu", "track", utterance.language, utterance.text)
        save_draft(s, FLOW, theirs, by="Bo", now=NOW, revision=0)
    refusals = (("complain", "already belong"), ("track", "knows these words"), ("nothing", "no such choice"))
    for choice, sentence in refusals:
        with pytest.raises(Refused, match=sentence), week.write() as s:
            learning.learn(s, FLOW, utterance.turn_id, choice, by=ADA, now=NOW)
    with week.write() as s:
        del theirs["nodes"]["goodbye"]["type"]
        save_draft(s, FLOW, theirs | {"nodes": {**theirs["nodes"], "goodbye": {}}}, by="Bo", now=NOW, revision=1)
        other = next(u for u in open_utterances(s, FLOW) if u.node == "questions")
    with pytest.raises(Refused, match="cannot run"), week.write() as s:
        learning.learn(s, FLOW, other.turn_id, "0", by=ADA, now=NOW)
    with week.read() as s:
        assert s.scalars(select(FlowTest)).all() == s.scalars(select(MissedMark)).all() == []
        assert learning.current(s, learning.find_flow(s, FLOW))[1] == 2


def test_words_are_put_aside_and_back_and_equal_words_go_together(week: Database):
    with week.write() as s:
        groups = Counter(utterance.same for utterance in missed(s, FLOW))
        same, times = groups.most_common(1)[0]
        assert times > 1
        utterance = next(u for u in missed(s, FLOW) if u.same == same)
        assert learning.dismiss(s, FLOW, utterance.turn_id, by=ADA, now=NOW) == times
        assert same not in {u.same for u in open_utterances(s, FLOW)}
        assert learning.undo(s, FLOW, utterance.turn_id, by=ADA, now=NOW) == times
        with pytest.raises(Refused, match="no such utterance"):
            learning.dismiss(s, FLOW, 10**9, by=ADA, now=NOW)


def test_a_draft_on_a_test_number_has_a_heat_of_its_own(week: Database):
    with week.write() as s:
        save_draft(s, FLOW, without(s, "main_menu", "question"), by="Bo", now=NOW, revision=0)
        snapshot = draft_snapshot(s, find_flow(s, FLOW), NOW)
        assert snapshot is not None
        newest = s.scalars(select(Call).order_by(Call.started_at.desc())).first()
        assert newest is not None
        newest.flow_version_id = snapshot.id
        s.flush()
        of_draft, published = (heat_for(s, FLOW, now=NOW, version=n, days=8) for n in (snapshot.number, 1))
    assert (of_draft["calls"], published["calls"]) == (1, history.CALLS - 1)
    assert of_draft["versions"] == [1, snapshot.number]
    assert f"version={snapshot.number}" in of_draft["calls_url"]


def test_rejected_words_are_those_that_were_asked_back_not_the_no(week: Database):
    with week.read() as s:
        rejected = [utterance for utterance in missed(s, FLOW) if utterance.why == "rejected"]
    assert {utterance.text for utterance in rejected} <= {"寄件吧", "a collection"}
    assert rejected


def test_the_doors_answer_readers_and_keep_agents_out(bare_week: Database, tmp_path: Path):
    app = studio_app(bare_week, tmp_path)
    with bare_week.read() as s:
        data, expected = without(s, "main_menu", "complain"), took(s, "main_menu", "complain")
    ops = editor_of(app, "ops")
    answer = ops.post(f"/{FLOW}/replay", {"document": data, "days": 8})
    assert answer.status_code == 200
    assert {call["id"] for call in answer.get_json()["different"]} == expected
    assert ops.post(f"/{FLOW}/replay", {"document": data, "days": 8, "version": 9}).status_code == 404
    assert ops.post(f"/{FLOW}/replay", {"document": data, "days": "many"}).status_code == 422
    assert ops.post("/nowhere/replay", {"document": data}).status_code == 404
    heat = ops.get(f"/{FLOW}/heat?days=8").get_json()
    assert (heat["version"], heat["versions"], heat["calls"]) == (1, [1], history.CALLS)
    assert heat["exits"]["main_menu"]["complain"] == len(expected)
    page = ops.client.get(heat["calls_url"].replace("{node}", "complaint")).get_data(as_text=True)
    assert "came to “Record the complaint”" in page
    assert page.count("data-row") - 1 == min(heat["nodes"]["complaint"]["entered"], 50)
    hung_up = heat["calls_url"].replace("{node}", "main_menu") + "&what=hung_up"
    page = ops.client.get(hung_up).get_data(as_text=True)
    assert "hung up at “Main menu”" in page
    assert page.count("data-row") - 1 == heat["nodes"]["main_menu"]["hung_up"]
    assert ops.get(f"/{FLOW}/heat?version=9").status_code == 404
    agent = editor_of(app, "agent")
    assert agent.get(f"/{FLOW}/heat").status_code == 403
    assert agent.post(f"/{FLOW}/replay", {"document": data}).status_code == 403
    chinese = editor_of(app, "admin", "zh").post(f"/{FLOW}/replay", {"document": data, "days": 8}).get_json()
    assert chinese["different"][0]["after"]["sentence"] == "会停在“Main menu”，仍在等待回答。"
    assert PASSWORD not in str(chinese)
