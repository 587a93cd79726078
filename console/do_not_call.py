"""Who must not be called: search, add, a list, revoke with a reason, export; each entry with where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from callbacks.opt_outs import OptOut
from callbacks.opting_out import add_opt_out, revoke_opt_out
from callbacks.purposes import ALL_PURPOSES, Purpose
from callbacks.reports import exports
from console import paging
from console.campaign_words import PURPOSE
from console.deps import deps, now
from console.form_fields import Fields, FormView
from console.guard import needs, viewer
from console.number_lists import NumberListError, read_numbers, sent_text
from console.translate import gettext as _
from console.translate import ngettext
from ivr.calls import Call
from ivr.turns import TurnRow
from telephony.numbers import parse_or_none
from tickets import audit
from tickets.people import PersonNumber
from tickets.users import Role

blueprint = Blueprint("do_not_call", __name__)

PURPOSES = [(ALL_PURPOSES, PURPOSE[ALL_PURPOSES].label), *((p.value, PURPOSE[p].label) for p in Purpose)]
COLUMNS = (
    *("number", "purpose", "how", "evidence", "by", "created_at", "call_id", "audio_offset_ms"),
    *("revoked_at", "revoked_by"),
)
MOST_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Where in which call somebody said it: the call's page at the turn, and the time since it was answered."""

    url: str
    offset_s: float | None


@blueprint.get("/do-not-call")
def listing() -> str:
    """The entries that hold, or all; newest first."""
    return _page(FormView(values={"purpose": ALL_PURPOSES}))


def _page(form: FormView, list_form: FormView | None = None) -> str:
    wanted = request.args.get("q", "").strip()[:64]
    purpose, state = request.args.get("purpose", ""), request.args.get("state", "holding")
    query = select(OptOut).order_by(OptOut.created_at.desc(), OptOut.id.desc()).where(*_matches(wanted))
    if purpose in dict(PURPOSES):
        query = query.where(OptOut.purpose == purpose)
    if state != "all":
        query = query.where(OptOut.revoked_at.is_(None) if state == "holding" else OptOut.revoked_at.is_not(None))
    query = query.where(*paging.below(OptOut.created_at, OptOut.id, paging.cursor())).limit(paging.SIZE + 1)
    with deps().db.read() as s:
        rows = list(s.scalars(query))
        shown = rows[: paging.SIZE]
        return render_template(
            "do_not_call.html",
            opt_outs=shown,
            evidence=evidence_of(s, shown),
            people=people_by_number(s, [row.number for row in shown]),
            holding=s.scalar(select(func.count()).where(OptOut.revoked_at.is_(None))) or 0,
            next_url=paging.next_url(rows, "created_at"),
            filters={"q": wanted, "purpose": purpose, "state": state},
            purposes=PURPOSES,
            form=form,
            list_form=list_form or FormView(values={"list_purpose": ALL_PURPOSES}),
        )


def _matches(wanted: str) -> list[ColumnElement[bool]]:
    return number_matches(OptOut.number, wanted)


def number_matches(column: Any, wanted: str) -> list[ColumnElement[bool]]:
    """The condition for a number written in any format, or a part of it."""
    if not wanted:
        return []
    digits = "".join(c for c in wanted if c.isdigit()).lstrip("0")
    part = column.contains(digits or wanted, autoescape=True)
    # "020 …" is London to one reader and Guangzhou to the house.
    whole = parse_or_none(wanted, region=deps().region)
    return [or_(column == whole, part) if whole else part]


def evidence_of(s: Session, rows: list[Any]) -> dict[int, Evidence]:
    """By row id, for rows that a call is the evidence of (with `call_id`, and `audio_offset_ms` where it is known)."""
    calls = {row.call_id for row in rows if row.call_id}
    answered = dict(s.execute(select(Call.id, Call.answered_at).where(Call.id.in_(calls))).tuples().all())
    found = {}
    for row in rows:
        if row.call_id not in answered:
            continue
        offset_ms, start = getattr(row, "audio_offset_ms", None), answered[row.call_id]
        anchor = ""
        if offset_ms is not None and start is not None:
            until = start + timedelta(milliseconds=offset_ms + 999)
            heard = select(func.max(TurnRow.number)).where(TurnRow.call_id == row.call_id, TurnRow.at <= until)
            turn = s.scalar(heard)
            anchor = f"turn-{turn}" if turn else ""
        url = url_for("console.calls.page", call_id=row.call_id, _anchor=anchor or None)
        found[row.id] = Evidence(url=url, offset_s=None if offset_ms is None else offset_ms / 1000)
    return found


