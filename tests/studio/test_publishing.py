"""From a draft to a version in force and back: what is in the way, who is told, and two people at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from callbacks import campaigns
from flows.documents import from_json
from flows.drafts import load_draft, save_draft
from flows.errors import ConflictError
from flows.versions import FlowVersion, latest, list_versions, publish
from ivr.lines import Line
from storage.database import Database
from studio.dependents import dependents
from studio.errors import Refused
from studio.publishing import preview, preview_of_draft, publish_document, publish_draft
from studio.tests_of_flow import save_test
from studio.versions import compare, roll_back, versions_of
from tests.studio.studio_desk import small_flow
from tickets.audit import AuditRow
from work.happenings import Happening

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def saying(words: str, **more: Any) -> dict[str, Any]:
    """The small flow with other words."""
    data = small_flow(**more)
    data["nodes"]["hello"] = {**data["nodes"]["hello"], "prompt": dict.fromkeys(data["languages"], words)}
    data["nodes"]["bye"] = {**data["nodes"]["bye"], "prompt": dict.fromkeys(data["languages"], "Goodbye.")}
    return data


def put_in_force(db: Database, data: dict[str, Any]) -> int:
    """Publish a document without asking anybody."""
    with db.write() as s:
        return publish(s, from_json(data), by="Ada", note="", now=NOW, override_reason="test").number


def draft(db: Database, data: dict[str, Any], revision: int = 0) -> int:
    """Save a draft; gives its revision."""
    with db.write() as s:
        return save_draft(s, data["name"], data, by="Omar", now=NOW, revision=revision).revision


def go(db: Database, name: str, revision: int, *, note: str = "New words.", reason: str = "") -> int:
    """Publish as the editor's door does: look first, then under the lock."""
    with db.read() as s:
        looked = preview_of_draft(s, name, revision=revision, now=LATER)
    with db.write() as s:
        return publish_draft(
            s, name, revision=revision, by="Ada", user_id=None, note=note, now=LATER, override_reason=reason,
            looked=looked,
        ).number  # fmt: skip


def refused(do: Callable[[], Any]) -> Refused:
    """What it is refused with."""
    with pytest.raises(Refused) as caught:
        do()
    return caught.value


def test_a_draft_becomes_the_next_version_is_gone_and_is_recorded(db: Database) -> None:
    put_in_force(db, saying("One."))
    assert go(db, "hotline", draft(db, saying("Two."))) == 2
    with db.read() as s:
        version = latest(s, "hotline")
        assert (version.number, version.published_by, version.note) == (2, "Ada", "New words.")
        assert version.published_at == LATER
        assert load_draft(s, "hotline") is None
        row = s.scalars(select(AuditRow)).one()
        assert (row.action, row.subject, row.details) == ("flow.publish", "hotline", {"version": 2, "overridden": 0})
        told = s.scalars(select(Happening)).one()
        assert (told.kind, told.payload) == ("flow.published", {"flow": "hotline", "version": 2})


def test_a_note_is_asked_for_and_what_changes_nothing_is_no_version(db: Database) -> None:
    put_in_force(db, saying("One."))
    revision = draft(db, saying("Two."))
    assert "Say in a note" in refused(lambda: go(db, "hotline", revision, note="  ")).sentence
    same = draft(db, saying("One."), revision)
    assert "the same as version 1" in refused(lambda: go(db, "hotline", same)).sentence
    assert refused(lambda: go(db, "nothing", 1)).status == 404


def test_a_draft_that_is_no_flow_yet_is_refused_whatever_the_reason(db: Database) -> None:
    put_in_force(db, saying("One."))
    data = saying("Two.")
    data["nodes"]["hello"]["type"] = "unheard_of"
    error = refused(lambda: go(db, "hotline", draft(db, data), reason="I want it."))
    assert error.more["problems"][0]["node"] == "hello"


def test_errors_and_failing_tests_are_in_the_way_unless_a_reason_is_given(db: Database) -> None:
    put_in_force(db, saying("One."))
    with db.write() as s:
        scenario = {"call": {}, "steps": [{"hear": "One."}]}
        save_test(s, "hotline", name="Says one", scenario=scenario, by="Ada", now=NOW)
    data = saying("Two.")
    data["nodes"]["hello"]["exits"] = {}
    revision = draft(db, data)
    error = refused(lambda: go(db, "hotline", revision))
    assert error.more["blockers"] == ["The flow has an error.", "The saved test “Says one” fails."]
    with db.read() as s:
        assert latest(s, "hotline").number == 1
        assert load_draft(s, "hotline") is not None
    assert go(db, "hotline", revision, reason="The depot moved; the test follows.") == 2
    with db.read() as s:
        assert latest(s, "hotline").override_reason == "The depot moved; the test follows."
        details = s.scalars(select(AuditRow.details).where(AuditRow.action == "flow.publish")).one()
        assert details == {"version": 2, "overridden": 2}


