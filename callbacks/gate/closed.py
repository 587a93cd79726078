"""What to show of a closed calendar: the rule that closes it, and the clock and the windows of the zone that does."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from callbacks.gate.calendar import Calendar, without_closed_days
from callbacks.gate.decision import Rule
from callbacks.gate.hours import is_open
from callbacks.gate.zones import zone_of
from callbacks.settings import MINUTES_OF_DAY


@lru_cache(maxsize=4096)
def local_time(zone: str, now: datetime) -> str:
    """The time on the wall there: "2026-11-21 22:10"."""
    return f"{now.astimezone(zone_of(zone)):%Y-%m-%d %H:%M}"


@lru_cache(maxsize=4096)
def closed_by(calendar: Calendar, now: datetime) -> tuple[Rule, dict[str, Any]]:
    """Which rule closes the calendar at a moment, and what the first zone that closes it shows."""
    rule = Rule.HOLIDAY if is_open(without_closed_days(calendar), now) else Rule.CALLING_HOURS
    for grid, zones in calendar.parts:
        for zone in zones:
            local = now.astimezone(zone_of(zone))
            spans = grid.spans(local.date())
            if any(start <= local.hour * 60 + local.minute < end for start, end in spans):
                continue
            inputs: dict[str, Any] = {"zone": zone, "local": local_time(zone, now), "zones": len(zones)}
            if rule == Rule.HOLIDAY:
                return rule, inputs | {"date": f"{local:%Y-%m-%d}"}
            return rule, inputs | {"hours": [_window(start, end) for start, end in spans]}
    raise ValueError("The calendar is open at this moment.")


def _window(start: int, end: int) -> str:
    return f"{_clock(start)}–{_clock(end)}"


def _clock(minute: int) -> str:
    return "24:00" if minute == MINUTES_OF_DAY else f"{minute // 60:02d}:{minute % 60:02d}"
