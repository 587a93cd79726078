"""Text messages on their way: out through the REST interface, in from people."""

from simulator.carrier import Carrier
from simulator.messages import Message
from simulator.person import Outcome
from simulator.request_parameters import API_VERSION
from simulator.sids import new_sid
from simulator.twiml.document import TwimlError, read_answer
from simulator.webhook import WebhookFailedError, make_webhook

STEP_S = 0.5


def send(carrier: Carrier, message: Message) -> None:
    """Take an outbound message on and carry it: queued, sending, sent, delivered (or undelivered)."""
    carrier.messages.add(message)
    carrier.spawn(_carry(carrier, message))


def send_from_call(carrier: Carrier, *, to: str, from_: str, body: str) -> Message:
    """A message sent by TwiML during a call."""
    message = _message(carrier, to=to, from_=from_, body=body, direction="outbound-call")
    send(carrier, message)
    return message


def receive(carrier: Carrier, *, to: str, from_: str, body: str) -> Message:
    """A person texts one of our numbers: the number's SMS address is asked."""
    message = _message(carrier, to=to, from_=from_, body=body, direction="inbound", status="received")
    carrier.messages.add(message)
    opt_out = carrier.messages.heed(to, from_, body)
    carrier.spawn(_announce(carrier, message, opt_out))
    return message


def _message(carrier: Carrier, *, to: str, from_: str, body: str, direction: str, status: str = "queued") -> Message:
    now = carrier.clock.now()
    return Message(
        sid=new_sid("SM"),
        account_sid=carrier.settings.account_sid,
        to=to,
        from_=from_,
        body=body,
        direction=direction,
        status=status,
        created=now,
        updated=now,
    )


async def _announce(carrier: Carrier, message: Message, opt_out: str | None) -> None:
    number = carrier.numbers.get(message.to)
    if number is None or not number.sms_url:
        return
    params = _parameters(message) | {"Body": message.body, "NumMedia": "0", "NumSegments": str(message.segments)}
    if opt_out is not None:
        params["OptOutType"] = opt_out
    try:
        answer = await carrier.webhooks.send(make_webhook("sms", number.sms_url, params, method=number.sms_method))
        # An app that has nothing to say may answer with nothing at all.
        replies = list(read_answer(answer.body, answer.content_type)) if answer.body.strip() else []
    except (WebhookFailedError, TwimlError) as failure:
        carrier.notifications.add(failure.code, str(failure), carrier.clock.now(), request_url=number.sms_url)
        return
    for reply in (verb for verb in replies if verb.tag == "Message"):
        body = (reply.findtext("Body") or reply.text or "").strip()
        to = reply.get("to", message.from_)
        if body and (message.to, to) not in carrier.messages.opted_out:
            send(carrier, _message(carrier, to=to, from_=message.to, body=body, direction="outbound-reply"))


async def _carry(carrier: Carrier, message: Message) -> None:
    """Move the message along its states, telling the status callback of each."""
    reachable = carrier.people.at(message.to).outcome is not Outcome.UNREACHABLE
    for status in ("sending", "sent", "delivered" if reachable else "undelivered"):
        await carrier.clock.sleep(STEP_S)
        message.status = status
        message.updated = carrier.clock.now()
        if status == "sent":
            message.sent = message.updated
        if status == "undelivered":
            message.error_code, message.error_message = 30003, "Unreachable destination handset"
        if message.status_callback and status != "sending":
            _report(carrier, message)


def _report(carrier: Carrier, message: Message) -> None:
    params = _parameters(message) | {"MessageStatus": message.status, "SmsStatus": message.status}
    if message.error_code is not None:
        params["ErrorCode"] = str(message.error_code)
    carrier.reports.tell("message", message.status_callback or "", params, event=message.status)


def _parameters(message: Message) -> dict[str, str]:
    return {
        "AccountSid": message.account_sid,
        "ApiVersion": API_VERSION,
        "From": message.from_,
        "MessageSid": message.sid,
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "To": message.to,
    }
