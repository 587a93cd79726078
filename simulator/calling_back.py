"""Somebody who missed a call rings the number that called them."""

from simulator.acting import act
from simulator.calls import Call
from simulator.carrier import Carrier
from simulator.incoming import dial_in
from simulator.person import CallBack, Outcome, Person


def ring_back_later(carrier: Carrier, missed: Call, person: Person) -> None:
    """Ring back if this person does so; at most one call-back of a number is on its way at any time."""
    wish = person.calls_back
    if wish is None or missed.answered is not None or missed.to in carrier.ringing_back:
        return
    carrier.ringing_back.add(missed.to)
    carrier.spawn(_ring_back(carrier, missed, wish))


async def _ring_back(carrier: Carrier, missed: Call, wish: CallBack) -> None:
    try:
        await carrier.clock.sleep(wish.after_s)
    finally:
        carrier.ringing_back.discard(missed.to)
    leg = dial_in(carrier, to=missed.from_, from_=missed.to, attended=False)
    await act(carrier, leg, Person(outcome=Outcome.ANSWER, replies=wish.replies))
