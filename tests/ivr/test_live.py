"""What pages ask of calls."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ivr.live import CallFilter, Cursor, call_sids, call_story, calls_page, changes_since, cursor_now, live_calls


def test_live_calls_tell_the_node_and_since_when(desk: Any) -> None:
    phone = desk.call()
    desk.clock.pass_s(20)
    phone.press("2")
    desk.call().hang_up()
    with desk.db.read() as db:
        (live,) = live_calls(db)
    assert (live.sid, live.node, live.flow, live.status) == (phone.sid, "listen", "hotline", "in-progress")
    assert live.since == desk.clock()
    assert live.number == phone.caller


def test_pages_of_calls_have_no_gap_and_no_repeat(desk: Any) -> None:
    sids = [desk.call().sid for _ in range(7)]
    seen: list[str] = []
    after = None
    with desk.db.read() as db:
        while True:
            page = calls_page(db, CallFilter(), after=after, limit=3)
            seen += [str(call.sid) for call in page.calls]
            if page.after is None:
                break
            after = Cursor.read(str(page.after))
    assert seen == sids[::-1]


def test_calls_are_found_by_number_sid_flow_and_outcome(desk: Any) -> None:
    phone = desk.call()
    other = desk.call(caller="+442071838222")
    other.hang_up()
    with desk.db.read() as db:

        def found(**wanted: Any) -> list[str | None]:
            return [call.sid for call in calls_page(db, CallFilter(**wanted)).calls]

        assert found(text="1391234") == [phone.sid]
        assert found(text=other.sid) == [other.sid]
        assert found(text="%") == []
        assert found(outcome="abandoned") == [other.sid]
        assert len(found(flow="hotline")) == 2
        assert found(flow="none") == []


def test_a_cursor_that_is_none_is_none() -> None:
    for text in ("", "x", "_", "2026-11-21_3", "2026-11-21T00:00:00+00:00_x", "2026-11-21T00:00:00+00:00_-1"):
        assert Cursor.read(text) is None
    assert Cursor.read("2026-11-21T00:00:00+00:00_3") == Cursor(started_at=datetime(2026, 11, 21, tzinfo=UTC), id=3)


def test_a_calls_story_holds_turns_recordings_and_messages(desk: Any) -> None:
    phone = desk.call("1")
    phone.record()
    desk.work()
    with desk.db.read() as db:
        story = call_story(db, phone.sid)
        assert story is not None
        assert [turn.number for turn in story.turns] == [1, 2, 3]
        assert [recording.status for recording in story.recordings] == ["transcribed"]
        assert story.person is not None
        assert call_sids(db, story.call.ticket_id or 0) == [phone.sid]
        assert call_story(db, "CA0") is None


def test_changes_since_a_cursor_are_told_once(desk: Any) -> None:
    phone = desk.call()
    with desk.db.read() as db:
        cursor = cursor_now(db)
    phone.press("2")
    phone.hang_up()
    with desk.db.read() as db:
        cursor, changes = changes_since(db, cursor)
        assert [(c.node_before, c.node_after, c.heard) for c in changes] == [
            ("menu", "listen", "digits"),
            ("listen", "listen", "hangup"),
        ]
        assert changes_since(db, cursor) == (cursor, [])
