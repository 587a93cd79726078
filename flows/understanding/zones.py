"""The time zone in which a caller's "tomorrow at three" is meant."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone


@lru_cache(maxsize=1024)
def zone_for(named: str, service_number: str) -> ZoneInfo:
    """The zone named by a node, else the first one of the service number's region, else UTC.

    Raises zoneinfo.ZoneInfoNotFoundError for a name that is no zone.
    """
    if named:
        return ZoneInfo(named)
    try:
        zones = timezone.time_zones_for_number(phonenumbers.parse(service_number))
    except phonenumbers.NumberParseException:
        zones = ()
    known = [zone for zone in zones if zone != "Etc/Unknown"]
    return ZoneInfo(known[0] if known else "UTC")
