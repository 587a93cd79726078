"""The fields of a campaign, read from what a form or program gives; what cannot be used is refused by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import phonenumbers
from pydantic import BaseModel, ValidationError

from callbacks.campaign import Campaign
from callbacks.errors import CampaignError
from callbacks.gate.laws import law_packs
from callbacks.gate.zones import zone_error
from callbacks.purposes import Purpose
from callbacks.settings import BreakerLimits, CallingHours, MachineMode, Pacing, RetryMatrix
from telephony.numbers import NumberError, parse
from tickets.texts import clean_json, clean_line

SETTINGS: Mapping[str, type[BaseModel]] = {
    "hours": CallingHours,
    "retries": RetryMatrix,
    "pacing": Pacing,
    "breaker": BreakerLimits,
}


def put(campaign: Campaign, fields: Mapping[str, Any]) -> None:
    """Set fields from plain values. Raises CampaignError with the field that cannot be used."""
    for name, value in fields.items():
        if name in SETTINGS:
            setattr(campaign, name, _settings(name, value))
            continue
        read = _READ.get(name)
        if read is None:
            raise CampaignError(f"A campaign has no field “{clean_line(name, 40)}” that could be set.")
        try:
            setattr(campaign, name, read(value))
        except (ValueError, TypeError) as error:
            raise CampaignError(f"{name}: {error}") from error
    campaign.caller_numbers = [_number(n, campaign.region or "") for n in campaign.caller_numbers or []]


def _settings(name: str, value: Any) -> BaseModel:
    kind = SETTINGS[name]
    try:
        return kind.model_validate(value.model_dump() if isinstance(value, BaseModel) else value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join([name, *(str(part) for part in first["loc"])])
        raise CampaignError(f"{where}: {first['msg'].removeprefix('Value error, ')}") from error


def _number(text: str, region: str) -> str:
    try:
        return parse(str(text), region=region)
    except NumberError as error:
        raise CampaignError(f"caller_numbers: {error}") from error


def _name(value: Any) -> str:
    if not (line := clean_line(value, 120)):
        raise ValueError("A campaign needs a name.")
    return line


def _region(value: Any) -> str:
    code = str(value or "").strip().upper()
    if code and code not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("This is not a country; write its two letters, like CN or GB.")
    return code


def _zone(value: Any) -> str:
    name = str(value or "").strip()
    if name and (wrong := zone_error(name)):
        raise ValueError(wrong)
    return name


def _law(value: Any) -> str:
    name = str(value or "").strip()
    if name and name not in law_packs():
        raise ValueError(f"There is no such law pack; there are {', '.join(law_packs())}.")
    return name


def _between(low: float, high: float, kind: type[int] | type[float]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        number = kind(value)
        if not low <= number <= high:
            raise ValueError(f"It must be a number from {low:g} to {high:g}.")
        return number

    return read


def _moment(value: Any) -> datetime | None:
    if value in (None, ""):
        return None
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if at.tzinfo is None:
        raise ValueError("A date needs its time zone.")
    return at.astimezone(UTC)


def _texts(value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise TypeError("It must be an object of names and values.")
    return clean_json(value)


def _line(longest: int) -> Callable[[Any], str]:
    return lambda value: clean_line(value or "", longest)


_READ: Mapping[str, Callable[[Any], Any]] = {
    "name": _name,
    "standing": bool,
    "is_template": bool,
    "purpose": Purpose,
    "flow_name": _line(60),
    "flow_b_name": _line(60),
    "share_b": _between(0, 1, float),
    "caller_numbers": list,
    "region": _region,
    "zone": _zone,
    "language": _line(16),
    "law": _law,
    "machine": MachineMode,
    "ring_timeout_s": _between(15, 120, int),
    "defaults": _texts,
    "sms_text": _texts,
    "cost_per_minute": _between(0, 1_000, float),
    "priority": _between(0, 100, int),
    "starts_at": _moment,
    "ends_at": _moment,
}
"""How each field is read from what a form or program gives."""
