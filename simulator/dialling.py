"""The legs that a <Dial> opens: each rings, may hear a whisper, and reports back to the leg that dials."""

from dataclasses import dataclass

from simulator.acting import act
from simulator.bridging import converse
from simulator.calls import Call, CallStatus, Source, StatusSubscription
from simulator.carrier import Carrier
from simulator.legs import HungUp, Leg, News
from simulator.person import Outcome
from simulator.ringing import callee_of, ring
from simulator.sids import new_sid
from simulator.twiml.executor import Execution

# What a whisper may use: everything but another Dial. Source: Number, "url".
WHISPER_VERBS = frozenset({"Say", "Play", "Pause", "Gather", "Redirect", "Hangup", "Record"})


@dataclass(frozen=True, kw_only=True)
class Target:
    """One address of a Dial, with what is to be spoken to whoever answers and who wants to know."""

    address: str
    whisper: Source | None = None
    subscription: StatusSubscription | None = None


@dataclass(frozen=True, kw_only=True)
class ChildEnd:
    """How a child leg ended."""

    leg: Leg
    status: CallStatus


def open_child(carrier: Carrier, parent: Leg, target: Target, caller_id: str, timeout_s: float) -> Leg:
    """Call `target`; the child pushes News `ready` and later `ended` to the parent."""
    call = Call(
        sid=new_sid("CA"),
        account_sid=parent.call.account_sid,
        to=target.address,
        from_=caller_id,
        direction="outbound-dial",
        created=carrier.clock.now(),
        parent_sid=parent.call.sid,
        subscription=target.subscription,
    )
    attended = carrier.people.at(target.address).outcome is Outcome.ATTENDED
    leg = carrier.open_leg(call, role="callee", number=target.address, attended=attended)
    carrier.spawn(_run(carrier, parent, leg, target, timeout_s))
    return leg


async def _run(carrier: Carrier, parent: Leg, leg: Leg, target: Target, timeout_s: float) -> None:
    status: CallStatus | None = None
    try:
        carrier.reports.status(leg.call, "initiated", status=CallStatus.INITIATED)
        person = callee_of(carrier, leg)
        unanswered = await ring(carrier, leg, person, timeout_s)
        if unanswered is not None:
            leg.call.sip_code = unanswered.sip_code
            status, end = unanswered.status, HungUp("callee", unanswered.reason)
        else:
            carrier.spawn(act(carrier, leg, person))
            if target.whisper is not None:
                await Execution(carrier, leg, verbs=WHISPER_VERBS).run(target.whisper)
            parent.push(News(what="ready", about=leg))
            await converse(leg, parent)
            end = HungUp("carrier", "over")
    except HungUp as signal:
        end = signal
    carrier.finish(leg, end, status)
    parent.push(News(what="ended", about=ChildEnd(leg=leg, status=leg.call.status)))
