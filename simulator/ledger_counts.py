"""What a ledger amounts to: rings, doubles, pace."""

import json
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from simulator.ledger import LedgerEvent

OUTBOUND = "outbound-api"


@dataclass(kw_only=True)
class _Known:
    """One call as the book tells it so far."""

    to: str
    created: float
    rang: bool = False
    answered: bool = False
    ended: float | None = None


@dataclass(frozen=True, kw_only=True)
class Double:
    """A call to a number while an earlier one was live (`gap_s` None), or `gap_s` seconds after it ended."""

    number: str
    sid: str
    earlier_sid: str
    gap_s: float | None


@dataclass(kw_only=True)
class LedgerCounts:
    """Calls that the app asked for, as the carrier counted them.

    `per_number` is how many numbers were called once, twice …; `by_status` how calls ended; `written_off` those that a
    dying carrier cut off. `at_once` are calls made to a number while another one to it was live; `too_soon` those made
    within the asked time after the end of an earlier one; `over_tries` numbers that rang more often than asked, not
    counting calls that died with a carrier, of which the app cannot know that they rang.
    `most_in_a_second` is of any sliding second; `windows` are creates per window from the first create on.
    """

    carriers: int = 0
    creates: int = 0
    rings: int = 0
    answers: int = 0
    ends: int = 0
    written_off: int = 0
    still_live: int = 0
    incoming: int = 0
    by_status: dict[str, int] = field(default_factory=dict)
    per_number: dict[int, int] = field(default_factory=dict)
    at_once: list[Double] = field(default_factory=list)
    too_soon: list[Double] = field(default_factory=list)
    over_tries: list[str] = field(default_factory=list)
    most_in_a_second: int = 0
    most_live: int = 0
    windows: list[int] = field(default_factory=list)
    began_at: float = 0.0
    torn_lines: int = 0

    @property
    def doubles(self) -> int:
        """Calls that should not have been made."""
        return len(self.at_once) + len(self.too_soon) + len(self.over_tries)


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a ledger; one that a dying machine tore apart comes as an empty mapping."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                yield {}


class _Count:
    """Goes through a ledger line by line."""

    def __init__(self, too_soon_s: float, window_s: float) -> None:
        self.counts = LedgerCounts()
        self._too_soon_s = too_soon_s
        self._window_s = window_s
        self._calls: dict[str, _Known] = {}
        self._live: dict[str, None] = {}
        self._last_of: dict[str, str] = {}
        self._recent: deque[float] = deque()
        self._rings_of: Counter[str] = Counter()
        self._calls_of: Counter[str] = Counter()

    def take(self, row: Mapping[str, Any]) -> None:
        if not row:
            self.counts.torn_lines += 1
            return
        event, at = row["event"], datetime.fromisoformat(row["at"]).timestamp()
        if event == LedgerEvent.STARTED:
            self.counts.carriers += 1
            return
        if row["direction"] != OUTBOUND:
            self.counts.incoming += row["direction"] == "inbound" and event == LedgerEvent.CREATE
            return
        if event == LedgerEvent.CREATE:
            self._create(row["sid"], row["to"], at)
            return
        call = self._calls[row["sid"]]
        if event == LedgerEvent.RING and not call.rang:
            call.rang = True
            self.counts.rings += 1
            self._rings_of[call.to] += 1
        elif event == LedgerEvent.ANSWER and not call.answered:
            call.answered = True
            self.counts.answers += 1
        elif event == LedgerEvent.END and call.ended is None:
            self._end(row, call, at)

    def _create(self, sid: str, number: str, at: float) -> None:
        counts = self.counts
        earlier = self._calls.get(self._last_of.get(number, ""))
        if earlier is not None:
            gap_s = None if earlier.ended is None else at - earlier.ended
            double = Double(number=number, sid=sid, earlier_sid=self._last_of[number], gap_s=gap_s)
            if gap_s is None:
                counts.at_once.append(double)
            elif gap_s < self._too_soon_s:
                counts.too_soon.append(double)
        self._calls[sid] = _Known(to=number, created=at)
        self._last_of[number] = sid
        self._live[sid] = None
        self._calls_of[number] += 1
        counts.creates += 1
        counts.began_at = counts.began_at or at
        counts.most_live = max(counts.most_live, len(self._live))
        self._recent.append(at)
        while self._recent[0] <= at - 1.0:
            self._recent.popleft()
        counts.most_in_a_second = max(counts.most_in_a_second, len(self._recent))
        window = int((at - counts.began_at) / self._window_s)
        counts.windows.extend([0] * (window + 1 - len(counts.windows)))
        counts.windows[window] += 1

    def _end(self, row: Mapping[str, Any], call: _Known, at: float) -> None:
        call.ended = at
        self._live.pop(row["sid"], None)
        self.counts.ends += 1
        if row.get("lost"):
            self.counts.written_off += 1
            self._rings_of[call.to] -= call.rang
        self.counts.by_status[row["status"]] = self.counts.by_status.get(row["status"], 0) + 1

    def done(self, tries: int | None) -> LedgerCounts:
        counts = self.counts
        counts.still_live = len(self._live)
        counts.per_number = dict(Counter(self._calls_of.values()))
        if tries is not None:
            counts.over_tries = [number for number, rings in self._rings_of.items() if rings > tries]
        return counts


def count(
    rows: Iterable[Mapping[str, Any]], *, too_soon_s: float = 0.0, tries: int | None = None, window_s: float = 10.0
) -> LedgerCounts:
    """Count the calls that the app asked for.

    Args:
        too_soon_s: a further call to a number within so many seconds after the end of the one before is counted.
        tries: numbers that rang more often are listed.
        window_s: length of the windows in which creates are counted.
    """
    counting = _Count(too_soon_s, window_s)
    for row in rows:
        counting.take(row)
    return counting.done(tries)
