"""Notifications: what the debugger would show."""

from aiohttp import web

from simulator.rest.access import carrier_of, not_found
from simulator.rest.paging import matches_date, page
from simulator.rest.shapes import notification_shape


async def index(request: web.Request) -> web.Response:
    """List notifications, newest first: all or of one call, by Log (0 error, 1 warning) and MessageDate."""
    carrier = carrier_of(request)
    call_sid = request.match_info.get("call_sid")
    found = [
        entry
        for entry in carrier.notifications
        if (not call_sid or entry.call_sid == call_sid)
        and request.query.get("Log", str(entry.log)) == str(entry.log)
        and matches_date(request, "MessageDate", entry.at)
    ]
    return page(request, "notifications", found, lambda entry: notification_shape(carrier, entry))


async def fetch(request: web.Request) -> web.Response:
    carrier = carrier_of(request)
    for entry in carrier.notifications:
        if entry.sid == request.match_info["sid"]:
            return web.json_response(notification_shape(carrier, entry))
    raise not_found(request)
