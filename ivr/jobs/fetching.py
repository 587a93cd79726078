"""Getting a recording's sound from the provider onto our own disk."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path

from audio.errors import NotAudio
from audio.wav import read_wav
from ivr.deps import Deps
from ivr.recordings import Recording, RecordingStatus
from telephony.provider import ProviderError
from work.jobs import ask
from work.worker import JobCall, Retry

MAX_BYTES = 50 * 1024 * 1024
"""Nearly an hour of 8 kHz, 16 bit sound: more than any flow records; providers stop there too."""

NOT_READY_S = 5.0


def fetch_recording(deps: Deps, call: JobCall, *, recordings_dir: Path) -> None:
    """Download, check and store a recording, then ask for its transcript. Broken sound is marked, never dropped.

    A recording of a whole call is only stored: its words are in the turns already.
    """
    recording_id = call.payload["recording_id"]
    with deps.db.read() as db:
        recording = db.get(Recording, recording_id)
        if recording is None or recording.status != RecordingStatus.WAITING:
            return
        sid, url, created_at = recording.sid, recording.url, recording.created_at
    try:
        sound = deps.provider.fetch_recording(url)
    except ProviderError as error:
        if error.retryable:
            raise Retry(NOT_READY_S * call.tries, str(error)) from error
        _settle(deps, recording_id, RecordingStatus.UNAVAILABLE, f"The recording could not be fetched: {error}")
        return
    if len(sound) > MAX_BYTES:
        _settle(deps, recording_id, RecordingStatus.BROKEN, f"The recording is over {MAX_BYTES // 1_048_576} MB.")
        return
    path = relative_path(sid, created_at)
    write_atomically(recordings_dir / path, sound)
    try:
        pcm = read_wav(sound)
    except NotAudio as broken:
        _settle(deps, recording_id, RecordingStatus.BROKEN, str(broken), path=path)
        return
    _fetched(deps, recording_id, path, round(len(pcm.samples) / pcm.rate_hz), call.now)


def fetch_gave_up(deps: Deps, call: JobCall, reason: str) -> None:
    """The provider never gave the sound."""
    sentence = f"The recording could not be fetched from the provider ({reason[:200]})."
    _settle(deps, call.payload["recording_id"], RecordingStatus.UNAVAILABLE, sentence)


def relative_path(sid: str, created_at: datetime) -> str:
    """Where a recording lies below the recordings directory: year/month/sid.wav."""
    name = "".join(character for character in sid if character.isalnum() or character in "-_")[:64]
    return f"{created_at:%Y/%m}/{name}.wav"


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader finds all of it or nothing, also after a crash."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _fetched(deps: Deps, recording_id: int, path: str, duration_s: int, now: datetime) -> None:
    with deps.db.write() as db:
        recording = db.get_one(Recording, recording_id, with_for_update=True)
        if recording.status != RecordingStatus.WAITING:
            return
        recording.status, recording.path, recording.fetched_at = RecordingStatus.FETCHED, path, now
        recording.duration_s = duration_s or recording.duration_s
        if recording.whole_call:
            return
        payload = {"recording_id": recording_id}
        ask(db, "transcribe", key=f"transcribe:{recording.sid}", payload=payload, now=now, max_tries=4)


def _settle(deps: Deps, recording_id: int, status: RecordingStatus, reason: str, *, path: str = "") -> None:
    with deps.db.write() as db:
        recording = db.get(Recording, recording_id, with_for_update=True)
        if recording is not None and recording.status == RecordingStatus.WAITING:
            recording.status, recording.reason, recording.path = status, reason, path
