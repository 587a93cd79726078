"""Calls: create, list, fetch, change, delete."""

from aiohttp import web

from simulator.calls import Call, CallStatus
from simulator.errors import RestError
from simulator.legs import HungUp, Leg, Redirected
from simulator.outgoing import place
from simulator.rest.access import carrier_of, form, not_found
from simulator.rest.call_orders import change_callbacks, new_call, order_of, source_of
from simulator.rest.paging import matches_date, page
from simulator.rest.shapes import call_shape


async def create(request: web.Request) -> web.Response:
    """Place a call. Accepted calls answer 201 and `queued`, whatever becomes of them."""
    carrier, wishes = carrier_of(request), await form(request)
    call = new_call(carrier, wishes)
    leg = place(carrier, call, order_of(wishes))
    shape = call_shape(carrier, leg.call) | {"status": "queued"}
    return web.json_response(shape, status=201)


async def index(request: web.Request) -> web.Response:
    """List calls, newest first, by To, From, Status, ParentCallSid, StartTime and EndTime."""
    carrier = carrier_of(request)
    wanted = {
        name: request.query[key]
        for key, name in (("To", "to"), ("From", "from_"), ("Status", "status"), ("ParentCallSid", "parent_sid"))
        if request.query.get(key)
    }
    found = [
        call
        for call in (carrier.calls.to(wanted["to"]) if "to" in wanted else carrier.calls)
        if all(str(getattr(call, name)) == value for name, value in wanted.items())
        # A call that was never answered has no start of its own; Twilio lists it by when it was made.
        and matches_date(request, "StartTime", call.started or call.created)
        and matches_date(request, "EndTime", call.ended)
    ]
    return page(request, "calls", found, lambda call: call_shape(carrier, call))


def find(request: web.Request) -> Call:
    """The call that the address names. Raises RestError 20404."""
    call = carrier_of(request).calls.get(request.match_info["sid"])
    if call is None:
        raise not_found(request)
    return call


async def fetch(request: web.Request) -> web.Response:
    return web.json_response(call_shape(carrier_of(request), find(request)))


async def update(request: web.Request) -> web.Response:
    """Redirect a live call to new TwiML, or end it. An ended call answers 21220."""
    carrier, call, wishes = carrier_of(request), find(request), await form(request)
    leg = carrier.legs.get(call.sid)
    status = wishes.text("Status")
    if call.status.final or leg is None:
        raise RestError(400, 21220, "Call is not in-progress. Cannot redirect.")
    if status:
        _end(call, leg, status)
    elif wishes.has("Url") or wishes.has("Twiml"):
        leg.interrupt(Redirected(source_of(wishes)))
    change_callbacks(call, wishes)
    return web.json_response(call_shape(carrier, call))


def _end(call: Call, leg: Leg, status: str) -> None:
    if status == "completed":
        leg.interrupt(HungUp("app", "completed by REST", status=CallStatus.CANCELED))
    elif status == "canceled":
        if call.answered is not None:
            raise RestError(400, 21220, "Call is in-progress. Cannot cancel.")
        leg.interrupt(HungUp("app", "canceled by REST", status=CallStatus.CANCELED))
    else:
        raise RestError(400, 21218, f"Invalid Status '{status[:20]}'; canceled or completed is wanted.")


async def delete(request: web.Request) -> web.Response:
    """Forget an ended call."""
    carrier, call = carrier_of(request), find(request)
    if not call.status.final:
        raise RestError(400, 21220, "Call is in-progress. Cannot delete.")
    carrier.calls.remove(call.sid)
    return web.Response(status=204)
