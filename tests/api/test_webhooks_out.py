"""Webhooks that go out: told once, signed, again when they fail, and never to our own network."""

from __future__ import annotations

import http.server
import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook, WebhookVerificationError

from api.errors import InvalidError
from api.webhooks_out.deliveries import (
    JOB,
    DeliveryState,
    WebhookDelivery,
    deliveries,
    forget_deliveries,
    replay,
    switch,
)
from api.webhooks_out.delivering import WAITS_S, Deliverer
from api.webhooks_out.endpoints import (
    WebhookEndpoint,
    add_endpoint,
    change_endpoint,
    find_endpoint,
    remove_endpoint,
    rotate_secret,
)
from api.webhooks_out.fan_out import fan_out, test_endpoint
from ivr.lookup import LookupPolicy
from storage.database import Database
from work.happenings import Happening, tell
from work.transport import for_database
from work.worker import Worker


@dataclass
class Received:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Somebody else's server: keeps what comes in and answers what it is told to."""

    statuses: list[int] = field(default_factory=list)
    answer_headers: dict[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    hold: threading.Event | None = None
    url: str = ""

    @property
    def kinds(self) -> list[str]:
        return [json.loads(one.body)["type"] for one in self.received]


@pytest.fixture
def receiver():
    keeper = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            keeper.received.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            if keeper.hold is not None:
                keeper.hold.wait(10)
            self.send_response(keeper.statuses.pop(0) if keeper.statuses else 204)
            for name, value in keeper.answer_headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    keeper.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield keeper
    if keeper.hold is not None:
        keeper.hold.set()
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class House:
    """A database whose worker delivers, on a clock that tests move."""

    db: Database
    allowed: frozenset[str] = frozenset({"127.0.0.1"})
    timeout_s: float = 5.0
    # The library accepts messages of the last minutes only, so this clock begins at the present.
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        policy = LookupPolicy(allowed_hosts=self.allowed)
        deliverer = Deliverer(db=self.db, clock=lambda: self.now, policy=policy, timeout_s=self.timeout_s)
        self.worker = Worker(self.db, for_database(self.db), {JOB: deliverer}, lambda: self.now)

    def endpoint(self, url: str, *kinds: str, **values: Any) -> int:
        with self.db.write() as s:
            return add_endpoint(s, url=url, kinds=kinds or ["*"], by="user:1", now=self.now, **values).id

    def tell(self, kind: str, reference: str = "", **payload: Any) -> None:
        with self.db.write() as s:
            tell(s, kind, payload, now=self.now, reference=reference)

    def run(self) -> int:
        made = fan_out(self.db, self.now)
        self.worker.run_pending()
        return made

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def log(self) -> list[WebhookDelivery]:
        with self.db.read() as s:
            return list(deliveries(s))

    def find(self, endpoint_id: int) -> WebhookEndpoint:
        with self.db.read() as s:
            return find_endpoint(s, endpoint_id)


@pytest.fixture
def house(db):
    return House(db)


@pytest.fixture
def sqlite_house(sqlite_db):
    return House(sqlite_db)


def test_a_happening_reaches_the_endpoint_signed_so_that_the_library_verifies_it(house, receiver):
    endpoint = house.endpoint(receiver.url, "case.closed")
    house.tell("case.closed", "P1", case_id=7, reason="goal_met", name="王小姐")
    assert house.run() == 1
    [got] = receiver.received
    message = Webhook(house.find(endpoint).secret).verify(got.body, got.headers)
    assert message["type"] == "case.closed"
    assert message["data"] == {"reference": "P1", "case_id": 7, "reason": "goal_met", "name": "王小姐"}
    assert datetime.fromisoformat(message["timestamp"]) == house.now
    assert got.headers["content-type"] == "application/json"
    [entry] = house.log()
    assert (entry.state, entry.last_status, entry.tries, entry.delivered_at) == (
        DeliveryState.DELIVERED,
        204,
        1,
        house.now,
    )
    with pytest.raises(WebhookVerificationError):
        Webhook(house.find(endpoint).secret).verify(got.body + b" ", got.headers)


def test_each_endpoint_is_told_once_of_what_it_wants_and_of_nothing_from_before_it_was_there(house, receiver):
    house.tell("ticket.opened")
    house.forward(1)
    house.endpoint(f"{receiver.url}/all", "*")
    house.endpoint(f"{receiver.url}/tickets", "ticket.*")
    off = house.endpoint(f"{receiver.url}/off", "*")
    with house.db.write() as s:
        switch(s, off, active=False, now=house.now)
    for kind in ("ticket.opened", "case.closed", "ticket.solved"):
        house.tell(kind)
    for _ in range(3):
        house.run()
        house.forward(40)
    by_path = {
        path: [k for r, k in zip(receiver.received, receiver.kinds, strict=True) if r.path == path]
        for path in {r.path for r in receiver.received}
    }
    assert {path: sorted(kinds) for path, kinds in by_path.items()} == {
        "/hook/all": ["case.closed", "ticket.opened", "ticket.solved"],
        "/hook/tickets": ["ticket.opened", "ticket.solved"],
    }


def test_a_happening_that_commits_late_with_an_earlier_id_is_told_too(postgres_db_url, receiver):
    """On PostgreSQL ids are given before the commit, so a later id may be seen first. SQLite's writers queue up."""
    db = Database(postgres_db_url.render_as_string(hide_password=False))
    house = House(db)
    house.endpoint(receiver.url)
    with db.write() as slow:
        tell(slow, "case.closed", {"n": 1}, now=house.now)
        slow.flush()
        house.tell("case.closed", n=2)
        house.run()
    house.forward(2)
    house.run()
    assert [json.loads(one.body)["data"]["n"] for one in receiver.received] == [1, 2]
    db.dispose()


def test_two_thousand_happenings_are_told_once_each_by_several_workers_at_once(db, receiver):
    house = House(db)
    house.endpoint(receiver.url)
    with db.write() as s:
        for n in range(2_000):
            tell(s, "case.closed", {"n": n}, now=house.now)
    made: list[int] = []
    threads = [threading.Thread(target=lambda: made.append(fan_out(db, house.now))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(made) == 2_000
    with db.read() as s:
        assert len(s.scalars(select(WebhookDelivery.id)).all()) == 2_000


def test_a_failing_endpoint_is_tried_again_with_growing_waits_and_the_same_message_id(house, receiver):
    receiver.statuses = [500, 503, 301, 200]
    house.endpoint(receiver.url)
    house.tell("case.closed")
    house.run()
    [entry] = house.log()
    assert (entry.state, entry.last_status, entry.tries) == (DeliveryState.WAITING, 500, 1)
    for wait_s in WAITS_S[:3]:
        before = len(receiver.received)
        house.forward(wait_s - 1)
        house.run()
        assert len(receiver.received) == before
        house.forward(2)
        house.run()
        assert len(receiver.received) == before + 1
    [entry] = house.log()
    assert (entry.state, entry.last_status, entry.tries) == (DeliveryState.DELIVERED, 200, 4)
    assert [line["status"] for line in entry.log] == [500, 503, 301, 200]
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1
    assert len({one.body for one in receiver.received}) == 1


def test_an_endpoint_that_is_down_for_a_day_is_switched_off_and_the_house_is_told(house, receiver):
    receiver.statuses = [500] * 50
    endpoint = house.endpoint(receiver.url)
    house.tell("case.closed")
    house.run()
    for wait_s in WAITS_S:
        assert house.find(endpoint).active
        house.forward(wait_s + 1)
        house.run()
    assert len(receiver.received) == len(WAITS_S) + 1
    assert 23 * 3600 < sum(WAITS_S) < 24 * 3600
    found = house.find(endpoint)
    assert (found.active, found.failures) == (False, len(WAITS_S) + 1)
    assert found.disabled_reason == "Nothing could be delivered for a day."
    [entry] = house.log()
    assert (entry.state, entry.last_error) == (DeliveryState.FAILED, "The answer was 500.")
    with house.db.read() as s:
        told = s.scalars(select(Happening).where(Happening.kind == "webhook.disabled")).one()
    assert told.payload["endpoint_id"] == endpoint


def test_an_endpoint_that_is_gone_is_switched_off_at_once(sqlite_house, receiver):
    receiver.statuses = [410]
    endpoint = sqlite_house.endpoint(receiver.url)
    sqlite_house.tell("case.closed")
    sqlite_house.run()
    assert not sqlite_house.find(endpoint).active
    sqlite_house.tell("case.closed")
    sqlite_house.forward(100_000)
    sqlite_house.run()
    assert len(receiver.received) == 1


def test_what_waits_at_a_switched_off_endpoint_is_sent_when_it_is_switched_on_again(sqlite_house, receiver):
    receiver.statuses = [500]
    endpoint = sqlite_house.endpoint(receiver.url)
    sqlite_house.tell("case.closed")
    sqlite_house.run()
    with sqlite_house.db.write() as s:
        switch(s, endpoint, active=False, now=sqlite_house.now)
    sqlite_house.forward(100)
    sqlite_house.run()
    assert len(receiver.received) == 1
    with sqlite_house.db.write() as s:
        switch(s, endpoint, active=True, now=sqlite_house.now)
    sqlite_house.run()
    assert [entry.state for entry in sqlite_house.log()] == [DeliveryState.DELIVERED]


def test_a_dead_endpoint_is_not_tried_for_each_of_a_hundred_happenings(sqlite_house, receiver):
    receiver.statuses = [500] * 1_000
    sqlite_house.endpoint(receiver.url)
    for _ in range(100):
        sqlite_house.tell("case.closed")
    sqlite_house.run()
    assert len(receiver.received) == 2
    receiver.statuses = []
    for _ in range(4):
        sqlite_house.forward(70)
        sqlite_house.run()
    assert [entry.state for entry in sqlite_house.log()].count(DeliveryState.DELIVERED) == 50
    with sqlite_house.db.read() as s:
        states = s.scalars(select(WebhookDelivery.state)).all()
    assert states.count(DeliveryState.DELIVERED) == 100


def test_an_endpoint_that_asks_for_a_pause_gets_it(sqlite_house, receiver):
    receiver.statuses, receiver.answer_headers = [429], {"Retry-After": "900"}
    sqlite_house.endpoint(receiver.url)
    sqlite_house.tell("case.closed")
    sqlite_house.run()
    sqlite_house.forward(899)
    sqlite_house.run()
    assert len(receiver.received) == 1
    sqlite_house.forward(2)
    sqlite_house.run()
    assert len(receiver.received) == 2


def test_a_delivery_is_replayed_under_its_first_message_id_also_when_it_was_delivered(house, receiver):
    house.endpoint(receiver.url)
    house.tell("case.closed", n=1)
    house.run()
    [entry] = house.log()
    with house.db.write() as s:
        replay(s, entry.id, now=house.now)
    house.run()
    first, second = receiver.received
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    [entry] = house.log()
    assert (entry.state, entry.tries, len(entry.log)) == (DeliveryState.DELIVERED, 1, 2)


def test_a_delivery_that_was_given_up_is_replayed_too(sqlite_house, receiver):
    receiver.statuses = [410]
    endpoint = sqlite_house.endpoint(receiver.url, "case.*")
    sqlite_house.tell("case.closed")
    sqlite_house.run()
    with sqlite_house.db.write() as s:
        switch(s, endpoint, active=True, now=sqlite_house.now)
        replay(s, sqlite_house.log()[0].id, now=sqlite_house.now)
    sqlite_house.run()
    assert [entry.state for entry in sqlite_house.log()] == [DeliveryState.DELIVERED]


def test_for_a_day_after_a_rotation_both_secrets_verify_and_then_only_the_new_one(sqlite_house, receiver):
    house = sqlite_house
    endpoint = house.endpoint(receiver.url)
    old = house.find(endpoint).secret
    with house.db.write() as s:
        new = rotate_secret(s, endpoint, now=house.now).secret
    house.tell("case.closed")
    house.run()
    [got] = receiver.received
    for secret in (old, new):
        Webhook(secret).verify(got.body, got.headers)
    with house.db.write() as s:
        s.get_one(WebhookEndpoint, endpoint).old_secret_until = house.now
    house.tell("case.closed")
    house.run()
    last = receiver.received[-1]
    Webhook(new).verify(last.body, last.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(last.body, last.headers)


def test_a_test_message_stands_in_the_log_like_all_others(sqlite_house, receiver):
    endpoint = sqlite_house.endpoint(receiver.url, "case.closed")
    with sqlite_house.db.write() as s:
        test_endpoint(s, endpoint, now=sqlite_house.now)
    sqlite_house.run()
    assert receiver.kinds == ["webhook.test"]
    assert [(entry.kind, entry.state) for entry in sqlite_house.log()] == [("webhook.test", DeliveryState.DELIVERED)]


test_endpoint.__test__ = False  # The function under test is no test itself.


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/",
        "http://localhost/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest",
        "http://0x7f000001/",
    ],
)
def test_a_webhook_never_reaches_our_own_network_unless_it_is_allowed(sqlite_db, url):
    house = House(sqlite_db, allowed=frozenset())
    house.endpoint(url)
    house.tell("case.closed")
    house.run()
    [entry] = house.log()
    assert entry.state == DeliveryState.WAITING
    assert entry.last_status is None
    assert entry.last_error


def test_a_private_receiver_gets_nothing_when_it_is_not_on_the_list(sqlite_db, receiver):
    house = House(sqlite_db, allowed=frozenset())
    house.endpoint(receiver.url)
    house.tell("case.closed")
    house.run()
    assert receiver.received == []
    assert "private" in house.log()[0].last_error


def test_a_receiver_that_does_not_answer_is_given_up_after_the_time_out(sqlite_db, receiver):
    receiver.hold = threading.Event()
    house = House(sqlite_db, timeout_s=0.3)
    house.endpoint(receiver.url)
    house.tell("case.closed")
    house.run()
    [entry] = house.log()
    assert (entry.last_status, entry.last_error) == (None, "No answer within 0.3 seconds.")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "https://",
        "https://user:pass@example.org/",
        "http://a b/",
        "https://x:99999/",
        "https://x/" + "y" * 2_000,
    ],
)
def test_an_address_that_is_none_is_refused(sqlite_house, url):
    with pytest.raises(InvalidError) as refused:
        sqlite_house.endpoint(url)
    assert refused.value.errors[0].field == "url"


