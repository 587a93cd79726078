"""Whatever happens to cases in whatever order: none is lost, none ends twice, none rides along with nobody."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest
from campaign_stage import NOW, make_campaign
from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign
from callbacks.case import Case, CaseState, CloseReason
from callbacks.cases import NewCase, cancel, close, create_case, expire, postpone, refuse, wait_again
from storage.database import Database
from work.happenings import Happening

NUMBERS = [f"+861380000000{n}" for n in range(4)]


@pytest.mark.parametrize("seed", range(4))
def test_cases_keep_their_order_whatever_happens(db: Database, seed: int) -> None:
    chance, now, ended = random.Random(seed), NOW, {}
    with db.write() as s:
        campaign = make_campaign(s)
        for step in range(120):
            now += timedelta(minutes=chance.randint(0, 90))
            something_happens(s, campaign, chance, now, step)
            ended = check(s, ended)
    assert len(ended) > 5
    with db.read() as s:
        told = Counter(
            s.scalars(select(Happening.payload["case_id"].as_integer()).where(Happening.kind == "case.closed"))
        )
    assert told == Counter(list(ended))


def something_happens(s: Session, campaign: Campaign, chance: random.Random, now: datetime, step: int) -> None:
    number = chance.choice(NUMBERS)
    waiting = select(Case).where(Case.state.in_((CaseState.OPEN, CaseState.CALLING)))
    active = list(s.scalars(waiting.order_by(Case.id)))
    case = chance.choice(active) if active else None
    deed = chance.choice(
        ["create"] * 4 + ["dial", "end", "end", "retry", "retry", "cancel", "refuse", "expire", "later"]
    )
    if deed == "create":
        not_after = now + timedelta(minutes=chance.randint(10, 3000)) if chance.random() < 0.5 else None
        create_case(s, campaign, NewCase(number=number, reference=f"R{step}", not_after=not_after), now)
    elif deed == "cancel":
        cancel(s, reference=f"R{chance.randrange(step + 1)}", now=now, by="test")
    elif deed == "refuse" and chance.random() < 0.3:
        refuse(s, number=number, purpose="delivery", now=now, reason=CloseReason.OPTED_OUT)
    elif deed == "expire":
        expire(s, now)
    elif case is None:
        return
    elif case.state == CaseState.OPEN and deed == "dial":
        case.state = CaseState.CALLING
    elif case.state == CaseState.CALLING and deed == "end":
        reason = chance.choice([CloseReason.GOAL_MET, CloseReason.TRIES_USED, CloseReason.EXPIRED])
        close(s, case, reason, now=now, began_at=now - timedelta(minutes=chance.randint(0, 60)))
    elif case.state == CaseState.CALLING and deed == "retry":
        case.tries += 1
        wait_again(s, case, now + timedelta(hours=1), now)
    elif case.state == CaseState.CALLING and deed == "later":
        postpone(s, case, now + timedelta(hours=5), now)
    s.flush()


def check(s: Session, ended: dict[int, str]) -> dict[int, str]:
    s.expire_all()
    cases = {case.id: case for case in s.scalars(select(Case))}
    for case in cases.values():
        if case.state == CaseState.MERGED:
            assert case.merged_into_id is not None
            lead = cases[case.merged_into_id]
            assert lead.state in (CaseState.OPEN, CaseState.CALLING)
            assert lead.number == case.number
        if case.state == CaseState.CLOSED:
            assert case.reason
            assert case.closed_at is not None
    now_ended = {case.id: str(case.reason) for case in cases.values() if case.state == CaseState.CLOSED}
    assert ended.items() <= now_ended.items(), "what is closed stays as it is"
    return now_ended
