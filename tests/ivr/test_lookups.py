"""Lookups: a real HTTP server, real failures, and addresses that must not be reached."""

from __future__ import annotations

import http.server
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from flows.requests import Lookup
from ivr.calls import Call
from ivr.lookup import MAX_REPLY_BYTES, LookupPolicy, look_up, storable
from ivr.lookups import LookupRow


@dataclass
class Service:
    """A parcel service and what it was asked."""

    url: str
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    fail_first: int = 0


ANSWERS: dict[str, tuple[Any, ...]] = {
    "/ok": (200, {"status": "delivered", "odd": "a\x00b"}),
    "/missing": (404, {}),
    "/forbidden": (403, {}),
    "/moved": (302, {}),
    "/text": (200, None, b"not json"),
    "/huge": (200, None, b"x" * (MAX_REPLY_BYTES + 10)),
    "/slow": (200, {}),
}


@pytest.fixture
def service() -> Iterator[Service]:
    """A real HTTP server on 127.0.0.1."""
    made: Service

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            made.asked.append((self.command, self.path, dict(self.headers), self.rfile.read(length)))
            path = self.path.split("?")[0]
            if path == "/broken":
                made.fail_first -= 1
                self.reply(500 if made.fail_first >= 0 else 200, {"n": 1})
                return
            if path == "/slow":
                time.sleep(1.5)
            self.reply(*ANSWERS[path])

        do_POST = do_GET  # noqa: N815 - the library's own spelling.

        def reply(self, status: int, value: Any, body: bytes | None = None) -> None:
            body = json.dumps(value).encode() if body is None else body
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/ok")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Be quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Service(url=f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


ALLOWED = LookupPolicy(allowed_hosts=frozenset({"127.0.0.1", "localhost"}), secrets={"TOKEN": "s3cret"})


def ask(url: str, policy: LookupPolicy = ALLOWED, **more: Any) -> Any:
    return look_up(
        Lookup(method=more.pop("method", "GET"), url=url, **{"timeout_s": 2.0, "retries": 0, **more}), policy
    )


def test_a_reply_is_read_as_json(service: Service) -> None:
    reply = ask(f"{service.url}/ok")
    assert (reply.outcome, reply.status) == ("ok", 200)
    assert reply.body == {"status": "delivered", "odd": "ab"}


def test_a_reply_that_is_no_json_is_text(service: Service) -> None:
    assert ask(f"{service.url}/text").body == "not json"


@pytest.mark.parametrize(
    ("path", "outcome", "status"),
    [("/missing", "not_found", 404), ("/forbidden", "refused", 403), ("/moved", "error", 302)],
)
def test_what_the_service_answers_becomes_an_outcome(service: Service, path: str, outcome: str, status: int) -> None:
    reply = ask(f"{service.url}{path}")
    assert (reply.outcome, reply.status) == (outcome, status)
    assert len(service.asked) == 1


def test_a_redirect_is_not_followed(service: Service) -> None:
    ask(f"{service.url}/moved")
    assert [path for _, path, _, _ in service.asked] == ["/moved"]


def test_a_reply_over_the_limit_is_an_error(service: Service) -> None:
    assert ask(f"{service.url}/huge").outcome == "error"


def test_a_slow_service_is_a_timeout(service: Service) -> None:
    assert ask(f"{service.url}/slow", timeout_s=0.2).outcome == "timeout"


def test_nobody_there_is_an_error() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert ask(f"http://127.0.0.1:{port}/").outcome == "error"


def test_a_failing_service_is_asked_again(service: Service) -> None:
    service.fail_first = 1
    assert ask(f"{service.url}/broken", retries=1).outcome == "ok"
    assert len(service.asked) == 2


def test_a_post_that_failed_is_not_sent_again(service: Service) -> None:
    service.fail_first = 1
    assert ask(f"{service.url}/broken", method="POST", body={"n": 1}, retries=2).outcome == "error"
    assert [(method, body) for method, _, _, body in service.asked] == [("POST", b'{"n": 1}')]


def test_secrets_are_put_in_at_the_last_moment(service: Service) -> None:
    ask(f"{service.url}/ok?key=secret:TOKEN", headers={"Authorization": "Bearer secret:TOKEN"})
    _, path, headers, _ = service.asked[0]
    assert path == "/ok?key=s3cret"
    assert headers["Authorization"] == "Bearer s3cret"


def test_an_unknown_secret_refuses_the_lookup(service: Service) -> None:
    assert ask(f"{service.url}/ok", headers={"X": "secret:OTHER"}).outcome == "refused"
    assert service.asked == []


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.9",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "2130706433",
        "0x7f.1",
        "127.1",
        "user@127.0.0.1",
    ],
)
def test_addresses_inside_are_refused_however_they_are_written(service: Service, host: str) -> None:
    port = service.url.rsplit(":", 1)[1]
    reply = ask(f"http://{host}:{port}/ok", LookupPolicy())
    assert reply.outcome == "refused"
    assert service.asked == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/", "//x/y", "nonsense", "http://", "http://[x"]
)
def test_only_absolute_http_urls_are_asked(url: str) -> None:
    assert ask(url).outcome == "refused"


