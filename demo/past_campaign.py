"""A finished campaign of some days ago, with every outcome a call can have, for pages to show."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from callbacks import campaigns
from callbacks.answers import AnswerRecord
from callbacks.attempt import Attempt, AttemptState, BusinessOutcome, CarrierOutcome
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseState, CloseReason
from callbacks.opt_outs import OptOut
from callbacks.purposes import Purpose
from callbacks.reports.tally import count_attempt
from callbacks.settings import MachineMode, Pacing
from demo.fates import ANSWERED, FATES, STOP, Fate
from demo.settings import SERVICE_NUMBER
from flows.versions import latest

NAME = "Parcels of last week · 上周派前电联"
CASES = 180
SEED = 20_261_117
DAYS_AGO = 4
ZONE = ZoneInfo("Asia/Shanghai")
FLOW = "pre_delivery"
HOURS = (9, 10, 10, 11, 11, 12, 14, 15, 15, 16, 16, 17, 18, 19)
OPTED_OUT = ("+8613800000111", "+8613800000142", "+12125550103")
"""Who asked us to stop: people of demo/lists/parcels.csv, so that the next campaign skips them."""


TRIES = 2


def load(session: Session, now: datetime) -> Campaign:
    """Store the campaign as it would be found four days later; the same time gives the same campaign."""
    chance = random.Random(SEED)
    day = (now.astimezone(ZONE) - timedelta(days=DAYS_AGO)).date()
    begun = datetime.combine(day, time(9), ZONE).astimezone(now.tzinfo)
    campaign = _campaign(session, begun)
    for n in range(CASES):
        stopping = n < len(OPTED_OUT)
        number = OPTED_OUT[n] if stopping else f"+861380000{5000 + n:04d}"
        at = datetime.combine(day, time(chance.choice(HOURS), chance.randrange(60), chance.randrange(60)), ZONE)
        _case(session, campaign, n, number, at.astimezone(now.tzinfo), chance, stopping=stopping)
    return campaign


def _campaign(session: Session, begun: datetime) -> Campaign:
    campaign = campaigns.create(
        session,
        name=NAME,
        by="demo",
        now=begun - timedelta(hours=16),
        purpose=Purpose.DELIVERY,
        flow_name=FLOW,
        caller_numbers=[SERVICE_NUMBER],
        region="CN",
        zone="Asia/Shanghai",
        language="zh-CN",
        pacing=Pacing(calls_per_second=1, max_live=15),
        machine=MachineMode.LEAVE_MESSAGE,
        cost_per_minute=0.12,
        demo=True,
    )
    version = latest(session, FLOW)
    campaign.flow_version_id, campaign.tested_version_ids = version.id, [version.id]
    campaign.running_since, campaign.finished_at = begun, begun + timedelta(hours=12)
    campaign.state = CampaignState.FINISHED
    session.flush()
    return campaign


def _case(
    session: Session, campaign: Campaign, n: int, number: str, at: datetime, chance: random.Random, *, stopping: bool
) -> None:
    parcel = f"{chance.randrange(10**6):06d}"
    case = Case(
        key=f"demo:past:{n}",
        campaign_id=campaign.id,
        purpose=campaign.purpose,
        number=number,
        language="en-US" if number.startswith("+1") else "zh-CN",
        reference=f"RB26111{n:04d}",
        variables={"parcel": parcel, "station": "桂花苑驿站"},
        due_at=at,
        state=CaseState.CLOSED,
        caller_number=SERVICE_NUMBER,
        source="import",
        created_at=campaign.created_at,
        demo=True,
    )
    session.add(case)
    session.flush()
    for fate in _fates(chance, stopping=stopping):
        case.tries += 1
        attempt = _attempt(session, campaign, case, fate, at, chance)
        if fate.result is not None:
            case.tries_by = {**case.tries_by, fate.result: case.tries_by.get(fate.result, 0) + 1}
        case.reason = str(fate.close or CloseReason.TRIES_USED)
        case.outcome, case.closed_at = fate.word, attempt.ended_at
        at += timedelta(minutes=chance.randrange(30, 150))
        if fate.business == BusinessOutcome.GOAL:
            _answer(session, case, fate.word, attempt)
        if fate is STOP and attempt.ended_at is not None:
            session.add(_opt_out(case, attempt.ended_at))
    session.flush()


def _fates(chance: random.Random, *, stopping: bool) -> Iterator[Fate]:
    """How the tries of one case end: none follows one that closes the case."""
    if stopping:
        yield STOP
        return
    for _ in range(TRIES):
        fate = chance.choices(FATES, [fate.weight for fate in FATES])[0]
        yield fate
        if fate.close is not None:
            return


def _attempt(
    session: Session, campaign: Campaign, case: Case, fate: Fate, at: datetime, chance: random.Random
) -> Attempt:
    answered = fate.carrier == ANSWERED
    talk_s = chance.randint(*fate.talk_s)
    rings_s = chance.randint(3, 18) if answered else 25
    attempt = Attempt(
        case_id=case.id,
        campaign_id=campaign.id,
        n=case.tries,
        purpose=case.purpose,
        number=case.number,
        caller_number=SERVICE_NUMBER,
        reference=case.reference,
        state=AttemptState.ENDED,
        decision=_decision(at),
        claimed_at=at,
        slot_at=at,
        dialled_at=at,
        rang_at=None if fate.carrier == CarrierOutcome.INVALID_NUMBER else at + timedelta(seconds=1),
        answered_at=at + timedelta(seconds=rings_s) if answered else None,
        ended_at=at + timedelta(seconds=rings_s + talk_s),
        sid=f"CA{chance.getrandbits(128):032x}",
        flow_version_id=campaign.flow_version_id,
        carrier_outcome=str(fate.carrier),
        business_outcome=str(fate.business or ""),
        outcome_word=fate.word,
        answered_by=fate.answered_by,
        duration_s=talk_s if answered else None,
        demo=True,
    )
    session.add(attempt)
    heard = answered and talk_s >= 8
    count_attempt(session, attempt, heard=heard, replied=fate.business == BusinessOutcome.GOAL)
    return attempt


def _decision(at: datetime) -> dict[str, Any]:
    """What the gate noted: that nothing stood against the call."""
    return {"allowed": True, "rule": "allowed", "inputs": {}, "at": at.isoformat()}


def _answer(session: Session, case: Case, word: str, attempt: Attempt) -> None:
    session.add(
        AnswerRecord(
            campaign_id=case.campaign_id,
            case_id=case.id,
            number=case.number,
            reference=case.reference,
            node="ask_where",
            question="请问送到：送货上门请按一，放驿站请按二，放快递柜请按三，改天送请按四，拒收请按五。",
            answer=word,
            heard="1",
            mode="keys",
            audio_offset_ms=16_000,
            language=case.language,
            flow_version_id=attempt.flow_version_id,
            at=attempt.ended_at or attempt.claimed_at,
        )
    )


def _opt_out(case: Case, at: datetime) -> OptOut:
    return OptOut(
        number=case.number,
        purpose=str(case.purpose),
        node="opening",
        how="key",
        evidence="8",
        audio_offset_ms=7_000,
        created_at=at,
        demo=True,
    )
