"""A test call before the launch: made from the flow step, followed there until it is over."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.attempt import Attempt, AttemptState
from callbacks.campaign import Campaign
from callbacks.case import Case, CaseKind, CaseState
from callbacks.cases import test_case
from callbacks.errors import CallbacksError
from callbacks.gate.decision import sentence
from console import campaign_sentences, conversation, naming, translate
from console.deps import deps, now
from console.form_fields import Fields
from console.guard import needs, viewer
from console.wizard_steps import find_campaign
from ivr.calls import Call
from tickets.users import Role

blueprint = Blueprint("test_calls", __name__)


@blueprint.post("/campaigns/<int:campaign_id>/test")
@needs(Role.OPS)
def call(campaign_id: int) -> ResponseReturnValue:
    """Call a number of ours with the words of the first row."""
    fields = Fields(request.form)
    page = url_for("console.campaign_wizard.page", campaign_id=campaign_id, step="flow")
    with deps().db.write() as s:
        campaign = find_campaign(s, campaign_id)
        number = fields.telephone("test_number", region=campaign.region or deps().region)
        flow = fields.choice("flow", ("a", "b"), "a")
        if not fields.errors:
            try:
                made = test_case(
                    s,
                    campaign,
                    number=number,
                    flow=flow,
                    language=request.form.get("language", "")[:16],
                    by=viewer().name,
                    now=now(),
                )
                return redirect(f"{page}?test={made.id}#test", code=303)
            except CallbacksError as error:
                fields.refuse("test_number", campaign_sentences.of_error(error))
    wrong = fields.errors.get("test_number") or next(iter(fields.errors.values()))
    return redirect(
        url_for("console.campaign_wizard.page", campaign_id=campaign_id, step="flow", wrong=wrong) + "#test"
    )


@blueprint.get("/campaigns/<int:campaign_id>/test/<int:case_id>")
@needs(Role.OPS)
def result(campaign_id: int, case_id: int) -> str:
    """How the test call stands, as a fragment."""
    with deps().db.read() as s:
        campaign = find_campaign(s, campaign_id)
        found = result_of(s, campaign, case_id)
        if not found["test_case"]:
            abort(404)
        return render_template("campaign_setup_test.html", campaign=campaign, **found)


def result_of(s: Session, campaign: Campaign, case_id: int) -> dict[str, Any]:
    """What the page shows of a test call; `test_case` is None when there is no such one."""
    case = s.get(Case, case_id) if case_id else None
    if case is None or case.campaign_id != campaign.id or case.kind != CaseKind.TEST:
        return {"test_case": None}
    attempt = s.scalar(select(Attempt).where(Attempt.case_id == case.id).order_by(Attempt.n.desc()).limit(1))
    made = s.get(Call, attempt.call_id) if attempt and attempt.call_id else None
    return {
        "test_case": case,
        "test_attempt": attempt,
        "test_call": made,
        "test_over": case.state == CaseState.CLOSED or (attempt is not None and attempt.state == AttemptState.ENDED),
        "test_path": _path(s, made),
        "test_why": _why(case, attempt),
    }


def latest(s: Session, campaign: Campaign) -> int:
    """Id of the test call the address names, else of the latest one; 0 for none."""
    wanted = request.args.get("test", default=0, type=int)
    newest = select(Case.id).where(Case.campaign_id == campaign.id, Case.kind == CaseKind.TEST)
    return wanted or s.scalar(newest.order_by(Case.id.desc()).limit(1)) or 0


def _path(s: Session, made: Call | None) -> list[str]:
    if made is None:
        return []
    names = naming.names_of(s, [made])[made.id]
    nodes = conversation.path_of(conversation.exchanges_of(s, [made])[made.id])
    return [names.label(node) or node for node in nodes]


def _why(case: Case, attempt: Attempt | None) -> str:
    """Why it is not being dialled, when the gate said no."""
    if attempt is not None or case.state == CaseState.CLOSED or not case.rule:
        return ""
    return sentence({"rule": case.rule, "inputs": case.rule_inputs, "allowed": False}, _language())


def _language() -> Any:
    return "zh" if translate.language() == "zh" else "en"
