"""The parameters of a call's creation, checked as Twilio checks them."""

from urllib.parse import urlsplit

from simulator.calls import Call, Source, StatusSubscription
from simulator.carrier import Carrier
from simulator.errors import RestError
from simulator.machine_detection import Detection
from simulator.outgoing import Order
from simulator.phone_numbers import normalise
from simulator.rest.access import Form
from simulator.sids import new_sid
from simulator.tape_recorder import CallRecording, RecordingCallback

TWIML_LIMIT = 4000
_PROGRESS = frozenset({"initiated", "ringing", "answered", "completed"})


def new_call(carrier: Carrier, wishes: Form) -> Call:
    """The call that a create asks for. Raises RestError: 21201, 21211, 21210, 21212, 21205, 32018."""
    to = _callee(wishes)
    from_ = _caller(carrier, wishes)
    source_of(wishes)
    fallback = None
    if wishes.text("FallbackUrl"):
        fallback = Source(url=_url(wishes, "FallbackUrl"), method=wishes.method("FallbackMethod"))
    number = carrier.numbers.get(from_)
    return Call(
        sid=new_sid("CA"),
        account_sid=carrier.settings.account_sid,
        to=to,
        from_=from_,
        direction="outbound-api",
        created=carrier.clock.now(),
        number_sid=number.sid if number else None,
        fallback=fallback,
        subscription=_subscription(wishes),
    )


def order_of(wishes: Form) -> Order:
    """What else the create asks for: times, keys, detection, recording."""
    digits = wishes.text("SendDigits")
    return Order(
        source=source_of(wishes),
        timeout_s=float(wishes.whole("Timeout", 60, low=1, high=600)),
        time_limit_s=float(wishes.whole("TimeLimit", 14_400, low=1)),
        send_digits=digits,
        # With SendDigits, MachineDetection is ignored. Source: Twilio's OpenAPI, SendDigits.
        detection=None if digits else _detection(wishes),
        recording=_recording(wishes),
    )


def source_of(wishes: Form) -> Source:
    """Url wins over Twiml. Raises RestError 21205 without either, 32018 for more than 4,000 characters of TwiML."""
    if wishes.text("Url"):
        return Source(url=_url(wishes, "Url"), method=wishes.method("Method"))
    twiml = wishes.text("Twiml")
    if not twiml:
        raise RestError(400, 21205, "Url parameter is required.")
    if len(twiml) > TWIML_LIMIT:
        raise RestError(400, 32018, f"Twiml size exceeded maximum allowed value of {TWIML_LIMIT} characters")
    return Source(twiml=twiml)


def change_callbacks(call: Call, wishes: Form) -> None:
    """An update may name other callbacks for a live call."""
    if wishes.text("FallbackUrl"):
        call.fallback = Source(url=_url(wishes, "FallbackUrl"), method=wishes.method("FallbackMethod"))
    subscription = _subscription(wishes)
    if subscription is not None:
        call.subscription = subscription


def _callee(wishes: Form) -> str:
    to = wishes.text("To").strip()
    if not to:
        raise RestError(400, 21201, "No 'To' number is specified")
    address = normalise(to)
    if address is None:
        raise RestError(400, 21211, f"The phone number you are attempting to call, {to[:40]}, is not valid.")
    return address


def _caller(carrier: Carrier, wishes: Form) -> str:
    given = wishes.text("From").strip()
    address = normalise(given) if given else None
    if address is None:
        raise RestError(400, 21212, f"The source phone number provided, {given[:40]}, is not valid.")
    if address.startswith("+") and carrier.numbers.get(address) is None:
        raise RestError(
            400, 21210, f"The source phone number provided, {given[:40]}, is not yet verified for your account."
        )
    return address


def _url(wishes: Form, name: str) -> str:
    url = wishes.text(name).strip()
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise RestError(400, 21205, f"{name} is not a valid URL: {url[:200]}")
    return url


def _subscription(wishes: Form) -> StatusSubscription | None:
    if not wishes.text("StatusCallback"):
        return None
    # Libraries send one parameter per event; a single one with spaces is understood too, as in TwiML.
    events = frozenset(word for value in wishes.all("StatusCallbackEvent") for word in value.split())
    return StatusSubscription(
        url=_url(wishes, "StatusCallback"),
        method=wishes.method("StatusCallbackMethod"),
        events=(events & _PROGRESS) or frozenset({"completed"}),
    )


def _detection(wishes: Form) -> Detection | None:
    mode = wishes.text("MachineDetection")
    if not mode:
        return None
    if mode not in ("Enable", "DetectMessageEnd"):
        raise RestError(400, 21234, f"Invalid Machine Detection configuration value '{mode[:30]}'")
    callback = wishes.text("AsyncAmdStatusCallback")
    return Detection(
        mode=mode,
        timeout_s=float(wishes.whole("MachineDetectionTimeout", 30, low=3, high=60)),
        asynchronous=wishes.truth("AsyncAmd"),
        callback=_url(wishes, "AsyncAmdStatusCallback") if callback else None,
        callback_method=wishes.method("AsyncAmdStatusCallbackMethod"),
    )


def _recording(wishes: Form) -> CallRecording | None:
    if not wishes.truth("Record"):
        return None
    channels = 2 if wishes.text("RecordingChannels") == "dual" else 1
    return CallRecording(source="OutboundAPI", channels=channels, callback=recording_callback(wishes))


def recording_callback(wishes: Form) -> RecordingCallback | None:
    """Whom to tell of a recording. Raises RestError 21205 for what is no URL."""
    if not wishes.text("RecordingStatusCallback"):
        return None
    events = frozenset(word for value in wishes.all("RecordingStatusCallbackEvent") for word in value.split())
    return RecordingCallback(
        url=_url(wishes, "RecordingStatusCallback"),
        method=wishes.method("RecordingStatusCallbackMethod"),
        events=events or frozenset({"completed"}),
    )
