"""What is known when a case is wanted, and the row it becomes."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table

from callbacks.campaign import Campaign
from callbacks.case import Case, CaseKind, CaseState
from callbacks.errors import CaseError
from callbacks.purposes import Purpose
from callbacks.variables import reference_in
from telephony.numbers import is_e164
from tickets.texts import clean, clean_json, clean_line

LOWEST_PRIORITY = 100

CASE_TABLE = cast(Table, Case.__table__)
"""For inserting many rows at once, past the unit of work."""


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """A wish for a call.

    Attributes:
        number: E.164.
        purpose: None for the campaign's.
        reference: what the matter is about; an event with this reference cancels the case.
        zone, language: "" when nothing better is known than person, number and campaign.
        not_before, not_after: hard limits; `due_at` is the wanted moment, None for as early as allowed.
        priority: 0 first to 100 last, None for the campaign's.
        key: the same key never makes a second case; "" makes one of its own.
        source: import, api, rule, manual, callback, test.
    """

    number: str
    purpose: Purpose | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    reference: str = ""
    name: str = ""
    language: str = ""
    zone: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None
    due_at: datetime | None = None
    priority: int | None = None
    key: str = ""
    ticket_id: int | None = None
    person_id: int | None = None
    import_id: int | None = None
    source: str = "manual"
    kind: CaseKind = CaseKind.NORMAL


def variant_of(campaign: Campaign, number: str) -> str:
    """ "a" or "b": a number always gets the same flow of a campaign; about `share_b` of all numbers get B."""
    if not campaign.flow_b_name:
        return "a"
    digest = hashlib.sha256(f"{campaign.id}:{number}".encode()).digest()
    return "b" if int.from_bytes(digest[:8], "big") / 2**64 < campaign.share_b else "a"


def check(new: NewCase) -> None:
    """Raise CaseError for a wish that contradicts itself."""
    if not is_e164(new.number):
        raise CaseError("A case needs a telephone number with + and its country code.")
    if new.not_before and new.not_after and new.not_after <= new.not_before:
        raise CaseError("The case must not end before it may begin: its latest moment lies before its earliest.")
    if new.priority is not None and not 0 <= new.priority <= LOWEST_PRIORITY:
        raise CaseError("A priority is a number from 0 (first) to 100 (last).")


def row_of(campaign: Campaign, new: NewCase, now: datetime, *, state: CaseState = CaseState.OPEN) -> dict[str, Any]:
    """The values of every column of the case, bounded and storable."""
    return {
        "key": clean(new.key, 200) or f"{new.source}:{uuid.uuid4()}",
        "campaign_id": campaign.id,
        "kind": new.kind,
        "purpose": new.purpose or campaign.purpose,
        "person_id": new.person_id,
        "number": new.number,
        "zone": clean_line(new.zone, 64),
        "language": clean_line(new.language, 16),
        "name": clean_line(new.name, 200),
        "reference": clean_line(new.reference or reference_in(new.variables), 200),
        "variables": clean_json(new.variables),
        "priority": campaign.priority if new.priority is None else new.priority,
        "not_before": new.not_before,
        "not_after": new.not_after,
        "due_at": max(now, new.not_before or now, new.due_at or now),
        "wish_at": None,
        "state": state,
        "reason": "",
        "note": "",
        "tries": 0,
        "tries_by": {},
        "variant": variant_of(campaign, new.number),
        "caller_number": "",
        "outcome": "",
        "flagged": False,
        "rule": "",
        "rule_inputs": {},
        "merged_into_id": None,
        "ticket_id": new.ticket_id,
        "import_id": new.import_id,
        "source": new.source,
        "created_at": now,
        "closed_at": None,
        "demo": campaign.demo,
    }
