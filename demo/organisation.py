"""The demo organisation: a courier with its users, groups, categories and callers, all marked as demo data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign
from callbacks.case import Case
from callbacks.consents import Consent
from callbacks.opt_outs import OptOut
from callbacks.wishes import CallbackWish
from demo import history
from demo.callers import CALLERS
from demo.untold import untold
from flows.versions import Draft, Flow, FlowVersion
from ivr.calls import Call
from ivr.lines import Line
from ivr.messages import Message
from ivr.ratings import Rating
from ivr.recordings import Recording
from tickets.audit import AuditRow
from tickets.categories import Category
from tickets.people import Person, PersonNumber
from tickets.taxonomy import ensure_defaults
from tickets.ticket import Ticket
from tickets.users import Group, Role, User, add_user, find_user

MARKED: tuple[Any, ...] = (
    Case,
    Campaign,
    Consent,
    CallbackWish,
    OptOut,
    Rating,
    Message,
    Recording,
    Call,
    Ticket,
    Person,
    AuditRow,
    User,
    Group,
    Category,
    Line,
)
"""Models whose rows may be marked as demo data, in an order in which they can go."""

GROUPS = (
    ("service", "Customer service", "客服组"),
    ("complaints", "Complaints", "投诉组"),
    ("dispatch", "Dispatch", "调度组"),
)
COLLEAGUES = (
    # address before the @, name, group, language
    ("mei.lin", "林美", "service", "zh"),
    ("sam.carter", "Sam Carter", "complaints", "en"),
    ("wei.zhao", "赵伟", "dispatch", "zh"),
)
NAMES = {"agent": ("陈静 Jing Chen", "service"), "ops": ("Oscar Bell", "dispatch"), "admin": ("Ada Novak", "service")}
ZONE = "Asia/Shanghai"


def load(session: Session, now: datetime, *, logins: Sequence[tuple[str, str]], password: str) -> None:
    """Load the organisation and a week of its past, ending at `now`.

    Args:
        logins: (address, role) of the users that the demo shows; all of them get `password`.

    Loading again adds nothing.
    """
    if session.scalar(select(Call.id).where(Call.demo).limit(1)) is not None:
        return
    groups = _groups(session)
    ensure_defaults(session, demo=True)
    begun = now - timedelta(days=90)
    for email, role in logins:
        name, group = NAMES.get(role, (email.split("@")[0], "service"))
        _user(session, email, name, Role(role), groups[group], password, begun, "en")
    domain = logins[0][0].split("@")[1] if logins else "demo.ringback"
    for local, name, group, language in COLLEAGUES:
        _user(session, f"{local}@{domain}", name, Role.AGENT, groups[group], password, begun, language)
    _people(session, begun)
    session.flush()
    with untold(session):
        history.load(session, now)


def remove(session: Session) -> dict[str, int]:
    """Remove what is marked as demo data, and nothing else; gives how many rows of each table went.

    People and users whom later real calls or tickets name stay, no longer marked.
    """
    gone: dict[str, int] = {}
    used_people = select(Ticket.person_id).where(~Ticket.demo, Ticket.person_id.is_not(None))
    kept_people = used_people.union(select(Call.person_id).where(~Call.demo, Call.person_id.is_not(None)))
    session.execute(update(Person).where(Person.demo, Person.id.in_(kept_people)).values(demo=False))
    used_users = select(Ticket.assignee_id).where(~Ticket.demo, Ticket.assignee_id.is_not(None))
    kept_users = used_users.union(select(AuditRow.user_id).where(~AuditRow.demo, AuditRow.user_id.is_not(None)))
    session.execute(update(User).where(User.demo, User.id.in_(kept_users)).values(demo=False, active=False))
    used_groups = select(User.group_id).where(~User.demo, User.group_id.is_not(None))
    kept_groups = used_groups.union(select(Ticket.group_id).where(~Ticket.demo, Ticket.group_id.is_not(None)))
    session.execute(update(Group).where(Group.demo, Group.id.in_(kept_groups)).values(demo=False))
    for model in MARKED:
        gone[model.__tablename__] = len(session.execute(delete(model).where(model.demo).returning(model.id)).all())
    gone["flows"] = _remove_flows(session)
    return gone


def _remove_flows(session: Session) -> int:
    """Remove the demo's flows that no remaining line runs; calls that ran them keep their turns."""
    in_use = select(Line.flow_id).where(Line.flow_id.is_not(None))
    ids = list(session.scalars(select(Flow.id).where(Flow.demo, Flow.id.not_in(in_use))))
    session.execute(update(Flow).where(Flow.id.in_(ids)).values(published_version_id=None))
    session.execute(delete(Draft).where(Draft.flow_id.in_(ids)))
    session.execute(delete(FlowVersion).where(FlowVersion.flow_id.in_(ids)))
    session.execute(delete(Flow).where(Flow.id.in_(ids)))
    return len(ids)


def _groups(session: Session) -> dict[str, Group]:
    found = {group.key: group for group in session.scalars(select(Group))}
    for key, en, zh in GROUPS:
        if key not in found:
            found[key] = Group(key=key, name={"en": en, "zh": zh}, demo=True)
            session.add(found[key])
    session.flush()
    return found


def _user(
    session: Session, email: str, name: str, role: Role, group: Group, password: str, at: datetime, language: str
) -> None:
    if find_user(session, email) is None:
        add_user(
            session,
            email=email,
            name=name,
            role=role,
            password=password,
            now=at,
            language=language,
            time_zone=ZONE,
            group_id=group.id,
            demo=True,
        )


def _people(session: Session, at: datetime) -> None:
    known = set(session.scalars(select(PersonNumber.number)))
    for caller in CALLERS:
        if caller.number in known:
            continue
        person = Person(
            name=caller.name,
            language=caller.language,
            time_zone=ZONE if caller.number.startswith("+86") else None,
            vip=caller.vip,
            attributes={"city": caller.city} if caller.city else {},
            tags=["vip"] if caller.vip else [],
            created_at=at,
            demo=True,
        )
        person.numbers = [PersonNumber(number=caller.number)]
        session.add(person)
