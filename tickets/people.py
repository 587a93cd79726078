"""The people who call. A number in any format leads to one person; a person may be known by a number only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.database import Base
from storage.insert import insert_once, insert_row
from storage.types import Json, UtcDateTime
from telephony.numbers import is_e164, parse_or_none
from tickets.errors import InvalidValueError


class Person(Base):
    """Somebody who called or is called. `name` is "" while only a number is known."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str | None] = mapped_column(String(35), default=None)
    time_zone: Mapped[str | None] = mapped_column(String(64), default=None)
    vip: Mapped[bool] = mapped_column(default=False)
    attributes: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    tags: Mapped[list[str]] = mapped_column(Json, default=list)
    notes: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    demo: Mapped[bool] = mapped_column(default=False)

    numbers: Mapped[list[PersonNumber]] = relationship(back_populates="person", cascade="all, delete-orphan")


class PersonNumber(Base):
    """A telephone number of a person, E.164."""

    __tablename__ = "person_numbers"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)

    person: Mapped[Person] = relationship(back_populates="numbers")


_BY_NUMBER = select(Person).join(PersonNumber).where(PersonNumber.number == bindparam("number"))


def plain_number(number: str, *, region: str = "") -> str:
    """The one way a number is kept: E.164, or "" when `number` names no telephone (anonymous, a SIP or client name).

    `region` is the ISO 3166 country of numbers written without a country code.
    """
    return parse_or_none(number, region=region) or (number if is_e164(number) else "")


def find_person(session: Session, number: str, *, region: str = "") -> Person | None:
    """The person with this number, written in any format; None when nobody has it."""
    plain = plain_number(number, region=region)
    if not plain:
        return None
    return _person_of(session, plain)


def _person_of(session: Session, plain: str) -> Person | None:
    person: Person | None = session.scalar(_BY_NUMBER, {"number": plain})
    return person


def person_for_number(
    session: Session, number: str, *, now: datetime, language: str = "", region: str = ""
) -> Person | None:
    """The person with this number, made now if it is new; None when `number` names no telephone."""
    plain = plain_number(number, region=region)
    if not plain:
        return None
    if known := _person_of(session, plain):
        return known
    person = insert_row(
        session, Person, name="", language=language or None, vip=False, created_at=now, attributes={}, tags=[]
    )
    if insert_once(session, PersonNumber, unique="number", person_id=person.id, number=plain) is None:
        # Another call of the same number came first.
        session.delete(person)
        return _person_of(session, plain)
    return person


def add_number(session: Session, person: Person, number: str, *, region: str = "") -> str:
    """Give a person another number; gives it as kept. Raises InvalidValueError when it is none or somebody else's."""
    plain = plain_number(number, region=region)
    if not plain:
        raise InvalidValueError("This is not a telephone number; write it with + and the country code.")
    owner = find_person(session, plain)
    if owner is not None and owner.id != person.id:
        raise InvalidValueError(f"This number already belongs to {owner.name or 'another person'}.")
    if owner is None:
        person.numbers.append(PersonNumber(number=plain))
        session.flush()
    return plain
