"""An API on a fresh database, mounted at /api as in the application, with a key for everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apiflask import APIFlask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

import api.idempotency
import api.webhooks_out.deliveries  # noqa: F401 - its tables belong into the template of every test database.
from api.app import create_api
from api.deps import ApiDeps
from api.keys import create_key
from api.scopes import Scope
from callbacks import campaigns
from storage.database import Database

MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""Eleven o'clock in Shanghai."""


@dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@dataclass
class Desk:
    """A program that talks to the API over WSGI."""

    db: Database
    app: APIFlask
    clock: Clock
    key: str
    client: Client
    mounted: DispatcherMiddleware = field(repr=False)

    def call(self, method: str, path: str, *, key: str | None = None, **options: Any) -> TestResponse:
        """Send a request below /api with the key, or with another one ("" for none)."""
        headers = dict(options.pop("headers", {}))
        token = self.key if key is None else key
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return self.client.open(f"/api{path}", method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any, **options: Any) -> TestResponse:
        return self.call("POST", path, json=body, **options)

    def key_for(self, *scopes: str, **options: Any) -> str:
        with self.db.write() as s:
            return create_key(s, "a program", scopes, "test", self.clock.now, **options)[1]

    def campaign(self, **values: Any) -> int:
        with self.db.write() as s:
            values = {"name": "Parcels", "by": "test", "now": self.clock.now, "region": "CN", **values}
            return campaigns.create(s, **values).id


def build(db: Database, **values: Any) -> Desk:
    clock = Clock()
    app = create_api(ApiDeps(db=db, clock=clock, **{"rate_limit": "100000 per minute", **values}))
    with db.write() as s:
        _, key = create_key(s, "the tests", list(Scope), "test", clock.now)
    mounted = DispatcherMiddleware(Response("elsewhere", status=404), {"/api": app})
    return Desk(db=db, app=app, clock=clock, key=key, client=Client(mounted), mounted=mounted)


@pytest.fixture
def desk(db: Database) -> Desk:
    """On both kinds of database."""
    return build(db)


@pytest.fixture
def sqlite_desk(sqlite_db: Database) -> Desk:
    """On SQLite, where the kind of database does not matter."""
    return build(sqlite_db)


@pytest.fixture
def build_desk(sqlite_db: Database) -> Callable[..., Desk]:
    """One with other values."""
    return lambda **values: build(sqlite_db, **values)
