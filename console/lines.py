"""Service numbers: which flow answers each, when, and in which language. Administrators change them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks.settings import DAYS
from console import line_changes, line_form
from console.deps import deps, now
from console.form_fields import Fields, FormView
from console.guard import needs, viewer
from console.line_words import FlowNow, flows_now, line_now
from console.translate import gettext as _
from console.week_grid import DAY_NAMES
from ivr.calls import Call
from ivr.hearing import media_now
from ivr.lines import Line
from tickets.users import Role

blueprint = Blueprint("lines", __name__)

COMMON_LANGUAGES = ("zh-CN", "en-US", "en-GB")


@blueprint.get("/numbers")
def listing() -> str:
    """Every number with what its callers meet now, and the latest changes."""
    with deps().db.read() as s:
        flows = flows_now(s)
        lines = s.scalars(select(Line).order_by(Line.runs_draft, Line.id))
        since = now() - timedelta(days=7)
        counted = select(Call.line_id, func.count()).where(Call.started_at >= since).group_by(Call.line_id)
        rows = [line_now(line, flows, now()) for line in lines]
        return render_template(
            "lines.html",
            rows=rows,
            is_deaf=any(row.ear == "house" for row in rows) and not media_now(s, now()).is_alive,
            flows=flows,
            counts=dict(s.execute(counted).tuples().all()),
            deeds=line_changes.recent(s),
            may_edit=viewer().may(Role.ADMIN),
        )


@blueprint.get("/numbers/new")
@needs(Role.ADMIN)
def new() -> str:
    """The form of a new number."""
    with deps().db.read() as s:
        return _form(s, None, line_form.shown(None, zone=viewer().time_zone or "UTC"))


@blueprint.get("/numbers/<int:line_id>")
@needs(Role.ADMIN)
def edit(line_id: int) -> str:
    """The form of a number."""
    with deps().db.read() as s:
        line = _line(s, line_id)
        return _form(s, line, line_form.shown(line, zone=viewer().time_zone or "UTC"))


@blueprint.post("/numbers/new")
@needs(Role.ADMIN)
def add() -> ResponseReturnValue:
    """Store a new number."""
    return _save(None)


@blueprint.post("/numbers/<int:line_id>")
@needs(Role.ADMIN)
def change(line_id: int) -> ResponseReturnValue:
    """Store what was changed of a number."""
    return _save(line_id)


def _save(line_id: int | None) -> ResponseReturnValue:
    fields = Fields(request.form)
    with deps().db.write() as s:
        line = _line(s, line_id) if line_id is not None else None
        values = line_form.read(s, fields, line, _languages(flows_now(s)))
        if values is None:
            return _form(s, line, fields.view()), 422
        line = line_changes.put(s, line, values, user_id=viewer().id, now=now())
        told = line_now(line, flows_now(s), now())
    flash(_("Saved.") + " " + told.sentence, "done")
    return redirect(url_for("console.lines.listing") + f"#line-{line.id}", code=303)


@blueprint.post("/numbers/<int:line_id>/remove")
@needs(Role.ADMIN)
def remove(line_id: int) -> ResponseReturnValue:
    """Take a number off the list, unless a campaign calls from it."""
    with deps().db.write() as s:
        line = _line(s, line_id)
        campaigns = line_changes.calling_from(s, line)
        if campaigns:
            names = ", ".join(campaigns[:5])
            flash(_("The number stays: these campaigns call from it: %(names)s.", names=names), "error")
            return redirect(url_for("console.lines.edit", line_id=line_id), code=303)
        line_changes.remove(s, line, user_id=viewer().id, now=now())
    flash(_("The number is off the list. Its calls stay."), "done")
    return redirect(url_for("console.lines.listing"), code=303)


def _line(s: Session, line_id: int) -> Line:
    line = s.get(Line, line_id) if line_id < 2**31 else None
    return line if line is not None else abort(404)


def _form(s: Session, line: Line | None, form: FormView) -> str:
    flows = flows_now(s)
    titles = Counter(flow.title for flow in flows.values())
    options = [(flow_id, _named(flow, alone=titles[flow.title] == 1)) for flow_id, flow in flows.items()]
    shown: dict[str, Any] = {"now_state": line_now(line, flows, now()) if line is not None else None}
    return render_template(
        "line.html",
        line=line,
        form=form,
        flow_options=sorted(options, key=lambda option: option[1].casefold()),
        line_languages=_languages(flows),
        days=[(day, DAY_NAMES[day]) for day in DAYS],
        **shown,
    )


def _named(flow: FlowNow, *, alone: bool) -> str:
    """A flow in the choice; two of the same title are told apart by their keys."""
    title = flow.title if alone else f"{flow.title} · {flow.flow.name}"
    return _("%(flow)s (not published)", flow=title) if flow.version is None else title


def _languages(flows: dict[int, FlowNow]) -> tuple[str, ...]:
    """Every language that a flow in force speaks, and the common ones."""
    spoken = [tag for flow in flows.values() if flow.document for tag in flow.document.languages]
    return tuple(sorted(dict.fromkeys([*spoken, *COMMON_LANGUAGES])))
