"""The rules of the gate, one function each: a denial, or None where the rule has nothing against the call."""

from __future__ import annotations

from datetime import datetime

from callbacks.campaign import CampaignState
from callbacks.case import CaseState, CloseReason
from callbacks.gate.closed import closed_by
from callbacks.gate.decision import Decision, Rule
from callbacks.gate.facts import DialFacts
from callbacks.gate.hours import is_open
from callbacks.gate.permission import consented, exempt, line_of, strongest
from callbacks.gate.verdict import caps_reached, final_denial, later, recheck

_OVER = frozenset({CampaignState.FINISHED, CampaignState.STOPPED})
_BEFORE_LAUNCH = frozenset({CampaignState.DRAFT, CampaignState.READY, CampaignState.PAUSED})


def campaign_running(facts: DialFacts, now: datetime) -> Decision | None:
    """A campaign dials while it runs, from its start to its end; a test call also before the launch.

    Draining, it only brings to their end the cases that were called before.
    """
    campaign = facts.ground.campaign
    state = "template" if campaign.is_template else campaign.state
    if campaign.state in _OVER:
        return final_denial(facts, now, Rule.CAMPAIGN_RUNNING, CloseReason.CAMPAIGN_STOPPED, state=state)
    if facts.is_test and campaign.state in _BEFORE_LAUNCH:
        return None
    if campaign.ends_at is not None and now >= campaign.ends_at and not facts.is_test:
        return final_denial(facts, now, Rule.CAMPAIGN_RUNNING, CloseReason.EXPIRED, state=state, why="over")
    drains = campaign.state == CampaignState.DRAINING and (facts.case.tries > 0 or facts.is_test)
    if (campaign.state != CampaignState.RUNNING and not drains) or campaign.is_template:
        return later(facts, now, Rule.CAMPAIGN_RUNNING, recheck(facts, now), state=state)
    if campaign.starts_at is not None and now < campaign.starts_at and not facts.is_test:
        return later(facts, now, Rule.CAMPAIGN_RUNNING, campaign.starts_at, state=state, why="not_started")
    return None


def case_open(facts: DialFacts, now: datetime) -> Decision | None:
    """A case is dialled while it waits, or while the attempt that asks is its own."""
    if facts.case.state == CaseState.CLOSED:
        reason = CloseReason(facts.case.reason) if facts.case.reason in set(CloseReason) else CloseReason.CANCELLED
        return final_denial(facts, now, Rule.CASE_OPEN, reason, state=facts.case.state)
    if facts.case.state == CaseState.MERGED:
        return later(facts, now, Rule.CASE_OPEN, recheck(facts, now), state=facts.case.state)
    return None


def number_valid(facts: DialFacts, now: datetime) -> Decision | None:
    """No number that cannot exist, and none that costs extra."""
    problem = facts.callee.problem
    return final_denial(facts, now, Rule.NUMBER_VALID, CloseReason.INVALID_NUMBER, problem=problem) if problem else None


def not_opted_out(facts: DialFacts, now: datetime) -> Decision | None:
    """Whoever asked not to be called is not called; also no test call."""
    if not facts.record.opt_outs:
        return None
    return final_denial(facts, now, Rule.NOT_OPTED_OUT, CloseReason.OPTED_OUT, purpose=min(facts.record.opt_outs))


def consent(facts: DialFacts, now: datetime) -> Decision | None:
    """The law's kind of consent is there, or the law has an exemption for this line; a test call needs none."""
    if facts.is_test or consented(facts, now) or exempt(facts):
        return None
    needed = facts.ground.law.consent or ""
    known = strongest(facts, now) or ""
    return final_denial(
        facts,
        now,
        Rule.CONSENT,
        CloseReason.NOT_ALLOWED,
        needed=needed,
        known=known,
        line=line_of(facts),
        law=facts.ground.law.law,
    )


def case_window(facts: DialFacts, now: datetime) -> Decision | None:
    """Not before the case's time or the time its callee asked for, and not when the matter is out of date."""
    if facts.case.not_after is not None and now >= facts.case.not_after:
        return final_denial(facts, now, Rule.CASE_WINDOW, CloseReason.EXPIRED, why="over")
    if facts.case.wish_at is not None and now < facts.case.wish_at:
        return later(facts, now, Rule.CASE_WINDOW, facts.case.wish_at, why="wish")
    if facts.case.not_before is not None and now < facts.case.not_before:
        return later(facts, now, Rule.CASE_WINDOW, facts.case.not_before)
    return None


def calling_hours(facts: DialFacts, now: datetime) -> Decision | None:
    """The callee's clock lies in the campaign's and the law's hours in every zone the callee may be in."""
    if not facts.zones:
        return final_denial(facts, now, Rule.ZONE_KNOWN, CloseReason.NOT_ALLOWED)
    if is_open(facts.calendar, now):
        return None
    rule, inputs = closed_by(facts.calendar, now)
    return later(facts, now, rule, now, **inputs)


def caps(facts: DialFacts, now: datetime) -> Decision | None:
    """The law's and the organisation's limits of calls to one number, over all campaigns."""
    full = [] if facts.is_test else caps_reached(facts, now)
    if not full:
        return None
    worst = max(full, key=lambda found: (found.free_at, found.cap.minutes))
    return later(
        facts,
        now,
        f"{Rule.CAP}_{worst.cap.name}",
        worst.free_at,
        counted=worst.counted,
        calls=worst.cap.calls,
        span=worst.cap.name,
        source=worst.cap.source,
    )


def one_per_reference(facts: DialFacts, now: datetime) -> Decision | None:
    """Without consent, some laws allow so many calls about one matter and no more (US-8: one call per package)."""
    without = facts.ground.law.without_consent
    limit = None if without is None else without.calls_per_reference
    if limit is None or facts.is_test or consented(facts, now):
        return None
    case = facts.case
    if case.reference:
        counted = sum(call.reference == case.reference for call in facts.record.calls)
    else:
        counted = sum(call.case_id == case.id for call in facts.record.calls)
    if counted < limit:
        return None
    return final_denial(facts, now, Rule.ONE_PER_REFERENCE, CloseReason.NOT_ALLOWED, calls=limit, counted=counted)


def callee_busy(facts: DialFacts, now: datetime) -> Decision | None:
    """Nobody is rung while another of our calls to the number is not over."""
    return later(facts, now, Rule.CALLEE_BUSY, recheck(facts, now)) if facts.busy else None


def pacing(facts: DialFacts, now: datetime) -> Decision | None:
    """The pacer has a slot; not asked when the facts name none."""
    if facts.slot_at is None or facts.slot_at <= now:
        return None
    return later(facts, now, Rule.PACING, facts.slot_at)
