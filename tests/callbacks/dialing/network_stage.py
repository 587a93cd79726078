"""The dialer against the simulated telephone network, over HTTP in both directions."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from dial_stage import CALLER, DialStage, new_stage
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from callbacks.dialing.clocks import LocalClock
from ivr.webhooks import create_blueprint
from simulator.facade import SimulatedNetwork
from storage.database import Database
from telephony.twilio.provider import TwilioProvider

ACCOUNT, TOKEN = "AC" + "5" * 32, "token of the dialing tests"


class Quiet(WSGIRequestHandler):
    """Says nothing about every request."""

    def log_request(self, *_: object, **__: object) -> None:
        """Nothing."""


class NetworkStage(DialStage):
    """A stage whose provider is Twilio, as the network plays it. `net` has the carrier's own records."""

    net: SimulatedNetwork
    twilio: TwilioProvider

    def work(self, *, again: int = 1) -> None:
        """Dial what is due, let the calls play out, and look for what was left; `again` times, ten seconds apart."""
        dialer = self.dialer(provider=self.twilio)
        for _ in range(again):
            with self.net.time_standing():
                self.dial_due(dialer)
            self.net.settle()
            with self.net.time_standing():
                dialer.reconcile()
            self.net.settle()

    def rung(self) -> Counter[str]:
        """How often each number was called, by the carrier's records."""
        return Counter(call.to for call in self.net.calls if call.direction == "outbound-api")


@contextlib.contextmanager
def network_stage(db: Database) -> Iterator[NetworkStage]:
    """Network, webhooks behind a server, and a dialer on the network's clock."""
    with SimulatedNetwork(ACCOUNT, TOKEN, starts_at=new_stage(db).clock()) as net, _port() as port:
        url = f"http://127.0.0.1:{port}"
        made = new_stage(db)
        stage = NetworkStage(**{**made.__dict__, "clock": net.now})
        stage.net = net
        stage.twilio = TwilioProvider(ACCOUNT, TOKEN, url, net.base_url, timeout_s=5)
        stage.deps = replace(made.deps, provider=stage.twilio, public_base_url=url, clock=net.now)
        stage.dials = LocalClock(net.now, lambda _seconds: None)
        app = Flask("network")
        app.register_blueprint(create_blueprint(stage.deps))
        server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        net.add_number(CALLER, voice_url=f"{url}/voice/incoming", status_callback=f"{url}/voice/status")
        try:
            yield stage
        finally:
            server.shutdown()
            server.server_close()
            thread.join(10)


@contextlib.contextmanager
def _port() -> Iterator[int]:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    yield port
