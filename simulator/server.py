"""The carrier as an HTTP server: REST for the app, the control interface for phones, the parcel service, the bins."""

import asyncio
import contextlib
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from simulator.bins import Bins
from simulator.carrier import Carrier
from simulator.control.door import ORIGIN, TOKEN, control_door
from simulator.control.live_audio import live_audio_routes
from simulator.control.network import network_routes
from simulator.control.phones import phone_routes
from simulator.errors import SimulatorError
from simulator.parcels import ParcelService
from simulator.rest.access import CARRIER, rest_door
from simulator.rest.routes import rest_routes

UPLOAD_LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """Where the carrier listens. Port 0 takes a free one. An empty control token lets everybody on this machine in."""

    host: str = "127.0.0.1"
    port: int = 8081
    control_token: str = ""
    allow_origin: str = ""
    bins: Mapping[str, Path] = field(default_factory=dict)


def make_app(carrier: Carrier, settings: ServerSettings) -> web.Application:
    """The aiohttp application around a carrier."""
    app = web.Application(middlewares=[rest_door, control_door], client_max_size=UPLOAD_LIMIT)
    app[CARRIER] = carrier
    app[TOKEN] = settings.control_token
    app[ORIGIN] = settings.allow_origin
    app.add_routes(rest_routes())
    app.add_routes(phone_routes())
    app.add_routes(live_audio_routes())
    app.add_routes(network_routes())
    app.add_routes(ParcelService().routes())
    app.add_routes(Bins(settings.bins).routes())
    return app


class CarrierServer:
    """A carrier that listens. `start` and `stop` belong to the carrier's event loop."""

    def __init__(self, carrier: Carrier, settings: ServerSettings) -> None:
        self.carrier = carrier
        self._settings = settings
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen; the base address. Raises SimulatorError when the port is taken."""
        sock = _bind(self._settings.host, self._settings.port)
        self._runner = web.AppRunner(make_app(self.carrier, self._settings), access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.SockSite(self._runner, sock).start()
        return f"http://{self._settings.host}:{sock.getsockname()[1]}"

    async def stop(self) -> None:
        """Drop all calls and close the door; long polls do not hold it up."""
        await self.carrier.close()
        if self._runner is not None:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._runner.cleanup(), timeout=5)


def _bind(host: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise SimulatorError(
            f"Port {port} on {host} cannot be used ({error.strerror}); choose another with --port."
        ) from error
    return sock
