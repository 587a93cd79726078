"""Stored flows: published versions never change, drafts are never silently overwritten."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from flows.documents import FlowDocument, from_json, parse, to_json
from flows.drafts import discard_draft, load_draft, save_draft
from flows.errors import ConflictError, ImmutableVersion, PublishRefused, UnknownFlow
from flows.versions import (
    Draft,
    Flow,
    FlowVersion,
    called_flows,
    erase_flow,
    find_version,
    flow_names,
    latest,
    list_versions,
    load_document,
    publish,
    roll_back,
)
from storage.database import Database

NOW = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def document(said: str = "Hello.", name: str = "demo") -> FlowDocument:
    return parse(f"""
name: {name}
title: {{en-US: Demo}}
languages: [zh-CN, en-US]
start: zebra
nodes:
  zebra:
    type: message
    prompt: {{zh-CN: 您好。, en-US: "{said}"}}
    exits: {{next: antelope}}
  antelope:
    type: hang_up
""")


def broken() -> FlowDocument:
    data = to_json(document())
    data["nodes"]["zebra"]["exits"] = {"next": "nowhere"}
    return from_json(data)


def test_publishing_numbers_versions_and_new_calls_take_the_newest(db: Database) -> None:
    with db.write() as session:
        first = publish(session, document(), by="ana", note="first", now=NOW)
        second = publish(session, document("Good day."), by="ben", note="friendlier", now=LATER)
        assert (first.number, second.number) == (1, 2)
    with db.read() as session:
        version = latest(session, "demo")
        assert (version.number, version.published_by, version.note, version.published_at) == (
            2,
            "ben",
            "friendlier",
            LATER,
        )
        assert [v.number for v in list_versions(session, "demo")] == [2, 1]
        assert session.scalars(select(Flow)).one().title == {"en-US": "Demo"}


def test_a_stored_document_comes_back_equal_and_in_its_order(db: Database) -> None:
    with db.write() as session:
        publish(session, document(), by="", note="", now=NOW)
    with db.read() as session:
        version = latest(session, "demo")
        loaded = load_document(version)
        assert loaded == document()
        assert list(loaded.nodes) == ["zebra", "antelope"]
        assert list(loaded.nodes["zebra"].spoken()["prompt"]) == ["zh-CN", "en-US"]
        assert load_document(version) is loaded


def test_publishing_what_is_in_force_changes_nothing(db: Database) -> None:
    with db.write() as session:
        first = publish(session, document(), by="ana", note="first", now=NOW)
    with db.write() as session:
        again = publish(session, document(), by="ben", note="again", now=LATER)
        assert (again.id, again.published_by) == (first.id, "ana")
        assert len(list_versions(session, "demo")) == 1


def test_a_published_version_cannot_be_changed_or_deleted(db: Database) -> None:
    with db.write() as session:
        publish(session, document(), by="ana", note="", now=NOW)
    with pytest.raises(ImmutableVersion), db.write() as session:
        latest(session, "demo").note = "changed"
    with pytest.raises(ImmutableVersion), db.write() as session:
        session.delete(latest(session, "demo"))
    with db.read() as session:
        assert latest(session, "demo").note == ""


def test_lint_errors_keep_a_document_from_being_published(db: Database) -> None:
    with pytest.raises(PublishRefused) as caught, db.write() as session:
        publish(session, broken(), by="ana", note="", now=NOW)
    assert [p.rule for p in caught.value.problems] == ["dangling_exit"]
    assert "zebra" in str(caught.value)
    with db.read() as session, pytest.raises(UnknownFlow):
        latest(session, "demo")


def test_a_reason_overrides_the_lint_and_is_kept(db: Database) -> None:
    with pytest.raises(PublishRefused), db.write() as session:
        publish(session, broken(), by="ana", note="", now=NOW, override_reason="  ")
    with db.write() as session:
        publish(session, broken(), by="ana", note="", now=NOW, override_reason="Fixed tomorrow.")
        publish(session, document("Fine."), by="ana", note="", now=NOW, override_reason="Not needed.")
        assert find_version(session, "demo", 1).override_reason == "Fixed tomorrow."
        assert find_version(session, "demo", 2).override_reason == ""


def test_a_flow_may_call_only_published_flows_and_no_circle_of_them(db: Database) -> None:
    def caller(name: str, called: str) -> FlowDocument:
        data = to_json(document(name=name))
        data["nodes"]["zebra"]["exits"] = {"next": "call"}
        data["nodes"]["call"] = {"type": "subflow", "flow": called, "exits": {"done": "antelope", "failed": "antelope"}}
        return from_json(data)

    with db.write() as session:
        with pytest.raises(PublishRefused, match="no published flow"):
            publish(session, caller("outer", "inner"), by="", note="", now=NOW)
        publish(session, document(name="inner"), by="", note="", now=NOW)
        publish(session, caller("outer", "inner"), by="", note="", now=NOW)
        assert flow_names(session) == {"inner": (), "outer": ("inner",)}
        with pytest.raises(PublishRefused, match="inner → outer → inner"):
            publish(session, caller("inner", "outer"), by="", note="", now=NOW)
    assert called_flows(to_json(caller("a", "b"))) == ("b",)


def test_rolling_back_makes_an_older_version_count_and_the_next_one_still_gets_a_new_number(db: Database) -> None:
    with db.write() as session:
        publish(session, document("One."), by="", note="", now=NOW)
        publish(session, document("Two."), by="", note="", now=NOW)
        roll_back(session, "demo", 1)
    with db.write() as session:
        assert latest(session, "demo").number == 1
        assert publish(session, document("Three."), by="", note="", now=NOW).number == 3
        with pytest.raises(UnknownFlow, match="no version 9"):
            roll_back(session, "demo", 9)


def test_what_does_not_exist_is_named(db: Database) -> None:
    with db.write() as session:
        with pytest.raises(UnknownFlow, match="no flow “missing”"):
            latest(session, "missing")
        save_draft(session, "drafted", {"name": "drafted"}, by="", now=NOW, revision=0)
        with pytest.raises(UnknownFlow, match="no published version"):
            latest(session, "drafted")


def test_a_draft_may_be_half_made_and_counts_its_saves(db: Database) -> None:
    with db.write() as session:
        first = save_draft(session, "demo", {"nodes": {"a": {}}}, by="ana", now=NOW, revision=0)
        assert first.revision == 1
        second = save_draft(session, "demo", {"nodes": {"b": 1}}, by="ben", now=LATER, revision=1)
        assert (second.revision, second.updated_by, second.updated_at) == (2, "ben", LATER)
    with db.read() as session:
        draft = load_draft(session, "demo")
        assert draft is not None
        assert draft.document == {"nodes": {"b": 1}}


@pytest.mark.parametrize("revision", [0, 1, 3])
def test_a_second_save_from_an_older_draft_is_told_and_loses_nothing(db: Database, revision: int) -> None:
    with db.write() as session:
        save_draft(session, "demo", {"v": 1}, by="ana", now=NOW, revision=0)
        save_draft(session, "demo", {"v": 2}, by="ben", now=NOW, revision=1)
    with db.write() as session, pytest.raises(ConflictError) as caught:
        save_draft(session, "demo", {"v": "mine"}, by="ana", now=LATER, revision=revision)
    assert (caught.value.yours, caught.value.theirs) == ({"v": "mine"}, {"v": 2})
    assert (caught.value.revision, caught.value.updated_by) == (2, "ben")
    assert "ben saved this draft" in str(caught.value)
    with db.read() as session:
        assert session.scalars(select(Draft)).one().document == {"v": 2}


def test_of_ten_saves_at_once_exactly_one_wins(db: Database) -> None:
    with db.write() as session:
        save_draft(session, "demo", {"v": 0}, by="", now=NOW, revision=0)
    won, lost = [], []
    start = threading.Barrier(10)

    def save(number: int) -> None:
        start.wait()
        try:
            with db.write() as session:
                save_draft(session, "demo", {"v": number}, by=str(number), now=NOW, revision=1)
            won.append(number)
        except ConflictError:
            lost.append(number)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(1, 11)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 9)
    with db.read() as session:
        draft = load_draft(session, "demo")
        assert draft is not None
        assert draft.document == {"v": won[0]}


def test_a_draft_can_be_discarded_and_begun_again(db: Database) -> None:
    with db.write() as session:
        save_draft(session, "demo", {"v": 1}, by="", now=NOW, revision=0)
        discard_draft(session, "demo")
        assert load_draft(session, "demo") is None
        assert save_draft(session, "demo", {"v": 2}, by="", now=NOW, revision=0).revision == 1


def test_a_demo_flow_can_be_erased_with_all_its_versions(db: Database) -> None:
    with db.write() as session:
        publish(session, document(), by="", note="", now=NOW, demo=True)
        save_draft(session, "demo", {}, by="", now=NOW, revision=0)
    with db.write() as session:
        erase_flow(session, "demo")
    with db.read() as session:
        assert not session.scalars(select(Flow)).all()
        assert not session.scalars(select(FlowVersion)).all()


def test_the_database_itself_refuses_a_number_twice(db: Database) -> None:
    with db.write() as session:
        version = publish(session, document(), by="", note="", now=NOW)
    with pytest.raises(IntegrityError), db.write() as session:
        session.add(FlowVersion(flow_id=version.flow_id, number=1, document={}, published_at=NOW, checksum="x"))
