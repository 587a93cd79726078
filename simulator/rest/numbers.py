"""IncomingPhoneNumbers: what the account owns and where its calls go."""

from aiohttp import web

from simulator.errors import RestError
from simulator.phone_numbers import PhoneNumber, normalise
from simulator.rest.access import Form, carrier_of, form, not_found
from simulator.rest.paging import page
from simulator.rest.shapes import number_shape

_SETTINGS = {
    "FriendlyName": "friendly_name",
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
    "SmsUrl": "sms_url",
    "SmsMethod": "sms_method",
    "SmsFallbackUrl": "sms_fallback_url",
    "SmsFallbackMethod": "sms_fallback_method",
}


def _settings(wishes: Form) -> dict[str, str]:
    given = {field: wishes.text(name) for name, field in _SETTINGS.items() if wishes.has(name)}
    for field, value in given.items():
        if field.endswith(("_url", "_callback")) and value and not value.startswith(("http://", "https://")):
            raise RestError(400, 21402, f"{field} is not a valid URL: {value[:200]}")
    return given


async def index(request: web.Request) -> web.Response:
    """List the numbers; PhoneNumber matches exactly, or as part of a number with `*`."""
    carrier = carrier_of(request)
    wanted = request.query.get("PhoneNumber", "")
    found = [
        number
        for number in carrier.numbers.all()
        if (not wanted or wanted.strip("*") in number.phone_number)
        and request.query.get("FriendlyName", number.friendly_name) == number.friendly_name
    ]
    return page(request, "incoming_phone_numbers", found, lambda number: number_shape(carrier, number))


async def create(request: web.Request) -> web.Response:
    """Buy a number."""
    carrier, wishes = carrier_of(request), await form(request)
    phone_number = normalise(wishes.text("PhoneNumber"))
    if phone_number is None or not phone_number.startswith("+"):
        raise RestError(400, 21421, "PhoneNumber is not valid; E.164 is wanted.")
    number = carrier.numbers.add(phone_number, carrier.clock.now(), **_settings(wishes))
    carrier.journal.write_numbers(carrier.numbers)
    return web.json_response(number_shape(carrier, number), status=201)


def _find(request: web.Request) -> PhoneNumber:
    number = carrier_of(request).numbers.by_sid(request.match_info["sid"])
    if number is None:
        raise not_found(request)
    return number


async def fetch(request: web.Request) -> web.Response:
    return web.json_response(number_shape(carrier_of(request), _find(request)))


async def update(request: web.Request) -> web.Response:
    carrier, number = carrier_of(request), _find(request)
    carrier.numbers.change(number, carrier.clock.now(), **_settings(await form(request)))
    carrier.journal.write_numbers(carrier.numbers)
    return web.json_response(number_shape(carrier, number))


async def delete(request: web.Request) -> web.Response:
    carrier, number = carrier_of(request), _find(request)
    carrier.numbers.remove(number)
    carrier.journal.write_numbers(carrier.numbers)
    return web.Response(status=204)
