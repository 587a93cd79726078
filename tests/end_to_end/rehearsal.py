"""The whole house in rehearsal: the real application behind a real server, its worker, and a network to ring it.

Everything runs on the network's virtual clock. While the worker does what a turn asked for, no call time passes, so a
lookup is not late because the machine is busy; `patient=False` lets the clock run on as it does in life.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app import create_app
from audio.recognizers.scripted import ScriptedRecognizer
from audio.transcript import Transcript
from audio.wav import read_wav
from config import Config, Mode
from console.scenario import view_of_call
from demo.flow_loading import load_flows
from demo.settings import KOREAN_NUMBER, SERVICE_NUMBER, UTILITY_NUMBER
from house import House
from ivr.jobs import gave_up, handlers
from ivr.lookup import LookupPolicy
from simulator.facade import SimulatedNetwork
from storage.database import Database
from tests.end_to_end.billing import TOKEN, billing_service
from tests.end_to_end.house_ear import listening
from tests.twiml_schema import assert_valid_twiml
from tickets.taxonomy import ensure_defaults
from work.jobs import ASKED, Job, JobState
from work.worker import JobCall, Worker

ACCOUNT = "AC" + "e" * 32
AUTH_TOKEN = "rehearsal-token"
SECRET_KEY = "a secret key for rehearsals, long enough"

OPEN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday, ten in the morning in Shanghai: the courier's people are at work."""

CLOSED = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""Monday, eleven at night in Shanghai."""

LEASE_S = 30 * 86_400.0
"""The network's clock may jump by minutes within a moment; a worker that lives keeps its jobs all the same."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What a test needs: the network to ring with, and the house to look into."""

    net: SimulatedNetwork
    web: Web
    house: House
    worker: Worker

    @property
    def db(self) -> Database:
        """The application's database."""
        return self.house.db

    def look(self, call_sid: str) -> dict[str, Any]:
        """What came of a call, for the expectations of scenarios."""
        with self.db.read() as session:
            return view_of_call(session, call_sid) or {}

    def documents(self, call_sid: str) -> list[str]:
        """Every document that the application answered with in a call, those for agents and queues included."""
        asked = self.net.requests.of_call(call_sid)
        return [sent.response for sent in asked if sent.kind in ("voice", "wait") and sent.response]

    def rest(self, within_s: float = 60.0) -> None:
        """Wait (real time) until nothing is on its way and the worker has nothing to do."""
        deadline = time.monotonic() + within_s
        while True:
            self.net.settle()
            left = rows(self.db, Job, Job.state.in_((JobState.WAITING, JobState.RUNNING)))
            if not left:
                return
            assert time.monotonic() < deadline, [(job.kind, job.state, job.last_error) for job in left]
            time.sleep(0.02)

    def require_valid(self, call_sid: str) -> None:
        """Fail when a document of a call is not valid, or when the carrier complained of anything."""
        for document in self.documents(call_sid):
            assert_valid_twiml(document)
        complaints = [n for n in self.net.notifications if n.call_sid == call_sid]
        assert complaints == []


