"""A peer that answers as told: for what a well-behaved carrier never does, over real sockets on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as the peer got it."""

    method: str
    target: str
    headers: dict[str, str]
    form: dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the peer answers. `cut`: it closes the connection without an answer, after reading the request."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


def error(status: int, code: int | None, message: str = "", **headers: str) -> Reply:
    """An error in Twilio's form."""
    body = json.dumps({"code": code, "message": message, "status": status, "more_info": ""}).encode()
    return Reply(status=status, body=body, headers=headers)


def resource(http_status: int = 200, /, **fields: Any) -> Reply:
    """A resource in Twilio's form."""
    return Reply(status=http_status, body=json.dumps(fields).encode())


class Peer:
    """Answers with the replies it was given, in order; the last one again and again. Keeps what it was asked."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.asked: list[Asked] = []
        self.before_reply: Callable[[], object] = lambda: None
        self.url = ""
        self._lock = threading.Lock()

    def answer(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@contextmanager
def serving(*replies: Reply) -> Iterator[Peer]:
    """A peer at a free port of 127.0.0.1, gone at the end."""
    peer = Peer(*replies)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            form = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = peer.answer(Asked(method=self.command, target=self.path, headers=headers, form=form))
            peer.before_reply()
            if reply.cut:
                self.close_connection = True
                return
            self.send_response_only(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            with suppress(OSError):  # Whoever asked may have given up.
                self.end_headers()
                self.wfile.write(reply.body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    peer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
