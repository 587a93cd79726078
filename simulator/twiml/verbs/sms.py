"""Sms: a text message from within a call (deprecated by Twilio, still in its grammar)."""

from xml.etree.ElementTree import Element

from simulator.texting import send_from_call
from simulator.twiml.executor import Execution, Step


async def sms(run: Execution, verb: Element) -> Step | None:
    """Send the text to the caller unless `to` says otherwise."""
    call = run.leg.call
    ours, person = (call.to, call.from_) if call.direction == "inbound" else (call.from_, call.to)
    message = send_from_call(
        run.carrier, to=verb.get("to", person), from_=verb.get("from", ours), body=(verb.text or "").strip()
    )
    if not verb.get("action"):
        return None
    return run.step(verb, {"SmsSid": message.sid, "SmsStatus": message.status})
