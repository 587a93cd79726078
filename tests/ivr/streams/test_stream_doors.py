"""A call that goes in and out of live streams: every way in, every way out, and what comes twice or late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from ivr.calls import Call
from ivr.lines import Line
from ivr.streams import doors
from ivr.streams.doors import StreamGoneError, StreamRefusedError, StreamTurn
from ivr.streams.lifecycle import StreamState
from ivr.streams.rows import MediaServer, Stream
from ivr.turns import TurnRow
from storage.database import Database
from telephony.calls import CallStatus, Digits, Silence, Speech
from telephony.verbs import Enqueue, Gather, Hangup, Say

URL = "wss://desk.test/voice/stream"


@pytest.fixture
def live(db: Database, tmp_path: Path, make_desk: Callable[..., Any]) -> Any:
    """A desk whose number is heard by us, with a media server that has room."""
    desk = make_desk(db, tmp_path, stream_url=URL)
    desk.publish()
    with desk.db.write() as s:
        for line in s.query(Line):
            line.ear = "house"
    doors.beat(desk.deps, name="one", streams=0, room={"en": 10, "zh": 10})
    return desk


def enter(desk: Any, phone: Any, stream_sid: str = "MZ1") -> StreamTurn:
    key = dict(phone.verbs[0]["parameters"])["key"]
    return doors.enter(desk.deps, key=key, call_sid=phone.sid, stream_sid=stream_sid)


def streams(desk: Any) -> list[tuple[str, str]]:
    return [(s.state, s.why) for s in sorted(desk.rows(Stream), key=lambda s: s.id)]


def come_back(phone: Any) -> list[dict[str, Any]]:
    """The carrier goes on with the Redirect behind the Connect."""
    behind = urlsplit(phone.verbs[-1]["url"]).path
    assert behind.endswith("/over")
    found: list[dict[str, Any]] = phone.ask(behind, phone.event()).verbs
    again = phone.ask(behind, phone.event()).verbs
    assert again == found, "asked twice, it says the same"
    return found


def test_a_question_leads_into_a_stream_and_its_answer_out_of_it(live: Any) -> None:
    phone = live.call()
    assert [verb["verb"] for verb in phone.verbs] == ["Connect", "Redirect"]
    assert phone.verbs[0]["url"] == URL
    turn = enter(live, phone)
    gather = turn.verbs[-1]
    assert isinstance(gather, Gather)
    assert "How can I help you?" in " ".join(p.text for p in gather.prompts if isinstance(p, Say))
    turn = doors.answer(live.deps, turn, Speech(text="telling us something", confidence=0.9), note={"engine": "vosk"})
    turn = doors.answer(live.deps, turn, Speech(text="My parcel is wet", confidence=0.9))
    assert isinstance(turn.verbs[-1], Hangup)
    doors.leave(live.deps, turn, said=True)
    assert [verb["verb"] for verb in come_back(phone)] == ["Hangup"]
    assert streams(live) == [(StreamState.LEFT, "")]
    turns = live.rows(TurnRow)
    assert [t.number for t in turns] == [1, 2, 3]
    assert turns[1].heard["note"] == {"engine": "vosk"}
    assert live.row(Call).outcome == "completed"


def test_what_was_not_said_in_the_stream_is_said_by_the_document(live: Any) -> None:
    phone = live.call()
    turn = doors.answer(live.deps, enter(live, phone), Digits(digits="0"))
    assert isinstance(turn.verbs[-1], Enqueue)
    assert len(turn.verbs) > 1
    doors.leave(live.deps, turn)
    assert [verb["verb"] for verb in come_back(phone)] == ["Say", "Enqueue"]


@pytest.mark.parametrize("began", [True, False])
def test_a_stream_that_breaks_leaves_the_question_to_the_carrier(live: Any, began: bool) -> None:
    phone = live.call()
    if began:
        enter(live, phone)
    verbs = come_back(phone)
    assert verbs[-1]["verb"] == "Gather"
    assert streams(live) == [(StreamState.FAILED, "cut" if began else "never began")]
    phone.press("2")
    assert phone.verbs[0]["verb"] == "Connect", "the next question is tried in a stream again"
    come_back(phone)
    phone.press("*")
    assert phone.verbs[0]["verb"] == "Gather", "after two failures the carrier listens"


def test_a_key_opens_one_stream_once(live: Any) -> None:
    phone = live.call()
    enter(live, phone)
    with pytest.raises(StreamRefusedError, match="opened before"):
        enter(live, phone, "MZ2")
    other = live.call()
    with pytest.raises(StreamRefusedError, match="no call"):
        doors.enter(live.deps, key=dict(other.verbs[0]["parameters"])["key"], call_sid=phone.sid, stream_sid="MZ3")
    with pytest.raises(StreamRefusedError, match="no call"):
        doors.enter(live.deps, key="", call_sid=phone.sid, stream_sid="MZ4")


def test_a_newer_stream_takes_the_call_from_the_older(live: Any) -> None:
    phone = live.call()
    first = enter(live, phone)
    doors.leave(live.deps, first)
    come_back(phone)
    phone.press("2")
    second = enter(live, phone, "MZ2")
    with pytest.raises(StreamGoneError):
        doors.answer(live.deps, first, Digits(digits="1"))
    doors.over(live.deps, first.stream_id, "cut")
    third = doors.answer(live.deps, second, Speech(text="wet", confidence=0.9))
    assert third.number == second.number + 1
    assert streams(live) == [(StreamState.LEFT, ""), (StreamState.LIVE, "")]


def test_an_answer_that_comes_twice_is_taken_once(live: Any) -> None:
    turn = enter(live, live.call())
    after = doors.answer(live.deps, turn, Digits(digits="2"))
    with pytest.raises(StreamGoneError):
        doors.answer(live.deps, turn, Digits(digits="2"))
    assert doors.answer(live.deps, after, Silence()).number == after.number + 1


def test_the_call_ends_in_the_stream(live: Any) -> None:
    phone = live.call()
    turn = enter(live, phone)
    doors.over(live.deps, turn.stream_id, "stopped")
    doors.leave(live.deps, turn, why="error")
    assert streams(live) == [(StreamState.OVER, "stopped")]
    phone.hang_up()
    with pytest.raises(StreamGoneError):
        doors.answer(live.deps, turn, Digits(digits="1"))


def test_a_call_that_is_over_opens_no_stream(live: Any) -> None:
    phone = live.call()
    phone.hang_up()
    with pytest.raises(StreamRefusedError):
        enter(live, phone)
    assert streams(live) == [(StreamState.OVER, "stopped")]


def test_who_is_gone_is_offered_no_stream(live: Any) -> None:
    phone = live.call()
    come_back(phone)
    phone.answer(Digits(digits="2"), status=CallStatus.COMPLETED)
    assert "Connect" not in [verb["verb"] for verb in phone.verbs]
    assert streams(live) == [(StreamState.FAILED, "never began")]


def test_a_stream_whose_server_is_gone_ends_with_its_call(live: Any) -> None:
    phone = live.call()
    enter(live, phone)
    phone.hang_up()
    assert streams(live) == [(StreamState.OVER, "stopped")]


def test_words_in_progress_are_kept_while_the_caller_speaks(live: Any) -> None:
    turn = enter(live, live.call())
    doors.partial(live.deps, turn.stream_id, "telling us")
    assert live.row(Stream).hearing == "telling us"
    doors.answer(live.deps, turn, Digits(digits="2"))
    assert live.row(Stream).hearing == ""


@pytest.mark.parametrize("why", ["nobody", "late", "full", "another language", "the flow says so"])
def test_without_an_ear_of_ours_the_carrier_listens(live: Any, why: str) -> None:
    with live.db.write() as s:
        server = s.get(MediaServer, "one")
        if why == "nobody":
            s.delete(server)
        elif why == "late":
            server.at -= timedelta(seconds=11)
        elif why == "full":
            server.room = {"en": 0}
        elif why == "another language":
            server.room = {"ko": 5}
        elif why == "the flow says so":
            for line in s.query(Line):
                line.ear = ""
    assert live.call().verbs[-1]["verb"] == "Gather"
    assert streams(live) == []
