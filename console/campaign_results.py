"""The cases of a campaign, one case with what can be done about it, and the files with the results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from callbacks import cases as desk
from callbacks.campaign import Campaign
from callbacks.case import Case, CaseState, CloseReason
from callbacks.closing import end_all
from callbacks.errors import CallbacksError
from callbacks.reports.exports import MIME, Format, stream
from callbacks.reports.results import Subject, sizes, table
from callbacks.variables import OWN_NAMES
from console import paging
from console.campaign_cases import SIZE, CaseFilter, case_values, cases_of, choices, count_of, row_values
from console.campaign_live import find
from console.campaign_live_values import shared
from console.campaign_why import refusal
from console.deps import deps, now
from console.form_fields import Fields
from console.guard import needs, viewer
from console.translate import gettext as _
from flows.errors import FlowError
from flows.versions import latest, load_document
from storage.database import Database
from tickets.users import Role

blueprint = Blueprint("campaign_results", __name__)
MOST_COUNTED = 10_000


@blueprint.get("/campaigns/<int:campaign_id>/cases")
@needs(Role.OPS)
def cases(campaign_id: int) -> str:
    """The list of cases, newest first."""
    return _cases(campaign_id)


def _cases(campaign_id: int, **more: Any) -> str:
    wanted, after = CaseFilter.of(request.args), request.args.get("after", type=int)
    with deps().db.read() as s:
        campaign = find(s, campaign_id)
        found = cases_of(s, campaign, wanted, after)
        rows = found[:SIZE]
        values = shared(campaign) | row_values(campaign, rows, now()) | choices(s, campaign)
        values |= {"wanted": wanted, "problem": "", "draft": {}, "fields": _variable_names(s, campaign)} | more
        values["fitting"] = count_of(s, campaign, wanted, MOST_COUNTED) if wanted.is_set else 0
        values["next_url"] = paging.url_with(after=str(rows[-1].id)) if len(found) > SIZE else ""
        values["first_url"] = paging.url_with(after="") if after else ""
        return render_template("campaign_results_cases.html", **values)


def _variable_names(s: Session, campaign: Campaign) -> list[str]:
    """What the flows of the campaign want to know of a case, beside what every case has."""
    names: dict[str, None] = {}
    for flow in (campaign.flow_name, campaign.flow_b_name):
        try:
            names |= dict.fromkeys(load_document(latest(s, flow)).variables if flow else ())
        except FlowError:
            continue
    return [name for name in names if name not in (*OWN_NAMES, "case", "count", "others")]


@blueprint.post("/campaigns/<int:campaign_id>/cases")
@needs(Role.OPS)
def add(campaign_id: int) -> ResponseReturnValue:
    """Add one case by hand."""
    sent = Fields(request.form)
    problem = ""
    try:
        with deps().db.write() as s:
            campaign = find(s, campaign_id)
            new = desk.NewCase(
                number=sent.telephone("number", region=campaign.region),
                name=sent.text("name"),
                reference=sent.text("reference"),
                language=sent.text("language", most=16),
                variables={n: v for n in _variable_names(s, campaign) if (v := sent.text(f"var:{n}", most=2000))},
            )
            if not sent.errors:
                made = desk.create_case(s, campaign, new, now()).case.id
    except CallbacksError as error:
        problem = refusal(error)
    problem = problem or " ".join(sent.errors.values())
    if problem:
        return _cases(campaign_id, problem=problem, draft=request.form), 400
    flash(_("The case was added."), "done")
    return redirect(url_for("console.campaign_results.case", campaign_id=campaign_id, case_id=made), code=303)


@blueprint.get("/campaigns/<int:campaign_id>/cases/<int:case_id>")
@needs(Role.OPS)
def case(campaign_id: int, case_id: int) -> str:
    """One case: why it waits or how it ended, its attempts with the gate's decisions, and the answers."""
    return _case(campaign_id, case_id)


