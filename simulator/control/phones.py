"""Phones over HTTP: dial, follow, press, say, speak, hang up."""

import base64
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from simulator.clock import VirtualClock
from simulator.control.door import body, problem
from simulator.incoming import dial_in
from simulator.legs import Leg
from simulator.local_phone import LocalPhone
from simulator.rest.access import carrier_of
from simulator.webhook import WebhookFailedError, make_webhook

LONGEST_POLL_S = 60.0


class NewPhone(BaseModel):
    """A phone that calls `to` at once. `attended`: the virtual clock waits while its driver thinks."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    to: str = Field(min_length=1)
    from_: str = Field(default="+8613800138000", alias="from")
    language: str | None = None
    forwarded_from: str | None = None
    attended: bool = True


async def create(request: web.Request) -> web.Response:
    """POST /phones {to, from, language?} → 201 {id, call_sid, …}."""
    wish = NewPhone.model_validate(await body(request))
    leg = dial_in(
        carrier_of(request),
        to=wish.to,
        from_=wish.from_,
        language=wish.language,
        attended=wish.attended,
        forwarded_from=wish.forwarded_from,
    )
    return web.json_response(leg.phone.summary(), status=201)


async def index(request: web.Request) -> web.Response:
    """GET /phones?number=&state=ringing: phones by number and state, newest last."""
    phones = [leg.phone.summary() for leg in carrier_of(request).phones.values()]
    for name in ("number", "state", "call_sid"):
        wanted = request.query.get(name)
        phones = [phone for phone in phones if not wanted or phone[name] == wanted]
    return web.json_response({"phones": phones})


def _leg(request: web.Request) -> Leg:
    leg = carrier_of(request).phones.get(request.match_info["phone"])
    if leg is None:
        raise web.HTTPNotFound(text='{"error": "There is no such phone."}', content_type="application/json")
    return leg


def _phone(request: web.Request) -> LocalPhone:
    return LocalPhone(carrier_of(request), _leg(request))


async def fetch(request: web.Request) -> web.Response:
    return web.json_response(_leg(request).phone.summary())


async def events(request: web.Request) -> web.Response:
    """GET /phones/{id}/events?after=N&wait=s: a long poll; `wait` is real time, up to 60 s."""
    phone = _leg(request).phone
    after = int(request.query.get("after", "0") or 0)
    wait_s = min(float(request.query.get("wait", "0") or 0), LONGEST_POLL_S)
    found = await phone.events_after(after, wait_s, wall_clock=True)
    return web.json_response({"events": found, "over": phone.over})


async def press(request: web.Request) -> web.Response:
    """POST /phones/{id}/press {digits}."""
    await _phone(request).press(str((await body(request)).get("digits", "")))
    return _done(request)


async def say(request: web.Request) -> web.Response:
    """POST /phones/{id}/say {text, confidence?, wav?}: `wav` is how it sounds on a recording of the call, base64."""
    wish: dict[str, Any] = await body(request)
    confidence = wish.get("confidence", 0.9)
    if confidence is not None and not (isinstance(confidence, int | float) and 0 <= confidence <= 1):
        return problem(422, "confidence: a number from 0 to 1, or null for none.")
    try:
        wav = base64.b64decode(wish["wav"], validate=True) if wish.get("wav") else None
    except (TypeError, ValueError):
        return problem(422, "wav: a WAV file in base64, or nothing.")
    await _phone(request).say(str(wish.get("text", "")), confidence, wav)
    return _done(request)


async def record(request: web.Request) -> web.Response:
    """POST /phones/{id}/record?text=&confidence= with a WAV file as body: spoken into the stream or recording.

    `text` is what the file says, for a carrier that listens itself; an empty confidence is none.
    """
    confidence = request.query.get("confidence", "0.9")
    sure = float(confidence) if confidence else None
    await _phone(request).speak(await request.read(), request.query.get("text", ""), sure)
    return _done(request)


async def silence(request: web.Request) -> web.Response:
    """POST /phones/{id}/silence {seconds}, or {until_t}: answers when so much call time has passed."""
    wish = await body(request)
    if "until_t" in wish:
        await _phone(request).wait_until(float(wish["until_t"]))
    else:
        await _phone(request).pause(float(wish.get("seconds", 1.0)))
    return _done(request)


async def answer(request: web.Request) -> web.Response:
    """POST /phones/{id}/answer: pick up a phone that rings for an `attended` person."""
    await _phone(request).answer()
    return _done(request)


async def hang_up(request: web.Request) -> web.Response:
    await _phone(request).hang_up()
    return _done(request)


async def let_go(request: web.Request) -> web.Response:
    """DELETE /phones/{id}: its driver has gone; the call itself goes on."""
    await _phone(request).let_go()
    return _done(request)


async def play(request: web.Request) -> web.Response:
    """GET /phones/{id}/play?url=: the sound of a Play event, so that a browser can hear it.

    Only addresses that this phone was really played are fetched: this is no open proxy.
    """
    leg, url = _leg(request), request.query.get("url", "")
    if not any(event["kind"] == "play" and event.get("url") == url for event in leg.phone.events):
        return problem(404, "This phone was not played that address.")
    try:
        found = await carrier_of(request).webhooks.send(make_webhook("play", url, {}, leg.call, method="GET"))
    except WebhookFailedError as failure:
        return problem(502, str(failure))
    return web.Response(body=found.body, content_type=found.content_type.split(";")[0] or "audio/wav")


def _done(request: web.Request) -> web.Response:
    phone = _leg(request).phone
    virtual = isinstance(carrier_of(request).clock, VirtualClock)
    return web.json_response({"ok": True, "over": phone.over, "virtual": virtual})


def phone_routes() -> list[web.RouteDef]:
    """The addresses under /phones."""
    one = "/phones/{phone}"
    return [
        web.post("/phones", create),
        web.get("/phones", index),
        web.get(one, fetch),
        web.delete(one, let_go),
        web.get(one + "/events", events),
        web.get(one + "/play", play),
        web.post(one + "/press", press),
        web.post(one + "/say", say),
        web.post(one + "/record", record),
        web.post(one + "/silence", silence),
        web.post(one + "/answer", answer),
        web.post(one + "/hangup", hang_up),
    ]
