"""The people behind many numbers at once; who is not known yet is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from tickets.people import Person, PersonNumber
from tickets.texts import clean_line


def people_of(session: Session, numbers: Sequence[str]) -> dict[str, int]:
    """Ids of the known people by number, E.164; for at most a few thousand numbers."""
    query = select(PersonNumber.number, PersonNumber.person_id).where(PersonNumber.number.in_(numbers))
    return {row.number: row.person_id for row in session.execute(query)}


def people_for(
    session: Session, wanted: Mapping[str, tuple[str, str]], *, now: datetime, demo: bool = False
) -> dict[str, int]:
    """Ids of the people of all numbers. `wanted` maps a number to name and language for a person who is new."""
    known = people_of(session, list(wanted))
    missing = [number for number in wanted if number not in known]
    if not missing:
        return known
    rows = [
        {
            "name": clean_line(wanted[number][0], 200),
            "language": clean_line(wanted[number][1], 35) or None,
            "created_at": now,
            "demo": demo,
        }
        for number in missing
    ]
    made = session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), rows).all()
    dialect_insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = dialect_insert(PersonNumber).on_conflict_do_nothing(index_elements=["number"])
    pairs = [{"number": number, "person_id": person_id} for number, person_id in zip(missing, made, strict=True)]
    session.execute(statement, pairs)
    now_known = people_of(session, list(wanted))
    orphans = [pair["person_id"] for pair in pairs if now_known[str(pair["number"])] != pair["person_id"]]
    if orphans:
        # Another transaction gave these numbers a person between our look and our insert.
        session.execute(delete(Person).where(Person.id.in_(orphans)))
    return now_known


def hold_numbers(session: Session, numbers: Sequence[str]) -> None:
    """Let nobody else make or merge cases of these numbers until the transaction ends.

    Row locks need no lock table, so that ten thousand numbers may be held at once; SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name != "sqlite":
        query = select(PersonNumber.id).where(PersonNumber.number.in_(numbers)).order_by(PersonNumber.number)
        session.execute(query.with_for_update(key_share=True))