@pytest.mark.parametrize("kinds", [[], ["", " "], ["case"], ["case.closed; drop"], ["*.closed"], ["a." + "b" * 60]])
def test_kinds_that_are_none_are_refused(sqlite_house, kinds):
    with sqlite_house.db.write() as s, pytest.raises(InvalidError) as refused:
        add_endpoint(s, url="https://example.org/", kinds=kinds, by="user:1", now=sqlite_house.now)
    assert refused.value.errors[0].field == "kinds"


def test_a_changed_endpoint_is_told_at_its_new_address_and_a_removed_one_takes_its_log_along(house, receiver):
    endpoint = house.endpoint("http://127.0.0.1:9/nobody", "ticket.*", name="  Ware   house ")
    with house.db.write() as s:
        changed = change_endpoint(s, endpoint, url=receiver.url, kinds=["case.*"], name="Warehouse")
        assert (changed.url, changed.kinds, changed.name) == (receiver.url, ["case.*"], "Warehouse")
    house.tell("case.closed")
    house.run()
    assert len(receiver.received) == 1
    with house.db.write() as s:
        remove_endpoint(s, endpoint)
    assert house.log() == []


def test_the_log_is_forgotten_after_thirty_days(sqlite_house, receiver):
    sqlite_house.endpoint(receiver.url)
    sqlite_house.tell("case.closed")
    sqlite_house.run()
    with sqlite_house.db.write() as s:
        assert forget_deliveries(s, sqlite_house.now + timedelta(days=30)) == 0
        assert forget_deliveries(s, sqlite_house.now + timedelta(days=31)) == 1


def test_what_a_program_does_through_the_api_is_told_to_webhooks(desk, receiver):
    """End to end: an opt-out by REST closes the case, and both are told, signed."""
    house = House(desk.db, now=desk.clock.now)
    endpoint = house.endpoint(receiver.url, "case.*", "opt_out.*", "parcel.*")
    desk.post("/v1/cases", {"campaign_id": desk.campaign(), "number": "13812345678", "reference": "P1"})
    desk.post("/v1/events", {"kind": "parcel.arrived", "reference": "P1", "payload": {"station": 7}})
    desk.post("/v1/opt-outs", {"number": "+8613812345678"})
    house.run()
    assert sorted(receiver.kinds) == ["case.closed", "opt_out.added", "parcel.arrived"]
    for got in receiver.received:
        signed = Webhook(house.find(endpoint).secret).sign(got.headers["webhook-id"], house.now, got.body.decode())
        assert signed == got.headers["webhook-signature"]
