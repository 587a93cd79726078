"""A network in virtual time, and the app that it calls."""

import threading
from collections.abc import Iterator

import pytest
from carrier_app import ACCOUNT, CALLER, NUMBER, TOKEN, Page, SimulatedHost, TwimlApp
from flask import Flask
from twilio.rest import Client
from werkzeug.serving import make_server

from simulator import SimulatedNetwork


@pytest.fixture
def app() -> Iterator[TwimlApp]:
    twiml = TwimlApp()
    flask = Flask("twiml")
    flask.add_url_rule("/<path:path>", view_func=twiml.answer, methods=["GET", "POST"])
    server = make_server("127.0.0.1", 0, flask, threaded=True)
    twiml.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield twiml
    server.shutdown()
    thread.join()
    server.server_close()
    assert twiml.unsigned == [], "every request of the carrier must carry a valid signature"


@pytest.fixture
def net(tmp_path) -> Iterator[SimulatedNetwork]:
    with SimulatedNetwork(ACCOUNT, TOKEN, clock="virtual", data_dir=tmp_path / "network") as network:
        yield network
        assert network.carrier.crashes == []


@pytest.fixture
def client(net: SimulatedNetwork) -> Client:
    return Client(ACCOUNT, TOKEN, http_client=SimulatedHost(net.base_url))


@pytest.fixture
def dial(net: SimulatedNetwork, app: TwimlApp):
    """Serve a document at /voice and call the number."""

    def start(inside: Page, **number: str):
        net.add_number(NUMBER, voice_url=app.page("/voice", inside), **number)
        return net.call(to=NUMBER, from_=CALLER)

    return start
