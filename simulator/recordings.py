"""Recordings: what was said, as 8 kHz WAV files in the data directory, and what is known of them."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from simulator.sound import Samples, to_wav


@dataclass(kw_only=True)
class Recording:
    """One recording.

    `source` is RecordVerb, DialVerb, OutboundAPI or StartCallRecordingAPI, `status` in-progress or completed;
    `available_at_s` is call time.
    """

    sid: str
    account_sid: str
    call_sid: str
    created: datetime
    started: datetime
    duration_s: int
    source: str
    status: str = "completed"
    channels: int = 1
    track: str = "inbound"
    available_at_s: float = 0.0


class RecordingShelf:
    """Recordings on disk; each is a WAV file and a JSON file beside it, so a restart finds them again."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self._recordings: dict[str, Recording] = {}
        for sidecar in sorted(directory.glob("RE*.json"), key=lambda path: path.stat().st_mtime):
            recording = _from_row(json.loads(sidecar.read_text(encoding="utf-8")))
            self._recordings[recording.sid] = recording

    def begin(self, recording: Recording) -> None:
        """List a recording that goes on; it has no sound yet, and a restart forgets it as it does its call."""
        self._recordings[recording.sid] = recording

    def add(self, recording: Recording, samples: Samples) -> None:
        """Store the sound first: a sidecar without sound would be a recording that never plays."""
        self._wav(recording.sid).write_bytes(to_wav(samples))
        row = {**asdict(recording), "created": recording.created.isoformat(), "started": recording.started.isoformat()}
        self._sidecar(recording.sid).write_text(json.dumps(row), encoding="utf-8")
        self._recordings[recording.sid] = recording

    def get(self, sid: str) -> Recording | None:
        return self._recordings.get(sid)

    def media(self, sid: str) -> bytes:
        return self._wav(sid).read_bytes()

    def remove(self, sid: str) -> None:
        self._recordings.pop(sid, None)
        self._wav(sid).unlink(missing_ok=True)
        self._sidecar(sid).unlink(missing_ok=True)

    def __iter__(self) -> Iterator[Recording]:
        return iter(list(self._recordings.values()))

    def _wav(self, sid: str) -> Path:
        return self._directory / f"{sid}.wav"

    def _sidecar(self, sid: str) -> Path:
        return self._directory / f"{sid}.json"


def _from_row(row: dict[str, Any]) -> Recording:
    row["created"] = datetime.fromisoformat(row["created"])
    row["started"] = datetime.fromisoformat(row["started"])
    # Call time starts anew with every carrier process, so an old recording is simply there.
    row["available_at_s"] = 0.0
    return Recording(**row)
