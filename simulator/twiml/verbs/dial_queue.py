"""Dial with a Queue: talk to whoever has waited longest."""

from xml.etree.ElementTree import Element

from simulator.bridging import carry
from simulator.calls import Source
from simulator.legs import BridgeOver, Dequeued, HungUp, Key, Leg, News
from simulator.twiml.executor import Execution, Step
from simulator.twiml.verbs.attributes import integer, truth

LOOK_AGAIN_S = 1.0


async def dial_queue(run: Execution, verb: Element, noun: Element) -> Step | None:
    """Take the first member of the queue; with nobody there, wait as long as the Dial's timeout."""
    name = (noun.text or "").strip()
    timeout_s = integer(verb, "timeout", 30)
    run.leg.phone.emit("dial", targets=[f"queue:{name}"], timeout_s=timeout_s, caller_id="")
    member = await _first(run, name, float(timeout_s))
    if member is None:
        return _done(run, verb, {"DialCallStatus": "no-answer", "DialBridged": "false"})
    whisper = Source(url=run.resolve(noun.get("url")), method=noun.get("method", "POST")) if noun.get("url") else None
    member.interrupt(Dequeued(peer=run.leg, whisper=whisper))
    try:
        seconds = await _talk(run, verb, member)
    except HungUp:
        member.interrupt(BridgeOver())
        raise
    params = {
        "DialCallStatus": "completed" if seconds is not None else "no-answer",
        "DialBridged": str(seconds is not None).lower(),
        "DialCallSid": member.call.sid,
        "DialCallDuration": str(max(1, round(seconds or 0.0))),
    }
    return _done(run, verb, params)


async def _first(run: Execution, name: str, timeout_s: float) -> Leg | None:
    """The member next in line, taken out of the queue by nobody else."""
    deadline = run.carrier.clock.elapsed_s() + timeout_s
    while True:
        queue = run.carrier.queues.find(name)
        if queue is not None and queue.members:
            leg = queue.members[0].leg
            run.carrier.queues.reserve(queue, leg, run.carrier.clock.now())
            return leg
        if run.carrier.clock.elapsed_s() >= deadline:
            return None
        await run.leg.pass_time(LOOK_AGAIN_S)


async def _talk(run: Execution, verb: Element, member: Leg) -> float | None:
    """Wait until the member is there, then carry words until either side ends it; seconds of talk, None without any."""
    begun_s: float | None = None
    while True:
        item = await run.leg.wait()
        if isinstance(item, News) and item.what == "ready" and item.about is member:
            begun_s = run.carrier.clock.elapsed_s()
            run.leg.phone.emit("bridged", **{"with": member.phone.number, "call_sid": member.call.sid})
            member.phone.emit("bridged", **{"with": run.leg.phone.number, "call_sid": run.leg.call.sid})
        elif isinstance(item, News) and item.what == "ended" and item.about is member:
            break
        elif truth(verb, "hangupOnStar", False) and item == Key(digit="*"):
            member.interrupt(BridgeOver())
            break
        else:
            carry(item, member)
    return None if begun_s is None else run.carrier.clock.elapsed_s() - begun_s


def _done(run: Execution, verb: Element, params: dict[str, str]) -> Step | None:
    run.leg.phone.emit("dial_end", **params)
    return run.step(verb, params) if verb.get("action") else None
