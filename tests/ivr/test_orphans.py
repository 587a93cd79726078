"""After an outage: what the provider knows and we do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ivr.calls import Call
from ivr.orphans import adopt_orphan_recordings, poll_missing_finals
from ivr.recordings import Recording
from telephony.calls import CallStatus
from telephony.provider import ProviderError
from tickets.ticket import Ticket


def orphan(desk: Any, wav: Any, **more: Any) -> Any:
    phone = desk.phone(**more)
    desk.provider.keep_recording(wav(3), call_sid=phone.sid, duration_s=3, created_at=desk.clock())
    desk.provider_knows(phone)
    return phone


def test_a_voicemail_left_during_an_outage_becomes_a_ticket(desk: Any, wav: Any) -> None:
    phone = orphan(desk, wav)
    desk.clock.pass_s(3600)
    assert adopt_orphan_recordings(desk.deps) == 1
    desk.work()
    ticket, call, recording = desk.row(Ticket), desk.row(Call), desk.row(Recording)
    assert (ticket.caller_number, ticket.call_sid) == (phone.caller, phone.sid)
    assert (call.status, call.outcome, call.duration_s) == ("completed", "voicemail", None)
    assert (recording.ticket_id, recording.status) == (ticket.id, "transcribed")


def test_looking_again_adopts_nothing_twice(desk: Any, wav: Any) -> None:
    orphan(desk, wav)
    assert [adopt_orphan_recordings(desk.deps) for _ in range(3)] == [1, 0, 0]
    assert len(desk.rows(Ticket)) == 1


def test_a_recording_that_a_flow_took_is_left_alone(desk: Any) -> None:
    phone = desk.call("1")
    phone.record()
    phone.hang_up()
    assert adopt_orphan_recordings(desk.deps) == 0
    assert len(desk.rows(Ticket)) == 1


def test_a_recording_of_a_call_that_still_goes_on_is_left_for_later(desk: Any, wav: Any) -> None:
    phone = desk.call("1")
    desk.provider.keep_recording(wav(3), call_sid=phone.sid, duration_s=3, created_at=desk.clock())
    assert adopt_orphan_recordings(desk.deps) == 0
    phone.status(CallStatus.COMPLETED)
    assert adopt_orphan_recordings(desk.deps) == 1


def test_a_voicemail_on_a_number_that_is_no_longer_ours_still_becomes_a_ticket(desk: Any, wav: Any) -> None:
    orphan(desk, wav, to="+442071838999")
    assert adopt_orphan_recordings(desk.deps) == 1
    assert desk.row(Ticket).flow_name == ""


def test_a_provider_that_cannot_list_is_asked_about_the_same_time_again(desk: Any, wav: Any) -> None:
    orphan(desk, wav)
    desk.provider.failures.append(ProviderError("down", retryable=True))
    with pytest.raises(ProviderError):
        adopt_orphan_recordings(desk.deps)
    desk.clock.pass_s(7200)
    assert adopt_orphan_recordings(desk.deps) == 1


def test_what_was_seen_is_not_listed_for_ever(desk: Any, wav: Any) -> None:
    adopt_orphan_recordings(desk.deps)
    desk.clock.pass_s(60)
    phone = desk.phone()
    before = desk.clock() - timedelta(hours=5)
    desk.provider.keep_recording(wav(3), call_sid=phone.sid, duration_s=3, created_at=before)
    assert adopt_orphan_recordings(desk.deps) == 0


def test_a_call_whose_last_callback_was_lost_is_ended_by_asking(desk: Any) -> None:
    phone = desk.call("2")
    desk.provider_knows(phone)
    assert poll_missing_finals(desk.deps) == 0
    desk.clock.pass_s(3600)
    assert poll_missing_finals(desk.deps) == 1
    call = desk.row(Call)
    assert (call.status, call.outcome, call.duration_s) == ("completed", "abandoned", 33)
    assert poll_missing_finals(desk.deps) == 0


def test_a_long_call_that_goes_on_is_left_alone(desk: Any) -> None:
    phone = desk.call("0")
    desk.provider_knows(phone, status=CallStatus.IN_PROGRESS)
    desk.clock.pass_s(3600)
    assert poll_missing_finals(desk.deps) == 0
    assert desk.row(Call).status == "in-progress"


def test_a_call_the_provider_has_forgotten_is_ended_after_a_day(desk: Any) -> None:
    desk.call("2")
    desk.clock.pass_s(3600)
    assert poll_missing_finals(desk.deps) == 0
    desk.clock.pass_s(26 * 3600)
    assert poll_missing_finals(desk.deps) == 1
    assert (desk.row(Call).status, desk.row(Call).outcome) == ("failed", "abandoned")


def test_one_call_the_provider_cannot_tell_of_does_not_stop_the_others(desk: Any) -> None:
    desk.call("2")
    known = desk.call("2")
    desk.provider_knows(known)
    desk.clock.pass_s(3600)
    assert poll_missing_finals(desk.deps) == 1
