"""A desk with a little data, served by a small Flask application of its own."""

from __future__ import annotations

import math
import shutil
import struct
import threading
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from console.deps import Deps
from console.entrance import limiter
from console.wiring import install
from storage.database import Database
from tests import find_browser
from tests.console.seeding import seed
from tests.console.seeding_campaigns import seed_campaigns
from tickets import users

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
PASSWORD = "courier desk 2026"
FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def write_wav(path: Path, seconds: float = 4.0) -> None:
    """A tone that grows louder and fades, 8 kHz, 16 bit, mono."""
    count = int(seconds * 8000)
    samples = [int(9000 * abs(math.sin(i / 5200)) * math.sin(2 * math.pi * 220 * i / 8000)) for i in range(count)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(struct.pack(f"<{count}h", *samples))


def add_users(db: Database) -> None:
    """One login per role, all with the same password."""
    with db.write() as s:
        for email, name, role in (
            ("agent@example.org", "Lin Yue", users.Role.AGENT),
            ("ops@example.org", "Omar Diaz", users.Role.OPS),
            ("admin@example.org", "Ada Novak", users.Role.ADMIN),
        ):
            users.add_user(
                s, email=email, name=name, role=role, password=PASSWORD, now=NOW, time_zone="Asia/Shanghai", hasher=FAST
            )


def make_app(values: Deps) -> Flask:
    """An application with the console and nothing else."""
    app = Flask(__name__, static_folder=None)
    app.secret_key = "only for tests"
    app.config["TESTING"] = True
    install(app, values)
    limiter.reset()
    return app


@pytest.fixture(scope="session")
def desk_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with users, calls, tickets and people; tests work on copies of it."""
    path = tmp_path_factory.mktemp("desk") / "desk.db"
    shutil.copyfile(sqlite_template, path)
    db = Database(f"sqlite:///{path}")
    add_users(db)
    seed(db, NOW)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.dispose()
    return path


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """The folder of recordings, with one in it."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    write_wav(folder / "one.wav")
    return folder


@pytest.fixture
def values(desk_file: Path, recordings: Path, tmp_path: Path) -> Iterator[Deps]:
    """What the application is given: a desk with data, and a clock that stands still."""
    shutil.copyfile(desk_file, tmp_path / "desk.db")
    db = Database(f"sqlite:///{tmp_path / 'desk.db'}")
    yield Deps(db=db, recordings_dir=recordings, clock=lambda: NOW)
    db.dispose()


@pytest.fixture
def empty_app(sqlite_db: Database, recordings: Path) -> Flask:
    """A desk on its first day: users, and nothing else."""
    add_users(sqlite_db)
    return make_app(Deps(db=sqlite_db, recordings_dir=recordings, clock=lambda: NOW))


@pytest.fixture
def app(values: Deps) -> Flask:
    """A desk with calls, tickets and people."""
    return make_app(values)


def sign_in(client: FlaskClient, role: str = "agent") -> FlaskClient:
    """Log in as one of the users, by the form."""
    token = csrf_of(client, "/login")
    answer = client.post("/login", data={"email": f"{role}@example.org", "password": PASSWORD, "csrf_token": token})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return client


def csrf_of(client: FlaskClient, path: str = "/settings") -> str:
    """The forgery token of this client's session, read from a page."""
    page = client.get(path).get_data(as_text=True)
    return page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


@pytest.fixture
def agent(app: Flask) -> FlaskClient:
    """A browser in which the agent is signed in."""
    return sign_in(app.test_client())


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """A browser in which the administrator is signed in."""
    return sign_in(app.test_client(), "admin")


@pytest.fixture
def served(values: Deps) -> Iterator[str]:
    """The address of the desk with data, served by threads on a free port."""
    yield from serve(make_app(values))


def serve(app: Flask, port: int = 0) -> Iterator[str]:
    """Serve an application until the generator is closed; port 0 takes a free one."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real Chromium without a window.

    Closed after each file: Playwright keeps an event loop running in its thread, in which others could run none.
    """
    path = find_browser.find()
    if path is None:
        pytest.skip("no Chromium on this machine")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"]
    flags += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    """A tab of a fresh browser profile, 1440 pixels wide; a script error in it fails the test."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(20_000)
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda m: broken.append(m.text) if "Content Security Policy" in m.text else None)
    yield page
    context.close()
    assert broken == []


def enter(page: Page, base: str, role: str = "agent") -> None:
    """Log in by the form."""
    page.goto(f"{base}/login")
    page.fill("#email", f"{role}@example.org")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}/")


@dataclass(frozen=True)
class CampaignDesk:
    """A desk with campaigns: its values, the campaigns' ids by a short name, and a browser of operations."""

    values: Deps
    ids: dict[str, int]
    app: Flask
    ops: FlaskClient

    def post(self, path: str, data: dict[str, Any], client: FlaskClient | None = None) -> TestResponse:
        """Send a form as operations do, with the forgery token."""
        client = client or self.ops
        return client.post(path, data={"csrf_token": csrf_of(client), **data})

    def page(self, path: str, client: FlaskClient | None = None) -> str:
        """The text of a page, which must be there."""
        answer = (client or self.ops).get(path)
        assert answer.status_code == 200, answer.status_code
        return answer.get_data(as_text=True)


@pytest.fixture(scope="session")
def campaign_file(desk_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """An SQLite file of a desk with campaigns in several states, and their ids by a short name."""
    path = tmp_path_factory.mktemp("campaigns") / "desk.db"
    shutil.copyfile(desk_file, path)
    db = Database(f"sqlite:///{path}")
    ids = seed_campaigns(db, NOW)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.dispose()
    return path, ids


@pytest.fixture
def campaign_desk(
    campaign_file: tuple[Path, dict[str, int]], recordings: Path, tmp_path: Path
) -> Iterator[CampaignDesk]:
    """A desk with campaigns in several states."""
    shutil.copyfile(campaign_file[0], tmp_path / "campaigns.db")
    db = Database(f"sqlite:///{tmp_path / 'campaigns.db'}")
    given = Deps(db=db, recordings_dir=recordings, clock=lambda: NOW, data_dir=tmp_path, region="CN")
    app = make_app(given)
    yield CampaignDesk(given, campaign_file[1], app, sign_in(app.test_client(), "ops"))
    db.dispose()


@pytest.fixture
def served_campaigns(campaign_desk: CampaignDesk) -> Iterator[str]:
    """The address of the desk with campaigns."""
    yield from serve(campaign_desk.app)
