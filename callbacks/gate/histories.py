"""What is known of numbers: opt-outs, consents, calls over all campaigns, live attempts, and their people's zones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, case, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from callbacks.attempt import LIVE_STATES, Attempt, AttemptState
from callbacks.consents import Consent
from callbacks.gate.among import among, listed
from callbacks.gate.caps import PastCall
from callbacks.gate.facts import NOTHING_KNOWN, Permission, Record
from callbacks.opt_outs import OptOut
from callbacks.purposes import ALL_PURPOSES
from storage.database import connection_of
from storage.types import UtcDateTime
from tickets.people import Person, PersonNumber

_LIVE = frozenset(LIVE_STATES)
_MAY_BE_RINGING = tuple(state for state in LIVE_STATES if state != AttemptState.CLAIMED)
_MARGIN = timedelta(hours=1)
"""A call is found by the moment it was dialled and counts from the moment it rang, a little later."""


@dataclass(kw_only=True)
class Histories:
    """By number: purposes opted out of, permissions with their purposes, calls that count, live attempts, zone.

    `live` are pairs of case and whether the attempt is only claimed. `zone_of_person` is by person.
    """

    opt_outs: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    permissions: dict[str, list[tuple[str, Permission]]] = field(default_factory=lambda: defaultdict(list))
    calls: dict[str, list[PastCall]] = field(default_factory=lambda: defaultdict(list))
    live: dict[str, list[tuple[int, bool]]] = field(default_factory=lambda: defaultdict(list))
    zone_of_number: dict[str, str] = field(default_factory=dict)
    zone_of_person: dict[int, str] = field(default_factory=dict)

    def record(self, number: str, purpose: str) -> Record:
        """What holds for calls to a number for a purpose."""
        opt_outs, calls = self.opt_outs.get(number), self.calls.get(number)
        permissions = self.permissions.get(number)
        if opt_outs is None and calls is None and permissions is None:
            return NOTHING_KNOWN
        return Record(
            opt_outs=tuple(p for p in opt_outs or () if p in (purpose, ALL_PURPOSES)),
            permissions=tuple(given for p, given in permissions or () if p in (purpose, ALL_PURPOSES)),
            calls=tuple(calls or ()),
        )

    def zone_of(self, person_id: int | None, number: str) -> str:
        """The zone of a case's person, else of whoever has the number; "" unknown."""
        known = self.zone_of_person.get(person_id) if person_id is not None else None
        return known or self.zone_of_number.get(number, "")


def read_numbers(
    session: Session, numbers: Collection[str], since: datetime, references: Collection[str], into: Histories
) -> None:
    """Opt-outs and consents that were not taken back, and calls.

    Calls are attempts since `since`, live ones of any age, and those about `references` of any age. One that rang
    counts from then. One that was dialled and is not settled counts as if it had rung: it may be ringing.
    """
    dialect = session.get_bind().dialect.name
    values = {"numbers": listed(dialect, numbers)}
    for number, purpose in _rows(session, _opt_outs(dialect), values):
        into.opt_outs[number].append(purpose)
    for number, purpose, kind, given_at, until in _rows(session, _consents(dialect), values):
        into.permissions[number].append((purpose, Permission(kind=kind, given_at=given_at, until=until)))
    values |= {"since": since, "dialled_since": since - _MARGIN, "references": listed(dialect, references)}
    for number, case_id, state, purpose, reference, counts_from in _rows(session, _calls(dialect), values):
        if state in _LIVE:
            into.live[number].append((case_id, state == AttemptState.CLAIMED))
        if counts_from is not None:
            into.calls[number].append(PastCall(at=counts_from, purpose=purpose, case_id=case_id, reference=reference))


def read_zones(session: Session, numbers: Collection[str], people: Collection[int], into: Histories) -> None:
    """The zones of the people who have the numbers, and of `people` themselves."""
    dialect = session.get_bind().dialect.name
    values = {"numbers": listed(dialect, numbers)}
    into.zone_of_number.update((number, zone) for number, zone in _rows(session, _zones_of_numbers(dialect), values))
    if people:
        values = {"people": listed(dialect, people)}
        into.zone_of_person.update((person, zone) for person, zone in _rows(session, _zones_of_people(dialect), values))


def _rows(session: Session, statement: Executable, values: dict[str, Any]) -> list[Any]:
    """Rows of a statement that is built once; what waits in the session is seen."""
    session.flush()
    return list(connection_of(session).execute(statement, values))


@cache
def _opt_outs(dialect: str) -> Executable:
    own = among(dialect, OptOut.number, "numbers")
    return select(OptOut.number, OptOut.purpose).where(own, OptOut.revoked_at.is_(None))


@cache
def _consents(dialect: str) -> Executable:
    own = among(dialect, Consent.number, "numbers")
    columns = (Consent.number, Consent.purpose, Consent.kind, Consent.given_at, Consent.until)
    return select(*columns).where(own, Consent.revoked_at.is_(None))


@cache
def _calls(dialect: str) -> Executable:
    recent = or_(
        Attempt.dialled_at >= bindparam("dialled_since", type_=UtcDateTime),
        Attempt.rang_at >= bindparam("since", type_=UtcDateTime),
        Attempt.state.in_(LIVE_STATES),
        among(dialect, Attempt.reference, "references"),
    )
    # One moment a row: reading three costs more than all the rest of it.
    counts_from = case(
        (Attempt.rang_at.is_not(None), Attempt.rang_at),
        (Attempt.state.in_(_MAY_BE_RINGING), func.coalesce(Attempt.dialled_at, Attempt.claimed_at)),
    )
    columns = (Attempt.number, Attempt.case_id, Attempt.state, Attempt.purpose, Attempt.reference)
    own = among(dialect, Attempt.number, "numbers")
    return select(*columns, type_coerce(counts_from, UtcDateTime)).where(own, recent)


@cache
def _zones_of_numbers(dialect: str) -> Executable:
    named = (Person.time_zone.is_not(None), Person.time_zone != "")
    own = among(dialect, PersonNumber.number, "numbers")
    return select(PersonNumber.number, Person.time_zone).join(Person).where(own, *named)


@cache
def _zones_of_people(dialect: str) -> Executable:
    named = (Person.time_zone.is_not(None), Person.time_zone != "")
    return select(Person.id, Person.time_zone).where(among(dialect, Person.id, "people"), *named)
