"""Who agreed to be called for what: search, add, revoke, export."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, or_, select

from callbacks.consents import Consent, ConsentKind
from callbacks.purposes import ALL_PURPOSES
from console import paging
from console.campaign_words import CONSENT
from console.deps import deps, now
from console.do_not_call import PURPOSES, csv_of, evidence_of, number_matches, people_by_number
from console.form_fields import Fields, FormView
from console.guard import needs, viewer
from console.translate import gettext as _
from tickets import audit
from tickets.users import Role
from work.happenings import tell

blueprint = Blueprint("consents", __name__)

KINDS = [(kind.value, CONSENT[kind].label) for kind in ConsentKind]
COLUMNS = ("number", "purpose", "kind", "source", "evidence", "given_at", "until", "revoked_at", "by", "call_id")


@blueprint.get("/do-not-call/consents")
def listing() -> str:
    """The consents that hold, or all; newest first."""
    return _page(FormView(values={"kind": ConsentKind.EXPRESS, "purpose": "delivery"}))


def _page(form: FormView) -> str:
    wanted = request.args.get("q", "").strip()[:64]
    purpose, state = request.args.get("purpose", ""), request.args.get("state", "holding")
    query = select(Consent).order_by(Consent.given_at.desc(), Consent.id.desc())
    query = query.where(*number_matches(Consent.number, wanted))
    holds = Consent.revoked_at.is_(None) & or_(Consent.until.is_(None), Consent.until > now())
    if purpose in dict(PURPOSES):
        query = query.where(Consent.purpose == purpose)
    if state != "all":
        query = query.where(holds if state == "holding" else ~holds)
    query = query.where(*paging.below(Consent.given_at, Consent.id, paging.cursor())).limit(paging.SIZE + 1)
    with deps().db.read() as s:
        rows = list(s.scalars(query))
        shown = rows[: paging.SIZE]
        return render_template(
            "do_not_call_consents.html",
            consents=shown,
            evidence=evidence_of(s, shown),
            people=people_by_number(s, [row.number for row in shown]),
            holding=s.scalar(select(func.count()).where(holds)) or 0,
            next_url=paging.next_url(rows, "given_at"),
            filters={"q": wanted, "purpose": purpose, "state": state},
            purposes=PURPOSES,
            kinds=KINDS,
            form=form,
        )


@blueprint.post("/do-not-call/consents")
def add() -> ResponseReturnValue:
    """A consent that somebody gave us otherwise than on a call."""
    fields = Fields(request.form)
    number = fields.telephone("number", region=deps().region)
    purpose = fields.choice("purpose", dict(PURPOSES), ALL_PURPOSES)
    kind = ConsentKind(fields.choice("kind", {k.value for k in ConsentKind}, ConsentKind.EXPRESS))
    needed = _("Say what the person agreed to and where that can be read.")
    evidence = fields.text("evidence", most=500, needed=needed)
    until = None
    if day := fields.day("until"):
        # The last day counts in full, on the reader's own clock.
        zone = ZoneInfo(viewer().time_zone or "UTC")
        until = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
        if until <= now():
            fields.refuse("until", _("This day is over."))
    if fields.errors:
        return _page(fields.view()), 422
    with deps().db.write() as s:
        row = Consent(number=number, purpose=purpose, kind=kind, source="agent", evidence=evidence)
        row.given_at, row.until, row.by = now(), until, viewer().name
        s.add(row)
        s.flush()
        tell(s, "consent.given", _facts(row), now=now())
        audit.record(s, at=now(), user_id=viewer().id, action="consent.add", purpose=purpose)
    flash(_("The consent was added."), "done")
    return redirect(url_for("console.consents.listing", q=number), code=303)


def _facts(row: Consent) -> dict[str, Any]:
    """A consent as other programs hear of it, in the words of the API."""
    moments = {name: getattr(row, name) for name in ("given_at", "until", "revoked_at")}
    return {
        "id": row.id,
        "number": row.number,
        "purpose": row.purpose,
        "kind": str(row.kind),
        "source": row.source,
        "by": row.by,
        "call_id": row.call_id,
        **{name: at.isoformat() if at else None for name, at in moments.items()},
    }


@blueprint.post("/do-not-call/consents/<int:consent_id>/revoke")
@needs(Role.OPS)
def revoke(consent_id: int) -> ResponseReturnValue:
    """The consent holds no longer. The row stays."""
    with deps().db.write() as s:
        row = s.get(Consent, consent_id)
        if row is None:
            abort(404)
        if row.revoked_at is None:
            row.revoked_at = now()
            tell(s, "consent.revoked", _facts(row), now=now())
            audit.record(s, at=now(), user_id=viewer().id, action="consent.revoke", subject=f"consent {row.id}")
        number = row.number
    flash(_("The consent was taken back."), "done")
    return redirect(url_for("console.consents.listing", q=number, state="all"), code=303)


@blueprint.get("/do-not-call/consents.csv")
@needs(Role.OPS)
def export() -> Response:
    """Every consent, as a file."""
    with deps().db.write() as s:
        audit.record(s, at=now(), user_id=viewer().id, action="consent.export")
    return csv_of(Consent, COLUMNS, "consents.csv")
