"""A number's hours, its flow for the night, its language, and the test number that runs the draft."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from flows.documents import parse, to_json
from flows.drafts import save_draft
from flows.snapshots import CANNOT_RUN
from flows.versions import FlowVersion, find_flow, list_versions, publish
from ivr.calls import Call
from ivr.line_hours import HoursError, LineHours, is_open, read_hours
from ivr.lines import Line
from storage.database import Database
from tests.ivr.conftest import HOTLINE, NOW, SERVICE, Desk, new_desk
from tickets.people import Person

NIGHT = """
format: 1
name: night
languages: [en-US, zh-CN]
start: bye
nodes:
  bye:
    type: hang_up
    prompt: {en-US: "We are closed.", zh-CN: "现在休息。"}
"""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026; the 22nd is a Sunday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "zone", "now", "expected"),
    [
        ({}, "", at(22, 3), True),
        ({"every_day": ["08:00-21:00"]}, "Asia/Shanghai", at(22, 0), True),
        ({"every_day": ["08:00-21:00"]}, "Asia/Shanghai", at(22, 13), False),
        ({"weekdays": ["09:00-17:00"]}, "UTC", at(22, 12), False),
        ({"weekdays": ["09:00-17:00"], "sun": ["11:00-12:30"]}, "UTC", at(22, 12), True),
        ({"sat": ["22:00-02:00"]}, "UTC", at(22, 1, 59), True),
        ({"sat": ["22:00-02:00"]}, "UTC", at(22, 2), False),
        ({"sun": ["20:00-24:00"]}, "UTC", at(22, 23, 59), True),
    ],
)
def test_a_number_is_open_by_its_own_clock(hours: Any, zone: str, now: datetime, expected: bool) -> None:
    assert is_open(hours, zone, now) is expected


def test_the_next_change_is_told_over_night_and_over_the_week_and_never_for_always() -> None:
    daily = read_hours({"every_day": ["08:00-21:00"]}, "Asia/Shanghai")
    assert daily.next_change(at(22, 2)) == at(22, 13)
    assert daily.next_change(at(22, 14)) == at(23, 0)
    assert read_hours({"mon": ["09:00-10:00"]}).next_change(at(23, 10)) == at(30, 9)
    assert read_hours({"sat": ["22:00-02:00"]}).next_change(at(21, 23)) == at(22, 2)
    assert LineHours(hours={}).next_change(at(22, 2)) is None
    assert read_hours({"every_day": ["00:00-24:00"]}).next_change(at(22, 2)) is None


def test_hours_keep_the_clock_through_the_change_to_summer_time() -> None:
    london = read_hours({"every_day": ["08:00-21:00"]}, "Europe/London")
    assert london.next_change(datetime(2026, 3, 28, 22, tzinfo=UTC)) == datetime(2026, 3, 29, 7, tzinfo=UTC)


def test_what_is_no_hours_is_a_sentence_and_sends_no_caller_away() -> None:
    with pytest.raises(HoursError, match="no time zone Moon/Base"):
        read_hours({}, "Moon/Base")
    with pytest.raises(HoursError, match="cannot be read"):
        read_hours({"monday": ["late"]})
    assert is_open({"monday": ["late"]}, "", at(22, 3))
    assert is_open({"every_day": ["08:00-09:00"]}, "Moon/Base", at(22, 3))


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Desk:
    """A desk with the hotline on its number and a flow for the night on none."""
    made: Desk = new_desk(db, tmp_path)
    made.publish()
    made.publish(NIGHT, number=None)
    return made


def set_line(desk: Desk, **columns: Any) -> None:
    """Change the hotline's number; `closed` names a flow."""
    with desk.db.write() as s:
        line = s.scalars(select(Line).where(Line.number == SERVICE)).one()
        if closed := columns.pop("closed", ""):
            columns["closed_flow_id"] = find_flow(s, closed).id
        for column, value in columns.items():
            setattr(line, column, value)


def draft(desk: Desk, text: str, revision: int) -> int:
    """Save a draft of the hotline; gives its revision."""
    with desk.db.write() as s:
        data = to_json(parse(text))
        return save_draft(s, "hotline", data, by="Ada", now=NOW, revision=revision).revision


def test_outside_its_hours_a_number_is_answered_by_its_other_flow(desk: Desk) -> None:
    set_line(desk, hours={"sat": ["09:00-10:00"]}, closed="night")
    assert "How can I help you?" in desk.call().heard  # NOW is Saturday, 09:30.
    desk.clock.pass_s(30 * 60)
    assert "We are closed." in desk.call().heard
    set_line(desk, closed_flow_id=None)
    assert "How can I help you?" in desk.call().heard


