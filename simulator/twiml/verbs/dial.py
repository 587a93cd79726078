"""Dial: call others and connect them with the caller."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from simulator.bridging import carry
from simulator.calls import CallStatus, Source, StatusSubscription
from simulator.dialling import ChildEnd, Target, open_child
from simulator.legs import HungUp, Key, Leg, News, Signal
from simulator.phone_numbers import normalise
from simulator.tape_recorder import CallRecording, media_url
from simulator.twiml.executor import Execution, Step
from simulator.twiml.verbs.attributes import integer, recording_callback, truth
from simulator.twiml.verbs.dial_queue import dial_queue

# Source: Dial, "Simultaneous dialing": up to ten Number and Client nouns.
MOST_TARGETS = 10
_WORST_FIRST = (CallStatus.NO_ANSWER, CallStatus.BUSY, CallStatus.FAILED, CallStatus.CANCELED)


@dataclass(kw_only=True)
class Attempt:
    """How a Dial goes: who rings, who talks, since when, and how it ended."""

    ringing: list[Leg] = field(default_factory=list)
    talking: Leg | None = None
    bridged_at_s: float | None = None
    last: Leg | None = None
    ends: list[ChildEnd] = field(default_factory=list)

    def status(self) -> CallStatus:
        """DialCallStatus: completed once somebody picked up, else the outcome that says most."""
        outcomes = {end.status for end in self.ends}
        if self.bridged_at_s is not None or CallStatus.COMPLETED in outcomes:
            return CallStatus.COMPLETED
        return next((status for status in _WORST_FIRST if status in outcomes), CallStatus.NO_ANSWER)


async def dial(run: Execution, verb: Element) -> Step | None:
    """Ring the targets, connect the first who accepts, and go to the action when they have finished."""
    queue = verb.find("Queue")
    if queue is not None:
        return await dial_queue(run, verb, queue)
    targets = read_targets(run, verb)
    caller_id = _caller_id(run, verb)
    run.leg.phone.emit(
        "dial",
        targets=[target.address for target in targets],
        timeout_s=integer(verb, "timeout", 30),
        caller_id=caller_id,
    )
    attempt = Attempt()
    try:
        groups = [[target] for target in targets] if truth(verb, "sequential", False) else [targets]
        for group in groups:
            if group and attempt.bridged_at_s is None:
                await _try(run, verb, attempt, group, caller_id)
    except HungUp as signal:
        await _abandon(run, verb, attempt, signal)
        raise
    except Signal:
        _release(attempt, HungUp("app", "moved", status=CallStatus.CANCELED))
        raise
    params = _result(run, verb, attempt)
    return run.step(verb, params) if verb.get("action") else None


async def _abandon(run: Execution, verb: Element, attempt: Attempt, signal: HungUp) -> None:
    """The dialling side has gone: the others are let go, and the action is told of a call that is over."""
    _release(attempt, HungUp(signal.by, "the other side has gone", status=CallStatus.NO_ANSWER))
    params = _result(run, verb, attempt)
    if verb.get("action"):
        run.carrier.finish(run.leg, signal)
        await run.tell(verb, params)


async def _try(run: Execution, verb: Element, attempt: Attempt, group: list[Target], caller_id: str) -> None:
    """Ring a group at once and stay until nobody rings or talks any more."""
    timeout_s = float(integer(verb, "timeout", 30, low=1, high=600))
    attempt.ringing = [open_child(run.carrier, run.leg, target, caller_id, timeout_s) for target in group]
    time_limit_s = float(integer(verb, "timeLimit", 14_400, low=1))
    while attempt.ringing or attempt.talking:
        left_s = None
        if attempt.bridged_at_s is not None:
            left_s = attempt.bridged_at_s + time_limit_s - run.carrier.clock.elapsed_s()
        item = await run.leg.wait(left_s)
        if isinstance(item, News):
            _heed_news(run, attempt, item)
        elif attempt.talking is None:
            if item is not None:
                run.leg.drop(item)
        elif item is None or (truth(verb, "hangupOnStar", False) and item == Key(digit="*")):
            _release(attempt, HungUp("caller" if item else "carrier", "star" if item else "time limit"))
            attempt.talking = None
        else:
            carry(item, attempt.talking)


def _heed_news(run: Execution, attempt: Attempt, news: News) -> None:
    if news.what == "ended":
        child = news.about.leg
        attempt.ends.append(news.about)
        attempt.last = attempt.last if attempt.bridged_at_s is not None else child
        attempt.ringing = [leg for leg in attempt.ringing if leg is not child]
        attempt.talking = None if attempt.talking is child else attempt.talking
    elif news.what == "ready" and attempt.bridged_at_s is None:
        child = news.about
        others = [leg for leg in attempt.ringing if leg is not child]
        attempt.ringing, attempt.talking, attempt.last = [], child, child
        attempt.bridged_at_s = run.carrier.clock.elapsed_s()
        for leg in others:
            leg.interrupt(HungUp("carrier", "answered elsewhere", status=CallStatus.NO_ANSWER))
        run.carrier.answer(run.leg)
        run.leg.phone.emit("bridged", **{"with": child.call.to, "call_sid": child.call.sid})
        child.phone.emit("bridged", **{"with": run.leg.phone.number, "call_sid": run.leg.call.sid})


def _release(attempt: Attempt, end: HungUp) -> None:
    for leg in [*attempt.ringing, *([attempt.talking] if attempt.talking else [])]:
        attempt.last = attempt.last or leg
        leg.interrupt(end)


def _result(run: Execution, verb: Element, attempt: Attempt) -> dict[str, str]:
    """What the action is told: DialBridged says whether they ever talked, DialCallStatus whether anybody picked up."""
    seconds = 0.0
    if attempt.bridged_at_s is not None:
        seconds = run.carrier.clock.elapsed_s() - attempt.bridged_at_s
    status = attempt.status()
    params = {"DialCallStatus": status.value, "DialBridged": str(attempt.bridged_at_s is not None).lower()}
    if attempt.last is not None:
        params["DialCallSid"] = attempt.last.call.sid
    if status is CallStatus.COMPLETED:
        params["DialCallDuration"] = str(max(1, round(seconds)) if attempt.bridged_at_s is not None else 0)
    run.leg.phone.emit("dial_end", **params)
    if attempt.bridged_at_s is not None and verb.get("record", "do-not-record") not in ("do-not-record", "false"):
        channels = 2 if verb.get("record", "").endswith("dual") else 1
        wish = CallRecording(source="DialVerb", channels=channels, callback=recording_callback(run, verb))
        params["RecordingUrl"] = media_url(run.carrier, wish.store(run.carrier, run.leg, seconds))
    return params


def read_targets(run: Execution, verb: Element) -> list[Target]:
    """The addresses to ring; what cannot be dialled is complained of and left out."""
    text = (verb.text or "").strip()
    targets = [_target(run, text, None)] if text else []
    for noun in verb:
        if noun.tag not in ("Number", "Client", "Sip"):
            run.leg_complains(12200, f"This carrier does not do '{noun.tag}' in Dial.")
            continue
        name = "".join(noun.findtext("Identity") or noun.text or "").strip()
        targets.append(_target(run, f"client:{name}" if noun.tag == "Client" else name, noun))
    return [target for target in targets if target is not None][:MOST_TARGETS]


def _target(run: Execution, text: str, noun: Element | None) -> Target | None:
    address = normalise(text)
    if address is None:
        run.leg_complains(13223, "The number to dial is not a telephone number.")
        return None
    if noun is None:
        return Target(address=address)
    whisper = subscription = None
    if noun.get("url"):
        whisper = Source(url=run.resolve(noun.get("url")), method=noun.get("method", "POST").upper())
    if noun.get("statusCallback"):
        subscription = StatusSubscription(
            url=run.resolve(noun.get("statusCallback")),
            method=noun.get("statusCallbackMethod", "POST").upper(),
            events=frozenset(noun.get("statusCallbackEvent", "completed").split()),
        )
    return Target(address=address, whisper=whisper, subscription=subscription)


def _caller_id(run: Execution, verb: Element) -> str:
    """Whose number the callee sees: the caller's, or one of ours. A stranger's number is refused with 13214."""
    call = run.leg.call
    wanted = verb.get("callerId", "").strip()
    if not wanted:
        return call.from_ if call.direction == "inbound" else call.to
    address = normalise(wanted)
    if address in (call.from_, call.to) or (address and run.carrier.numbers.get(address)):
        return address or wanted
    if not wanted.startswith("client:"):
        run.leg_complains(13214, "callerId is neither the caller's number, nor the called one, nor one of ours.")
    return call.to
