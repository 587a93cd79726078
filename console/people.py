"""The people who call: a list to search, and the page of one person."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from sqlalchemy import exists, select
from sqlalchemy.orm import selectinload

from console import paging, reaching
from console.deps import deps, now
from ivr.calls import Call
from tickets.people import Person, PersonNumber
from tickets.ticket import Ticket

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
def listing() -> str:
    """People, newest first; the search takes a name or a part of a number in any format."""
    wanted = request.args.get("q", "").strip()[:100]
    query = select(Person).options(selectinload(Person.numbers)).order_by(Person.created_at.desc(), Person.id.desc())
    if wanted:
        query = query.where(_matches(wanted))
    query = query.where(*paging.below(Person.created_at, Person.id, paging.cursor())).limit(paging.SIZE + 1)
    with deps().db.read() as s:
        rows = list(s.scalars(query))
        return render_template(
            "people.html", people=rows[: paging.SIZE], next_url=paging.next_url(rows, "created_at"), wanted=wanted
        )


def _matches(wanted: str):  # type: ignore[no-untyped-def]
    digits = "".join(c for c in wanted if c.isdigit()).lstrip("0")
    by_name = Person.name.icontains(wanted, autoescape=True)
    if len(digits) < 3:
        return by_name
    number = exists().where(PersonNumber.person_id == Person.id, PersonNumber.number.contains(digits))
    return by_name | number


@blueprint.get("/people/<int:person_id>")
def page(person_id: int) -> str:
    """One person: numbers, what is known, tickets and calls."""
    with deps().db.read() as s:
        person = s.get(Person, person_id, options=[selectinload(Person.numbers)])
        if person is None:
            abort(404)
        tickets = s.scalars(
            select(Ticket).where(Ticket.person_id == person.id).order_by(Ticket.updated_at.desc()).limit(30)
        )
        calls = s.scalars(select(Call).where(Call.person_id == person.id).order_by(Call.started_at.desc()).limit(30))
        return render_template(
            "person.html",
            person=person,
            tickets=list(tickets),
            calls=list(calls),
            **reaching.of_person(s, person, now()),
        )
