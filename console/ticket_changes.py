"""What people change on a ticket's page: notes, steps, assignment, priority, category, group."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console.deps import deps, now
from console.guard import viewer
from console.tickets import blueprint, category_titles, choices, find, ticket_values
from console.translate import gettext as _
from tickets import desk
from tickets.errors import ChangedMeanwhileError, DeskError, InvalidValueError, NotFoundError, TransitionRefusedError
from tickets.ticket import Ticket

__all__ = ["blueprint"]


@blueprint.post("/tickets/<number>/notes")
def add_note(number: str) -> ResponseReturnValue:
    """Write a note, and if wanted take a step with it."""
    text, step = request.form.get("text", ""), request.form.get("step", "")
    internal = request.form.get("internal", "1") == "1"

    def deed(s: Session, ticket: Ticket, by: str) -> None:
        if text.strip():
            desk.note(s, ticket, text, by=by, now=now(), internal=internal)
        elif not step:
            raise InvalidValueError("The note is empty.")
        if step:
            desk.change_status(s, ticket, step, by=by, now=now())

    return _change(number, deed)


@blueprint.post("/tickets/<number>/status")
def take_step(number: str) -> ResponseReturnValue:
    """Take a step of the ticket's life."""
    step = request.form.get("step", "")
    return _change(number, lambda s, t, by: desk.change_status(s, t, step, by=by, now=now()))


@blueprint.post("/tickets/<number>/assignee")
def assign(number: str) -> ResponseReturnValue:
    """Give it to somebody, to nobody, or (me=1) take it."""
    user_id = viewer().id if request.form.get("me") else request.form.get("assignee", type=int)
    return _change(number, lambda s, t, by: desk.assign(s, t, user_id, by=by, now=now()))


@blueprint.post("/tickets/<number>/fields")
def set_fields(number: str) -> ResponseReturnValue:
    """Priority, category and group, with one reason for all of them."""
    form, reason = request.form, request.form.get("reason", "")[:300]

    def deed(s: Session, ticket: Ticket, by: str) -> None:
        if "priority" in form:
            desk.set_priority(s, ticket, form["priority"], by=by, now=now(), reason=reason)
        if "category" in form and (form["category"] in category_titles(s) or form["category"] == ticket.category):
            desk.set_category(s, ticket, form["category"], by=by, now=now(), reason=reason)
        if "group" in form:
            desk.assign_group(s, ticket, form.get("group", type=int), by=by, now=now(), reason=reason)

    return _change(number, deed)


def _change(number: str, deed: Callable[[Session, Ticket, str], object]) -> ResponseReturnValue:
    """Do it in one transaction; answer htmx with the changed parts, a plain form with the page."""
    problem = ""
    try:
        with deps().db.write() as s:
            ticket = find(s, number)
            deed(s, ticket, f"user:{viewer().id}")
    except DeskError as error:
        problem = _sentence(error)
    if not request.headers.get("HX-Request"):
        if problem:
            flash(problem, "error")
        return redirect(url_for("console.tickets.page", number=number), code=303)
    with deps().db.read() as s:
        values = ticket_values(s, find(s, number)) | choices(s)
        return render_template("_ticket_parts.html", **values, problem=problem), 200


def _sentence(error: DeskError) -> str:
    """What the desk refused, in the user's language."""
    if isinstance(error, ChangedMeanwhileError):
        return _("Somebody else changed this ticket meanwhile. Look again.")
    if isinstance(error, TransitionRefusedError):
        return _("The ticket's status does not allow this any more.")
    if isinstance(error, NotFoundError):
        return _("This user or group is not there any more.")
    return _("This cannot be kept: it is empty, too long, or not one of the choices.")
