"""A phone rings, and somebody answers or nobody does."""

import asyncio
from dataclasses import dataclass

from simulator.calls import CallStatus
from simulator.carrier import Carrier
from simulator.faults import FaultKind
from simulator.ledger import LedgerEvent
from simulator.legs import Leg, PickUp
from simulator.person import Outcome, Person

# Twilio adds five seconds to the wanted ringing time. Source: Calls API, Timeout.
TIMEOUT_BUFFER_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Unanswered:
    """Why nobody talks: a final status and the SIP code that goes with it."""

    status: CallStatus
    sip_code: int
    reason: str


_AT_ONCE = {
    Outcome.BUSY: (2.0, Unanswered(status=CallStatus.BUSY, sip_code=486, reason="busy")),
    Outcome.REJECTED: (3.0, Unanswered(status=CallStatus.BUSY, sip_code=603, reason="rejected")),
    Outcome.UNREACHABLE: (1.0, Unanswered(status=CallStatus.FAILED, sip_code=404, reason="unreachable")),
}
_NOBODY = Unanswered(status=CallStatus.NO_ANSWER, sip_code=487, reason="no answer")


def callee_of(carrier: Carrier, leg: Leg) -> Person:
    """Who sits at the called address, unless a fault puts somebody else there."""
    fault = carrier.faults.take(FaultKind.CALLEE, leg.call)
    person = carrier.people.at(leg.call.to)
    if person.answers_from > carrier.calls.placed_to(leg.call.to):
        person = person.model_copy(update={"outcome": Outcome.NO_ANSWER})
    return person if fault is None else person.model_copy(update={"outcome": Outcome(fault.outcome)})


async def ring(carrier: Carrier, leg: Leg, person: Person, timeout_s: float) -> Unanswered | None:
    """Let the phone ring; None when it was answered, and then the leg is up. Raises Signal (somebody hung up)."""
    limit_s = timeout_s + TIMEOUT_BUFFER_S
    if person.outcome is not Outcome.UNREACHABLE:
        leg.call.status = CallStatus.RINGING
        leg.phone.emit("ringing", **{"from": leg.call.from_, "to": leg.call.to})
        carrier.note(LedgerEvent.RING, leg.call)
        carrier.reports.status(leg.call, "ringing")
    if person.outcome in _AT_ONCE:
        wait_s, result = _AT_ONCE[person.outcome]
        await leg.pass_time(min(wait_s, limit_s))
        return result
    if person.outcome is Outcome.NO_ANSWER:
        await leg.pass_time(limit_s)
        return _NOBODY
    if person.outcome is Outcome.ATTENDED:
        picked_up = await leg.pass_time(limit_s, lambda item: isinstance(item, PickUp))
        if picked_up is None:
            return _NOBODY
    else:
        await leg.pass_time(min(person.answer_after_s, limit_s))
        if person.answer_after_s > limit_s:
            return _NOBODY
    carrier.answer(leg)
    # Whoever waits for the answer runs before the call goes on.
    await asyncio.sleep(0)
    return None