def _case(campaign_id: int, case_id: int, **more: Any) -> str:
    with deps().db.read() as s:
        campaign, found = _find_case(s, campaign_id, case_id)
        return render_template("campaign_results_case.html", **case_values(s, campaign, found, now()) | more)


def _find_case(s: Session, campaign_id: int, case_id: int) -> tuple[Campaign, Case]:
    found = s.get(Case, case_id)
    if found is None or found.campaign_id != campaign_id or found.state == CaseState.STAGED:
        abort(404)
    return find(s, campaign_id), found


@blueprint.post("/campaigns/<int:campaign_id>/cases/<int:case_id>/cancel")
@needs(Role.OPS)
def cancel(campaign_id: int, case_id: int) -> ResponseReturnValue:
    """Close one case, since nobody needs to be called any more. A call that goes on is finished first."""
    with deps().db.write() as s:
        _campaign, found = _find_case(s, campaign_id, case_id)
        note = request.form.get("note", "").strip()[:500] or f"Cancelled by {viewer().name or viewer().email}."
        done = end_all(s, [Case.id == found.id], CloseReason.CANCELLED, now=now(), note=note)
    if not done:
        return _case(campaign_id, case_id, problem=_("The case was over already.")), 409
    flash(_("The case was cancelled."), "done")
    return redirect(url_for("console.campaign_results.case", campaign_id=campaign_id, case_id=case_id), code=303)


@blueprint.post("/campaigns/<int:campaign_id>/cases/<int:case_id>/later")
@needs(Role.OPS)
def later(campaign_id: int, case_id: int) -> ResponseReturnValue:
    """Call at another time; hours and limits hold then as ever."""
    sent = Fields(request.form)
    at = sent.moment("at", viewer().time_zone or "UTC")
    problem = sent.errors.get("at", "")
    if at is None:
        problem = problem or _("Say when to call.")
    elif at <= now():
        problem = _("This time is over; choose one that is still to come.")
    else:
        with deps().db.write() as s:
            _campaign, found = _find_case(s, campaign_id, case_id)
            s.refresh(found, with_for_update=True)
            if found.state != CaseState.OPEN or not desk.postpone(s, found, at, now()):
                problem = _(
                    "This is too late for the matter, or the case does not wait for a call of its own any more."
                )
    if problem:
        return _case(campaign_id, case_id, problem=problem, draft=request.form), 400
    flash(_("The call was moved."), "done")
    return redirect(url_for("console.campaign_results.case", campaign_id=campaign_id, case_id=case_id), code=303)


@blueprint.get("/campaigns/<int:campaign_id>/results")
@needs(Role.OPS)
def files(campaign_id: int) -> str:
    """What can be downloaded, with how many rows it has."""
    with deps().db.read() as s:
        campaign = find(s, campaign_id)
        counted = sizes(s, campaign_id)
        return render_template("campaign_results_files.html", **shared(campaign), sizes=counted, formats=list(Format))


@blueprint.get("/campaigns/<int:campaign_id>/results/<subject>.<kind>")
@needs(Role.OPS)
def download(campaign_id: int, subject: str, kind: str) -> Response:
    """One file, sent while it is read."""
    if subject not in set(Subject) or kind not in set(Format):
        abort(404)
    with deps().db.read() as s:
        name = _file_name(find(s, campaign_id), f"{subject}.{kind}")
    wanted, zone = (Subject(subject), Format(kind)), viewer().time_zone or "UTC"
    response = Response(_rows(deps().db, campaign_id, *wanted, zone), mimetype=MIME[Format(kind)])
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "no-store"
    return response


def _rows(db: Database, campaign_id: int, subject: Subject, kind: Format, zone: str) -> Iterator[bytes]:
    with db.read() as s:
        found = table(s, campaign_id, subject, time_zone=zone)
        yield from stream(found.rows, found.columns, kind)


def _file_name(campaign: Campaign, ending: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", campaign.name.lower()).strip("-")[:40]
    return f"campaign-{campaign.id}{'-' + plain if plain else ''}-{now():%Y%m%d}-{ending}"
