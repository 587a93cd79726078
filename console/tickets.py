"""Tickets: the list with its views, and the page of one ticket; `console.ticket_changes` has what can be done there."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from console import conversation, paging, words
from console.deps import deps
from console.guard import viewer
from console.timeline import compose
from console.translate import gettext as _
from console.translate import lazy_gettext
from tickets import desk, reasons
from tickets.categories import Category
from tickets.errors import InvalidValueError, NotFoundError
from tickets.lifecycle import steps_from
from tickets.listing import VIEWS
from tickets.numbers import plain
from tickets.people import Person
from tickets.ticket import Ticket
from tickets.timeline import Entry
from tickets.users import Group, User

blueprint = Blueprint("tickets", __name__)
VIEW_WORDS = {
    "undone": lazy_gettext("To do"),
    "mine": lazy_gettext("Mine"),
    "unassigned": lazy_gettext("Unassigned"),
    "urgent": lazy_gettext("High and urgent"),
    "waiting": lazy_gettext("Waiting"),
    "solved": lazy_gettext("Solved"),
    "closed": lazy_gettext("Closed"),
    "all": lazy_gettext("All"),
}
NEXT_SHOWN = 8


@blueprint.get("/tickets")
def listing() -> ResponseReturnValue:
    """The list. A whole ticket number in the search box leads straight to its page."""
    with deps().db.read() as s:
        filters = _filters()
        found = _search(s, filters)
        if found.jump and not request.args.get("after"):
            return redirect(url_for("console.tickets.page", number=found.jump))
        return render_template(
            "tickets.html", **_rows(s, found, filters), **choices(s), counts=desk.counts(s, viewer_id=viewer().id)
        )


@blueprint.get("/tickets/rows")
def rows() -> ResponseReturnValue:
    """Only the views' counts and the rows, for the list to renew itself."""
    with deps().db.read() as s:
        filters = _filters()
        found = _search(s, filters)
        return render_template(
            "_ticket_rows.html",
            **_rows(s, found, filters),
            categories=category_titles(s),
            counts=desk.counts(s, viewer_id=viewer().id),
        )


def _filters() -> desk.TicketFilter:
    args = request.args
    text = args.get("q", "").strip()[:200]
    view = args.get("view", "") or ("all" if text else "undone")
    return desk.TicketFilter(
        view=view if view in VIEWS else "undone",
        viewer_id=viewer().id,
        statuses=tuple(x for x in args.getlist("status") if x in words.STATUS),
        priorities=tuple(x for x in args.getlist("priority") if x in words.PRIORITY),
        categories=tuple(x[:64] for x in args.getlist("category") if x),
        assignee_id=args.get("assignee", type=int),
        group_id=args.get("group", type=int),
        language=args.get("language", "")[:2],
        text=text,
        sort="created" if args.get("sort") == "created" else "updated",
    )


def _search(s: Session, filters: desk.TicketFilter) -> desk.Page:
    try:
        return desk.search(s, filters, after=request.args.get("after", "")[:200] or None, limit=paging.SIZE)
    except InvalidValueError as error:
        raise BadRequest(_("The address names a place in the list that does not exist.")) from error


def _rows(s: Session, found: desk.Page, filters: desk.TicketFilter) -> dict[str, Any]:
    kept: dict[str, Any] = {k: v for k, v in request.args.items() if k not in ("after", "view") and v}
    return {
        "tickets": found.tickets,
        "next_url": url_for("console.tickets.listing", **kept, view=filters.view, after=found.next)
        if found.next
        else "",
        "first_url": url_for("console.tickets.listing", **kept, view=filters.view),
        "rows_url": url_for("console.tickets.rows", **cast(dict[str, Any], request.args.to_dict())),
        "is_first": not request.args.get("after"),
        "view": filters.view,
        "views": VIEW_WORDS,
        "search_words": filters.text,
        "filters": filters,
        "is_filtered": bool(kept),
    }


def category_titles(s: Session) -> dict[str, str]:
    """Every category's title in the reader's language, by key."""
    found = s.scalars(select(Category).order_by(Category.position, Category.key))
    return {c.key: words.local_title(c.title, c.key) for c in found}


def choices(s: Session) -> dict[str, Any]:
    """What the forms offer: categories, assignees, groups."""
    users = s.scalars(select(User).where(User.active).order_by(User.name, User.id))
    groups = s.scalars(select(Group).order_by(Group.key))
    return {
        "categories": category_titles(s),
        "assignees": [(u.id, u.name or u.email) for u in users],
        "groups": [(g.id, words.local_title(g.name, g.key)) for g in groups],
    }


@blueprint.get("/tickets/<number>")
def page(number: str) -> ResponseReturnValue:
    """One ticket."""
    with deps().db.read() as s:
        return render_template("ticket.html", **page_values(s, find(s, number)), **choices(s))


def page_values(s: Session, ticket: Ticket) -> dict[str, Any]:
    """What the whole page of a ticket shows, but for the choices of its forms."""
    view = request.args.get("view", "undone")
    wanted = desk.TicketFilter(view=view if view in VIEWS else "undone", viewer_id=viewer().id)
    return {
        **ticket_values(s, ticket),
        "counts": desk.counts(s, viewer_id=viewer().id),
        "views": VIEW_WORDS,
        "view": view,
        "beside": desk.search(s, wanted, limit=NEXT_SHOWN).tickets,
    }


@blueprint.get("/tickets/<number>/head")
def head(number: str) -> str:
    """Only the head: number, status, subject and what can be done next."""
    with deps().db.read() as s:
        return render_template("_ticket_head.html", **ticket_values(s, find(s, number)))


@blueprint.get("/tickets/<number>/timeline")
def timeline(number: str) -> str:
    """Only the timeline, for the page to renew it."""
    with deps().db.read() as s:
        return render_template("_ticket_timeline.html", **ticket_values(s, find(s, number)))


@blueprint.get("/tickets/<number>/side")
def side(number: str) -> str:
    """Only the right column."""
    with deps().db.read() as s:
        return render_template("_ticket_side.html", **ticket_values(s, find(s, number)), **choices(s))


def find(s: Session, number: str) -> Ticket:
    """The ticket with this number. Raises NotFound (404)."""
    try:
        return desk.find_ticket(s, plain(number[:40]))
    except NotFoundError:
        abort(404)


def ticket_values(s: Session, ticket: Ticket) -> dict[str, Any]:
    """What the parts of a ticket's page show."""
    person = s.get(Person, ticket.person_id) if ticket.person_id else None
    others = desk.find_for_caller(s, number=ticket.caller_number, person_id=ticket.person_id, limit=11)
    language = viewer().language
    return {
        "ticket": ticket,
        "person": person,
        "numbers": [n.number for n in person.numbers] if person else [],
        "others": [t for t in others if t.id != ticket.id][:10],
        "steps": steps_from(str(ticket.status)),
        "entries": compose(s, ticket, language),
        "newest": s.scalar(select(func.max(Entry.id)).where(Entry.ticket_id == ticket.id)) or 0,
        "draft": {},
        "category_why": reasons.sentence(ticket.category_reason or {}, language),
        "priority_why": [reasons.sentence(r, language) for r in ticket.priority_reason or []],
        "lines": conversation.lines,
        "category_titles": category_titles(s),
    }
