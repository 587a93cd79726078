"""Which flow answers a service number now: its own, or another one outside the hours. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from flows.nodes.opening_hours import Day, Period, periods_of, verdict

_HOURS: TypeAdapter[dict[Day, tuple[Period, ...]]] = TypeAdapter(dict[Day, tuple[Period, ...]])

AHEAD_DAYS = 8
"""How far the next change is looked for: a week and the night after it."""


class HoursError(ValueError):
    """Opening hours or a zone that cannot be used; the text is a sentence."""


@dataclass(frozen=True, kw_only=True)
class LineHours:
    """Opening hours of a number. `hours` as the business_hours node writes them, {} for always; `zone` "" for UTC."""

    hours: Mapping[Day, tuple[str, ...]]
    zone: str = ""

    def is_open(self, now: datetime) -> bool:
        """Whether the number's own flow answers; `now` is aware."""
        if not self.hours:
            return True
        return verdict(now.astimezone(self._zone), self.hours, None, ()) == "open"

    def next_change(self, now: datetime) -> datetime | None:
        """When it next opens or closes, aware; None when it never does."""
        state = self.is_open(now)
        return next((moment for moment in self._edges(now) if moment > now and self.is_open(moment) != state), None)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone or "UTC")

    def _edges(self, now: datetime) -> Iterator[datetime]:
        """Every moment at which a period begins or ends, in order, from yesterday on."""
        today = now.astimezone(self._zone).date()
        found = set()
        for ahead in range(-1, AHEAD_DAYS):
            day = today + timedelta(days=ahead)
            for period in periods_of(self.hours, day):
                begin, end = period.split("-")
                found.add(self._moment(day, begin))
                found.add(self._moment(day if end > begin else day + timedelta(days=1), end))
        yield from sorted(found)

    def _moment(self, day: date, clock: str) -> datetime:
        hour, minute = int(clock[:2]), int(clock[3:])
        if hour == 24:
            day, hour = day + timedelta(days=1), 0
        return datetime.combine(day, time(hour, minute), self._zone)


def read_hours(hours: Any, zone: str = "") -> LineHours:
    """Opening hours from plain data. Raises HoursError."""
    try:
        ZoneInfo(zone or "UTC")
    except (KeyError, ValueError, OSError) as error:
        raise HoursError(f"There is no time zone {zone[:60]}. Write one like Asia/Shanghai.") from error
    try:
        return LineHours(hours=_HOURS.validate_python(hours or {}), zone=zone)
    except ValidationError as error:
        raise HoursError("These opening hours cannot be read.") from error


def is_open(hours: Any, zone: str, now: datetime) -> bool:
    """Whether a number with these hours is open; one whose hours cannot be read is: a caller is never sent away for a
    slip in the settings.
    """
    if not hours:
        return True
    try:
        return read_hours(hours, zone).is_open(now)
    except HoursError:
        return True
