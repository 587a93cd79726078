"""Public holidays by country, from the `holidays` library, kept by year."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=512)
def holidays_of(region: str, year: int) -> frozenset[date]:
    """The public holidays of an ISO 3166 country in a year; none for a country the library does not know."""
    try:
        return frozenset(holidays.country_holidays(region, years=[year]))
    except NotImplementedError:
        return frozenset()


def is_holiday(region: str, day: date) -> bool:
    """Whether `day` is a public holiday of the whole country; False for region ""."""
    return bool(region) and day in holidays_of(region, day.year)
