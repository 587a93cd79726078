"""Everything the gate looks at for one case, as values: who decides needs no database and no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from callbacks.campaign import CampaignState
from callbacks.case import CaseKind, CaseState
from callbacks.consents import ConsentKind
from callbacks.gate.calendar import Calendar
from callbacks.gate.callee import Callee
from callbacks.gate.caps import PastCall
from callbacks.gate.laws import LawRules
from callbacks.gate.organization import GatePolicy
from callbacks.purposes import Purpose


class CaseValues(NamedTuple):
    """A case's columns that count here. A tuple, since the first columns of a row become one at once."""

    id: int
    campaign_id: int
    kind: CaseKind
    purpose: Purpose
    person_id: int | None
    number: str
    zone: str
    reference: str
    not_before: datetime | None
    not_after: datetime | None
    wish_at: datetime | None
    state: CaseState
    reason: str
    tries: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CampaignFacts:
    """A campaign as the gate sees it; one value for all its cases."""

    state: CampaignState
    is_template: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What all cases of a campaign share whose callees are in the same place.

    Attributes:
        zones: where the callee may be; () when nobody knows.
        calendar: the campaign's hours and closed days and the law's hours, in all of `zones`; of a test call the law's.
    """

    campaign: CampaignFacts
    law: LawRules
    policy: GatePolicy
    zones: tuple[str, ...]
    calendar: Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class Permission:
    """One consent that fits the case's purpose and was not taken back. `until` is None when it does not lapse."""

    kind: ConsentKind
    given_at: datetime
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What is known of a number for a purpose.

    Attributes:
        opt_outs: the purposes, "all" among them, that it opted out of and that hold for this one.
        permissions: consents for this purpose or for all.
        calls: calls to the number over all campaigns that count: they rang, or are unsettled.
    """

    opt_outs: tuple[str, ...] = ()
    permissions: tuple[Permission, ...] = ()
    calls: tuple[PastCall, ...] = ()


NOTHING_KNOWN = Record()


@dataclass(frozen=True, kw_only=True, slots=True)
class DialFacts:
    """The facts of one case.

    Attributes:
        busy: another attempt to this number is live.
        slot_at: when the pacer has a slot; None when pacing is not asked.
    """

    case: CaseValues
    ground: Ground
    callee: Callee
    record: Record = NOTHING_KNOWN
    busy: bool = False
    slot_at: datetime | None = None

    @property
    def is_test(self) -> bool:
        """A call to staff before a launch."""
        return self.case.kind == CaseKind.TEST

    @property
    def zones(self) -> tuple[str, ...]:
        """Where the callee may be."""
        return self.ground.zones

    @property
    def calendar(self) -> Calendar:
        """When calls are allowed there."""
        return self.ground.calendar

    @property
    def until(self) -> datetime | None:
        """The moment from which the case is not dialled any more: the earlier of its own end and the campaign's."""
        own, campaign = self.case.not_after, None if self.is_test else self.ground.campaign.ends_at
        if own is None or campaign is None:
            return own or campaign
        return min(own, campaign)
