"""May we call somebody at the time they asked for?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from callbacks.call_backs import case_of_call
from callbacks.campaign import Campaign
from callbacks.case import Case
from callbacks.gate.hours import first_open
from callbacks.gate.loading import load_facts
from callbacks.gate.organization import GatePolicy
from flows.requests import CallTimeChecked
from ivr.scope import CallScope


def call_time(policy: GatePolicy) -> Callable[[CallScope, str], CallTimeChecked]:
    """What `ivr.deps.Deps.call_time` wants."""

    def asked(scope: CallScope, at: str) -> CallTimeChecked:
        return check_call_time(scope, at, policy=policy)

    return asked


def check_call_time(scope: CallScope, at: str, *, policy: GatePolicy) -> CallTimeChecked:
    """Whether campaign, law and the end of the matter allow a call at `at` (ISO 8601 with zone), else when they do.

    The gate asks everything again at the time itself. A call about no case has nothing that forbids it.
    """
    known = case_of_call(scope.db, scope)
    case = scope.db.get(Case, known[0]) if known is not None else None
    if case is None:
        return CallTimeChecked(allowed=True)
    campaign = scope.db.get_one(Campaign, case.campaign_id)
    facts = load_facts(scope.db, [(case, campaign)], scope.now, policy=policy)[0]
    wanted = datetime.fromisoformat(at).astimezone(UTC)
    if not facts.zones:
        return CallTimeChecked(allowed=False)
    found = first_open(facts.calendar, max(wanted, scope.now), facts.until)
    if found is None:
        # The matter is out of date by then; only an earlier time helps, and the person names it.
        return CallTimeChecked(allowed=False)
    return CallTimeChecked(allowed=found == wanted, next_at="" if found == wanted else found.isoformat())