def people_by_number(s: Session, numbers: list[str]) -> dict[str, int]:
    """Ids of the people who have these numbers."""
    wanted = select(PersonNumber.number, PersonNumber.person_id).where(PersonNumber.number.in_(numbers))
    return dict(s.execute(wanted).tuples().all())


@blueprint.post("/do-not-call")
def add() -> ResponseReturnValue:
    """An entry by hand. It holds from this moment on, also for what is queued."""
    fields = Fields(request.form)
    number = fields.telephone("number", region=deps().region)
    purpose = fields.choice("purpose", dict(PURPOSES), ALL_PURPOSES)
    why = fields.text("evidence", most=500, needed=_("Say how the person told us, so that it can be shown later."))
    if fields.errors:
        return _page(fields.view()), 422
    with deps().db.write() as s:
        add_opt_out(s, number=number, purpose=purpose, how="agent", evidence=why, by=viewer().name, now=now())
        audit.record(s, at=now(), user_id=viewer().id, action="opt_out.add", purpose=purpose)
    flash(_("This number is not called any more, from now on."), "done")
    return redirect(url_for("console.do_not_call.listing", q=number), code=303)


@blueprint.post("/do-not-call/list")
@needs(Role.OPS)
def import_list() -> ResponseReturnValue:
    """Many numbers at once. A line that holds no number stops the list, unless the box is ticked."""
    fields = Fields(request.form)
    purpose = fields.choice("list_purpose", dict(PURPOSES), ALL_PURPOSES)
    source = fields.text("source", most=200, needed=_("Say where the list comes from."))
    try:
        found = read_numbers(sent_text(request.files.get("file"), request.form.get("numbers", "")), deps().region)
    except NumberListError as error:
        fields.refuse("numbers", str(error))
    else:
        if found.bad_lines and not fields.flag("skip_bad"):
            fields.refuse("numbers", _bad_lines(found.bad_lines))
    if fields.errors:
        return _page(FormView(values={"purpose": ALL_PURPOSES}), fields.view()), 422
    with deps().db.write() as s:
        for number in found.numbers:
            add_opt_out(s, number=number, purpose=purpose, how="import", evidence=source, by=viewer().name, now=now())
        audit.record(s, at=now(), user_id=viewer().id, action="opt_out.import", count=len(found.numbers))
    flash(ngettext("One number was added.", "%(num)s numbers were added.", len(found.numbers)), "done")
    return redirect(url_for("console.do_not_call.listing"), code=303)


def _bad_lines(lines: tuple[int, ...]) -> str:
    named = ", ".join(str(number) for number in lines[:MOST_SHOWN]) + (" …" if len(lines) > MOST_SHOWN else "")
    return ngettext(
        "Nothing was added: line %(lines)s holds no telephone number that exists.",
        "Nothing was added: lines %(lines)s hold no telephone number that exists.",
        len(lines),
        lines=named,
    )


@blueprint.post("/do-not-call/<int:opt_out_id>/revoke")
@needs(Role.ADMIN)
def revoke(opt_out_id: int) -> ResponseReturnValue:
    """Calls are allowed again. The entry and the reason stay."""
    reason = " ".join(request.form.get("reason", "").split())[:500]
    with deps().db.write() as s:
        row = s.get(OptOut, opt_out_id)
        if row is None:
            abort(404)
        if len(reason) < 5:
            flash(_("Say why calls are allowed again: who asked for it, and when."), "error")
            return redirect(url_for("console.do_not_call.listing", q=row.number), code=303)
        number = row.number
        revoke_opt_out(s, row, by=viewer().name, now=now())
        audit.record(
            s, at=now(), user_id=viewer().id, action="opt_out.revoke", subject=f"opt-out {row.id}", reason=reason
        )
    flash(_("Calls to this number are allowed again."), "done")
    return redirect(url_for("console.do_not_call.listing", q=number, state="all"), code=303)


@blueprint.get("/do-not-call.csv")
@needs(Role.OPS)
def export() -> Response:
    """Every entry, revoked ones too, as a file."""
    with deps().db.write() as s:
        audit.record(s, at=now(), user_id=viewer().id, action="opt_out.export")
    return csv_of(OptOut, COLUMNS, "do-not-call.csv")


def csv_of(model: Any, columns: tuple[str, ...], name: str) -> Response:
    """A table as a file, row by row."""
    db = deps().db

    def rows() -> Iterator[dict[str, Any]]:
        with db.read() as s:
            picked = select(*(getattr(model, column) for column in columns)).order_by(model.id)
            for row in s.execute(picked.execution_options(yield_per=1000)):
                yield dict(zip(columns, row, strict=True))

    body = exports.stream(rows(), columns, exports.Format.CSV)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, mimetype="text/csv", headers=headers)
