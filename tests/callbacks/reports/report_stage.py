"""Campaigns, cases and ended attempts for tests of reports, made as the dialler leaves them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from callbacks.attempt import Attempt, AttemptState
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseKind, CaseState
from callbacks.reports.tally import count_attempt
from callbacks.settings import BreakerLimits, CallingHours, Pacing, RetryMatrix

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
"""A Friday; 14:30 in Shanghai."""

_numbers = itertools.count(1)


def campaign_of(s: Session, **values: Any) -> Campaign:
    """A running campaign of the delivery desk, Shanghai time, 09:00 to 20:00 each day."""
    plain: dict[str, Any] = {
        "name": "Pre-delivery",
        "state": CampaignState.RUNNING,
        "purpose": "delivery",
        "zone": "Asia/Shanghai",
        "region": "CN",
        "law": "",
        "caller_numbers": ["+864008001234"],
        "created_at": NOW - timedelta(days=2),
    }
    hours = values.pop("hours", CallingHours(skip_holidays=False))
    pacing, retries = values.pop("pacing", Pacing()), values.pop("retries", RetryMatrix())
    campaign = Campaign(**plain | values)
    campaign.hours, campaign.pacing, campaign.retries = hours, pacing, retries
    campaign.breaker = BreakerLimits()
    s.add(campaign)
    s.flush()
    return campaign


def case_of(s: Session, campaign: Campaign, **values: Any) -> Case:
    """A waiting case with a Chinese mobile number of its own."""
    n = next(_numbers)
    plain: dict[str, Any] = {
        "key": f"k{n}",
        "campaign_id": campaign.id,
        "kind": CaseKind.NORMAL,
        "purpose": campaign.purpose,
        "number": f"+86138{n:08}",
        "reference": f"SF{n:08}",
        "due_at": NOW,
        "state": CaseState.OPEN,
        "created_at": NOW - timedelta(hours=3),
    }
    case = Case(**plain | values)
    s.add(case)
    s.flush()
    return case


def attempt_of(s: Session, case: Case, *, at: datetime = NOW, count: bool = True, **values: Any) -> Attempt:
    """An ended, answered attempt of a case; counted as the dialler counts it, with `heard` and `replied`."""
    heard, replied = values.pop("heard", False), values.pop("replied", False)
    carrier = values.get("carrier_outcome", "answered")
    rang = carrier in ("answered", "no_answer", "busy", "rejected")
    plain: dict[str, Any] = {
        "case_id": case.id,
        "campaign_id": case.campaign_id,
        "n": next(_numbers),
        "kind": case.kind,
        "purpose": case.purpose,
        "number": case.number,
        "caller_number": "+864008001234",
        "variant": case.variant or "a",
        "state": AttemptState.ENDED,
        "claimed_at": at,
        "slot_at": at,
        "dialled_at": at,
        "rang_at": at + timedelta(seconds=2) if rang else None,
        "answered_at": at + timedelta(seconds=9) if carrier == "answered" else None,
        "ended_at": at + timedelta(seconds=60),
        "carrier_outcome": carrier,
        "duration_s": 42 if carrier == "answered" else None,
    }
    attempt = Attempt(**plain | values)
    s.add(attempt)
    s.flush()
    if count:
        count_attempt(s, attempt, heard=heard, replied=replied)
    return attempt
