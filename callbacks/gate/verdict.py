"""How a rule denies: until a moment, or for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from callbacks.case import CloseReason
from callbacks.gate.caps import FullCap, full_caps
from callbacks.gate.decision import Decision
from callbacks.gate.facts import DialFacts
from callbacks.gate.hours import first_open
from callbacks.gate.permission import consented


def caps_reached(facts: DialFacts, now: datetime) -> list[FullCap]:
    """The caps that the number's calls fill at `now`: the law's, the organisation's, and those of a missing consent."""
    if not facts.record.calls:
        return []
    rules = facts.ground.law.caps + facts.ground.policy.caps
    without = facts.ground.law.without_consent
    if without is not None and not consented(facts, now):
        rules += without.caps
    return full_caps(rules, facts.record.calls, facts.case.purpose, now)


def recheck(facts: DialFacts, now: datetime) -> datetime:
    """When to ask again where nobody can tell when the reason ends."""
    return now + timedelta(seconds=facts.ground.policy.recheck_s)


def later(facts: DialFacts, now: datetime, rule: str, not_before: datetime, **inputs: Any) -> Decision:
    """Deny until the first moment from `not_before` on that every rule of time allows; for good when there is none."""
    bounds = [not_before]
    bounds += [at for at in (facts.case.not_before, facts.case.wish_at) if at is not None]
    if not facts.is_test:
        bounds += [found.free_at for found in caps_reached(facts, now)]
        bounds += [] if facts.ground.campaign.starts_at is None else [facts.ground.campaign.starts_at]
    if facts.zones:
        inputs.setdefault("zone", facts.zones[0])
    next_at = first_open(facts.calendar, max(bounds), facts.until) if facts.zones else _before(facts.until, max(bounds))
    if next_at is None:
        reason = CloseReason.NOT_ALLOWED if facts.until is None else CloseReason.EXPIRED
        return decision_on(facts, now, rule, inputs | {"never": True}, final=reason)
    return decision_on(facts, now, rule, inputs, next_at=next_at)


def final_denial(facts: DialFacts, now: datetime, rule: str, reason: CloseReason, **inputs: Any) -> Decision:
    """Deny for good."""
    return decision_on(facts, now, rule, inputs, final=reason)


def decision_on(
    facts: DialFacts,
    now: datetime,
    rule: str,
    inputs: dict[str, Any],
    *,
    allowed: bool = False,
    next_at: datetime | None = None,
    final: CloseReason | None = None,
) -> Decision:
    """The decision, with the law that was asked."""
    return Decision(
        allowed=allowed,
        rule=str(rule),
        inputs=inputs,
        next_at=next_at,
        final=final,
        law=facts.ground.law.law,
        law_version=facts.ground.law.version,
        at=now,
    )


def _before(until: datetime | None, at: datetime) -> datetime | None:
    return at if until is None or at < until else None
