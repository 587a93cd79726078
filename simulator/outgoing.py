"""The account calls somebody, through the REST interface."""

from dataclasses import dataclass

from simulator.acting import act
from simulator.calling_back import ring_back_later
from simulator.calls import Call, CallStatus, Source
from simulator.carrier import LONGEST_CALL_S, Carrier
from simulator.legs import HungUp, Leg, Redirected, Signal
from simulator.machine_detection import Detection, Verdict, detect
from simulator.person import Outcome, Person
from simulator.ringing import callee_of, ring
from simulator.tape_recorder import CallRecording
from simulator.twiml.executor import Execution

INITIATE_S = 0.2


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a create asked for, beside the addresses and callbacks that stand in the call."""

    source: Source
    timeout_s: float = 60.0
    time_limit_s: float = LONGEST_CALL_S
    send_digits: str = ""
    detection: Detection | None = None
    recording: CallRecording | None = None


def place(carrier: Carrier, call: Call, order: Order) -> Leg:
    """Take the call on; it waits for its turn when creates are paced, and runs by itself."""
    person = carrier.people.at(call.to)
    leg = carrier.open_leg(call, role="callee", number=call.to, attended=person.outcome is Outcome.ATTENDED)
    wait_s = 0.0
    pace = carrier.settings.calls_per_second
    if pace is not None:
        now_s = carrier.clock.elapsed_s()
        starts_s = max(now_s, carrier.next_create_at_s)
        carrier.next_create_at_s = starts_s + 1 / pace
        wait_s = starts_s - now_s
    call.queue_time_ms = round(wait_s * 1000)
    carrier.spawn(_run(carrier, leg, order, wait_s))
    return leg


async def _run(carrier: Carrier, leg: Leg, order: Order, wait_s: float) -> None:
    end: HungUp
    status: CallStatus | None = None
    try:
        source = order.source
        try:
            await leg.pass_time(wait_s)
            carrier.reports.status(leg.call, "initiated", status=CallStatus.INITIATED)
            await leg.pass_time(INITIATE_S)
            person = callee_of(carrier, leg)
            unanswered = await ring(carrier, leg, person, order.timeout_s)
        except Redirected as signal:
            # New TwiML before the answer takes the place of the old, and the phone goes on ringing.
            source, person = signal.source, callee_of(carrier, leg)
            unanswered = await ring(carrier, leg, person, order.timeout_s)
        if unanswered is not None:
            leg.call.sip_code = unanswered.sip_code
            status, end = unanswered.status, HungUp("callee", unanswered.reason)
        else:
            end = await _talk(carrier, leg, order, source, person)
    except HungUp as signal:
        end = signal
    carrier.finish(leg, end, status)
    ring_back_later(carrier, leg.call, carrier.people.at(leg.call.to))


async def _talk(carrier: Carrier, leg: Leg, order: Order, source: Source, person: Person) -> HungUp:
    carrier.limit(leg, order.time_limit_s)
    carrier.spawn(act(carrier, leg, person))
    begun_s = carrier.clock.elapsed_s()
    try:
        if order.send_digits:
            await leg.pass_time(sum(0.5 if tone == "w" else 1.0 if tone == "W" else 0.25 for tone in order.send_digits))
        elif order.detection is not None:
            await _detect(carrier, leg, order.detection, person)
        await Execution(carrier, leg).run(source)
        return HungUp("app", "no verb left")
    except HungUp as signal:
        return signal
    except Signal:
        return HungUp("app", "moved")
    finally:
        if order.recording is not None:
            order.recording.store(carrier, leg, carrier.clock.elapsed_s() - begun_s)


async def _detect(carrier: Carrier, leg: Leg, detection: Detection, person: Person) -> None:
    verdict = detect(detection, person)
    if detection.asynchronous:
        carrier.spawn(_tell_later(carrier, leg, detection, verdict))
        return
    # The callee hears silence until the carrier has made up its mind.
    leg.phone.emit("pause", duration_s=verdict.after_s, reason="machine detection")
    await leg.pass_time(verdict.after_s)
    leg.call.answered_by = verdict.answered_by


async def _tell_later(carrier: Carrier, leg: Leg, detection: Detection, verdict: Verdict) -> None:
    await carrier.clock.sleep(verdict.after_s)
    if leg.call.status.final:
        return
    leg.call.answered_by = verdict.answered_by
    if detection.callback is None:
        carrier.complain(leg, 21262, "AsyncAmd was asked for without AsyncAmdStatusCallback.")
        return
    params = {
        "CallSid": leg.call.sid,
        "AccountSid": leg.call.account_sid,
        "AnsweredBy": verdict.answered_by,
        "MachineDetectionDuration": str(round(verdict.after_s * 1000)),
    }
    carrier.reports.tell("amd", detection.callback, params, leg.call, method=detection.callback_method, event="amd")
