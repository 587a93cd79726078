"""From a recording on disk to words on its ticket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from audio.errors import AudioError
from audio.transcript import Transcript, TranscriptStatus
from ivr.calls import Call
from ivr.deps import Deps
from ivr.recordings import Recording, RecordingStatus
from ivr.ticketing import tell_transcript
from tickets.ticket import Ticket
from work.worker import JobCall

Transcribe = Callable[[Path, str], Transcript]
"""Hears a WAV file in a language (BCP-47). Raises AudioError; a retryable one is tried again."""


def transcribe(deps: Deps, call: JobCall, *, recordings_dir: Path, hear: Transcribe, longest_s: int) -> None:
    """Transcribe a stored recording. What cannot be transcribed is marked with the reason; the sound stays."""
    recording_id = call.payload["recording_id"]
    with deps.db.read() as db:
        recording = db.get(Recording, recording_id)
        if recording is None or recording.status != RecordingStatus.FETCHED:
            return
        path, duration_s = recordings_dir / recording.path, recording.duration_s
        spoken_in = db.get(Call, recording.call_id) if recording.call_id is not None else None
        language = recording.language or (spoken_in.language if spoken_in is not None else "") or deps.language
    if duration_s > longest_s:
        minutes = round(duration_s / 60)
        reason = f"transcript unavailable: the recording lasts {minutes} minutes, more than {longest_s // 60}"
        _mark(deps, recording_id, RecordingStatus.UNAVAILABLE, reason)
        return
    try:
        transcript = hear(path, language)
    except AudioError as error:
        if error.retryable:
            raise
        _mark(deps, recording_id, RecordingStatus.BROKEN, str(error))
        return
    if transcript.status == TranscriptStatus.UNAVAILABLE:
        _mark(deps, recording_id, RecordingStatus.UNAVAILABLE, transcript.note)
        return
    _store(deps, recording_id, transcript, call.now)


def transcribe_gave_up(deps: Deps, call: JobCall, reason: str) -> None:
    """The recogniser failed every time."""
    sentence = f"transcript unavailable: the recogniser failed ({reason[:200]})"
    _mark(deps, call.payload["recording_id"], RecordingStatus.UNAVAILABLE, sentence)


def as_stored(transcript: Transcript) -> dict[str, Any]:
    """The transcript as `Recording.transcript` holds it."""
    return {
        "text": transcript.text,
        "confidence": transcript.confidence,
        "words": [
            {"text": w.text, "start_s": w.start_s, "end_s": w.end_s, "confidence": w.confidence}
            for w in transcript.words
        ],
        "engine": transcript.engine,
        "model": transcript.model,
    }


def _store(deps: Deps, recording_id: int, transcript: Transcript, now: datetime) -> None:
    with deps.db.write() as db:
        recording = db.get_one(Recording, recording_id, with_for_update=True)
        if recording.status != RecordingStatus.FETCHED:
            return
        recording.status, recording.transcribed_at = RecordingStatus.TRANSCRIBED, now
        recording.transcript, recording.reason = as_stored(transcript), transcript.note
        recording.language = recording.language or transcript.language
        ticket = db.get(Ticket, recording.ticket_id) if recording.ticket_id is not None else None
        if ticket is not None:
            tell_transcript(db, recording, ticket, now)


def _mark(deps: Deps, recording_id: int, status: RecordingStatus, reason: str) -> None:
    with deps.db.write() as db:
        recording = db.get(Recording, recording_id, with_for_update=True)
        if recording is not None and recording.status == RecordingStatus.FETCHED:
            recording.status, recording.reason = status, reason
