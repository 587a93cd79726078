"""From the provider's notice to words on the ticket, and what is done with sound that is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from audio.errors import NotAudio, RecognizerFailed, Unreadable
from audio.transcript import Transcript, unavailable
from ivr.jobs.fetching import relative_path, write_atomically
from ivr.recordings import Recording
from telephony.calls import RecordingEvent
from telephony.provider import ProviderError
from tickets.ticket import Ticket
from tickets.timeline import Entry
from work.jobs import Job


def left(desk: Any, wav: bytes | None = None, **more: Any) -> Any:
    phone = desk.call("1")
    phone.record(wav, **more)
    return phone


def test_a_recording_is_fetched_stored_and_transcribed(desk: Any) -> None:
    left(desk)
    desk.work()
    recording = desk.row(Recording)
    assert (recording.status, recording.duration_s, recording.language) == ("transcribed", 3, "en-US")
    assert (desk.recordings_dir / recording.path).read_bytes()[:4] == b"RIFF"
    assert recording.path == f"2026/11/{recording.sid}.wav"
    assert recording.transcript["text"] == "it broke"
    assert recording.transcript["engine"] == "scripted"
    assert recording.transcript["words"][0] == {"text": "it", "start_s": 0.0, "end_s": 0.4, "confidence": 0.9}
    assert recording.ticket_id == desk.row(Ticket).id


def test_the_transcript_of_a_recording_may_raise_the_tickets_priority(desk: Any) -> None:
    def angry(path: Path, language: str) -> Transcript:
        return Transcript(text="This is a scandal, I am furious", language=language, engine="scripted")

    left(desk)
    before = desk.row(Ticket).priority
    desk.hear = angry
    desk.work()
    assert (before, desk.row(Ticket).priority) == ("normal", "high")


def test_a_recording_that_is_not_ready_is_fetched_later(desk: Any) -> None:
    left(desk)
    desk.provider.failures.append(ProviderError("not ready", retryable=True))
    desk.work()
    assert desk.row(Recording).status == "waiting"
    desk.clock.pass_s(30)
    desk.work()
    assert desk.row(Recording).status == "transcribed"


@pytest.mark.parametrize(
    ("sound", "reason"),
    [
        (b"", "empty"),
        (b"<html>not found</html>", "not a WAV"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00@\x1f\x00\x00\x80>\x00\x00\x02\x00\x10\x00", ""),
    ],
)
def test_a_recording_that_is_no_sound_is_marked_and_the_ticket_kept(desk: Any, sound: bytes, reason: str) -> None:
    left(desk, sound)
    desk.work()
    recording = desk.row(Recording)
    assert recording.status == "broken"
    assert recording.reason
    assert reason in recording.reason
    assert recording.ticket_id == desk.row(Ticket).id
    assert {job.state for job in desk.rows(Job)} == {"done"}


def test_a_recording_of_14_minutes_is_kept_and_not_transcribed(small_desk: Any, wav: Any) -> None:
    left(small_desk, wav(14 * 60), seconds=14 * 60)
    small_desk.work()
    recording = small_desk.row(Recording)
    assert recording.status == "unavailable"
    assert recording.reason == "transcript unavailable: the recording lasts 14 minutes, more than 10"
    assert (small_desk.recordings_dir / recording.path).is_file()


def test_a_language_without_a_model_is_said_and_nothing_is_invented(desk: Any) -> None:
    desk.hear = lambda _path, language: unavailable(language, f"transcript unavailable: no model for {language}")
    left(desk)
    desk.work()
    recording = desk.row(Recording)
    assert (recording.status, recording.transcript) == ("unavailable", None)
    assert recording.reason == "transcript unavailable: no model for en-US"
    assert [e.kind for e in desk.rows(Entry)].count("transcript") == 0


def test_a_recogniser_that_refuses_the_sound_marks_it(desk: Any) -> None:
    def refuses(_path: Path, _language: str) -> Transcript:
        raise NotAudio(Unreadable.TOO_LONG, "The recording lasts over an hour.")

    desk.hear = refuses
    left(desk)
    desk.work()
    assert (desk.row(Recording).status, desk.row(Recording).reason) == ("broken", "The recording lasts over an hour.")


def test_a_recogniser_that_dies_is_tried_again_and_then_given_up(desk: Any) -> None:
    def dies(_path: Path, _language: str) -> Transcript:
        raise RecognizerFailed("The recogniser stopped.")

    desk.hear = dies
    left(desk)
    for _ in range(8):
        desk.work()
        desk.clock.pass_s(3600)
    recording = desk.row(Recording)
    assert recording.status == "unavailable"
    assert "The recogniser stopped." in recording.reason


def test_a_recording_the_provider_does_not_give_is_marked(desk: Any) -> None:
    phone = desk.call("1")
    phone.record_at("https://memory.invalid/recordings/nothing")
    for _ in range(16):
        desk.work()
        desk.clock.pass_s(3600)
    assert desk.row(Recording).status == "unavailable"
    assert desk.rows(Ticket)


def test_a_recording_elsewhere_is_never_fetched(desk: Any) -> None:
    phone = desk.call("1")
    phone.record_at("https://evil.example/recording.wav")
    desk.work()
    assert desk.row(Recording).status == "unavailable"


def test_an_absent_recording_is_marked(desk: Any) -> None:
    phone = desk.call("1")
    sid = phone.record_at("https://memory.invalid/recordings/nothing")
    event = RecordingEvent(call_sid=phone.sid, recording_sid=sid, url="", status="absent", duration_s=0)
    assert desk.post(f"/voice/recordings/{phone.token}", event).status_code == 204
    assert desk.row(Recording).status == "unavailable"
    assert "no sound" in desk.row(Recording).reason


def test_the_notice_of_a_recording_may_come_before_the_flow_hears_of_it(desk: Any) -> None:
    phone = desk.call("1")
    listed = desk.provider.keep_recording(b"", call_sid=phone.sid, duration_s=3, created_at=desk.clock())
    phone.recording_ready(listed.url, listed.recording_sid)
    assert desk.row(Recording).node == "record"
    phone.record_at(listed.url, sid=listed.recording_sid)
    assert desk.row(Recording).ticket_id == desk.row(Ticket).id


def test_an_empty_recording_is_no_recording(desk: Any) -> None:
    phone = desk.call("1")
    phone.silent()
    phone.silent()
    assert desk.rows(Recording) == []
    assert desk.rows(Ticket)


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "2026" / "11" / "RE1.wav"
    write_atomically(path, b"old")
    with pytest.raises(TypeError):
        write_atomically(path, "no bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [p.name for p in path.parent.iterdir()] == ["RE1.wav"]


def test_a_sid_cannot_lead_out_of_the_recordings_directory(desk: Any) -> None:
    assert relative_path("../../etc/passwd", desk.clock()) == "2026/11/etcpasswd.wav"
