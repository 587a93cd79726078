"""Campaigns for the console's tests: an outbound flow, campaigns in several states, cases, calls, opt-outs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks import campaigns
from callbacks.attempt import Attempt
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case
from callbacks.cases import NewCase, create_cases
from callbacks.consents import Consent, ConsentKind
from callbacks.opting_out import add_opt_out
from callbacks.purposes import Purpose
from callbacks.tallies import Tally
from flows.documents import from_json
from flows.versions import Flow, FlowVersion, publish
from ivr.calls import Call
from ivr.lines import Line
from storage.database import Database
from tests.console.seeding import HOSTILE

OUR_NUMBER = "+864008001234"


def flow_document(name: str = "parcel_call", en: str = "Delivery call", zh: str = "派前电联") -> dict[str, Any]:
    """A small flow that calls people: opening, one question, goodbye."""
    return {
        "format": 1,
        "name": name,
        "title": {"en": en, "zh": zh},
        "languages": ["zh-CN", "en-US"],
        "start": "hello",
        "outbound": {
            "purpose": "delivery",
            "organisation": {"en-US": "Ringback Couriers", "zh-CN": "铃回快递"},
            "goals": ["door", "station"],
        },
        "variables": {
            "parcel": {"description": "Tracking number"},
            "day": {"description": "Day of delivery", "default": "today"},
        },
        "nodes": {
            "hello": {
                "type": "opening",
                "label": "Opening",
                "about": {
                    "en-US": "parcel {{ parcel }}, which comes {{ day }}",
                    "zh-CN": "{{ day }}派送的快递{{ parcel }}",
                },
                "recorded": True,
                "exits": {"next": "where", "wrong_person": "sorry", "later": "sorry"},
            },
            "where": {
                "type": "menu",
                "label": "Where to",
                "prompt": {"en-US": "Where shall we bring it?", "zh-CN": "请问放在哪里？"},
                "choices": [
                    {"key": "1", "name": "door", "label": {"en-US": "to your door", "zh-CN": "送货上门"}},
                    {"key": "2", "name": "station", "label": {"en-US": "to the station", "zh-CN": "放驿站"}},
                ],
                "exits": {"door": "bye_door", "station": "bye_station", "person": "sorry", "failed": "sorry"},
            },
            "bye_door": {
                "type": "hang_up",
                "outcome": "door",
                "prompt": {"en-US": "We bring it to your door. Goodbye.", "zh-CN": "我们会送货上门，再见。"},
            },
            "bye_station": {
                "type": "hang_up",
                "outcome": "station",
                "prompt": {"en-US": "It waits at the station. Goodbye.", "zh-CN": "我们会放在驿站，再见。"},
            },
            "sorry": {
                "type": "hang_up",
                "outcome": "incomplete",
                "prompt": {"en-US": "Excuse the call. Goodbye.", "zh-CN": "打扰了，再见。"},
            },
        },
    }


def add_flow(s: Session, now: datetime, **names: str) -> FlowVersion:
    """Publish the outbound flow; gives its version."""
    document = from_json(flow_document(**names))
    return publish(s, document, by="Ada Novak", note="", now=now, override_reason="a test")


def numbers(count: int, start: int = 0) -> list[str]:
    """Valid mobile numbers, all different."""
    return [f"+86138{13_800_000 + start + n:08}"[:14] for n in range(count)]


def add_campaign(s: Session, now: datetime, name: str = "Deliveries of Friday", **fields: Any) -> Campaign:
    """A draft with everything set."""
    given: dict[str, Any] = {
        "purpose": Purpose.DELIVERY,
        "flow_name": "parcel_call",
        "caller_numbers": [OUR_NUMBER],
        "region": "CN",
        "zone": "Asia/Shanghai",
        "cost_per_minute": 0.2,
    }
    return campaigns.create(s, name=name, by="Omar Diaz", now=now, **(given | fields))


def add_cases(s: Session, campaign: Campaign, count: int, now: datetime, start: int = 0) -> None:
    """So many people, each with a parcel."""
    news = [
        NewCase(
            number=number,
            name=f"王小明{n}" if n % 2 else f"Grace {n}",
            reference=f"SF{n:010}",
            language="zh-CN",
            variables={"parcel": f"SF{n:010}", "day": "今天"},
            key=f"test:{campaign.id}:{n}",
            source="import",
        )
        for n, number in enumerate(numbers(count, start))
    ]
    create_cases(s, campaign, news, now)


def seed_campaigns(db: Database, now: datetime) -> dict[str, int]:
    """Campaigns of every kind; gives their ids by a short name."""
    with db.write() as s:
        if s.scalar(select(Flow.id).where(Flow.name == "parcel_call")) is None:
            add_flow(s, now - timedelta(days=2))
            add_flow(
                s, now - timedelta(days=1), name="parcel_call_short", en="Delivery call, short", zh="派前电联（简短）"
            )
        if s.scalar(select(Line.id).where(Line.number == OUR_NUMBER)) is None:
            s.add(Line(number=OUR_NUMBER, label="Hotline"))
        found = {
            "draft": add_campaign(s, now - timedelta(minutes=9)),
            "empty": campaigns.create(s, name=HOSTILE, by="Omar Diaz", now=now - timedelta(minutes=5)),
            "running": add_campaign(s, now - timedelta(days=1), "派前电联 · 上海浦东 11 月 20 日"),
            "tripped": add_campaign(s, now - timedelta(days=2), "Overdue pickups, week 47"),
            "standing": add_campaign(
                s, now - timedelta(days=3), "Follow-up of solved tickets", standing=True, purpose=Purpose.FOLLOW_UP
            ),
            "over": add_campaign(s, now - timedelta(days=6), "Deliveries of last Friday"),
            "template": add_campaign(s, now - timedelta(days=8), "Deliveries", is_template=True),
        }
        s.flush()
        add_cases(s, found["draft"], 40, now)
        for n, (key, state, share) in enumerate(
            (
                ("running", CampaignState.RUNNING, 0.62),
                ("tripped", CampaignState.PAUSED, 0.35),
                ("over", CampaignState.FINISHED, 1.0),
            )
        ):
            _progress(s, found[key], state, share, now, 1000 * (n + 1))
        found["tripped"].tripped = "opt_out_rate"
        found["standing"].state = CampaignState.RUNNING
        _permissions(s, now)
        return {key: campaign.id for key, campaign in found.items()}


def _progress(s: Session, campaign: Campaign, state: CampaignState, share: float, now: datetime, start: int) -> None:
    add_cases(s, campaign, 60, now, start)
    cases = list(s.scalars(select(Case).where(Case.campaign_id == campaign.id).order_by(Case.id)))
    for n, case in enumerate(cases[: round(60 * share)]):
        case.state, case.closed_at, case.tries = "closed", now - timedelta(minutes=n), 1  # type: ignore[assignment]
        case.reason = ("goal_met", "goal_met", "goal_met", "tries_used", "opted_out", "done")[n % 6]
    campaign.state, campaign.running_since = state, now - timedelta(hours=2)
    if state == CampaignState.FINISHED:
        campaign.finished_at = now - timedelta(days=5)
    hour = now.replace(minute=0, second=0, microsecond=0)
    for n, (carrier, business, count) in enumerate(
        (("answered", "goal", 20), ("no_answer", "", 12), ("answered", "opted_out", 3))
    ):
        s.add(
            Tally(
                campaign_id=campaign.id,
                hour=hour - timedelta(hours=n % 2),
                variant="a",
                caller_number=OUR_NUMBER,
                carrier_outcome=carrier,
                business_outcome=business,
                answered_by="human" if carrier == "answered" else "",
                attempts=count,
                rang=count,
                answered=count if carrier == "answered" else 0,
                talk_s=count * 32 if carrier == "answered" else 0,
            )
        )


def _permissions(s: Session, now: datetime) -> None:
    call = s.scalar(select(Call).where(Call.answered_at.is_not(None)).order_by(Call.id))
    add_opt_out(
        s,
        number="+8613800138000",
        purpose="all",
        how="words",
        evidence="别再打了",
        call_id=call.id if call else None,
        audio_offset_ms=21_500,
        now=now - timedelta(hours=3),
    )
    add_opt_out(s, number="+442079460958", purpose="marketing", how="agent", evidence=HOSTILE, by="Lin Yue", now=now)
    add_opt_out(s, number="+8613912345678", purpose="delivery", how="key", evidence="8", now=now - timedelta(days=2))
    for number, kind, until in (
        ("+8613800138000", ConsentKind.EXPRESS, None),
        ("+442079460958", ConsentKind.WRITTEN, now + timedelta(days=90)),
        ("+4930901820", ConsentKind.IMPLIED, now - timedelta(days=1)),
    ):
        s.add(
            Consent(
                number=number,
                purpose="delivery",
                kind=kind,
                source="agent",
                evidence="Signed at the counter",
                given_at=now - timedelta(days=4),
                until=until,
                by="Lin Yue",
            )
        )


def add_attempt(s: Session, case: Case, at: datetime, n: int = 1) -> Attempt:
    """An ended attempt that rang."""
    attempt = Attempt(
        case_id=case.id,
        campaign_id=case.campaign_id,
        n=n,
        purpose=case.purpose,
        number=case.number,
        caller_number=OUR_NUMBER,
        state="ended",
        claimed_at=at,
        slot_at=at,
        dialled_at=at,
        rang_at=at,
        ended_at=at + timedelta(seconds=20),
        carrier_outcome="no_answer",
    )
    s.add(attempt)
    s.flush()
    return attempt