def test_a_night_flow_that_was_never_published_leaves_the_callers_to_the_own_flow(desk: Desk) -> None:
    with desk.db.write() as s:
        save_draft(s, "later", to_json(parse(NIGHT.replace("night", "later"))), by="Ada", now=NOW, revision=0)
    set_line(desk, hours={"mon": ["09:00-10:00"]}, closed="later")
    assert "How can I help you?" in desk.call().heard


def test_a_number_with_a_language_begins_in_it_and_the_flow_does_not_ask_for_one(desk: Desk) -> None:
    assert "How can I help you?" in desk.call().heard
    set_line(desk, language="zh-CN")
    phone = desk.call()
    assert "请问您要办理什么业务？" in phone.heard
    phone.press("3")
    assert "For English" not in phone.heard
    set_line(desk, language="zh-TW")
    assert "请问您要办理什么业务？" in desk.call().heard
    set_line(desk, language="ko-KR")
    with desk.db.write() as s:
        s.scalars(select(Person)).one().language = "zh-CN"
    assert "请问您要办理什么业务？" in desk.call().heard


def test_the_line_of_a_call_is_found_by_one_query(desk: Desk) -> None:
    set_line(desk, hours={"sat": ["09:00-10:00"]}, closed="night", language="zh-CN")
    desk.call()
    statements: list[str] = []
    event.listen(desk.db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    desk.call()
    assert [text for text in statements if "FROM lines" in text or "FROM flows" in text or "JOIN flows" in text] == [
        text for text in statements if "FROM lines LEFT OUTER JOIN flows" in text
    ]
    assert sum("FROM lines" in text for text in statements) == 1


def test_a_test_number_runs_the_draft_as_it_is_and_keeps_it_over_the_call(desk: Desk) -> None:
    set_line(desk, runs_draft=True)
    assert "How can I help you?" in desk.call().heard
    revision = draft(desk, HOTLINE.replace("How can I help you?", "Draft one, hello."), 0)
    first = desk.call()
    assert "Draft one, hello." in first.heard
    draft(desk, HOTLINE.replace("How can I help you?", "Draft two, hello.").replace("Goodbye.", "So long."), revision)
    second = desk.call()
    assert "Draft two, hello." in second.heard
    again = desk.call()
    assert "Draft two, hello." in again.heard
    first.press("4")
    second.press("4")
    assert "Goodbye." in first.heard
    assert "So long." in second.heard
    calls = desk.rows(Call)
    assert calls[1].flow_version_id != calls[2].flow_version_id == calls[3].flow_version_id


def test_what_a_test_number_ran_is_no_version_and_takes_no_number(desk: Desk) -> None:
    set_line(desk, runs_draft=True)
    draft(desk, HOTLINE.replace("How can I help you?", "Draft, hello."), 0)
    desk.call()
    with desk.db.write() as s:
        assert [version.number for version in list_versions(s, "hotline")] == [1]
        own = FlowVersion.flow_id == find_flow(s, "hotline").id
        numbers = s.scalars(select(FlowVersion.number).where(own))
        assert sorted(numbers) == [-1, 1]
        new = parse(HOTLINE.replace("How can I help you?", "Published, hello."))
        assert publish(s, new, by="Ada", note="", now=NOW, override_reason="test").number == 2


def test_a_draft_that_cannot_run_says_so_instead_of_silence(desk: Desk) -> None:
    set_line(desk, runs_draft=True)
    with desk.db.write() as s:
        half_made = {"name": "hotline", "languages": ["en-US"], "start": "nowhere", "nodes": {"x": {"type": "?"}}}
        save_draft(s, "hotline", half_made, by="Ada", now=NOW, revision=0)
    phone = desk.call()
    assert CANNOT_RUN["en-US"] in phone.heard
    set_line(desk, language="zh-CN")
    assert CANNOT_RUN["zh-CN"] in desk.call().heard
    assert desk.rows(Call)[0].outcome == "failed"


def test_a_call_in_progress_keeps_its_version_over_publish_and_return(desk: Desk) -> None:
    phone = desk.call()
    with desk.db.write() as s:
        new = parse(HOTLINE.replace("Goodbye.", "So long.").replace("How can I help you?", "Welcome to two."))
        publish(s, new, by="Ada", note="", now=NOW + timedelta(minutes=1), override_reason="test")
    other = desk.call()
    assert "Welcome to two." in other.heard
    phone.press("4")
    other.press("4")
    assert "Goodbye." in phone.heard
    assert "So long." in other.heard
