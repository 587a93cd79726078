"""Which consent a case has, and whether the law lets it be called without."""

from __future__ import annotations

from datetime import datetime

from callbacks.consents import ConsentKind
from callbacks.gate.facts import DialFacts

_STRENGTH = {None: 0, ConsentKind.IMPLIED: 1, ConsentKind.EXPRESS: 2, ConsentKind.WRITTEN: 3}


def strongest(facts: DialFacts, now: datetime) -> ConsentKind | None:
    """The strongest consent that holds at `now`."""
    if not facts.record.permissions:
        return None
    holding = [p.kind for p in facts.record.permissions if p.given_at <= now and (p.until is None or now < p.until)]
    return max(holding, key=lambda kind: _STRENGTH[kind], default=None)


def consented(facts: DialFacts, now: datetime) -> bool:
    """Whether the consent the law asks for holds at `now`; True where it asks for none."""
    return _STRENGTH[strongest(facts, now)] >= _STRENGTH[facts.ground.law.consent]


def exempt(facts: DialFacts) -> bool:
    """Whether the law lets this line be called without a known consent."""
    without = facts.ground.law.without_consent
    return without is not None and (not without.lines or line_of(facts) in without.lines)


def line_of(facts: DialFacts) -> str:
    """The kind of line; the organisation says what one is that may be fixed or mobile."""
    return facts.ground.policy.unknown_line if facts.callee.line == "unknown" else facts.callee.line
