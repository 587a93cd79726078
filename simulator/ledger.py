"""The carrier's own book: every create, ring, answer and end, line by line, whatever becomes of the carrier.

Each line is one write to a file opened for appending, so a killed carrier leaves whole lines only. What the book says
about doubles and pace is counted here, by the carrier, and owes nothing to what the app believes.
"""

import json
import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from simulator.calls import Call


class LedgerEvent(StrEnum):
    """What a line tells: a carrier began; a call was accepted, its phone rang, it was answered, it ended.

    An end with `lost` is one that a carrier's death made: the next carrier found the call live and wrote it off.
    """

    STARTED = "started"
    CREATE = "create"
    RING = "ring"
    ANSWER = "answer"
    END = "end"


class Ledger:
    """Appends to ledger.jsonl in `directory`."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.path = directory / "ledger.jsonl"
        self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        self._closed = False

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            os.close(self._file)

    def started(self, now: datetime) -> None:
        """A carrier begins its work."""
        self._append({"event": LedgerEvent.STARTED, "at": now.isoformat()})

    def note(self, event: LedgerEvent, call: Call, now: datetime, **more: Any) -> None:
        """Something happened to `call`."""
        row = {"event": event, "at": now.isoformat(), "sid": call.sid, "to": call.to, "from": call.from_}
        self._append(row | {"direction": call.direction} | more)

    def _append(self, row: dict[str, Any]) -> None:
        if not self._closed:
            os.write(self._file, (json.dumps(row) + "\n").encode())
