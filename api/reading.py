"""Values of a request that need more than their model: numbers, zones; each fault names its field."""

from __future__ import annotations

from api.errors import invalid
from callbacks.gate.callee import callee_of
from callbacks.gate.zones import zone_error
from telephony.numbers import NumberError, parse

_NEVER = {
    "impossible": "The telephone number belongs to no range in use.",
    "premium_rate": "This is a premium-rate number; it is never called.",
    "shared_cost": "This is a shared-cost number; it is never called.",
    "pager": "This is a pager; it cannot be called.",
    "voicemail": "This is a voicemail access number; it is never called.",
}


def number_of(text: str, field: str, *, region: str = "") -> str:
    """A telephone number as E.164. Raises InvalidError with the field."""
    try:
        return parse(text, region=region)
    except NumberError as error:
        raise invalid(field, str(error)) from error


def callable_number(text: str, field: str, *, region: str = "") -> str:
    """A number that may be dialled at all, as E.164. Raises InvalidError with the field."""
    number = number_of(text, field, region=region)
    if problem := callee_of(number).problem:
        raise invalid(field, _NEVER.get(problem, "This number cannot be called."))
    return number


def checked_zone(text: str, field: str) -> str:
    """An IANA zone that exists, or "". Raises InvalidError with the field."""
    if text and (fault := zone_error(text)):
        raise invalid(field, fault)
    return text
