"""Law packs: what the law of a country, and a platform there, asks of a call of one purpose. Data, with versions.

The pack is chosen by the callee's country and, in North America, area code; a pack with area codes goes before one of
the whole country, and a country without a pack gets the careful `default`. A campaign may name another pack: that one
then replaces the country's. `none` asks nothing and is given only where the organisation allows it.

Nothing here is legal advice: each figure names its source, and counsel checks them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from callbacks.consents import ConsentKind
from callbacks.gate.calendar import Spans, Week
from callbacks.gate.caps import Cap
from callbacks.gate.zones import zone_error
from callbacks.purposes import Purpose
from callbacks.settings import DAYS, Day, minutes

DEFAULT, NONE = "default", "none"
_FOLDER = Path(__file__).parent / "laws"


class LawError(ValueError):
    """A law pack cannot be used. The message names the file and the field."""


def _span(text: str) -> str:
    start, _, end = text.partition("-")
    if not minutes(start) < minutes(end):
        raise ValueError("A window must begin before it ends within one day.")
    return text


def _zone(text: str) -> str:
    if text and zone_error(text):
        raise ValueError(zone_error(text))
    return text


Window = Annotated[str, AfterValidator(_span)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CapData(_Data):
    """One cap as a pack writes it."""

    calls: int = Field(ge=1)
    minutes: int = Field(ge=1)
    same_purpose: bool = False
    source: str


class WithoutConsentData(_Data):
    """What holds instead for somebody whose consent is not known."""

    lines: tuple[str, ...] = Field(default=(), description="Kinds of line it is for; empty for all.")
    caps: tuple[CapData, ...] = ()
    calls_per_reference: int | None = Field(default=None, ge=1)
    source: str


class RulesData(_Data):
    """What a pack asks of calls of one purpose."""

    hours: tuple[Window, ...] = ("00:00-24:00",)
    days: tuple[Day, ...] = DAYS
    hours_zone: Annotated[str, AfterValidator(_zone)] = Field(default="", description='"": the callee\'s own clock.')
    skip_holidays: bool = False
    consent: ConsentKind | None = None
    without_consent: WithoutConsentData | None = None
    caps: tuple[CapData, ...] = ()
    sources: tuple[str, ...] = ()


class Law(_Data):
    """A law pack."""

    id: str
    version: str
    title: Mapping[str, str]
    regions: tuple[str, ...] = ()
    area_codes: tuple[str, ...] = ()
    sources: Mapping[str, str] = Field(default_factory=dict, description="What each rule rests on, by its id.")
    unchecked: tuple[str, ...] = Field(
        default=(), description="What the law asks beside this, and the gate cannot see."
    )
    rules: Mapping[Purpose, RulesData]


@dataclass(frozen=True, kw_only=True, eq=False)
class WithoutConsent:
    """What holds for somebody whose consent is not known. `lines` are kinds of line it is for, empty for all."""

    lines: frozenset[str]
    caps: tuple[Cap, ...]
    calls_per_reference: int | None


@dataclass(frozen=True, kw_only=True, eq=False)
class LawRules:
    """What one pack asks of calls of one purpose, ready for the gate; `zone` is "" for the callee's own clock."""

    law: str
    version: str
    purpose: Purpose
    week: Week
    zone: str
    skip_holidays: bool
    consent: ConsentKind | None
    without_consent: WithoutConsent | None
    caps: tuple[Cap, ...]
    sources: tuple[str, ...]


def law_for(purpose: Purpose, region: str, area: str, override: str = "", *, none_allowed: bool = False) -> LawRules:
    """The rules for a call.

    Args:
        purpose: the case's.
        region: ISO 3166 country of the callee's number, "" unknown.
        area: area code in North America, "" elsewhere.
        override: the pack a campaign names, "" to choose by country. A name of no pack, and `none` where it is not
            allowed, choose by country too: a slip of the pen never loosens.
        none_allowed: whether the organisation allows the pack `none`.
    """
    return _rules(_pack_id(region, area, override, none_allowed), purpose)


def law_packs() -> Mapping[str, Law]:
    """Every pack by id, for forms and documents. Raises LawError when a file is broken."""
    return _packs()


@cache
def _pack_id(region: str, area: str, override: str, none_allowed: bool) -> str:
    packs = _packs()
    if override in packs and (override != NONE or none_allowed):
        return override
    ours = [law for law in packs.values() if region and region in law.regions]
    by_area = [law.id for law in ours if area and area in law.area_codes]
    by_country = [law.id for law in ours if not law.area_codes]
    return (by_area + by_country + [DEFAULT])[0]


@cache
def _packs() -> Mapping[str, Law]:
    laws = [read_law(path) for path in sorted(_FOLDER.glob("*.yaml"))]
    return MappingProxyType({law.id: law for law in laws})


def read_law(path: Path) -> Law:
    """Read and check one file. Raises LawError."""
    try:
        data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        law = Law.model_validate(data)
    except (yaml.YAMLError, ValidationError) as error:
        raise LawError(f"The law pack {path.name} cannot be used: {error}") from error
    if law.id != path.stem:
        raise LawError(f"The law pack {path.name} calls itself {law.id}; give the file the same name.")
    if missing := [purpose.value for purpose in Purpose if purpose not in law.rules]:
        raise LawError(f"The law pack {path.name} says nothing of: {', '.join(missing)}.")
    if unknown := sorted(_named_sources(law) - set(law.sources)):
        raise LawError(f"The law pack {path.name} names sources it does not give: {', '.join(unknown)}.")
    return law


def _named_sources(law: Law) -> set[str]:
    named: set[str] = set()
    for rules in law.rules.values():
        without = rules.without_consent
        named.update(rules.sources, (cap.source for cap in rules.caps))
        if without is not None:
            named.update((without.source,), (cap.source for cap in without.caps))
    return named


@cache
def _rules(pack: str, purpose: Purpose) -> LawRules:
    law = _packs()[pack]
    data = law.rules[purpose]
    without = data.without_consent
    spans: Spans = tuple(
        sorted((minutes(text.partition("-")[0]), minutes(text.partition("-")[2])) for text in data.hours)
    )
    return LawRules(
        law=law.id,
        version=law.version,
        purpose=purpose,
        week=tuple(spans if day in data.days else () for day in DAYS),
        zone=data.hours_zone,
        skip_holidays=data.skip_holidays,
        consent=data.consent,
        without_consent=None
        if without is None
        else WithoutConsent(
            lines=frozenset(without.lines), caps=_caps(without.caps), calls_per_reference=without.calls_per_reference
        ),
        caps=_caps(data.caps),
        sources=data.sources,
    )


def _caps(data: tuple[CapData, ...]) -> tuple[Cap, ...]:
    return tuple(
        Cap(calls=cap.calls, minutes=cap.minutes, same_purpose=cap.same_purpose, source=cap.source) for cap in data
    )
