"""Where a turn's time goes: calls of the demo flow through the WSGI application within this process, no server around.

`python -m bench.inside` prints CPU time and SQL statements by kind of turn, and a profile by function.
"""

from __future__ import annotations

import argparse
import base64
import cProfile
import hashlib
import hmac
import io
import pstats
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine, event

from app import create_app
from bench import house, postgres
from bench.calls import DEMO_CALLS, Exchange, Ledger, place_call
from bench.peer import Answer
from config import Config

Wsgi = Callable[..., Any]


@dataclass(kw_only=True)
class Kind:
    """What turns of one kind cost."""

    cpu_s: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)


class InsidePeer:
    """A peer that calls the application as the server would, and measures CPU time and statements of each request."""

    def __init__(self, app: Wsgi, base_url: str, token: str) -> None:
        self._app, self._base_url, self._key = app, base_url, token.encode()
        self.kinds: dict[str, Kind] = defaultdict(Kind)
        self.executed: list[str] = []
        self.by_kind: dict[str, list[str]] = {}

    async def post(self, target: str, form: dict[str, str]) -> Answer:
        """One request."""
        environ = self._environ(target, form)
        self.executed.clear()
        status: list[str] = []
        began = time.thread_time()
        chunks = self._app(environ, lambda line, _headers, _info=None: status.append(line))
        body = b"".join(chunks).decode()
        cpu_s = time.thread_time() - began
        kind = _kind(target, form)
        self.kinds[kind].cpu_s.append(cpu_s)
        self.kinds[kind].statements.append(len(self.executed))
        self.by_kind[kind] = list(self.executed)
        return Answer(status=int(status[0].split()[0]), body=body, ms=cpu_s * 1000)

    async def wait(self, seconds: float) -> None:
        """Nobody listens here."""

    def _environ(self, target: str, form: dict[str, str]) -> dict[str, Any]:
        signed = self._base_url + target + "".join(name + form[name] for name in sorted(form))
        body = urlencode(form).encode()
        path, _mark, query = target.partition("?")
        host, port = self._base_url.removeprefix("http://").split(":")
        return {
            "REQUEST_METHOD": "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "RAW_URI": target,
            "SERVER_NAME": host,
            "SERVER_PORT": port,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": host,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": f"{host}:{port}",
            "HTTP_X_TWILIO_SIGNATURE": base64.b64encode(
                hmac.new(self._key, signed.encode(), hashlib.sha1).digest()
            ).decode(),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }


def _kind(target: str, form: dict[str, str]) -> str:
    if "RecordingSid" in form:
        return "answer: recording, ticket opened"
    if "Digits" in form:
        return "answer: keys"
    if "SpeechResult" in form:
        return "answer: words"
    return "first" if target == "/voice/incoming" else "no answer"


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/inside.db"
        return
    with postgres.server() as server, postgres.database(server) as url:
        yield url


def _drive(peer: InsidePeer, exchange: Exchange, calls: int) -> None:
    """Place calls; nothing in this process ever waits, so no event loop is needed."""
    for n in range(calls):
        call = place_call(peer, Ledger(), exchange.caller(), DEMO_CALLS[n % len(DEMO_CALLS)])  # type: ignore[arg-type]
        try:
            call.send(None)
        except StopIteration:
            continue
        raise RuntimeError("A call waited.")


def _count_statements(executed: list[str]) -> None:
    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        executed.append(statement)

    event.listen(Engine, "before_cursor_execute", note)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.inside")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--statements", action="store_true", help="print every statement of one turn of each kind")
    parser.add_argument("--sort", default="tottime", help="order of the profile: tottime or cumtime")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, _database(options.database, Path(name)) as url:
        found = house.settings(Path(name), port=18_000)
        environ = house.environment(found, url)
        house.prepare(environ)
        app = create_app(Config.from_environment(environ))
        peer, exchange = InsidePeer(app.wsgi_app, found.web_url, found.auth_token), Exchange()
        _drive(peer, exchange, 20)
        peer.kinds.clear()
        _drive(peer, exchange, options.calls)
        _print_kinds(peer)
        _count_statements(peer.executed)
        peer.kinds.clear()
        _drive(peer, exchange, 20)
        _print_statements(peer, whole=options.statements)
        profile = cProfile.Profile()
        profile.enable()
        _drive(peer, exchange, options.calls)
        profile.disable()
        pstats.Stats(profile).strip_dirs().sort_stats(options.sort).print_stats(220)


def _print_kinds(peer: InsidePeer) -> None:
    every = sorted(value for kind in peer.kinds.values() for value in kind.cpu_s)
    print(f"all turns: {1e6 * sum(every) / len(every):.0f} us mean, {1e6 * every[len(every) // 2]:.0f} us median CPU")
    for name, kind in peer.kinds.items():
        values = sorted(kind.cpu_s)
        print(f"  {name:34} {len(values):5} x {1e6 * values[len(values) // 2]:7.0f} us median")


def _print_statements(peer: InsidePeer, *, whole: bool) -> None:
    for name, kind in peer.kinds.items():
        print(f"  {name:34} {sum(kind.statements) / len(kind.statements):5.1f} statements")
        if whole:
            print("\n".join(f"      {' '.join(s.split())[:170]}" for s in peer.by_kind[name]))


if __name__ == "__main__":
    main()
