"""How many calls a number may get in a rolling span of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from callbacks.purposes import Purpose

_MINUTES_OF_DAY = 24 * 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Cap:
    """At most `calls` calls to one number in any `minutes`, over all campaigns.

    `same_purpose` counts only calls of the case's own purpose. `source` names where the figure comes from.
    """

    calls: int
    minutes: int
    same_purpose: bool = False
    source: str = ""

    @property
    def name(self) -> str:
        """ "5min", "24h", "7d": part of the rule's id. Whole days above one are days."""
        if self.minutes % _MINUTES_OF_DAY == 0 and self.minutes > _MINUTES_OF_DAY:
            return f"{self.minutes // _MINUTES_OF_DAY}d"
        if self.minutes % 60 == 0:
            return f"{self.minutes // 60}h"
        return f"{self.minutes}min"


@dataclass(frozen=True, kw_only=True, slots=True)
class PastCall:
    """A call that counts: it rang at `at`, or it is unsettled and was dialled then and may be ringing."""

    at: datetime
    purpose: str
    case_id: int
    reference: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FullCap:
    """A cap that allows no call now, how many it counted, and when one falls out of its span."""

    cap: Cap
    counted: int
    free_at: datetime


def full_caps(caps: Iterable[Cap], calls: Iterable[PastCall], purpose: Purpose, now: datetime) -> list[FullCap]:
    """The caps among `caps` that `calls` fill at `now`. A call counts until exactly the span after it."""
    full = []
    for cap in caps:
        span = timedelta(minutes=cap.minutes)
        counted = sorted(
            call.at for call in calls if now - call.at < span and (not cap.same_purpose or call.purpose == purpose)
        )
        if len(counted) >= cap.calls:
            full.append(FullCap(cap=cap, counted=len(counted), free_at=counted[len(counted) - cap.calls] + span))
    return full
