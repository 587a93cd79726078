"""Facts for the gate, made by hand: a running campaign that calls a mobile in Beijing about a parcel."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from callbacks.campaign import CampaignState
from callbacks.case import CaseKind, CaseState
from callbacks.gate.calendar import Grid, calendar_of, week_of
from callbacks.gate.callee import callee_of
from callbacks.gate.caps import PastCall
from callbacks.gate.facts import CampaignFacts, CaseValues, DialFacts, Ground, Record
from callbacks.gate.laws import law_for
from callbacks.gate.organization import GatePolicy
from callbacks.gate.zones import zones_of
from callbacks.purposes import Purpose
from callbacks.settings import CallingHours

BEIJING_MOBILE = "+8613812345678"
LONDON = "+442071838750"
NEW_YORK = "+12125550123"
MIAMI = "+13055550123"
MOSCOW_MOBILE = "+79161234567"
NO_CAPS = GatePolicy(caps=())

NOON = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
"""A Wednesday, 12:00 in Beijing."""


def at(text: str) -> datetime:
    """A moment, UTC unless the text says otherwise."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def call(when: datetime, *, purpose: str = "delivery", case_id: int = 99, reference: str = "") -> PastCall:
    """A call that rang."""
    return PastCall(at=when, purpose=purpose, case_id=case_id, reference=reference)


def facts(
    number: str = BEIJING_MOBILE,
    *,
    purpose: Purpose = Purpose.DELIVERY,
    hours: CallingHours | None = None,
    policy: GatePolicy = NO_CAPS,
    law: str = "",
    zone: str = "",
    campaign_zone: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    campaign: CampaignState = CampaignState.RUNNING,
    busy: bool = False,
    slot_at: datetime | None = None,
    record: Record | None = None,
    **case: Any,
) -> DialFacts:
    """Facts as `load_facts` makes them; what is not named is harmless."""
    callee = callee_of(number)
    rules = law_for(purpose, callee.region, callee.area, law, none_allowed=policy.none_allowed)
    hours = hours or CallingHours()
    zones = zones_of(zone, "", number, campaign_zone)
    values = CaseValues(
        **{
            "id": 1,
            "campaign_id": 1,
            "kind": CaseKind.NORMAL,
            "purpose": purpose,
            "person_id": None,
            "number": number,
            "zone": zone,
            "reference": "",
            "not_before": None,
            "not_after": None,
            "wish_at": None,
            "state": CaseState.OPEN,
            "reason": "",
            "tries": 0,
        }
        | case
    )
    law_grid = Grid(week=rules.week, holidays=callee.region if rules.skip_holidays else "")
    law_part = (law_grid, (rules.zone,) if rules.zone else zones)
    own = Grid(
        week=week_of(hours),
        closed=policy.closed_dates | frozenset(hours.closed_dates),
        holidays=callee.region if hours.skip_holidays else "",
    )
    calendar = calendar_of(law_part) if values.kind == CaseKind.TEST else calendar_of((own, zones), law_part)
    ground = Ground(
        campaign=CampaignFacts(state=campaign, starts_at=starts_at, ends_at=ends_at),
        law=rules,
        policy=policy,
        zones=zones,
        calendar=calendar,
    )
    return DialFacts(case=values, ground=ground, callee=callee, record=record or Record(), busy=busy, slot_at=slot_at)
