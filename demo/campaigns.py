"""The demo's campaigns: one that follows up on tickets, one to import a list into, a template, and one of the past."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks import campaigns, lifecycle
from callbacks.campaign import Campaign
from callbacks.event_rules import EventRule
from callbacks.purposes import Purpose
from callbacks.settings import DAYS, BreakerLimits, CallingHours, MachineMode, Pacing, Result, RetryMatrix, RetryRow
from demo import past_campaign
from demo.settings import SERVICE_NUMBER
from demo.untold import untold
from flows.versions import latest

AT_ANY_HOUR = CallingHours(week=dict.fromkeys(DAYS, ((0, 1440),)), skip_holidays=False)
"""The people of the demo never sleep, so that it works at any hour; the template has a real week."""

IN_A_HURRY = RetryMatrix(
    rows={
        Result.BUSY: RetryRow(tries=1, delay_min=1),
        Result.NO_ANSWER: RetryRow(tries=1, delay_min=1),
        Result.REJECTED: RetryRow(tries=1, delay_min=2),
        Result.MACHINE: RetryRow(tries=1, delay_min=2),
        Result.INCOMPLETE: RetryRow(tries=1, delay_min=1),
    },
    max_tries=2,
)
"""A minute stands for hours, so that one can watch a campaign to its end."""

FOLLOW_UP = "Follow-up calls · 工单回访"
LIST = "Parcels of today · 今日派前电联"
TEMPLATE = "Overdue pickup · 超时取件"
AFTER_MIN = 2
"""A solved ticket is asked about so soon in the demo; two hours are usual."""

_COMMON: dict[str, Any] = {
    "caller_numbers": [SERVICE_NUMBER],
    "region": "CN",
    "zone": "Asia/Shanghai",
    "language": "zh-CN",
    "cost_per_minute": 0.12,
    "demo": True,
}


def load(session: Session, now: datetime) -> None:
    """Store the campaigns once; the flows they speak must be published. Loading again adds nothing."""
    if session.scalar(select(Campaign.id).where(Campaign.demo).limit(1)) is not None:
        return
    with untold(session):
        past_campaign.load(session, now)
        _follow_up(session, now)
        _to_fill(session, now)


def _to_fill(session: Session, now: datetime) -> None:
    """A campaign that waits for its list, and a template."""
    campaigns.create(
        session,
        name=LIST,
        by="demo",
        now=now,
        purpose=Purpose.DELIVERY,
        flow_name="pre_delivery",
        law="none",
        hours=AT_ANY_HOUR,
        retries=IN_A_HURRY,
        pacing=Pacing(calls_per_second=2, max_live=40),
        machine=MachineMode.LEAVE_MESSAGE,
        # One in fifteen of the demo's people wants no more calls, so that one meets them; the usual 5 % would stop it.
        breaker=BreakerLimits(opt_out_rate=0.2),
        ring_timeout_s=20,
        defaults={"station": ""},
        **_COMMON,
    )
    template = campaigns.create(
        session,
        name=TEMPLATE,
        by="demo",
        now=now,
        purpose=Purpose.DELIVERY,
        flow_name="overdue_pickup",
        pacing=Pacing(calls_per_second=1, max_live=20, ramp_min=5),
        machine=MachineMode.SMS,
        sms_text={
            "zh-CN": "【铃回快递】您的快递{{ parcel }}在驿站等您，取件码{{ code }}。",
            "en-US": "Ringback Couriers: parcel {{ parcel }} waits for you, pickup code {{ code }}.",
        },
        **_COMMON,
    )
    template.is_template = True


def _follow_up(session: Session, now: datetime) -> None:
    """A campaign without an end, fed by a rule: a solved ticket, and its caller is asked whether it is."""
    campaign = campaigns.create(
        session,
        name=FOLLOW_UP,
        by="demo",
        now=now,
        standing=True,
        purpose=Purpose.FOLLOW_UP,
        flow_name="follow_up",
        law="none",
        hours=AT_ANY_HOUR,
        retries=IN_A_HURRY,
        pacing=Pacing(calls_per_second=1, max_live=5),
        **_COMMON,
    )
    lifecycle.note_tested(session, campaign, latest(session, "follow_up").id, by="demo", now=now)
    lifecycle.launch(session, campaign, by="demo", now=now, note="The demo's own campaign.")
    rule = EventRule(
        name="A ticket was solved",
        event="ticket.solved",
        delay_min=AFTER_MIN,
        campaign_id=campaign.id,
        conditions={},
        cancelled_by=["ticket.reopened"],
        variables={"ticket": "number", "number": "caller_number"},
        created_at=now,
        created_by="demo",
    )
    session.add(rule)
    session.flush()
