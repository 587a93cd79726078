"""The network's own state over HTTP: faults, people, messages, numbers, requests, health."""

from dataclasses import asdict
from typing import Any

from aiohttp import web

from simulator.control.door import body, problem
from simulator.errors import SimulatorError
from simulator.ledger_counts import count, read
from simulator.phone_numbers import normalise
from simulator.rest.access import carrier_of
from simulator.rest.shapes import message_shape, notification_shape, number_shape
from simulator.texting import receive


async def add_fault(request: web.Request) -> web.Response:
    """POST /faults {kind, …}; the kinds and settings are those of `simulator.faults.Fault`."""
    wish = await body(request)
    fault = carrier_of(request).faults.add(wish.pop("kind", ""), **wish)
    return web.json_response(fault.model_dump(mode="json", by_alias=True), status=201)


async def list_faults(request: web.Request) -> web.Response:
    rows = [fault.model_dump(mode="json", by_alias=True) for fault in carrier_of(request).faults]
    return web.json_response({"faults": rows})


async def clear_faults(request: web.Request) -> web.Response:
    """DELETE /faults, or /faults/{id}."""
    faults, one = carrier_of(request).faults, request.match_info.get("fault")
    if one is None:
        faults.clear()
    elif not one.isdecimal() or not faults.remove(int(one)):
        return problem(404, "There is no such fault.")
    return web.Response(status=204)


async def set_person(request: web.Request) -> web.Response:
    """POST /people {number: pattern, behaviour?, …settings of `simulator.person.Person`}, or {number, mixture: […]}."""
    wish = await body(request)
    pattern = str(wish.pop("number", ""))
    if not pattern:
        raise SimulatorError("number: say whom this is about, such as '+8613800000001' or '+86138*'.")
    rule = carrier_of(request).people.set(pattern, wish.pop("behaviour", None), **wish)
    return web.json_response({"number": pattern, **rule.model_dump(mode="json")}, status=201)


async def list_people(request: web.Request) -> web.Response:
    rules = carrier_of(request).people.rules()
    rows = [{"number": pattern, **rule.model_dump(mode="json")} for pattern, rule in rules.items()]
    return web.json_response({"people": rows})


async def forget_person(request: web.Request) -> web.Response:
    """DELETE /people?number=pattern."""
    if not carrier_of(request).people.forget(request.query.get("number", "")):
        return problem(404, "Nobody was set for that number.")
    return web.Response(status=204)


async def list_voicemails(request: web.Request) -> web.Response:
    """GET /voicemails?number=: what was left on answering machines, oldest first."""
    number = request.query.get("number")
    rows = [found.as_row() for found in carrier_of(request).voicemails if not number or found.number == number]
    return web.json_response({"voicemails": rows})


async def ledger(request: web.Request) -> web.Response:
    """GET /ledger?too_soon_s=&tries=: what the carrier has counted since its data folder is there."""
    query, path = request.query, carrier_of(request).ledger.path
    tries = int(query["tries"]) if "tries" in query else None
    counts = count(read(path), too_soon_s=float(query.get("too_soon_s", "0")), tries=tries)
    return web.json_response(asdict(counts) | {"doubles": counts.doubles})


async def inbound_message(request: web.Request) -> web.Response:
    """POST /messages/inbound {from, to, body}: a person texts one of our numbers."""
    carrier, wish = carrier_of(request), await body(request)
    to = normalise(str(wish.get("to", "")))
    if to is None or carrier.numbers.get(to) is None:
        raise SimulatorError("to: this is none of the account's numbers.")
    message = receive(carrier, to=to, from_=str(wish.get("from", "")), body=str(wish.get("body", "")))
    return web.json_response(message_shape(carrier, message), status=201)


async def list_messages(request: web.Request) -> web.Response:
    """GET /messages?to=: every text message that passed, oldest first."""
    carrier, to = carrier_of(request), request.query.get("to")
    rows = [message_shape(carrier, message) for message in carrier.messages if not to or message.to == to]
    return web.json_response({"messages": rows})


async def put_number(request: web.Request) -> web.Response:
    """POST /numbers {phone_number, voice_url, …}: own a number, or change it."""
    carrier, wish = carrier_of(request), await body(request)
    phone_number = normalise(str(wish.pop("phone_number", "")))
    if phone_number is None:
        raise SimulatorError("phone_number: E.164 is wanted, such as +862155550100.")
    number = carrier.numbers.add(phone_number, carrier.clock.now(), **wish)
    carrier.journal.write_numbers(carrier.numbers)
    return web.json_response(number_shape(carrier, number), status=201)


async def list_numbers(request: web.Request) -> web.Response:
    carrier = carrier_of(request)
    return web.json_response({"numbers": [number_shape(carrier, number) for number in carrier.numbers.all()]})


async def list_requests(request: web.Request) -> web.Response:
    """GET /requests?call_sid=: every webhook sent, oldest first; the last 1,000."""
    log, call_sid = carrier_of(request).requests, request.query.get("call_sid")
    found = log.of_call(call_sid) if call_sid else list(log)
    return web.json_response({"requests": [sent.as_row() for sent in found[-1000:]]})


async def list_notifications(request: web.Request) -> web.Response:
    carrier, call_sid = carrier_of(request), request.query.get("call_sid")
    found = [entry for entry in carrier.notifications if not call_sid or entry.call_sid == call_sid]
    return web.json_response({"notifications": [notification_shape(carrier, entry) for entry in found]})


async def health(request: web.Request) -> web.Response:
    """GET /health: alive, what time it is on the line, and what the network has counted."""
    carrier = carrier_of(request)
    row: dict[str, Any] = {
        "status": "ok",
        "clock": type(carrier.clock).__name__,
        "now": carrier.clock.now().isoformat(),
        "numbers": [number.phone_number for number in carrier.numbers.all()],
        "calls": carrier.calls.counts(),
        "live_calls": len(carrier.legs),
        "requests_sent": carrier.requests.total,
        "crashes": len(carrier.crashes),
    }
    return web.json_response(row)


def network_routes() -> list[web.RouteDef]:
    """The addresses beside /phones."""
    return [
        web.get("/health", health),
        web.post("/faults", add_fault),
        web.get("/faults", list_faults),
        web.delete("/faults", clear_faults),
        web.delete("/faults/{fault}", clear_faults),
        web.post("/people", set_person),
        web.get("/people", list_people),
        web.delete("/people", forget_person),
        web.post("/messages/inbound", inbound_message),
        web.get("/voicemails", list_voicemails),
        web.get("/ledger", ledger),
        web.get("/messages", list_messages),
        web.post("/numbers", put_number),
        web.get("/numbers", list_numbers),
        web.get("/requests", list_requests),
        web.get("/notifications", list_notifications),
    ]
