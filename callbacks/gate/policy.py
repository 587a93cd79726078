"""The gate's door for whoever holds a case: the organisation's policy, and the decision about one case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.campaign import Campaign
from callbacks.case import Case
from callbacks.gate.decision import Decision
from callbacks.gate.loading import load_facts
from callbacks.gate.may_dial import may_dial
from callbacks.gate.organization import GatePolicy as GatePolicy


def decide(session: Session, case: Case, campaign: Campaign, now: datetime, *, policy: GatePolicy) -> Decision:
    """Load what one case's decision needs and decide. For many cases use `loading.load_facts` and `may_dial`."""
    return may_dial(load_facts(session, [(case, campaign)], now, policy=policy)[0], now)
