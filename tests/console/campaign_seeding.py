"""A campaign in the middle of its day, with everything its pages show: cases, calls, answers, alarms, a log."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.answers import AnswerRecord
from callbacks.attempt import Attempt, AttemptState
from callbacks.campaign import Campaign, CampaignEntry, CampaignState
from callbacks.case import Case, CaseState, CloseReason
from callbacks.reports.tally import count_attempt
from callbacks.settings import BreakerLimits, CallingHours, Pacing, RetryMatrix
from flows.versions import FlowVersion
from ivr.calls import Call
from ivr.turns import TurnRow
from tests.console.seeding import HOSTILE

OURS = ("+864008001234", "+864008005678", "+864008009999")
NAMES = ("王小明", "李静", "Grace Hopper", "陈伟", "张敏", "刘洋", "Omar Díaz", "赵磊", "孙丽", "Ada Byron")


def add_campaigns(s: Session, now: datetime, *, cases: int = 240) -> Campaign:
    """A running campaign with an A/B test, one that stopped itself, one that is ready, and one that is over."""
    running = campaign(s, now, "派前电联 · Door or station", flow_b_name="courier", share_b=0.5)
    version = s.scalar(select(FlowVersion.id).order_by(FlowVersion.id))
    running.flow_version_id = running.flow_b_version_id = version
    for days in (5, 4, 2, 1, 0):
        fill(s, running, now - timedelta(days=days), cases // 5, Random(days))
    live_calls(s, running, now)
    for hours, what, note in (
        (99, "create", ""), (98, "import", "parcels.csv: 240 rows"), (97, "test", ""), (96, "launch", ""),
        (3, "edit", ""), (2, "pause", "The depot is closed for a fire drill."), (1, "resume", ""),
    ):  # fmt: skip
        by = "Omar Diaz" if what != "finish" else "system"
        s.add(CampaignEntry(campaign_id=running.id, at=now - timedelta(hours=hours), by=by, what=what, note=note))
    tripped = campaign(s, now, f"Overdue pickup {HOSTILE}", state=CampaignState.PAUSED, tripped="opt_out_rate")
    tripped.reason = "It paused itself: the limit of opt out rate was passed."
    case(s, tripped, now, 1, name=HOSTILE, reference=HOSTILE, variables={"tracking": HOSTILE, HOSTILE: HOSTILE})
    campaign(
        s,
        now,
        "New year greetings",
        state=CampaignState.READY,
        starts_at=now + timedelta(days=6),
        ends_at=now + timedelta(days=9),
    )
    campaign(
        s,
        now,
        "Last month",
        state=CampaignState.FINISHED,
        starts_at=now - timedelta(days=16),
        finished_at=now - timedelta(days=12),
    )
    return running


def campaign(s: Session, now: datetime, name: str, **values: Any) -> Campaign:
    """One campaign of the courier desk."""
    plain: dict[str, Any] = {
        "name": name, "state": CampaignState.RUNNING, "purpose": "delivery", "flow_name": "courier", "region": "CN",
        "zone": "Asia/Shanghai", "caller_numbers": list(OURS), "created_at": now - timedelta(days=6),
        "running_since": now - timedelta(days=5), "cost_per_minute": 0.12,
    }  # fmt: skip
    made = Campaign(**plain | values)
    made.hours, made.retries = CallingHours(skip_holidays=False), RetryMatrix()
    made.pacing, made.breaker = Pacing(calls_per_second=2, max_live=12), BreakerLimits()
    s.add(made)
    s.flush()
    return made


def case(s: Session, of: Campaign, at: datetime, n: int, **values: Any) -> Case:
    """One waiting case."""
    plain: dict[str, Any] = {
        "key": secrets.token_hex(8), "campaign_id": of.id, "purpose": of.purpose, "number": f"+86138{n:08}",
        "name": NAMES[n % len(NAMES)], "reference": f"SF{n:010}", "language": "zh-CN", "due_at": at,
        "variables": {"tracking": f"SF{n:010}", "station": "幸福路驿站", "code": "6-2-1043"}, "source": "import",
        "created_at": at - timedelta(hours=6), "variant": "ab"[n % 2],
    }  # fmt: skip
    made = Case(**plain | values)
    s.add(made)
    s.flush()
    return made


def fill(s: Session, of: Campaign, day: datetime, count: int, chance: Random) -> None:
    """Cases of one day and what became of them."""
    for i in range(count):
        at = day - timedelta(minutes=chance.randrange(0, 320))
        n = (day.toordinal() % 1000) * 10_000 + i
        made = case(s, of, at, n)
        roll = chance.random()
        if roll < 0.12:
            made.due_at, made.rule = day + timedelta(hours=18), "calling_hours"
            made.rule_inputs = {"zone": "Asia/Shanghai", "local": "2026-11-20 20:40", "hours": ["09:00–20:00"]}
        elif roll < 0.16:
            made.wish_at = made.due_at = day + timedelta(days=1, hours=1)
            made.tries = 1
        elif roll < 0.20:
            made.state, made.reason, made.rule = CaseState.CLOSED, CloseReason.NOT_ALLOWED, "consent"
            made.rule_inputs = {"needed": "express", "law": "cn", "known": "", "line": "mobile"}
            made.closed_at = at
        else:
            tried(s, made, at, chance)


def tried(s: Session, made: Case, at: datetime, chance: Random) -> None:
    """A case that was called, once or twice."""
    ours = OURS[chance.randrange(3)]
    rate = 0.22 if ours == OURS[2] else 0.66
    for _ in range(2):
        made.tries += 1
        if chance.random() < rate:
            answered(s, made, at, ours, chance)
            return
        outcome = chance.choice(("no_answer", "no_answer", "busy", "rejected", "failed"))
        ended(s, made, at, ours, made.tries, carrier_outcome=outcome)
        at += timedelta(minutes=40)
    if chance.random() < 0.5:
        made.state, made.reason, made.closed_at = CaseState.CLOSED, CloseReason.TRIES_USED, at
    else:
        made.due_at = at + timedelta(hours=20)


def answered(s: Session, made: Case, at: datetime, ours: str, chance: Random) -> None:
    """A conversation, and the end of the case it leads to."""
    kinds = (
        ("goal", CloseReason.GOAL_MET, 0.62 if made.variant == "b" else 0.45),
        ("machine", None, 0.12),
        ("opted_out", CloseReason.OPTED_OUT, 0.05),
        ("wrong_person", CloseReason.WRONG_PERSON, 0.05),
        ("incomplete", None, 0.3),
    )
    business, reason, _weight = chance.choices(kinds, [weight for _b, _r, weight in kinds])[0]
    human = business != "machine"
    call = conversation(s, made, at, ours, business)
    ended(
        s, made, at, ours, made.tries, carrier_outcome="answered", business_outcome=business, call_id=call.id,
        answered_by="human" if human else "machine_end_beep", duration_s=3 if business == "incomplete" else 48,
        heard=business != "incomplete", replied=business in ("goal", "wrong_person"),
        flow_version_id=call.flow_version_id,
    )  # fmt: skip
    if reason is not None:
        made.state, made.reason, made.closed_at, made.outcome = CaseState.CLOSED, reason, at, business
    else:
        made.due_at = at + timedelta(hours=19)
    if business == "goal":
        s.add(
            AnswerRecord(
                campaign_id=made.campaign_id, case_id=made.id, call_id=call.id, number=made.number, node="leave_word",
                reference=made.reference, question="您的快件要送到门口，还是放在驿站？", answer="station", heard="2",
                mode="keys",
                audio_offset_ms=14_200, language="zh-CN", flow_version_id=call.flow_version_id, at=at,
            )
        )  # fmt: skip


def conversation(s: Session, made: Case, at: datetime, ours: str, business: str) -> Call:
    """The call with its turns."""
    made_call = Call(
        sid=f"CA{secrets.token_hex(16)}", token=secrets.token_urlsafe(24), direction="outbound", from_number=ours,
        to_number=made.number, status="completed", language="zh-CN", flow_name="courier", outcome=business,
        ended_by="caller" if business == "incomplete" else "flow", started_at=at, answered_at=at, duration_s=48,
        ended_at=at + timedelta(seconds=48), flow_version_id=s.scalar(select(FlowVersion.id)), turn=2,
    )  # fmt: skip
    s.add(made_call)
    s.flush()
    path = ["welcome"] if business == "incomplete" else ["welcome", "leave_word", "thanks", "bye"]
    events: list[dict[str, Any]] = []
    for node in path:
        events.append({"type": "NodeEntered", "node": node})
        if node != path[-1]:
            events.append({"type": "NodeLeft", "node": node, "exit": "next"})
    events.append({"type": "CallEnded", "node": path[-1], "by": made_call.ended_by, "outcome": business})
    s.add(TurnRow(call_id=made_call.id, number=1, at=at, node_after=path[0], said=[], events=events, heard={}))
    return made_call


def ended(s: Session, made: Case, at: datetime, ours: str, n: int, **values: Any) -> Attempt:
    """An ended attempt, counted."""
    heard, replied = values.pop("heard", False), values.pop("replied", False)
    rang = values["carrier_outcome"] != "failed"
    attempt = Attempt(
        case_id=made.id, campaign_id=made.campaign_id, n=n, purpose=made.purpose, number=made.number, kind="normal",
        caller_number=ours, reference=made.reference, variant=made.variant, state=AttemptState.ENDED, claimed_at=at,
        slot_at=at, dialled_at=at, rang_at=at + timedelta(seconds=2) if rang else None,
        ended_at=at + timedelta(minutes=1),
        decision={
            "allowed": True, "rule": "allowed", "inputs": {"zone": "Asia/Shanghai", "local": f"{at:%Y-%m-%d %H:%M}"},
            "next_at": None, "final": None, "law": "cn", "law_version": "2026-11", "at": at.isoformat(),
        },
        **values,
    )  # fmt: skip
    s.add(attempt)
    s.flush()
    count_attempt(s, attempt, heard=heard, replied=replied)
    return attempt


def live_calls(s: Session, of: Campaign, now: datetime) -> None:
    """Five calls that go on."""
    states = (
        AttemptState.ANSWERED,
        AttemptState.ANSWERED,
        AttemptState.RINGING,
        AttemptState.DIALING,
        AttemptState.CLAIMED,
    )
    for n, state in enumerate(states):
        made = case(s, of, now, 99_000_000 + n, state=CaseState.CALLING)
        at = now - timedelta(seconds=48 - 9 * n)
        s.add(
            Attempt(
                case_id=made.id, campaign_id=of.id, n=1, purpose=of.purpose, number=made.number, caller_number=OURS[0],
                kind="normal", state=state, claimed_at=at, slot_at=at, dialled_at=at,
                answered_at=at if state == AttemptState.ANSWERED else None,
            )
        )  # fmt: skip
