"""Somebody calls one of the account's numbers."""

from simulator.calls import Call, CallStatus, Source, StatusSubscription
from simulator.carrier import LONGEST_CALL_S, Carrier
from simulator.legs import HungUp, Leg
from simulator.phone_numbers import PhoneNumber, normalise
from simulator.sids import new_sid
from simulator.twiml.executor import Execution


def dial_in(
    carrier: Carrier,
    *,
    to: str,
    from_: str,
    language: str | None = None,
    attended: bool = True,
    forwarded_from: str | None = None,
) -> Leg:
    """Start a call from a phone; the leg rings at once and runs by itself.

    Args:
        from_: E.164, or `anonymous` and the like for a withheld number.
        attended: a driver outside the event loop holds the phone (see Phone).
    """
    dialled = normalise(to) or to
    number = carrier.numbers.get(dialled)
    call = Call(
        sid=new_sid("CA"),
        account_sid=carrier.settings.account_sid,
        to=dialled,
        from_=from_,
        direction="inbound",
        created=carrier.clock.now(),
        status=CallStatus.RINGING,
        forwarded_from=forwarded_from,
    )
    leg = carrier.open_leg(call, role="caller", number=from_, language=language, attended=attended)
    leg.phone.emit("ringing", **{"from": from_, "to": dialled})
    if number is not None:
        call.number_sid = number.sid
        if number.voice_fallback_url:
            call.fallback = Source(url=number.voice_fallback_url, method=number.voice_fallback_method)
        if number.status_callback:
            call.subscription = StatusSubscription(url=number.status_callback, method=number.status_callback_method)
    carrier.spawn(_run(carrier, leg, number))
    return leg


async def _run(carrier: Carrier, leg: Leg, number: PhoneNumber | None) -> None:
    if number is None:
        end = HungUp("carrier", "The number is not in service.", status=CallStatus.FAILED)
        carrier.finish(leg, end)
        return
    if not number.voice_url:
        # Twilio says nothing at all in this case; the phone's holder is told, the debugger is not.
        carrier.finish(leg, HungUp("carrier", "The number has no voice URL.", status=CallStatus.FAILED))
        return
    carrier.limit(leg, LONGEST_CALL_S)
    try:
        await Execution(carrier, leg).run(Source(url=number.voice_url, method=number.voice_method))
        end = HungUp("app", "no verb left")
    except HungUp as signal:
        end = signal
    carrier.finish(leg, end)
