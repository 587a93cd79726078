"""The account itself: what a configuration check asks first."""

from aiohttp import web

from simulator.rest.access import carrier_of
from simulator.rest.shapes import account_uri


async def fetch(request: web.Request) -> web.Response:
    carrier = carrier_of(request)
    sid = carrier.settings.account_sid
    return web.json_response(
        {
            "sid": sid,
            "owner_account_sid": sid,
            "friendly_name": "Simulated carrier",
            "status": "active",
            "type": "Full",
            "auth_token": None,
            "date_created": None,
            "date_updated": None,
            "uri": account_uri(carrier, "").rstrip("/") + ".json",
            "subresource_uris": {"calls": account_uri(carrier, "Calls.json")},
        }
    )
