"""A console with the studio behind its guard, on a small application of its own, for tests through the real doors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from console.deps import Deps
from console.entrance import limiter
from console.flow_editor import studio_deps
from console.wiring import install
from storage.database import Database
from studio import wiring
from studio.deps import Speak
from tests.console.conftest import NOW, PASSWORD, add_users, csrf_of


def studio_app(db: Database, folder: Path, *, speak: Speak | None = None, **values: Any) -> Flask:
    """Console and studio with the three users of the console's tests; the clock stands still."""
    add_users(db)
    app = Flask(__name__, static_folder=None)
    app.secret_key = "only for tests"
    app.config["TESTING"] = True
    wiring.install(
        app,
        studio_deps(db=db, clock=values.pop("clock", lambda: NOW), editor_dir=folder / "dist", speak=speak, **values),
    )
    install(app, Deps(db=db, recordings_dir=folder, clock=lambda: NOW), pages=wiring.BLUEPRINTS)
    limiter.reset()
    return app


@dataclass(frozen=True)
class Editor:
    """Somebody's browser at the editor: JSON with the session's token."""

    client: FlaskClient
    token: str

    def send(self, method: str, path: str, body: Any = None, **more: Any) -> TestResponse:
        """One request below /studio."""
        headers = {"X-CSRFToken": self.token, "Accept": "application/json", **more.pop("headers", {})}
        return self.client.open(f"/studio{path}", method=method, json=body, headers=headers, **more)

    def get(self, path: str) -> TestResponse:
        """GET below /studio."""
        return self.send("GET", path)

    def post(self, path: str, body: Any) -> TestResponse:
        """POST below /studio."""
        return self.send("POST", path, body)

    def put(self, path: str, body: Any) -> TestResponse:
        """PUT below /studio."""
        return self.send("PUT", path, body)


def editor_of(app: Flask, role: str = "admin", language: str = "en") -> Editor:
    """Sign in by the form, in the language."""
    client = app.test_client()
    token = csrf_of(client, "/login")
    form = {"email": f"{role}@example.org", "password": PASSWORD, "csrf_token": token}
    assert client.post("/login", data=form).status_code == 302
    token = csrf_of(client)
    if language != "en":
        client.post("/language", data={"language": language, "csrf_token": token, "next": "/settings"})
        token = csrf_of(client)
    return Editor(client, token)


def small_flow(name: str = "hotline", **more: Any) -> dict[str, Any]:
    """A flow of two nodes without a problem, as plain data."""
    nodes: Mapping[str, Any] = {
        "hello": {"type": "message", "prompt": {"en-US": "Good day."}, "exits": {"next": "bye"}},
        "bye": {"type": "hang_up", "prompt": {"en-US": "Goodbye."}},
    }
    return {"format": 1, "name": name, "title": {"en": "Hotline"}, "languages": ["en-US"], "start": "hello",
            "nodes": dict(nodes), **more}  # fmt: skip