def free_socket() -> socket.socket:
    """A socket bound to a free port of this machine."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", 0))
    return bound


def scripted(path: Path, language: str) -> Transcript:
    """Hears the same sentence in every recording that has sound."""
    return ScriptedRecognizer(language, usually="a message").transcribe(read_wav(path.read_bytes()))


def configure(net: SimulatedNetwork, database_url: str, data_dir: Path, url: str, **settings: Any) -> Config:
    """The settings of an application that is rung by `net` and reached at `url`."""
    given: dict[str, Any] = {
        "mode": Mode.TEST,
        "secret_key": SECRET_KEY,
        "database_url": database_url,
        "data_dir": data_dir,
        "public_base_url": url,
        "twilio_account_sid": net.account_sid,
        "twilio_auth_token": net.auth_token,
        "twilio_api_base_url": net.base_url,
        "lookup_allowed_hosts": urlsplit(net.base_url).netloc,
        "flow_values": {"parcel_service": net.base_url},
        "log_level": "WARNING",
    }
    return Config(**{**given, **settings})


def furnish(db: Database, now: datetime) -> None:
    """Categories, the example flows and their lines; nothing of it is demo data."""
    with db.write() as session:
        ensure_defaults(session)
        load_flows(session, now)


def connect(net: SimulatedNetwork, url: str, *, fallback_url: str = "") -> None:
    """Point the three numbers of the example flows at the application."""
    for number in (SERVICE_NUMBER, KOREAN_NUMBER, UTILITY_NUMBER):
        net.add_number(
            number,
            voice_url=f"{url}/voice/incoming",
            fallback_url=fallback_url or f"{url}/voice/fallback",
            status_callback=f"{url}/voice/status",
        )


@contextlib.contextmanager
def rehearse(
    database_url: str,
    data_dir: Path,
    *,
    starts_at: datetime = OPEN,
    patient: bool = True,
    working: bool = True,
    transcribe: Callable[[Path, str], Transcript] | None = scripted,
    ear: str = "carrier",
) -> Iterator[Stage]:
    """Everything in one process: network, application under a threaded server, and a worker in a thread.

    Args:
        database_url: of a database that has its tables and no rows.
        working: False leaves the worker to the test, which may call its `run_pending`.
        transcribe: what hears recordings; None for the real recognisers.
        ear: "carrier", or "house" for live streams to a media server of ours.
    """
    with ExitStack() as stack:
        net = stack.enter_context(SimulatedNetwork(ACCOUNT, AUTH_TOKEN, starts_at=starts_at))
        billing = stack.enter_context(billing_service())
        web = Web()
        with free_socket() as bound:
            media_port: int = bound.getsockname()[1]
        config = configure(
            net,
            database_url,
            data_dir,
            web.url,
            lookup_allowed_hosts=f"{urlsplit(net.base_url).netloc},{urlsplit(billing).netloc}",
            flow_values={"parcel_service": net.base_url, "billing_service": billing},
            stream_url=f"ws://127.0.0.1:{media_port}/voice/stream" if ear == "house" else "",
        )
        app = create_app(config, clock=net.now)
        house: House = app.extensions["house"]
        stack.callback(house.close)
        furnish(house.db, net.now())
        connect(net, web.url)
        web.app = app
        web.start()
        stack.callback(web.stop)
        worker = make_worker(house, transcribe, net if patient and working else None)
        if working:
            stack.enter_context(at_work(worker))
        if ear == "house":
            stack.enter_context(listening(house, net, media_port))
        yield Stage(net=net, web=web, house=house, worker=worker)


class Web:
    """The application behind a server of threads, always at the same address."""

    def __init__(self) -> None:
        with free_socket() as bound:
            self.port: int = bound.getsockname()[1]
        self.app: Flask | None = None
        self._server: BaseWSGIServer | None = None

    @property
    def url(self) -> str:
        """Where the application answers, or would."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen and answer."""
        assert self.app is not None
        self._server = make_server("127.0.0.1", self.port, self.app, threaded=True, request_handler=QuietRequests)
        serving = {"target": self._server.serve_forever, "kwargs": {"poll_interval": 0.02}}
        threading.Thread(**serving, name="web", daemon=True).start()

    def stop(self) -> None:
        """Listen no more; whoever asks is refused."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class QuietRequests(WSGIRequestHandler):
    """Says nothing about every request."""

    def log_request(self, *_: Any, **__: Any) -> None:
        """Nothing."""


def make_worker(
    house: House, transcribe: Callable[[Path, str], Transcript] | None = None, net: SimulatedNetwork | None = None
) -> Worker:
    """The house's worker; with `net`, call time stands while it has something to do."""
    policy = LookupPolicy(secrets={"BILLING_TOKEN": TOKEN}, allowed_hosts=house.config.allowed_lookup_hosts)
    jobs = replace(house.jobs, lookups=policy, prepare_prompts=lambda _items: _nothing_spoken())
    if transcribe is not None:
        jobs = replace(jobs, transcribe=transcribe)
    by_kind = dict(handlers(jobs))
    if net is not None:
        by_kind = _holding_time(house.db, net, by_kind)
    return Worker(house.db, house.transport, by_kind, house.now, gave_up=gave_up(jobs), lease_s=LEASE_S, workers=2)


def _nothing_spoken() -> Any:
    """Prompts are spoken when the carrier fetches them; speaking all of three flows ahead would take a minute."""
    from audio.prompts import PromptReport

    return PromptReport(keys={}, made=0, failures=())


@contextlib.contextmanager
def at_work(worker: Worker) -> Iterator[None]:
    """A worker in a thread, stopped at the end."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_forever, args=(stop,), name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=30)


def _holding_time(
    db: Database, net: SimulatedNetwork, by_kind: dict[str, Callable[[JobCall], None]]
) -> dict[str, Callable[[JobCall], None]]:
    """The handlers, and from now on every job holds the network's clock from its commit to the end of its first run."""
    held: dict[int, ExitStack] = {}

    def before_sent(session: Session) -> None:
        if session.bind is db.engine:
            for job_id in session.info.get(ASKED, ()):
                held[job_id] = ExitStack()
                held[job_id].enter_context(net.time_standing())

    def releasing(handler: Callable[[JobCall], None]) -> Callable[[JobCall], None]:
        def run(call: JobCall) -> None:
            try:
                handler(call)
            finally:
                if (hold := held.pop(call.job_id, None)) is not None:
                    hold.close()

        return run

    event.listen(Session, "after_commit", before_sent, insert=True)
    return {kind: releasing(handler) for kind, handler in by_kind.items()}


def url_of(db: Database) -> str:
    """The address of a database, as DATABASE_URL has it."""
    return db.url.render_as_string(hide_password=False)


def rows(db: Database, model: Any, *conditions: Any) -> list[Any]:
    """Rows of a model in the order in which they came."""
    with db.read() as session:
        return list(session.scalars(select(model).where(*conditions).order_by(model.id)))
