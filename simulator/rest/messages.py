"""Messages: create, list, fetch, redact, delete."""

from aiohttp import web

from simulator.carrier import Carrier
from simulator.errors import RestError
from simulator.messages import BODY_LIMIT, Message
from simulator.phone_numbers import is_land_line, normalise
from simulator.rest.access import Form, carrier_of, form, not_found
from simulator.rest.paging import matches_date, page
from simulator.rest.shapes import message_shape
from simulator.sids import new_sid
from simulator.texting import send


async def create(request: web.Request) -> web.Response:
    """Send a text. Refusals: 21604, 21211, 21614, 21603, 21212, 21606, 21602, 21617, 21610."""
    carrier, wishes = carrier_of(request), await form(request)
    to, from_ = _receiver(wishes), _sender(carrier, wishes)
    body = wishes.text("Body")
    if not body and not wishes.has("MediaUrl") and not wishes.has("ContentSid"):
        raise RestError(400, 21602, "Message body is required.")
    if len(body) > BODY_LIMIT:
        raise RestError(400, 21617, "The concatenated message body exceeds the 1600 character limit")
    if (from_, to) in carrier.messages.opted_out:
        raise RestError(400, 21610, "Attempt to send to unsubscribed recipient")
    now = carrier.clock.now()
    message = Message(
        sid=new_sid("SM"),
        account_sid=carrier.settings.account_sid,
        to=to,
        from_=from_,
        body=body,
        direction="outbound-api",
        status="queued",
        created=now,
        updated=now,
        status_callback=wishes.text("StatusCallback") or None,
        messaging_service_sid=wishes.text("MessagingServiceSid") or None,
    )
    send(carrier, message)
    return web.json_response(message_shape(carrier, message), status=201)


def _receiver(wishes: Form) -> str:
    given = wishes.text("To").strip()
    if not given:
        raise RestError(400, 21604, "A 'To' phone number is required.")
    to = normalise(given)
    if to is None or not to.startswith("+"):
        raise RestError(400, 21211, f"Invalid 'To' Phone Number: {given[:40]}")
    if is_land_line(to):
        raise RestError(400, 21614, f"'To' number is not a valid mobile number: {given[:40]}")
    return to


def _sender(carrier: Carrier, wishes: Form) -> str:
    given = wishes.text("From").strip()
    if not given and wishes.text("MessagingServiceSid"):
        ours = next((number for number in carrier.numbers.all() if number.sms), None)
        if ours is not None:
            return ours.phone_number
    if not given:
        raise RestError(400, 21603, "A 'From' phone number or a 'MessagingServiceSid' is required.")
    from_ = normalise(given)
    if from_ is None:
        raise RestError(400, 21212, f"The 'From' number {given[:40]} is not a valid phone number or short code.")
    number = carrier.numbers.get(from_)
    if number is None or not number.sms:
        raise RestError(400, 21606, f"The 'From' phone number {given[:40]} is not a valid message-capable number.")
    return from_


async def index(request: web.Request) -> web.Response:
    """List messages, newest first, by To, From and DateSent."""
    carrier = carrier_of(request)
    found = [
        message
        for message in carrier.messages
        if request.query.get("To", message.to) == message.to
        and request.query.get("From", message.from_) == message.from_
        and matches_date(request, "DateSent", message.sent)
    ]
    return page(request, "messages", found, lambda message: message_shape(carrier, message))


def _find(request: web.Request) -> Message:
    message = carrier_of(request).messages.get(request.match_info["sid"])
    if message is None:
        raise not_found(request)
    return message


async def fetch(request: web.Request) -> web.Response:
    return web.json_response(message_shape(carrier_of(request), _find(request)))


async def update(request: web.Request) -> web.Response:
    """An empty Body redacts the text."""
    message, wishes = _find(request), await form(request)
    if wishes.has("Body"):
        message.body = wishes.text("Body")
    return web.json_response(message_shape(carrier_of(request), message))


async def delete(request: web.Request) -> web.Response:
    message = _find(request)
    carrier_of(request).messages.remove(message.sid)
    return web.Response(status=204)
