"""The demo's clock: it is day where its people live."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from demo.settings import shift_into_the_day


@pytest.mark.parametrize("hour", range(24))
def test_the_demo_opens_by_day_and_its_clock_never_goes_back(hour: int) -> None:
    now = datetime(2026, 11, 21, hour, 17, tzinfo=UTC)
    shift_s = shift_into_the_day(now)
    assert 9 <= (now + timedelta(seconds=shift_s)).astimezone(ZoneInfo("Asia/Shanghai")).hour < 18
    later = now + timedelta(minutes=50)
    again_s = shift_into_the_day(later, shift_s)
    assert later + timedelta(seconds=again_s) > now + timedelta(seconds=shift_s)
