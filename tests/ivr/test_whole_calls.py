"""Calls on a line that records: asked for with the answer, begun once, fetched, and kept away from tickets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from ivr.calls import Call
from ivr.lines import Line
from ivr.orphans import adopt_orphan_recordings
from ivr.recordings import Recording
from telephony.calls import CallStatus, RecordingEvent
from telephony.errors import OutcomeUnknownError
from telephony.provider import ProviderError
from tickets.ticket import Ticket
from tickets.timeline import Entry
from work.jobs import Job


@pytest.fixture
def recording_desk(desk: Any) -> Any:
    return record_calls(desk)


def record_calls(desk: Any) -> Any:
    with desk.db.write() as db:
        db.execute(update(Line).values(records_calls=True))
    return desk


def recorded(desk: Any, phone: Any, sid: str, *, seconds: int = 3, status: str = "completed", **more: Any) -> int:
    """The provider's notice that the sound of a whole call is ready."""
    url = desk.provider.started[sid].listed.url if sid in desk.provider.started else "https://memory.invalid/x"
    event = RecordingEvent(
        call_sid=more.pop("call_sid", phone.sid),
        recording_sid=sid,
        url=url,
        status=status,
        duration_s=seconds,
        started_at=desk.provider.started[sid].listed.started_at if sid in desk.provider.started else None,
    )
    return int(desk.post(f"/voice/calls/{token_of(desk, phone)}/recorded", event, **more).status_code)


def token_of(desk: Any, phone: Any) -> str:
    return str(next(call.token for call in desk.rows(Call) if call.sid == phone.sid))


def one_started(desk: Any) -> Any:
    (started,) = desk.provider.started.values()
    return started


def test_a_call_is_recorded_from_its_answer_and_the_sound_is_fetched(recording_desk: Any, wav: Any) -> None:
    desk = recording_desk
    phone = desk.phone().dial()
    assert [job.state for job in desk.rows(Job) if job.kind == "record_call"] == ["waiting"]
    phone.press("2")
    desk.work()
    started = one_started(desk)
    assert started.listed.call_sid == phone.sid
    assert started.status_url == f"https://desk.example/voice/calls/{phone.token}/recorded"
    waiting = desk.row(Recording)
    assert (waiting.sid, waiting.whole_call, waiting.status, waiting.path) == (
        started.listed.recording_sid, True, "waiting", ""
    )  # fmt: skip
    phone.hang_up()
    sid = started.listed.recording_sid
    desk.provider.end_recording(sid, wav(3.0), duration_s=3)
    assert recorded(desk, phone, sid) == 204
    desk.work()
    kept = desk.row(Recording)
    assert (kept.status, kept.duration_s, kept.node, kept.ticket_id, kept.transcript) == ("fetched", 3, "", None, None)
    assert kept.started_at == started.listed.started_at
    assert (desk.recordings_dir / kept.path).read_bytes() == wav(3.0)
    before = desk.dump()
    for _ in range(3):
        assert recorded(desk, phone, sid) == 204
    desk.work()
    assert desk.dump() == before
    assert {job.kind for job in desk.rows(Job)} & {"transcribe", "adopt_recording"} == set()


def test_a_line_that_does_not_record_asks_for_nothing(desk: Any) -> None:
    desk.call("1")
    assert "record_call" not in {job.kind for job in desk.rows(Job)}
    assert desk.work() >= 0
    assert desk.provider.started == {}


def test_a_repeated_first_request_and_a_job_run_twice_record_once(recording_desk: Any) -> None:
    desk = recording_desk
    phone = desk.phone().dial()
    phone.dial()
    desk.work()
    with desk.db.write() as db:
        db.execute(update(Job).values(state="waiting", due_at=desk.clock()))
    desk.work()
    assert len(desk.provider.started) == 1
    assert len(desk.rows(Recording)) == 1


def test_a_worker_that_died_before_it_began_leaves_the_wish_to_the_next(
    recording_desk: Any, restarted: Callable[[Any], Any]
) -> None:
    phone = recording_desk.phone().dial()
    again = restarted(recording_desk)
    again.work()
    assert one_started(again).listed.call_sid == phone.sid


def test_a_recording_that_began_unnoticed_is_taken_over_and_not_begun_again(recording_desk: Any) -> None:
    desk = recording_desk
    phone = desk.phone().dial()
    desk.provider.lost_answers.append(OutcomeUnknownError("no answer"))
    desk.work()
    assert desk.rows(Recording) == []
    phone.hang_up()
    desk.clock.pass_s(30)
    desk.work()
    assert desk.row(Recording).sid == one_started(desk).listed.recording_sid
    assert {job.state for job in desk.rows(Job)} == {"done"}


