"""Facts for many cases at once: a handful of queries, however many the cases are.

Numbers go to the database as one array, so that a preflight of 100,000 cases asks as often as the dial of one. A case
may be a `Case` or a row of its columns in CASE_COLUMNS, which loads several times faster.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseKind, CaseState
from callbacks.gate.calendar import Calendar, Grid, calendar_of, week_of
from callbacks.gate.callee import Callee, callee_of
from callbacks.gate.facts import CampaignFacts, CaseValues, DialFacts, Ground
from callbacks.gate.histories import Histories, read_histories
from callbacks.gate.laws import LawRules, law_for
from callbacks.gate.organization import GatePolicy
from callbacks.gate.zones import zones_of
from callbacks.purposes import Purpose

CASE_COLUMNS = tuple(getattr(Case, name) for name in CaseValues._fields)
"""What facts are made of: a row of `select(*CASE_COLUMNS, …)` stands for a case here; more columns may follow."""

_OF_CASE = attrgetter(*CaseValues._fields)


class _Place:
    """A campaign's settings, read once for all its cases, and the ground of each place its callees are in."""

    def __init__(self, campaign: Campaign, policy: GatePolicy, *, launched: bool) -> None:
        hours = campaign.hours
        self._facts = CampaignFacts(
            state=CampaignState.RUNNING if launched else campaign.state,
            is_template=campaign.is_template,
            starts_at=campaign.starts_at,
            ends_at=campaign.ends_at,
        )
        self._policy = policy
        self._week = week_of(hours)
        self._closed = policy.closed_dates | frozenset(hours.closed_dates)
        self._skip_holidays = hours.skip_holidays
        self._override = campaign.law
        self._region = campaign.region or policy.region
        self.zone = campaign.zone or policy.zone
        self._laws: dict[tuple[str, str, str], LawRules] = {}
        self._grounds: dict[tuple[LawRules, tuple[str, ...], str, bool], Ground] = {}

    def law(self, purpose: Purpose, callee: Callee) -> LawRules:
        """The law of calls for `purpose` to the callee's country."""
        key = (purpose, callee.region, callee.area)
        found = self._laws.get(key)
        if found is None:
            found = law_for(*key, self._override, none_allowed=self._policy.none_allowed)
            self._laws[key] = found
        return found

    def ground(self, law: LawRules, zones: tuple[str, ...], region: str, *, test: bool) -> Ground:
        """What cases of this law and these zones share."""
        key = (law, zones, region, test)
        found = self._grounds.get(key)
        if found is None:
            calendar = self._calendar(law, zones, region or self._region, test=test)
            found = Ground(campaign=self._facts, law=law, policy=self._policy, zones=zones, calendar=calendar)
            self._grounds[key] = found
        return found

    def _calendar(self, law: LawRules, zones: tuple[str, ...], region: str, *, test: bool) -> Calendar:
        """The campaign's hours and the law's; a test call is held to the law's hours alone."""
        law_grid = Grid(week=law.week, holidays=region if law.skip_holidays and not test else "")
        law_part = law_grid, (law.zone,) if law.zone else zones
        if test:
            return calendar_of(law_part)
        holidays = region if self._skip_holidays else ""
        return calendar_of((Grid(week=self._week, closed=self._closed, holidays=holidays), zones), law_part)


def load_facts(
    session: Session,
    pairs: Sequence[tuple[Case | Row[Any], Campaign]],
    now: datetime,
    *,
    policy: GatePolicy,
    launched: bool = False,
) -> list[DialFacts]:
    """The facts of these cases, in their order.

    Args:
        session: read from; nothing is written.
        pairs: each case, or a row that begins with CASE_COLUMNS, with its campaign.
        now: calls are looked back at from here.
        policy: the organisation's own rules.
        launched: take the campaigns as running, for a forecast before the launch.
    """
    campaigns = {campaign.id: campaign for _, campaign in pairs}
    places = {key: _Place(campaign, policy, launched=launched) for key, campaign in campaigns.items()}
    cases = [_values(case) for case, _ in pairs]
    callees = [callee_of(case.number) for case in cases]
    where = [places[campaign.id] for _, campaign in pairs]
    laws = [place.law(case.purpose, callee) for place, case, callee in zip(where, cases, callees, strict=True)]
    histories = _histories(session, cases, laws, now, policy)
    return [
        _facts(case, place, callee, law, histories)
        for case, place, callee, law in zip(cases, where, callees, laws, strict=True)
    ]


def _values(case: Case | Row[Any]) -> CaseValues:
    return CaseValues._make(case[: len(CASE_COLUMNS)] if isinstance(case, Row) else _OF_CASE(case))


def _histories(
    session: Session, cases: Sequence[CaseValues], laws: Sequence[LawRules], now: datetime, policy: GatePolicy
) -> Histories:
    """What the database knows of the cases' numbers, as far back as any cap looks."""
    found = Histories()
    if not cases:
        return found
    limited = {law for law in set(laws) if law.without_consent and law.without_consent.calls_per_reference}
    references = {case.reference for case, law in zip(cases, laws, strict=True) if law in limited} - {""}
    since = now - _longest_span(set(laws), policy)
    unplaced = [case for case in cases if not case.zone]
    people = {case.person_id for case in unplaced if case.person_id is not None}
    numbers = {case.number for case in cases}
    read_histories(session, numbers, since, references, {case.number for case in unplaced}, people, found)
    return found


def _longest_span(laws: Iterable[LawRules], policy: GatePolicy) -> timedelta:
    caps = [*policy.caps]
    for law in laws:
        caps += law.caps + (law.without_consent.caps if law.without_consent else ())
    return timedelta(minutes=max((cap.minutes for cap in caps), default=0))


def _facts(case: CaseValues, place: _Place, callee: Callee, law: LawRules, histories: Histories) -> DialFacts:
    person_zone = "" if case.zone else histories.zone_of(case.person_id, case.number)
    zones = zones_of(case.zone, person_zone, case.number, place.zone)
    live = histories.live.get(case.number)
    return DialFacts(
        case=case,
        ground=place.ground(law, zones, callee.region, test=case.kind == CaseKind.TEST),
        callee=callee,
        record=histories.record(case.number, case.purpose),
        busy=live is not None and any(not _own_claim(case, attempt) for attempt in live),
    )


def _own_claim(case: CaseValues, attempt: tuple[int, bool]) -> bool:
    """Whether a live attempt is the claim that this very case is being asked for."""
    case_id, only_claimed = attempt
    return only_claimed and case_id == case.id and case.state == CaseState.CALLING
