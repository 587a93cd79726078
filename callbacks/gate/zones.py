"""Where a callee may be: the zones whose clocks all have to allow a call."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from callbacks.gate.callee import callee_of


@cache
def zone_of(name: str) -> ZoneInfo:
    """The zone of this IANA name. Raises ZoneInfoNotFoundError or ValueError as ZoneInfo does."""
    return ZoneInfo(name)


@cache
def zone_error(text: str) -> str:
    """A sentence that says what is wrong with the name of a zone; "" when the zone exists."""
    try:
        if "/" in text or text == "UTC":
            zone_of(text)
            return ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    return "This time zone does not exist; write it like Asia/Shanghai or Europe/London."


def zones_of(case_zone: str, person_zone: str, number: str, campaign_zone: str) -> tuple[str, ...]:
    """The zones a callee may be in: the case's own column, else the person's, else the number's, else the campaign's.

    A name of no zone is passed over. () when nobody knows; a number of several zones gives all of them.
    """
    for known in (case_zone, person_zone):
        if known and not zone_error(known):
            return (known,)
    if from_number := _existing(callee_of(number).zones):
        return from_number
    return (campaign_zone,) if campaign_zone and not zone_error(campaign_zone) else ()


@cache
def _existing(zones: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(zone for zone in zones if not zone_error(zone))
