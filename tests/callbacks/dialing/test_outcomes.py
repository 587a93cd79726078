"""What the end of a call means."""

from __future__ import annotations

import pytest

from callbacks.attempt import BusinessOutcome, CarrierOutcome
from callbacks.dialing.outcomes import CLOSES, carrier_outcome, ended
from callbacks.settings import Result
from flows.outbound import Meaning
from telephony.calls import FINAL_STATUSES, CallStatus

QUIET = {"meaning": Meaning.INCOMPLETE, "answered_by": "", "replied": False}


@pytest.mark.parametrize(
    ("status", "sip_code", "outcome"),
    [
        (CallStatus.BUSY, 486, CarrierOutcome.BUSY),
        (CallStatus.BUSY, 600, CarrierOutcome.BUSY),
        (CallStatus.BUSY, 603, CarrierOutcome.REJECTED),
        (CallStatus.NO_ANSWER, 603, CarrierOutcome.REJECTED),
        (CallStatus.FAILED, 607, CarrierOutcome.REJECTED),
        (CallStatus.NO_ANSWER, 487, CarrierOutcome.NO_ANSWER),
        (CallStatus.FAILED, 503, CarrierOutcome.FAILED),
        (CallStatus.FAILED, None, CarrierOutcome.FAILED),
        (CallStatus.FAILED, 404, CarrierOutcome.INVALID_NUMBER),
        (CallStatus.FAILED, 484, CarrierOutcome.INVALID_NUMBER),
        (CallStatus.CANCELED, 603, CarrierOutcome.CANCELED),
        (CallStatus.COMPLETED, None, CarrierOutcome.ANSWERED),
    ],
)
def test_the_network_s_last_word(status: CallStatus, sip_code: int | None, outcome: CarrierOutcome) -> None:
    assert carrier_outcome(status, sip_code, answered=False) is outcome


@pytest.mark.parametrize("status", sorted(FINAL_STATUSES))
def test_whoever_picked_up_has_answered_whatever_the_last_status_says(status: CallStatus) -> None:
    assert carrier_outcome(status, None, answered=True) is CarrierOutcome.ANSWERED


@pytest.mark.parametrize(
    ("status", "rang", "counts", "result"),
    [
        (CallStatus.BUSY, False, True, Result.BUSY),
        (CallStatus.NO_ANSWER, False, True, Result.NO_ANSWER),
        (CallStatus.FAILED, False, False, Result.FAILED),
        (CallStatus.CANCELED, False, False, None),
        (CallStatus.CANCELED, True, True, Result.NO_ANSWER),
    ],
)
def test_only_what_rang_is_a_try(status: CallStatus, rang: bool, counts: bool, result: Result | None) -> None:
    found = ended(status, sip_code=None, answered=False, rang=rang, **QUIET)
    assert (found.rang, found.result, found.business) == (counts, result, None)


def test_a_machine_is_no_person_whatever_the_flow_came_to() -> None:
    found = ended(
        CallStatus.COMPLETED,
        sip_code=None,
        answered=True,
        rang=True,
        meaning=Meaning.DONE,
        answered_by="machine_start",
        replied=False,
    )
    assert (found.business, found.result) == (BusinessOutcome.MACHINE, Result.MACHINE)


def test_a_key_goes_before_the_verdict_of_machine_detection() -> None:
    found = ended(
        CallStatus.COMPLETED,
        sip_code=None,
        answered=True,
        rang=True,
        meaning=Meaning.GOAL,
        answered_by="machine_end_beep",
        replied=True,
    )
    assert (found.business, found.result) == (BusinessOutcome.GOAL, None)


def test_every_meaning_of_a_flow_is_a_business_outcome_and_closes_or_is_tried_again() -> None:
    assert {meaning.value for meaning in Meaning} == {outcome.value for outcome in BusinessOutcome}
    again = {BusinessOutcome.INCOMPLETE, BusinessOutcome.MACHINE, BusinessOutcome.CALL_LATER}
    assert set(CLOSES) | again == set(BusinessOutcome)
