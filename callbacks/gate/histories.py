"""What is known of numbers: opt-outs, consents, calls over all campaigns, live attempts, and their people's zones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
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
_CALL, _OPT_OUT, _CONSENT, _ZONE_OF_NUMBER, _ZONE_OF_PERSON = range(5)
_NO_TEXT = literal_column("''", String)
_NO_KEY = cast(null(), Integer)
_NO_MOMENT = cast(null(), UtcDateTime)
_NAMED = (Person.time_zone.is_not(None), Person.time_zone != "")
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


def read_histories(
    session: Session,
    numbers: Collection[str],
    since: datetime,
    references: Collection[str],
    unplaced: Collection[str],
    people: Collection[int],
    into: Histories,
) -> None:
    """Opt-outs and consents that were not taken back, calls, and zones: one statement for all of it.

    Calls are attempts since `since`, live ones of any age, and those about `references` of any age. One that rang
    counts from then. One that was dialled and is not settled counts as if it had rung: it may be ringing. Zones are
    those of the people who have the numbers `unplaced`, and of `people` themselves.
    """
    dialect = session.get_bind().dialect.name
    values = {
        "numbers": listed(dialect, numbers),
        "references": listed(dialect, references),
        "unplaced": listed(dialect, unplaced),
        "people": listed(dialect, people),
        "since": since,
        "dialled_since": since - _MARGIN,
    }
    for what, number, purpose, word, key, reference, at, until in _rows(session, _everything(dialect), values):
        if what == _CALL:
            if word in _LIVE:
                into.live[number].append((key, word == AttemptState.CLAIMED))
            if at is not None:
                into.calls[number].append(PastCall(at=at, purpose=purpose, case_id=key, reference=reference))
        elif what == _OPT_OUT:
            into.opt_outs[number].append(purpose)
        elif what == _CONSENT:
            into.permissions[number].append((purpose, Permission(kind=word, given_at=at, until=until)))
        elif what == _ZONE_OF_NUMBER:
            into.zone_of_number[number] = word
        else:
            into.zone_of_person[key] = word


def _kind(what: int) -> ColumnElement[int]:
    return literal_column(str(what), Integer)


def _rows(session: Session, statement: Executable, values: dict[str, Any]) -> Iterable[Any]:
    """Rows of a statement that is built once; what waits in the session is seen."""
    session.flush()
    return connection_of(session).execute(statement, values)


@cache
def _everything(dialect: str) -> Executable:
    """Rows of what, number, purpose, word, key, reference, moment and end; the first part gives the columns' types."""
    return union_all(
        _calls(dialect), _opt_outs(dialect), _consents(dialect), _zones_of_numbers(dialect), _zones_of_people(dialect)
    )


def _written(states: Iterable[AttemptState]) -> list[ColumnElement[str]]:
    """States written out in the statement: as parameters they would make it another one to spell at every dial."""
    return [literal_column(f"'{state.value}'", String) for state in states]


def _calls(dialect: str) -> Select[*tuple[Any, ...]]:
    recent = or_(
        Attempt.dialled_at >= bindparam("dialled_since", type_=UtcDateTime),
        Attempt.rang_at >= bindparam("since", type_=UtcDateTime),
        Attempt.state.in_(_written(LIVE_STATES)),
        among(dialect, Attempt.reference, "references"),
    )
    # One moment a row: reading three costs more than all the rest of it.
    counts_from = case(
        (Attempt.rang_at.is_not(None), Attempt.rang_at),
        (Attempt.state.in_(_written(_MAY_BE_RINGING)), func.coalesce(Attempt.dialled_at, Attempt.claimed_at)),
    )
    columns = (Attempt.number, Attempt.purpose, Attempt.state, Attempt.case_id, Attempt.reference)
    moments = (type_coerce(counts_from, UtcDateTime), _NO_MOMENT)
    return select(_kind(_CALL), *columns, *moments).where(among(dialect, Attempt.number, "numbers"), recent)


def _opt_outs(dialect: str) -> Select[*tuple[Any, ...]]:
    own = among(dialect, OptOut.number, "numbers")
    columns = (OptOut.number, OptOut.purpose, _NO_TEXT, _NO_KEY, _NO_TEXT, _NO_MOMENT, _NO_MOMENT)
    return select(_kind(_OPT_OUT), *columns).where(own, OptOut.revoked_at.is_(None))


def _consents(dialect: str) -> Select[*tuple[Any, ...]]:
    own = among(dialect, Consent.number, "numbers")
    columns = (Consent.number, Consent.purpose, Consent.kind, _NO_KEY, _NO_TEXT, Consent.given_at, Consent.until)
    return select(_kind(_CONSENT), *columns).where(own, Consent.revoked_at.is_(None))


def _zones_of_numbers(dialect: str) -> Select[*tuple[Any, ...]]:
    own = among(dialect, PersonNumber.number, "unplaced")
    columns = (PersonNumber.number, _NO_TEXT, Person.time_zone, _NO_KEY, _NO_TEXT, _NO_MOMENT, _NO_MOMENT)
    return select(_kind(_ZONE_OF_NUMBER), *columns).join(Person).where(own, *_NAMED)


def _zones_of_people(dialect: str) -> Select[*tuple[Any, ...]]:
    own = among(dialect, Person.id, "people")
    columns = (_NO_TEXT, _NO_TEXT, Person.time_zone, Person.id, _NO_TEXT, _NO_MOMENT, _NO_MOMENT)
    return select(_kind(_ZONE_OF_PERSON), *columns).where(own, *_NAMED)
