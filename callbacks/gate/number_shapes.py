"""Which kind of line a number is, by the patterns of `phonenumbers`, compiled once.

The library answers the same by `number_type` and `region_code_for_number`, but walks its patterns anew for each
question; a forecast asks for 100,000 numbers. A test holds the two against each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumberType

MOBILE_OR_FIXED = PhoneNumberType.FIXED_LINE_OR_MOBILE
_IN_ORDER = (
    (PhoneNumberType.PREMIUM_RATE, "premium_rate"),
    (PhoneNumberType.TOLL_FREE, "toll_free"),
    (PhoneNumberType.SHARED_COST, "shared_cost"),
    (PhoneNumberType.VOIP, "voip"),
    (PhoneNumberType.PERSONAL_NUMBER, "personal_number"),
    (PhoneNumberType.PAGER, "pager"),
    (PhoneNumberType.UAN, "uan"),
    (PhoneNumberType.VOICEMAIL, "voicemail"),
    (PhoneNumberType.FIXED_LINE, "fixed_line"),
    (PhoneNumberType.MOBILE, "mobile"),
)
"""The library's own order: the first kind whose pattern fits is the number's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """A pattern of national numbers; `lengths` is empty when any will do."""

    lengths: frozenset[int]
    pattern: re.Pattern[str]

    def fits(self, national: str) -> bool:
        """Whether the whole of a national number has this shape."""
        return (not self.lengths or len(national) in self.lengths) and self.pattern.fullmatch(national) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The numbering plan of one country. `begins` tells its numbers from others' under the same code, None for all."""

    region: str
    begins: re.Pattern[str] | None
    general: Shape | None
    kinds: tuple[tuple[int, Shape], ...]
    one_pattern: bool
    """Fixed lines and mobiles look alike."""

    def kind(self, national: str) -> int:
        """A PhoneNumberType, UNKNOWN when no number of this plan looks like this."""
        if self.general is None or not self.general.fits(national):
            return int(PhoneNumberType.UNKNOWN)
        for kind, shape in self.kinds:
            if not shape.fits(national):
                continue
            if kind == PhoneNumberType.FIXED_LINE and (self.one_pattern or self._is_mobile(national)):
                return int(MOBILE_OR_FIXED)
            return kind
        return int(PhoneNumberType.UNKNOWN)

    def _is_mobile(self, national: str) -> bool:
        return any(kind == PhoneNumberType.MOBILE and shape.fits(national) for kind, shape in self.kinds)


def region_and_kind(country_code: int, national: str) -> tuple[str, int]:
    """The ISO 3166 country ("001" for none, "" when none has such a number) and the PhoneNumberType of a number."""
    plans = plans_of(country_code)
    if len(plans) == 1:
        return plans[0].region, plans[0].kind(national)
    for plan in plans:
        if plan.begins is not None:
            if plan.begins.match(national):
                return plan.region, plan.kind(national)
        elif (kind := plan.kind(national)) != PhoneNumberType.UNKNOWN:
            return plan.region, kind
    return "", int(PhoneNumberType.UNKNOWN)


@cache
def plans_of(country_code: int) -> tuple[Plan, ...]:
    """The plans of the countries that share a country code, the main one first."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(country_code, ())
    found = ((region, PhoneMetadata.metadata_for_region_or_calling_code(country_code, region)) for region in regions)
    return tuple(_plan(region, data) for region, data in found if data is not None)


def _plan(region: str, data: PhoneMetadata) -> Plan:
    one_pattern = bool(data.same_mobile_and_fixed_line_pattern)
    shapes = ((kind, _shape(getattr(data, name))) for kind, name in _IN_ORDER)
    return Plan(
        region=region,
        begins=re.compile(data.leading_digits) if data.leading_digits else None,
        general=_shape(data.general_desc),
        kinds=tuple(
            (int(kind), shape)
            for kind, shape in shapes
            if shape is not None and not (one_pattern and kind == PhoneNumberType.MOBILE)
        ),
        one_pattern=one_pattern,
    )


def _shape(description: Any) -> Shape | None:
    """The shape of a `PhoneNumberDesc`; None when the plan has no such numbers."""
    if description is None or not description.national_number_pattern:
        return None
    return Shape(
        lengths=frozenset(description.possible_length or ()), pattern=re.compile(description.national_number_pattern)
    )
