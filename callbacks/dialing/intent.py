"""What is stored before a phone rings: a call that waits for its first turn, and the attempt that names it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from callbacks.attempt import Attempt
from callbacks.call_backs import values_of as case_values
from callbacks.call_backs import zone_of_person
from callbacks.campaign import Campaign
from callbacks.case import Case
from callbacks.cases import variables_of
from callbacks.dialing.deps import DialDeps
from callbacks.dialing.machine import move
from flows.documents import FlowDocument
from ivr.begin import store_call
from ivr.errors import NoServiceError
from ivr.library import FlowLibrary
from ivr.store import CallRow
from telephony.calls import CallStatus, Direction
from tickets.people import Person


def store_intent(
    deps: DialDeps, session: Session, attempt: Attempt, case: Case, campaign: Campaign, now: datetime
) -> CallRow:
    """Store the call and move the attempt to dialing. Raises NoServiceError when the campaign has no flow version."""
    if attempt.flow_version_id is None:
        raise NoServiceError("The campaign has no published flow version to call with.")
    flow = FlowLibrary(session, deps.calls.flows).version(attempt.flow_version_id)
    call = store_call(
        session,
        sid=None,
        direction=Direction.OUTBOUND,
        from_number=attempt.caller_number,
        to_number=attempt.number,
        status=CallStatus.QUEUED,
        person=session.get(Person, case.person_id) if case.person_id is not None else None,
        line_id=None,
        flow=flow,
        now=now,
        given=values_of(deps, session, attempt, case, campaign, flow.document),
        language=case.language or campaign.language,
        demo=attempt.demo,
    )
    move(attempt, "dial")
    attempt.dialled_at, attempt.call_id = now, call.id
    return call


def values_of(
    deps: DialDeps, session: Session, attempt: Attempt, case: Case, campaign: Campaign, document: FlowDocument
) -> dict[str, Any]:
    """The values the flow starts with: the house's, the case's variables, and the case itself."""
    zone = zone_of_person(session, case, campaign)
    about = case_values(case, attempt_id=attempt.id, inbound=False, zone=zone)
    return {**deps.calls.flow_values, **variables_of(session, case, document), "case": about}
