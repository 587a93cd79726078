"""Queues and who waits in them."""

from aiohttp import web

from simulator.errors import RestError
from simulator.legs import Dequeued
from simulator.queues import CallQueue, Member
from simulator.rest.access import carrier_of, form, not_found
from simulator.rest.call_orders import source_of
from simulator.rest.paging import page
from simulator.rest.shapes import member_shape, queue_shape


def _find(request: web.Request, key: str = "sid") -> CallQueue:
    queue = carrier_of(request).queues.get(request.match_info[key])
    if queue is None:
        raise not_found(request)
    return queue


async def index(request: web.Request) -> web.Response:
    carrier = carrier_of(request)
    return page(request, "queues", carrier.queues.all(), lambda queue: queue_shape(carrier, queue))


async def create(request: web.Request) -> web.Response:
    carrier, wishes = carrier_of(request), await form(request)
    name = wishes.text("FriendlyName")
    if not name or carrier.queues.find(name) is not None:
        raise RestError(400, 22003, "A queue needs a FriendlyName that no other queue has.")
    queue = carrier.queues.named(name, carrier.clock.now(), wishes.whole("MaxSize", 100, low=1, high=5000))
    return web.json_response(queue_shape(carrier, queue), status=201)


async def fetch(request: web.Request) -> web.Response:
    return web.json_response(queue_shape(carrier_of(request), _find(request)))


async def update(request: web.Request) -> web.Response:
    carrier, queue, wishes = carrier_of(request), _find(request), await form(request)
    queue.name = wishes.text("FriendlyName", queue.name)
    queue.max_size = wishes.whole("MaxSize", queue.max_size, low=1, high=5000)
    queue.updated = carrier.clock.now()
    return web.json_response(queue_shape(carrier, queue))


async def delete(request: web.Request) -> web.Response:
    carrier, queue = carrier_of(request), _find(request)
    if queue.members:
        raise RestError(400, 22007, "The queue is not empty.")
    carrier.queues.remove(queue.sid)
    return web.Response(status=204)


async def members(request: web.Request) -> web.Response:
    carrier, queue = carrier_of(request), _find(request, "queue_sid")
    # Lists are shown newest first, members in the order in which they will be served.
    return page(request, "queue_members", queue.members[::-1], lambda one: member_shape(carrier, queue, one))


def _member(request: web.Request, queue: CallQueue) -> Member:
    wanted = request.match_info["call_sid"]
    if wanted == "Front" and queue.members:
        return queue.members[0]
    found = queue.member(wanted)
    if found is None:
        raise not_found(request)
    return found


async def member(request: web.Request) -> web.Response:
    queue = _find(request, "queue_sid")
    return web.json_response(member_shape(carrier_of(request), queue, _member(request, queue)))


async def dequeue(request: web.Request) -> web.Response:
    """Take a call out of the queue and give it other TwiML."""
    carrier, queue = carrier_of(request), _find(request, "queue_sid")
    found = _member(request, queue)
    source = source_of(await form(request))
    shape = member_shape(carrier, queue, found)
    found.leg.interrupt(Dequeued(source=source))
    return web.json_response(shape)
