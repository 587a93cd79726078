"""What the gate answers, and how it is written down with an attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from callbacks.case import CloseReason
from callbacks.gate.sentences import sentence as sentence


class Rule(StrEnum):
    """The rules in the order in which they are asked; a cap's id is "cap_" and its span, as in "cap_24h"."""

    CAMPAIGN_RUNNING = "campaign_running"
    CASE_OPEN = "case_open"
    NUMBER_VALID = "number_valid"
    NOT_OPTED_OUT = "not_opted_out"
    CONSENT = "consent"
    CASE_WINDOW = "case_window"
    ZONE_KNOWN = "zone_known"
    CALLING_HOURS = "calling_hours"
    HOLIDAY = "holiday"
    CAP = "cap"
    ONE_PER_REFERENCE = "one_per_reference"
    CALLEE_BUSY = "callee_busy"
    PACING = "pacing"
    ALLOWED = "allowed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Allow or deny, and why.

    Attributes:
        rule: the rule that denied, "allowed" when none did.
        inputs: what the rule looked at, plain JSON; never a number or a name. Not to be changed: decisions share it.
        next_at: when a denied case may be asked again, later than `at`; None when allowed or final.
        final: why the case is closed for good; None when allowed or when `next_at` says when.
        law, law_version: the law pack that was asked.
        at: the moment the decision is for.
    """

    allowed: bool
    rule: str
    inputs: Mapping[str, Any]
    next_at: datetime | None
    final: CloseReason | None
    law: str
    law_version: str
    at: datetime

    def to_json(self) -> dict[str, Any]:
        """Plain JSON for `attempts.decision`; times are ISO 8601."""
        return {
            "allowed": self.allowed,
            "rule": self.rule,
            "inputs": dict(self.inputs),
            "next_at": None if self.next_at is None else self.next_at.isoformat(),
            "final": None if self.final is None else self.final.value,
            "law": self.law,
            "law_version": self.law_version,
            "at": self.at.isoformat(),
        }
