"""The one question every dial is asked, at the claim and again at the moment of dialling: may this case be dialled now?

The rules stand in the order in which they are asked; the first that denies answers. A denial that time lifts names the
first moment at which every rule that depends on time alone allows the call, so a denied case is asked once, not often.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from callbacks.gate import rules
from callbacks.gate.closed import local_time
from callbacks.gate.decision import Decision, Rule
from callbacks.gate.facts import DialFacts
from callbacks.gate.permission import strongest
from callbacks.gate.verdict import decision_on

RULES: tuple[Callable[[DialFacts, datetime], Decision | None], ...] = (
    rules.campaign_running,
    rules.case_open,
    rules.number_valid,
    rules.not_opted_out,
    rules.consent,
    rules.case_window,
    rules.calling_hours,
    rules.caps,
    rules.one_per_reference,
    rules.callee_busy,
    rules.pacing,
)


def may_dial(facts: DialFacts, now: datetime) -> Decision:
    """Decide about one case at `now`. Pure: the same facts and moment give the same decision."""
    for rule in RULES:
        denial = rule(facts, now)
        if denial is not None:
            return denial
    zone = facts.zones[0]
    inputs: dict[str, Any] = {
        "zone": zone,
        "local": local_time(zone, now),
        "calls_counted": len(facts.record.calls),
        "consent": strongest(facts, now) or "",
    }
    return decision_on(facts, now, Rule.ALLOWED, inputs, allowed=True)