def test_a_call_that_was_over_at_once_or_refused_is_not_recorded_and_says_why(recording_desk: Any) -> None:
    desk = recording_desk
    over = desk.phone().dial()
    over.hang_up()
    desk.work()
    assert desk.provider.started == {}
    refused = desk.phone().dial()
    desk.provider.failures.append(ProviderError("Recording is not allowed for this account."))
    desk.work()
    refused.press("2").say("It broke.")
    reasons = [(r.status, r.path, r.reason) for r in desk.rows(Recording)]
    assert reasons == [
        ("unavailable", "", "This call was not recorded: it was over before its recording began."),
        ("unavailable", "", "This call was not recorded: the telephone company refused."),
    ]
    assert {job.state for job in desk.rows(Job) if job.kind == "record_call"} == {"done"}
    assert desk.row(Ticket)


def test_a_call_that_is_not_answered_yet_is_asked_for_again(small_desk: Any) -> None:
    desk = record_calls(small_desk)
    desk.phone().dial()
    desk.provider.failures.append(ProviderError("not yet", retryable=True))
    desk.work()
    assert len(desk.provider.started) == 1


def test_a_provider_that_never_records_is_given_up(small_desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = record_calls(small_desk)
    monkeypatch.setattr("ivr.jobs.recording.PAUSES_S", ())
    desk.phone().dial()
    for _ in range(8):
        desk.provider.failures[:] = [ProviderError("too many", retryable=True)]
        desk.work()
        desk.clock.pass_s(60)
    assert desk.row(Recording).reason == "This call was not recorded: its recording could not be begun."


def test_the_whole_call_joins_no_ticket_beside_the_callers_message(recording_desk: Any, wav: Any) -> None:
    desk = recording_desk
    phone = desk.phone().dial()
    desk.work()
    sid = one_started(desk).listed.recording_sid
    phone.press("1")
    message = phone.record()
    desk.work()
    phone.hang_up()
    desk.provider.end_recording(sid, wav(9.0), duration_s=9)
    recorded(desk, phone, sid, seconds=9)
    desk.work()
    whole, left = (next(r for r in desk.rows(Recording) if r.sid == wanted) for wanted in (sid, message))
    ticket = desk.row(Ticket)
    assert (whole.ticket_id, left.ticket_id) == (None, ticket.id)
    named = {entry.payload["recording_id"] for entry in desk.rows(Entry) if entry.kind in ("recording", "transcript")}
    assert named == {left.id}
    assert left.status == "transcribed"
    assert whole.status == "fetched"


def test_a_caller_who_only_hung_up_gets_no_ticket_for_being_recorded(recording_desk: Any, wav: Any) -> None:
    desk = recording_desk
    phone = desk.phone().dial()
    desk.work()
    sid = one_started(desk).listed.recording_sid
    phone.hang_up()
    desk.provider.end_recording(sid, wav(2.0), duration_s=2)
    recorded(desk, phone, sid)
    desk.work()
    assert desk.rows(Ticket) == []


def test_a_lost_notice_is_made_up_for_by_the_search_and_opens_no_ticket(recording_desk: Any, wav: Any) -> None:
    desk = recording_desk
    phone = desk.phone().dial()
    desk.work()
    sid = one_started(desk).listed.recording_sid
    assert adopt_orphan_recordings(desk.deps) == 0
    desk.provider.end_recording(sid, wav(2.0), duration_s=2)
    assert adopt_orphan_recordings(desk.deps) == 0
    phone.hang_up()
    assert adopt_orphan_recordings(desk.deps) == 1
    desk.clock.pass_s(60)
    assert adopt_orphan_recordings(desk.deps) == 0
    desk.work()
    assert desk.row(Recording).status == "fetched"
    assert desk.rows(Ticket) == []
    assert recorded(desk, phone, sid) == 204
    assert len(desk.rows(Recording)) == 1


def test_notices_that_are_forged_or_of_another_call_change_nothing(recording_desk: Any) -> None:
    desk = recording_desk
    phone = desk.phone().dial()
    desk.work()
    sid = one_started(desk).listed.recording_sid
    before = desk.dump()
    assert recorded(desk, phone, sid, forged=True) == 403
    assert recorded(desk, phone, sid, call_sid="CA" + "9" * 32) == 204
    assert desk.dump() == before
    assert recorded(desk, phone, sid, status="absent", seconds=0) == 204
    assert (desk.row(Recording).status, desk.row(Recording).reason[:33]) == (
        "unavailable", "The provider made no recording: t"
    )  # fmt: skip


def test_the_notice_may_come_before_the_worker_noted_the_beginning(recording_desk: Any, wav: Any) -> None:
    desk = recording_desk
    phone = desk.phone().dial()
    phone.press("2")
    begun = desk.provider.start_recording(phone.sid, status_url="")
    desk.provider.end_recording(begun.recording_sid, wav(2.0), duration_s=2)
    phone.status(CallStatus.COMPLETED, duration_s=2)
    recorded(desk, phone, begun.recording_sid, seconds=2)
    desk.clock.pass_s(timedelta(seconds=5).total_seconds())
    desk.work()
    assert desk.row(Recording).status == "fetched"
    assert len(desk.provider.started) == 1
