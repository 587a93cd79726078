"""The smallest host of a provider: an HTTP server that checks, reads and answers webhooks as a script says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from twiml_schema import assert_valid_twiml

from telephony.calls import CallEvent, MessageEvent, RecordingEvent
from telephony.provider import HttpRequest, Provider
from telephony.verbs import Verb

Script = Callable[[str, CallEvent], Sequence[Verb]]


class SmallDesk:
    """What came in, by kind. `script` answers voice requests, given the path and the event."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.provider: Provider
        self.script: Script = lambda _path, _event: []
        self.calls: list[tuple[str, CallEvent]] = []
        self.statuses: list[CallEvent] = []
        self.recordings: list[RecordingEvent] = []
        self.messages: list[MessageEvent] = []
        self.refused = 0
        self.failures: list[BaseException] = []

    def answer(self, request: HttpRequest) -> tuple[int, str]:
        """Status and document for one request."""
        if not self.provider.verify(request):
            self.refused += 1
            return 403, ""
        path = request.target.partition("?")[0]
        if path == "/status":
            self.statuses.append(self.provider.parse_call(request))
        elif path == "/recording":
            self.recordings.append(self.provider.parse_recording(request))
        elif path == "/message":
            self.messages.append(self.provider.parse_message(request))
        else:
            event = self.provider.parse_call(request)
            self.calls.append((path, event))
            document = self.provider.render(self.script(path, event))
            assert_valid_twiml(document)
            return 200, document
        return 204, ""


@contextmanager
def small_desk() -> Iterator[SmallDesk]:
    """A desk at a free port of 127.0.0.1; whatever failed inside it fails the test at the end."""
    desk: SmallDesk

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            form = parse_qs(body.decode(), keep_blank_values=True) if self.command == "POST" else {}
            asked = HttpRequest(method=self.command, target=self.path, headers=headers, form=form, body=body)
            try:
                status, document = desk.answer(asked)
            except Exception as error:
                desk.failures.append(error)
                status, document = 500, ""
            self.send_response(status)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(document.encode())))
            self.end_headers()
            self.wfile.write(document.encode())

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    desk = SmallDesk(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    if desk.failures:
        raise desk.failures[0]
