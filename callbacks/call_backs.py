"""Somebody rings back a call of ours that they missed: they are met with the matter it was about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from callbacks.attempt import Attempt, AttemptState
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseKind, CaseState
from callbacks.cases import variables_of
from callbacks.gate.zones import zones_of
from flows.outbound import case_of
from ivr.reception import Reception
from ivr.scope import CallScope
from storage.database import Base
from tickets.people import Person

DAYS = 3
"""For so long after our call somebody who rings is taken to ring back about it."""

NOT_RUNG_FOR = timedelta(minutes=30)
"""Whoever is on the line about a case is not called about it meanwhile."""

_OVER = (CampaignState.FINISHED, CampaignState.STOPPED)


class CaseCall(Base):
    """An inbound call that was met with a case."""

    __tablename__ = "case_calls"

    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)


def recogniser(*, days: float = DAYS) -> Callable[[Session, str, str, datetime], Reception | None]:
    """What `ivr.deps.Deps.receptions` wants, for call backs within so many days."""

    def known(session: Session, caller: str, service_number: str, now: datetime) -> Reception | None:
        return recognise(session, caller, service_number, now, within=timedelta(days=days))

    return known


def recognise(
    session: Session, caller: str, service_number: str, now: datetime, *, within: timedelta = timedelta(days=DAYS)
) -> Reception | None:
    """How a caller is met whom we called in vain: with the open case of the latest call that rang; None for others.

    The number they ring need not be the one we called from, but that one's cases come first.
    """
    found = _missed(session, caller, now - within)
    if not found:
        return None
    attempt, case, campaign = next((row for row in found if row[0].caller_number == service_number), found[0])
    second = campaign.flow_b_version_id if case.variant == "b" else None
    version = second or campaign.flow_version_id or attempt.flow_version_id
    if version is None:
        return None
    about = values_of(case, attempt_id=None, inbound=True, zone=zone_of_person(session, case, campaign))
    values = {**variables_of(session, case), "case": about}

    def met(db: Session, call_id: int) -> None:
        db.add(CaseCall(call_id=call_id, case_id=case.id))
        if case.state == CaseState.OPEN:
            case.due_at = max(case.due_at, now + NOT_RUNG_FOR)
        db.flush()

    return Reception(flow_version_id=version, values=values, language=case.language or campaign.language, met=met)


def values_of(case: Case, *, attempt_id: int | None, inbound: bool, zone: str = "") -> dict[str, Any]:
    """What a flow may know of the case itself: its value `case`. `zone` is the one in which its person names times."""
    return {
        "id": case.id,
        "attempt": attempt_id,
        "campaign": case.campaign_id,
        "purpose": str(case.purpose),
        "reference": case.reference,
        "zone": zone or case.zone,
        "tries": case.tries,
        "inbound": inbound,
    }


def zone_of_person(session: Session, case: Case, campaign: Campaign) -> str:
    """The zone in which the person of a case names times; "" when nobody knows."""
    person = session.get(Person, case.person_id) if case.person_id is not None else None
    zones = zones_of(case.zone, (person.time_zone if person else "") or "", case.number, campaign.zone)
    return zones[0] if zones else ""


def case_of_call(session: Session, scope: CallScope) -> tuple[int, int | None] | None:
    """The case a call is about, and the attempt that made the call (None for a call back); None for other calls."""
    case = case_of(scope.talk.frames[0].values) if scope.talk.frames else {}
    if case.get("id") is not None:
        attempt = case.get("attempt")
        return int(case["id"]), int(attempt) if attempt is not None else None
    attempt_row = session.execute(select(Attempt.case_id, Attempt.id).where(Attempt.call_id == scope.call.id)).first()
    if attempt_row is not None:
        return attempt_row.case_id, attempt_row.id
    met = session.get(CaseCall, scope.call.id)
    return (met.case_id, None) if met is not None else None


def _missed(session: Session, caller: str, since: datetime) -> list[tuple[Attempt, Case, Campaign]]:
    """Calls of ours to the number that rang and reached nothing, the latest first."""
    query = (
        select(Attempt, Case, Campaign)
        .join(Case, Case.id == Attempt.case_id)
        .join(Campaign, Campaign.id == Attempt.campaign_id)
        .where(
            Attempt.number == caller,
            Attempt.dialled_at >= since,
            Attempt.rang_at.is_not(None),
            Attempt.state != AttemptState.ANSWERED,
            Case.kind == CaseKind.NORMAL,
            Case.state.in_((CaseState.OPEN, CaseState.CALLING)),
            Case.reason == "",
            Campaign.state.not_in(_OVER),
        )
        .order_by(Attempt.dialled_at.desc(), Attempt.id.desc())
        .limit(10)
    )
    return [(attempt, case, campaign) for attempt, case, campaign in session.execute(query)]
