"""What outlives a restart of the carrier: the numbers' settings and the list of calls."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from simulator.calls import Call, CallStatus
from simulator.phone_numbers import NumberBook

_DATES = ("created", "started", "answered", "ended")
_PLAIN = (
    "sid",
    "account_sid",
    "to",
    "from_",
    "direction",
    "parent_sid",
    "number_sid",
    "answered_by",
    "sip_code",
)


class Journal:
    """Two files in the data directory: numbers.json (rewritten) and calls.jsonl (appended; a SID's last line wins)."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._numbers = directory / "numbers.json"
        self._calls = directory / "calls.jsonl"
        self._out = self._calls.open("a", encoding="utf-8")

    def close(self) -> None:
        self._out.close()

    def write_numbers(self, numbers: NumberBook) -> None:
        """Replace the file in one step, so that a crash leaves the old or the new one."""
        draft = self._numbers.with_suffix(".new")
        draft.write_text(json.dumps(numbers.as_rows(), indent=1), encoding="utf-8")
        draft.replace(self._numbers)

    def read_numbers(self, numbers: NumberBook) -> None:
        if self._numbers.exists():
            numbers.restore(json.loads(self._numbers.read_text(encoding="utf-8")))

    def write_call(self, call: Call) -> None:
        if self._out.closed:
            return
        row: dict[str, Any] = {name: getattr(call, name) for name in _PLAIN}
        row |= {name: moment.isoformat() for name in _DATES if (moment := getattr(call, name))}
        row["status"] = call.status.value
        self._out.write(json.dumps(row) + "\n")
        self._out.flush()

    def read_calls(self, now: datetime) -> Iterable[tuple[Call, bool]]:
        """Calls of earlier runs, and whether each was live when its carrier died: it ended then, unknown to anybody."""
        rows: dict[str, dict[str, Any]] = {}
        for line in self._calls.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                continue  # The last line of a killed process may be half written.
            rows[row["sid"]] = row
        return [_call(row, now) for row in rows.values()]


def _call(row: dict[str, Any], now: datetime) -> tuple[Call, bool]:
    for name in _DATES:
        if name in row:
            row[name] = datetime.fromisoformat(row[name])
    call = Call(**{**row, "status": CallStatus(row["status"])})
    if call.status.final:
        return call, False
    lost = CallStatus.COMPLETED if call.answered else CallStatus.FAILED
    return replace(call, status=lost, started=call.started or call.created, ended=now), True
