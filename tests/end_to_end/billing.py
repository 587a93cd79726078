"""A billing system such as a utility has, for lookups with a secret."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "billing-secret"
BALANCES = {"49927395": {"balance": 129.5, "due_date": "2026-12-01"}}


class _Billing(BaseHTTPRequestHandler):
    """GET /accounts/{number}/balance with a bearer token."""

    def do_GET(self) -> None:
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._answer(401, {"error": "no token"})
            return
        account = self.path.split("/")[2]
        found = BALANCES.get(account)
        self._answer(200 if found else 404, found or {"error": "no such account"})

    def _answer(self, status: int, body: dict[str, object]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def billing_service() -> Iterator[str]:
    """The service on a free port; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Billing)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="billing", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()
