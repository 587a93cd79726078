"""When a case is tried again after a try that did not reach its goal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from callbacks.gate.zones import zone_of
from callbacks.settings import MINUTES_OF_DAY, Result, RetryMatrix

_LONGEST_WAIT_MIN = 366 * MINUTES_OF_DAY
_DAYPARTS_BEGIN = (0, 12 * 60, 17 * 60)
"""Morning, afternoon, evening, in minutes after local midnight."""


def next_try(
    matrix: RetryMatrix,
    result: Result,
    tries_by: Mapping[str, int],
    tries: int,
    ended_at: datetime,
    zones: tuple[str, ...],
) -> datetime | None:
    """The earliest moment of the next try, UTC; the gate still decides whether it is allowed then.

    Args:
        matrix: the campaign's.
        result: how the try that just ended went.
        tries_by: tries of the case by result, this one included.
        tries: calls of the case that rang, this one included.
        ended_at: when it ended.
        zones: the callee's; the first one's clock tells the part of the day.

    Returns:
        None when no further try follows.
    """
    row = matrix.rows.get(result)
    count = max(tries_by.get(result, 0), 1)
    if row is None or count > row.tries or tries >= matrix.max_tries:
        return None
    wait_min = min(row.delay_min * row.growth ** (count - 1), _LONGEST_WAIT_MIN)
    at = ended_at + timedelta(minutes=wait_min)
    return _other_daypart(at, ended_at, zones[0]) if row.other_daypart and zones else at


def _other_daypart(at: datetime, tried_at: datetime, zone: str) -> datetime:
    """`at`, or the beginning of the next part of the day when `at` lies in the part that was tried."""
    tz = zone_of(zone)
    local = at.astimezone(tz)
    if _daypart(local) != _daypart(tried_at.astimezone(tz)):
        return at
    later = [begin for begin in _DAYPARTS_BEGIN if begin > local.hour * 60 + local.minute]
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    moved = midnight.replace(hour=later[0] // 60) if later else midnight + timedelta(days=1)
    return max(moved.astimezone(at.tzinfo), at)


def _daypart(local: datetime) -> int:
    minute = local.hour * 60 + local.minute
    return sum(begin <= minute for begin in _DAYPARTS_BEGIN)
