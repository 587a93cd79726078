"""What the end of a call means: for the line, for the matter, and for the next try. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from callbacks.attempt import BusinessOutcome, CarrierOutcome
from callbacks.case import CloseReason
from callbacks.dialing.answering import is_machine
from callbacks.settings import Result
from flows.outbound import Meaning
from telephony.calls import CallStatus

REJECTED_CODES = frozenset({403, 603, 607, 608})
"""The callee, or a network for them, declined. 486 and 600 are busy lines. Source: RFC 3261 §21, 8197, 8688."""

NO_SUCH_NUMBER_CODES = frozenset({404, 410, 484, 604})
"""Not found, gone, address incomplete, does not exist anywhere. Source: RFC 3261 §21; RFC 3398 §8.2.6.1 maps the
telephone network's "unallocated number" to 404.
"""

_BY_STATUS = {
    CallStatus.COMPLETED: CarrierOutcome.ANSWERED,
    CallStatus.BUSY: CarrierOutcome.BUSY,
    CallStatus.NO_ANSWER: CarrierOutcome.NO_ANSWER,
    CallStatus.CANCELED: CarrierOutcome.CANCELED,
    CallStatus.FAILED: CarrierOutcome.FAILED,
}

RANG = frozenset({CarrierOutcome.ANSWERED, CarrierOutcome.BUSY, CarrierOutcome.NO_ANSWER, CarrierOutcome.REJECTED})
"""The callee's line was reached, whether or not a notice of the ringing came."""

_RESULTS = {
    CarrierOutcome.BUSY: Result.BUSY,
    CarrierOutcome.NO_ANSWER: Result.NO_ANSWER,
    CarrierOutcome.REJECTED: Result.REJECTED,
    CarrierOutcome.FAILED: Result.FAILED,
}

CLOSES: dict[BusinessOutcome, CloseReason] = {
    BusinessOutcome.GOAL: CloseReason.GOAL_MET,
    BusinessOutcome.DONE: CloseReason.DONE,
    BusinessOutcome.HANDED_OVER: CloseReason.HANDED_OVER,
    BusinessOutcome.OPTED_OUT: CloseReason.OPTED_OUT,
    BusinessOutcome.WRONG_PERSON: CloseReason.WRONG_PERSON,
}
"""Ends after which nobody is called again about the matter."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a call ended.

    `business` is None when nobody answered. `result` is the row of the retry matrix, None when no row fits: the case is
    closed, or the dial was called off and is no try.
    """

    carrier: CarrierOutcome
    business: BusinessOutcome | None
    result: Result | None
    rang: bool


def carrier_outcome(status: CallStatus, sip_code: int | None, *, answered: bool) -> CarrierOutcome:
    """What happened on the network. Whoever picked up has answered, whatever the last status says."""
    if answered or status is CallStatus.COMPLETED:
        return CarrierOutcome.ANSWERED
    if sip_code in REJECTED_CODES and status is not CallStatus.CANCELED:
        return CarrierOutcome.REJECTED
    if sip_code in NO_SUCH_NUMBER_CODES and status is CallStatus.FAILED:
        return CarrierOutcome.INVALID_NUMBER
    return _BY_STATUS[status]


def business_outcome(meaning: Meaning, *, answered_by: str, replied: bool) -> BusinessOutcome:
    """What came of an answered call. A machine's greeting may lead a flow anywhere, so its verdict goes before what the
    flow says, unless a person pressed a key or answered.
    """
    if is_machine(answered_by) and not replied:
        return BusinessOutcome.MACHINE
    return BusinessOutcome(meaning.value)


def ended(
    status: CallStatus,
    *,
    sip_code: int | None,
    answered: bool,
    rang: bool,
    meaning: Meaning,
    answered_by: str,
    replied: bool,
) -> Ended:
    """Everything the end of a call means."""
    carrier = carrier_outcome(status, sip_code, answered=answered)
    if carrier is CarrierOutcome.ANSWERED:
        business = business_outcome(meaning, answered_by=answered_by, replied=replied)
        return Ended(carrier=carrier, business=business, result=_result_of(business), rang=True)
    rang = rang or carrier in RANG
    result = _RESULTS.get(carrier)
    if carrier is CarrierOutcome.CANCELED and rang:
        result = Result.NO_ANSWER
    return Ended(carrier=carrier, business=None, result=result, rang=rang)


def _result_of(business: BusinessOutcome) -> Result | None:
    if business is BusinessOutcome.MACHINE:
        return Result.MACHINE
    return Result.INCOMPLETE if business is BusinessOutcome.INCOMPLETE else None
