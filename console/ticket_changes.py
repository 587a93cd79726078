"""What people change on a ticket's page: notes, steps, assignment, priority, category, group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console.deps import deps, now
from console.guard import viewer
from console.tickets import blueprint, category_titles, choices, find, page_values, ticket_values
from console.timeline import Shown
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
            desk.change_status(s, ticket, step, by=by, now=now(), expected_version=_shown_version())

    return _change(number, deed)


@blueprint.post("/tickets/<number>/status")
def take_step(number: str) -> ResponseReturnValue:
    """Take a step of the ticket's life."""
    step = request.form.get("step", "")
    expected = _shown_version()
    return _change(number, lambda s, t, by: desk.change_status(s, t, step, by=by, now=now(), expected_version=expected))


@blueprint.post("/tickets/<number>/assignee")
def assign(number: str) -> ResponseReturnValue:
    """Give it to somebody, to nobody, or (me=1) take it."""
    user_id = viewer().id if request.form.get("me") else request.form.get("assignee", type=int)
    expected = _shown_version()
    return _change(number, lambda s, t, by: desk.assign(s, t, user_id, by=by, now=now(), expected_version=expected))


@blueprint.post("/tickets/<number>/fields")
def set_fields(number: str) -> ResponseReturnValue:
    """Priority, category and group, with one reason for all of them."""
    form, reason = request.form, request.form.get("reason", "")[:300]

    def deed(s: Session, ticket: Ticket, by: str) -> None:
        expected = _shown_version()
        if "priority" in form:
            desk.set_priority(s, ticket, form["priority"], by=by, now=now(), reason=reason, expected_version=expected)
            expected = None
        if "category" in form and (form["category"] in category_titles(s) or form["category"] == ticket.category):
            desk.set_category(s, ticket, form["category"], by=by, now=now(), reason=reason, expected_version=expected)
            expected = None
        if "group" in form:
            group = form.get("group", type=int)
            desk.assign_group(s, ticket, group, by=by, now=now(), reason=reason, expected_version=expected)

    return _change(number, deed)


def _shown_version() -> int | None:
    """The version of the ticket that the form was filled in on; None when the form does not say."""
    return request.form.get("version", type=int)


def _change(number: str, deed: Callable[[Session, Ticket, str], object]) -> ResponseReturnValue:
    """Do it in one transaction; answer htmx with the changed parts, a plain form with the page.

    What was refused stays in its form, so that nothing typed is lost.
    """
    problem: DeskError | None = None
    try:
        with deps().db.write() as s:
            ticket = find(s, number)
            deed(s, ticket, f"user:{viewer().id}")
    except DeskError as error:
        problem = error
    is_htmx = bool(request.headers.get("HX-Request"))
    if problem is None and not is_htmx:
        return redirect(url_for("console.tickets.page", number=number), code=303)
    with deps().db.read() as s:
        ticket = find(s, number)
        values = (ticket_values if is_htmx else page_values)(s, ticket) | choices(s)
        values |= _refused(problem, values["entries"]) if problem else {}
        return render_template("_ticket_parts.html" if is_htmx else "ticket.html", **values), _code(problem, is_htmx)


def _code(problem: DeskError | None, is_htmx: bool) -> int:
    # htmx puts only answers with 200 into the page.
    if problem is None or is_htmx:
        return 200
    return 409 if isinstance(problem, ChangedMeanwhileError | TransitionRefusedError) else 400


def _refused(problem: DeskError, entries: list[Shown]) -> dict[str, Any]:
    """What the page says of a refusal: a sentence, what happened since the form was shown, and what was typed."""
    seen = request.form.get("seen", default=0, type=int)
    since = [x for x in entries if x.key.startswith("e") and int(x.key[1:]) > seen]
    meanwhile = since if seen and isinstance(problem, ChangedMeanwhileError | TransitionRefusedError) else []
    return {"problem": _sentence(problem), "meanwhile": meanwhile, "draft": request.form}


def _sentence(error: DeskError) -> str:
    """What the desk refused, in the user's language."""
    if isinstance(error, ChangedMeanwhileError):
        return _("Somebody changed this ticket meanwhile, so nothing was done. Look again; repeat it if it still fits.")
    if isinstance(error, TransitionRefusedError):
        return _("The ticket's status does not allow this any more.")
    if isinstance(error, NotFoundError):
        return _("This user or group is not there any more.")
    return _("This cannot be kept: it is empty, too long, or not one of the choices.")