def test_a_reason_that_was_not_needed_is_not_kept(db: Database) -> None:
    put_in_force(db, saying("One."))
    go(db, "hotline", draft(db, saying("Two.")), reason="Just in case.")
    with db.read() as s:
        assert latest(s, "hotline").override_reason == ""


def test_a_draft_that_somebody_saved_meanwhile_is_not_published_and_not_lost(db: Database) -> None:
    put_in_force(db, saying("One."))
    revision = draft(db, saying("Two."))
    with db.read() as s:
        looked = preview_of_draft(s, "hotline", revision=revision, now=LATER)
    draft(db, saying("Three."), revision)
    with pytest.raises(ConflictError) as caught, db.write() as s:
        publish_draft(s, "hotline", revision=revision, by="Ada", user_id=None, note="x", now=LATER, looked=looked)
    assert caught.value.theirs["nodes"]["hello"]["prompt"] == {"en-US": "Three."}
    assert caught.value.updated_by == "Omar"
    with db.read() as s:
        assert latest(s, "hotline").number == 1
        assert load_draft(s, "hotline") is not None


def test_a_draft_that_was_published_meanwhile_shows_what_is_in_force(db: Database) -> None:
    put_in_force(db, saying("One."))
    revision = draft(db, saying("Two."))
    go(db, "hotline", revision)
    with pytest.raises(ConflictError) as caught:
        go(db, "hotline", revision)
    assert (caught.value.revision, caught.value.updated_by) == (0, "Ada")
    assert caught.value.theirs["nodes"]["hello"]["prompt"] == {"en-US": "Two."}


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What several threads came to that began together: a value, or the exception."""
    start = threading.Barrier(len(deeds))
    found: list[Any] = [None] * len(deeds)

    def run(place: int, deed: Callable[[], Any]) -> None:
        start.wait()
        try:
            found[place] = deed()
        except Exception as error:
            found[place] = error

    threads = [threading.Thread(target=run, args=item) for item in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_of_two_who_publish_at_once_one_does_and_the_other_is_told(db: Database) -> None:
    put_in_force(db, saying("One."))
    revision = draft(db, saying("Two."))
    found = at_once(*[lambda: go(db, "hotline", revision)] * 3)
    assert found.count(2) == 1
    assert all(isinstance(other, ConflictError) for other in found if other != 2), found
    with db.read() as s:
        assert [version.number for version in list_versions(s, "hotline")] == [2, 1]


def test_publishing_and_saving_at_once_never_lose_what_was_saved(db: Database) -> None:
    for turn in range(6):
        name = f"hotline_{turn}"
        put_in_force(db, saying("One.", name=name))
        revision = draft(db, saying("Two.", name=name))
        first, second = at_once(
            lambda name=name, revision=revision: go(db, name, revision),
            lambda name=name, revision=revision: draft(db, saying("Three.", name=name), revision),
        )
        with db.read() as s:
            kept = load_draft(s, name)
            said = latest(s, name).document["nodes"]["hello"]["prompt"]["en-US"]
        if isinstance(second, ConflictError):
            assert (first, said, kept) == (2, "Two.", None)
            assert second.revision == 0
            assert second.theirs["nodes"]["hello"]["prompt"]["en-US"] == "Two."
        else:
            assert isinstance(first, ConflictError), first
            assert said == "One."
            assert kept is not None
            assert kept.document["nodes"]["hello"]["prompt"]["en-US"] == "Three."


def test_a_preview_says_everything_and_changes_nothing(db: Database) -> None:
    put_in_force(db, saying("One."))
    data = saying("One, two.")
    data["nodes"]["extra"] = {"type": "message", "prompt": {"en-US": "Hm."}, "exits": {"next": "bye"}}
    with db.read() as s:
        found = preview(s, from_json(data), now=LATER)
    assert found.next_number == 2
    assert found.difference is not None
    assert found.difference.to_json()["added"] == ["extra"]
    (change,) = found.difference.to_json()["changed"]["hello"]
    assert change["words"] == [{"kind": "same", "text": "One"}, {"kind": "in", "text": ", two"},
                               {"kind": "same", "text": "."}]  # fmt: skip
    assert [problem.rule for problem in found.problems] == ["unreachable"]
    assert found.blockers == ()
    with db.read() as s:
        assert not s.scalars(select(AuditRow)).all()
        fresh = preview(s, from_json(small_flow("newcomer")), now=LATER)
    assert (fresh.next_number, fresh.difference, fresh.tests) == (1, None, ())


def test_going_back_is_recorded_and_shown_in_the_list_and_the_draft_stays(db: Database) -> None:
    put_in_force(db, saying("One."))
    go(db, "hotline", draft(db, saying("Two.")))
    revision = draft(db, saying("Three."))
    with db.write() as s:
        roll_back(s, "hotline", 1, by="Ada", user_id=None, note="People were lost.", now=LATER)
    with db.read() as s:
        newest, oldest = versions_of(s, "hotline")
        assert (newest.in_force, oldest.in_force) == (False, True)
        (back,) = oldest.to_json()["returns"]
        assert back == {"at": LATER.isoformat(), "by": "Ada", "note": "People were lost."}
        kept = load_draft(s, "hotline")
        assert kept is not None
        assert kept.revision == revision
        assert str(compare(s, "hotline", "1", "2")) == "~ hello.prompt.en-US: [-One-]{+Two+}."
        assert str(compare(s, "hotline", "2", "draft")) == "~ hello.prompt.en-US: [-Two-]{+Three+}."
    assert go(db, "hotline", revision) == 3
    with db.write() as s:
        assert "in force already" in refused(
            lambda: roll_back(s, "hotline", 3, by="Ada", user_id=None, note="", now=LATER)
        ).sentence  # fmt: skip
        for number in (0, -1, 9):
            assert refused(lambda number=number: roll_back(
                s, "hotline", number, by="Ada", user_id=None, note="", now=LATER)).status == 404  # fmt: skip


def caller(**more: Any) -> dict[str, Any]:
    """A flow that calls "part", gives it a value and takes one."""
    nodes = {
        "ask": {"type": "subflow", "flow": "part", "give": {"hint": "1"}, "take": {"name": "found"},
                "ends": ["done", "lost"], "exits": {"done": "bye", "lost": "bye"}},
        "bye": {"type": "hang_up", "prompt": {"en-US": "Bye."}},
    }  # fmt: skip
    return {"name": "caller", "languages": ["en-US"], "start": "ask", "nodes": nodes, **more}


def part(*, ends: tuple[str, ...] = ("done", "lost"), value: str = "found", **more: Any) -> dict[str, Any]:
    """A flow to be called."""
    nodes: dict[str, Any] = {
        "look": {"type": "set_value", "values": {value: "hint"}, "exits": {"next": ends[0]}},
        **{end: {"type": "hang_up", "end": end} for end in ends},
    }
    variables = more.pop("variables", {"hint": {"default": ""}})
    return {"name": "part", "languages": ["en-US"], "start": "look", "variables": variables, "nodes": nodes, **more}


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (part(ends=("done",)), "Its node ask goes on by “lost”, an end that would be gone."),
        (part(ends=("done", "lost", "odd")), "Its node ask has no exit for the new end “odd”."),
        (part(variables={}), "Its node ask gives “hint”, which the flow would no longer expect."),
        (part(variables={"hint": {"default": ""}, "who": {}}), "Its node ask does not give “who”, which the flow"),
        (part(value="seen"), "Its node ask takes “found”, which would not be set any more."),
    ],
)
def test_a_flow_that_calls_this_one_is_named_with_what_it_would_miss(
    sqlite_db: Database, after: dict[str, Any], sentence: str
) -> None:
    put_in_force(sqlite_db, part())
    put_in_force(sqlite_db, caller())
    with sqlite_db.read() as s:
        (fine,) = dependents(s, "part", from_json(part()), from_json(part()))
        assert (fine.kind, fine.name, fine.breaks, fine.sentence) == ("flow", "caller", False, "It calls this flow.")
        (found,) = dependents(s, "part", from_json(part()), from_json(after))
    assert found.breaks
    assert found.sentence.startswith(sentence)
    error = refused(lambda: go(sqlite_db, "part", draft(sqlite_db, after)))
    assert any(text.startswith(f"The flow caller: {sentence}") for text in error.more["blockers"])


def test_a_draft_that_calls_this_flow_is_named_too(sqlite_db: Database) -> None:
    put_in_force(sqlite_db, part())
    draft(sqlite_db, caller())
    with sqlite_db.read() as s:
        (found,) = dependents(s, "part", from_json(part()), from_json(part(ends=("done",))))
    assert found.breaks
    assert found.sentence.startswith("In its draft: Its node ask goes on by “lost”")


def test_a_number_is_named_when_its_language_goes(db: Database) -> None:
    put_in_force(db, saying("Hello.", languages=["en-US", "zh-CN"]))
    with db.write() as s:
        flow_id = latest(s, "hotline").flow_id
        s.add(Line(number="+442071838750", label="Hotline", flow_id=flow_id, language="zh-CN"))
        s.add(Line(number="+442071838751", label="Night", closed_flow_id=flow_id))
    error = refused(lambda: go(db, "hotline", draft(db, saying("Hello."))))
    assert error.more["blockers"] == [
        "The number Hotline: Its calls begin in Chinese, which the flow would no longer speak."
    ]
    with db.write() as s:
        document = from_json(saying("Hello."))
        again = refused(lambda: publish_document(s, document, by="terminal", note="", now=LATER))
        assert again.more["blockers"] == error.more["blockers"]
    with db.read() as s:
        names = [(d.name, d.breaks) for d in dependents(s, "hotline", document, document)]
    assert names == [("+442071838750", False), ("+442071838751", False)]


def outbound(**more: Any) -> dict[str, Any]:
    """A flow for calls we make."""
    nodes = {
        "open": {"type": "opening", "about": {"en-US": "your parcel {{ code }}"},
                 "exits": {"next": "bye", "person": "bye", "wrong_person": "bye"}},
        "bye": {"type": "hang_up", "prompt": {"en-US": "Bye."}, "outcome": "confirmed"},
    }  # fmt: skip
    section = {"purpose": "delivery", "organisation": {"en-US": "Ringback"}, "goals": ["confirmed"]}
    return {"name": "calls", "languages": ["en-US"], "start": "open", "outbound": section,
            "variables": {"code": {"description": "of the parcel"}}, "nodes": nodes, **more}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"outbound": None}, "It makes calls, and the flow would no longer have the section “outbound”."),
        ({"variables": {}}, "It gives “code”, which the flow would no longer expect."),
        (
            {"outbound": {"purpose": "survey", "organisation": {"en-US": "Ringback"}, "goals": ["confirmed"]}},
            "Its calls are for delivery, and the flow’s would be for survey.",
        ),
        (
            {"outbound": {"purpose": "delivery", "organisation": {"en-US": "Ringback"}, "goals": []}},
            "It counts “confirmed” as its goal, and the flow would no longer.",
        ),
    ],
)
def test_a_campaign_is_named_with_what_it_would_miss_until_it_has_ended(
    sqlite_db: Database, change: dict[str, Any], sentence: str
) -> None:
    put_in_force(sqlite_db, outbound())
    before, after = from_json(outbound()), from_json({**outbound(), **change})
    with sqlite_db.write() as s:
        campaign = campaigns.create(
            s, name="Parcels", by="Omar", now=NOW, flow_name="calls", purpose="delivery", language="en-US",
            defaults={"code": "12"},
        )  # fmt: skip
        (found,) = dependents(s, "calls", before, after)
        assert (found.kind, found.title, found.breaks, found.sentence) == ("campaign", "Parcels", True, sentence)
        campaign.state, campaign.flow_version_id = "running", latest(s, "calls").id  # type: ignore[assignment]
        (launched,) = dependents(s, "calls", before, after)
        assert launched.sentence == f"It keeps version 1 until it takes a new one. {sentence}"
        campaign.state = "finished"  # type: ignore[assignment]
        assert dependents(s, "calls", before, after) == ()


def test_going_back_names_what_it_breaks_and_takes_a_reason(db: Database) -> None:
    put_in_force(db, part(ends=("done",)))
    put_in_force(db, part())
    put_in_force(db, caller())

    def back(reason: str = "") -> FlowVersion:
        with db.write() as s:
            return roll_back(s, "part", 1, by="Ada", user_id=None, note="", now=LATER, override_reason=reason)

    error = refused(back)
    assert error.more["blockers"] == ["The flow caller: Its node ask goes on by “lost”, an end that would be gone."]
    with db.read() as s:
        assert latest(s, "part").number == 2
    assert back("The depot is on fire.").number == 1
    with db.read() as s:
        details = s.scalars(select(AuditRow.details).where(AuditRow.action == "flow.roll_back")).one()
        assert details["override_reason"] == "The depot is on fire."
        assert latest(s, "part").number == 1