def test_an_allowed_port_allows_no_other_port(service: Service) -> None:
    port = service.url.rsplit(":", 1)[1]
    assert ask(f"{service.url}/ok", LookupPolicy(allowed_hosts=frozenset({f"127.0.0.1:{port}"}))).outcome == "ok"
    assert ask(f"{service.url}/ok", LookupPolicy(allowed_hosts=frozenset({"127.0.0.1:1"}))).outcome == "refused"


def test_the_connection_goes_to_the_address_that_was_checked(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public when it is checked and private when it is connected to reaches only the public address."""
    port = int(service.url.rsplit(":", 1)[1])
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, *args: Any, **kwargs: Any) -> Any:
        if host != "rebind.example":
            return real(host, *args, **kwargs)
        looked_up.append(host)
        address = "127.0.0.1" if len(looked_up) == 1 else "127.0.0.2"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    reply = ask(f"http://rebind.example:{port}/ok", LookupPolicy(allowed_hosts=frozenset({"rebind.example"})))
    assert reply.outcome == "ok"
    assert looked_up == ["rebind.example"]
    assert service.asked[0][2]["Host"] == f"rebind.example:{port}"


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 80)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: both)
    assert ask("http://two.example/", LookupPolicy()).outcome == "refused"


def test_what_cannot_be_stored_is_taken_out_of_a_reply() -> None:
    assert storable({"a\x00": ["\ud800", 1, None]}) == {"a": ["?", 1, None]}


# Lookups within a call.

TRACKING = """
format: 1
name: tracking
title: {en-US: Tracking}
languages: [en-US]
start: look
nodes:
  look:
    type: lookup
    url: "URL"
    timeout_s: 2
    retries: 0
    take: {status: status}
    filler: {en-US: "Let me look that up."}
    exits: {ok: tell, not_found: none, timeout: slow, error: wrong}
  tell: {type: hang_up, prompt: {en-US: "Your parcel is {{ status }}."}}
  none: {type: hang_up, prompt: {en-US: "There is no such parcel."}}
  slow: {type: hang_up, prompt: {en-US: "It takes too long."}}
  wrong: {type: hang_up, prompt: {en-US: "It does not work."}}
"""
NUMBER = "+442071838752"


def tracking(desk: Any, url: str) -> Any:
    desk.lookups = ALLOWED
    desk.publish(TRACKING.replace("URL", url), NUMBER)
    return desk.call(to=NUMBER)


def test_the_caller_hears_a_filler_and_then_the_answer(desk: Any, service: Service) -> None:
    phone = tracking(desk, f"{service.url}/ok")
    assert phone.heard == "Let me look that up."
    assert phone.last == "Redirect"
    assert service.asked == []
    desk.work()
    phone.go_on()
    assert "Your parcel is delivered." in phone.heard
    assert desk.row(LookupRow).reply["outcome"] == "ok"


def test_until_the_answer_comes_the_caller_is_put_off_turn_by_turn(desk: Any, service: Service) -> None:
    phone = tracking(desk, f"{service.url}/missing")
    for _ in range(2):
        desk.clock.pass_s(1)
        phone.go_on()
        assert [verb["verb"] for verb in phone.verbs] == ["Pause", "Redirect"]
    desk.work()
    phone.go_on()
    assert "There is no such parcel." in phone.heard


def test_a_long_wait_is_not_silent(desk: Any, service: Service) -> None:
    phone = tracking(desk, f"{service.url}/ok")
    said = [phone.go_on().heard for _ in range(6)]
    assert any("moment" in line for line in said)


def test_without_a_worker_the_lookup_times_out_and_the_call_goes_on(desk: Any, service: Service) -> None:
    phone = tracking(desk, f"{service.url}/ok")
    desk.clock.pass_s(10)
    phone.go_on()
    assert "It takes too long." in phone.heard
    desk.work()
    assert service.asked == []
    assert desk.row(Call).outcome == "completed"


def test_a_refused_address_leads_the_call_on_by_its_error_exit(desk: Any) -> None:
    phone = tracking(desk, "http://169.254.169.254/latest/meta-data")
    desk.work()
    phone.go_on()
    assert "It does not work." in phone.heard


def test_the_secret_is_in_no_row(desk: Any, service: Service) -> None:
    tracking(desk, f"{service.url}/ok?key=secret:TOKEN")
    desk.work()
    assert service.asked[0][1] == "/ok?key=s3cret"
    assert "s3cret" not in json.dumps(desk.dump(), default=str)
