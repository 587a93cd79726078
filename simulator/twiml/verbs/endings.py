"""Verbs after which nothing of the document runs: Redirect, Hangup, Reject, Leave."""

from xml.etree.ElementTree import Element

from simulator.calls import CallStatus, Source
from simulator.legs import HungUp, Signal
from simulator.twiml.executor import Execution, Step


class LeftQueue(Signal):
    """Leave: the waiting caller goes on behind the Enqueue."""


async def redirect(run: Execution, verb: Element) -> Step | None:
    """Go on with the document at another address."""
    source = Source(url=run.resolve(verb.text), method=verb.get("method", "POST").upper())
    return Step(source=source)


async def hangup(run: Execution, verb: Element) -> Step | None:
    """End the call."""
    raise HungUp("app", "hangup")


async def reject(run: Execution, verb: Element) -> Step | None:
    """Refuse an incoming call unanswered; on an answered call it only hangs up."""
    if run.leg.call.answered is not None:
        run.leg_complains(12200, "'Reject' comes too late: the call is answered.")
        raise HungUp("app", "rejected")
    reason = verb.get("reason", "rejected")
    run.leg.call.sip_code = 486 if reason == "busy" else 603
    raise HungUp("app", reason, status=CallStatus.BUSY if reason == "busy" else CallStatus.NO_ANSWER)


async def leave(run: Execution, verb: Element) -> Step | None:
    """Leave the queue; outside a queue it does nothing."""
    if run.in_queue:
        raise LeftQueue("leave")
    return None
