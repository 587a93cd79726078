"""Consents, opt-outs, and the gate's word on a number."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from sqlalchemy import ColumnElement, Select, or_, select

from api.errors import invalid
from api.operations import Answer, Listed, Work, operation
from api.paging import find, page
from api.reading import checked_zone, number_of
from api.schemas.permissions import (
    ConsentOut,
    ConsentsOut,
    NewConsentIn,
    NewOptOutIn,
    OptOutOut,
    OptOutsOut,
    PermissionIn,
    PermissionOut,
    PermissionsQuery,
)
from api.scopes import Scope
from callbacks.campaign import Campaign
from callbacks.case import Case, CaseKind, CaseState
from callbacks.consents import Consent
from callbacks.gate.decision import sentence
from callbacks.gate.policy import decide
from callbacks.opt_outs import OptOut
from callbacks.opting_out import add_opt_out, revoke_opt_out
from work.happenings import tell

room = APIBlueprint("permissions", __name__, url_prefix="/v1", tag="Consents and opt-outs")


@operation(room, "GET", "/consents", scope=Scope.CONSENTS_READ, query=PermissionsQuery, output=ConsentsOut)
def list_consents(work: Work, query: PermissionsQuery) -> Listed:
    """List consents, the newest first."""
    holds = Consent.revoked_at.is_(None) & or_(Consent.until.is_(None), Consent.until > work.now)
    wanted = _filtered(work, select(Consent), Consent, holds, query)
    return page(work.s, wanted, Consent.id.expression, query, ConsentOut.model_validate)


@operation(
    room, "POST", "/consents", scope=Scope.CONSENTS_WRITE, body=NewConsentIn, output=ConsentOut, status=201,
    creates=True,
)  # fmt: skip
def add_consent(work: Work, body: NewConsentIn) -> Answer:
    """Add a consent. It does not lift an opt-out; revoke that first."""
    given_at = body.given_at or work.now
    if given_at > work.now:
        raise invalid("body.given_at", "A consent cannot be given in the future.")
    if body.until is not None and body.until <= given_at:
        raise invalid("body.until", "The consent would lapse before it was given.")
    consent = Consent(
        number=number_of(body.number, "body.number", region=work.deps.region),
        purpose=body.purpose,
        kind=body.kind,
        source="api",
        evidence=body.evidence,
        given_at=given_at,
        until=body.until,
        by=work.by,
    )
    work.s.add(consent)
    work.s.flush()
    shown = ConsentOut.model_validate(consent)
    tell(work.s, "consent.given", shown.model_dump(mode="json", exclude={"evidence"}), now=work.now)
    return Answer(value=shown, status=201)


@operation(
    room, "POST", "/consents/<int:consent_id>/revoke", scope=Scope.CONSENTS_WRITE, output=ConsentOut, problems=(404,)
)
def revoke_consent(work: Work, consent_id: int) -> ConsentOut:
    """Revoke a consent. It stays as evidence; revoked again, nothing changes."""
    consent = find(work.s, Consent, consent_id, "consent", lock=True)
    if consent.revoked_at is None:
        consent.revoked_at = work.now
        shown = ConsentOut.model_validate(consent)
        tell(work.s, "consent.revoked", shown.model_dump(mode="json", exclude={"evidence"}), now=work.now)
    return ConsentOut.model_validate(consent)


@operation(room, "GET", "/opt-outs", scope=Scope.CONSENTS_READ, query=PermissionsQuery, output=OptOutsOut)
def list_opt_outs(work: Work, query: PermissionsQuery) -> Listed:
    """List opt-outs, the newest first."""
    wanted = _filtered(work, select(OptOut), OptOut, OptOut.revoked_at.is_(None), query)
    return page(work.s, wanted, OptOut.id.expression, query, OptOutOut.model_validate)


@operation(
    room, "POST", "/opt-outs", scope=Scope.CONSENTS_WRITE, body=NewOptOutIn, output=OptOutOut, status=201, creates=True
)
def create_opt_out(work: Work, body: NewOptOutIn) -> Answer:
    """Add an opt-out: effective at once; open cases of the number are closed."""
    found = add_opt_out(
        work.s,
        number=number_of(body.number, "body.number", region=work.deps.region),
        purpose=body.purpose,
        how="api",
        evidence=body.evidence,
        by=work.by,
        now=work.now,
    )
    return Answer(value=OptOutOut.model_validate(found), status=201)


@operation(
    room, "POST", "/opt-outs/<int:opt_out_id>/revoke", scope=Scope.CONSENTS_WRITE, output=OptOutOut, problems=(404,)
)
def undo_opt_out(work: Work, opt_out_id: int) -> OptOutOut:
    """Revoke an opt-out: the person asked to be called again. It stays as evidence."""
    found = find(work.s, OptOut, opt_out_id, "opt-out", lock=True)
    revoke_opt_out(work.s, found, by=work.by, now=work.now)
    return OptOutOut.model_validate(found)


@operation(
    room, "POST", "/permission", scope=Scope.CONSENTS_READ, body=PermissionIn, output=PermissionOut,
    asks_only=True, problems=(404,),
)  # fmt: skip
def check_permission(work: Work, body: PermissionIn) -> PermissionOut:
    """May we call this number in this campaign, now?

    Asks the gate that every dial passes, pacing aside. Nothing is stored. The number stands in the body, since
    addresses end up in logs.
    """
    campaign = find(work.s, Campaign, body.campaign_id, "campaign")
    case = Case(
        key="",
        campaign_id=campaign.id,
        kind=CaseKind.NORMAL,
        purpose=body.purpose or campaign.purpose,
        number=number_of(body.number, "body.number", region=campaign.region or work.deps.region),
        zone=checked_zone(body.zone, "body.zone"),
        language="",
        name="",
        reference=body.reference,
        variables={},
        state=CaseState.OPEN,
        due_at=work.now,
        tries=0,
        tries_by={},
        priority=50,
        created_at=work.now,
    )
    with work.s.no_autoflush:
        decision = decide(work.s, case, campaign, work.now, policy=work.deps.policy)
    shown = decision.to_json()
    return PermissionOut(
        allowed=decision.allowed,
        rule=decision.rule,
        sentence=sentence(shown, "zh" if work.deps.language.startswith("zh") else "en"),
        next_at=decision.next_at,
        final=str(decision.final or ""),
        law=decision.law,
        law_version=decision.law_version,
        inputs=shown.get("inputs", {}),
        at=decision.at,
    )


def _filtered(
    work: Work,
    rows: Select[Any],
    model: type[Consent] | type[OptOut],
    holds: ColumnElement[bool],
    query: PermissionsQuery,
) -> Select[Any]:
    if query.number is not None:
        rows = rows.where(model.number == number_of(query.number, "query.number", region=work.deps.region))
    if query.purpose is not None:
        rows = rows.where(model.purpose == query.purpose)
    if query.in_force is not None:
        rows = rows.where(holds if query.in_force == "true" else ~holds)
    return rows
