"""Every command of `flask --app app`, typed as whoever runs the desk types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from demo.settings import LOGINS
from flows.versions import Flow
from house import House
from ivr.lines import Line
from storage import migrate
from storage.database import Base
from tests.commands.conftest import URL, Terminal
from tests.end_to_end.dumps import differences, raw_dump
from tests.end_to_end.rehearsal import rows
from tests.twiml_schema import assert_valid_twiml
from tickets import desk
from tickets.audit import AuditRow
from tickets.ticket import Ticket
from tickets.users import User, authenticate

EXAMPLES = Path(__file__).resolve().parents[2] / "flows" / "examples"
NUMBER = "+862155550100"
PASSWORD = "a long enough password"
SHELF = "https://shelf.example.org/fallback.xml"


def test_db_upgrade_makes_every_table_and_may_be_typed_again(bare_terminal: Terminal):
    assert "empty" in bare_terminal.says("db", "current")
    head = migrate.head()
    assert head is not None
    for _ in range(2):
        assert head in bare_terminal.says("db", "upgrade")
    assert head in bare_terminal.says("db", "current")
    assert migrate.differences(bare_terminal.house.db) == []
    assert bare_terminal.app.test_client().get("/health").get_json()["ok"] in (True, False)


@pytest.mark.parametrize(
    "words",
    [
        ("users", "list"),
        ("lines", "list"),
        ("flows", "export", "courier_hotline"),
        ("tickets", "export"),
        ("demo", "load", "--password", PASSWORD),
    ],
)
def test_a_command_on_a_database_without_tables_says_what_to_type_first(
    bare_terminal: Terminal, words: tuple[str, ...]
):
    assert "db upgrade" in bare_terminal.refuses(*words)


def test_users_are_added_listed_given_a_password_and_disabled(terminal: Terminal):
    added = ("users", "add", "Ada@Example.org", "--role", "admin", "--name", "Ada", "--password", PASSWORD)
    assert "may now log in as admin" in terminal.says(*added)
    assert "ada@example.org" in terminal.says("users", "list")
    assert "already" in terminal.refuses(*added).lower()
    terminal.says("users", "password", "ada@example.org", "--password", PASSWORD + "!")
    with terminal.house.db.write() as session:
        assert authenticate(session, "ada@example.org", PASSWORD + "!", terminal.house.now()) is not None
    terminal.says("users", "disable", "ada@example.org")
    assert "(inactive)" in terminal.says("users", "list")
    assert "no user" in terminal.refuses("users", "disable", "nobody@example.org")


def test_a_weak_password_is_refused(terminal: Terminal):
    assert terminal.refuses("users", "add", "a@example.org", "--password", "123")
    assert rows(terminal.house.db, User) == []


def test_a_password_that_is_not_given_is_asked_for_twice(terminal: Terminal):
    terminal.says("users", "add", "a@example.org", answers=f"{PASSWORD}\n{PASSWORD}\n")
    assert len(rows(terminal.house.db, User)) == 1


def test_a_flow_is_linted_published_drawn_and_exported(terminal: Terminal, tmp_path: Path):
    file = str(EXAMPLES / "utility_line.yaml")
    assert "no problems" in terminal.says("flows", "lint", file)
    assert "version 1 is published" in terminal.says("flows", "publish", file)
    assert "nodes:" in terminal.says("flows", "export", "utility_line")
    assert "flowchart" in terminal.says("flows", "graph", "utility_line")
    assert json.loads(terminal.says("flows", "schema"))["type"] == "object"
    terminal.says("flows", "diff", file, "utility_line")
    broken = tmp_path / "broken.yaml"
    broken.write_text("format: 1\nname: broken\nnodes:\n  a: {type: nonsense}\n")
    assert "broken.yaml" in terminal.refuses("flows", "lint", str(broken))


def test_a_line_is_given_a_flow_and_connected_to_the_phone_company(terminal: Terminal):
    terminal.net.add_number(NUMBER)
    assert "no flow" in terminal.refuses("lines", "set", NUMBER, "utility_line").lower()
    terminal.says("flows", "publish", str(EXAMPLES / "utility_line.yaml"))
    terminal.says("lines", "set", NUMBER, "utility_line", "--label", "City utilities")
    with terminal.house.db.read() as s:
        deed = s.scalars(select(AuditRow).where(AuditRow.action == "line.add")).one()
    assert deed.user_id is None
    assert deed.details["by"].startswith("terminal:")
    assert deed.details["changes"]["flow"] == [None, "utility_line"]
    assert NUMBER not in str(deed.details)
    terminal.says("lines", "set", NUMBER, "utility_line", "--label", "City utilities")
    terminal.says("lines", "set", NUMBER, "utility_line", "--label", "Utilities")
    changes = [row.details["changes"] for row in rows(terminal.house.db, AuditRow) if row.action == "line.change"]
    assert changes == [{"label": ["City utilities", "Utilities"]}], "what changed nothing leaves no entry"
    terminal.says("lines", "set", NUMBER, "utility_line", "--label", "City utilities")
    listed = terminal.says("lines", "list")
    assert NUMBER in listed
    assert "utility_line" in listed
    assert "City utilities" in listed
    assert URL in terminal.says("lines", "connect", NUMBER, "--fallback-url", SHELF)
    number = terminal.net.carrier.numbers.get(NUMBER)
    assert number is not None
    assert number.voice_url == f"{URL}/voice/incoming"
    assert number.status_callback == f"{URL}/voice/status"
    assert (number.voice_fallback_url, number.voice_fallback_method) == (SHELF, "GET")
    terminal.net.carrier.numbers.remove(number)


def test_a_number_that_the_account_does_not_hold_cannot_be_connected(terminal: Terminal):
    assert "no number" in terminal.refuses("lines", "connect", "+862155550101")


@pytest.mark.parametrize(("typed", "kept"), [("021 5555 0100", NUMBER), ("+86 21 5555-0100", NUMBER)])
def test_a_line_is_kept_in_the_form_in_which_calls_name_it(terminal: Terminal, typed: str, kept: str):
    terminal.says("flows", "publish", str(EXAMPLES / "utility_line.yaml"))
    assert kept in terminal.says("lines", "set", typed, "utility_line")
    assert [line.number for line in rows(terminal.house.db, Line)] == [kept]


def test_what_is_no_number_cannot_be_a_line(terminal: Terminal):
    terminal.says("flows", "publish", str(EXAMPLES / "utility_line.yaml"))
    assert "number" in terminal.refuses("lines", "set", "hotline", "utility_line")
    assert rows(terminal.house.db, Line) == []


@pytest.mark.speech
def test_speech_list_tells_what_is_heard_with_what(terminal: Terminal):
    said = terminal.says("speech", "list")
    for wanted in ("Installed", "whisper", "vosk", "To be had"):
        assert wanted in said
    assert terminal.refuses("speech", "install", "tlh")


def test_fallback_prints_a_document_that_needs_nobody(terminal: Terminal):
    for words in (("fallback",), ("fallback", "--language", "en-US")):
        document = terminal.says(*words).strip()
        assert_valid_twiml(document, may_lack_action=True)
        assert "<Record" in document
    assert "系统" not in terminal.says("fallback", "--language", "en-US")


def test_tickets_are_exported(terminal: Terminal, tmp_path: Path):
    with terminal.house.db.write() as session:
        desk.open_or_append(
            session, desk.NewTicket(subject="=1+1", caller_number="+8613800138000"), terminal.house.now()
        )
    file = tmp_path / "tickets.csv"
    terminal.says("tickets", "export", "--output", str(file), "--time-zone", "Asia/Shanghai")
    text = file.read_text(encoding="utf-8-sig")
    assert "'=1+1" in text
    assert "time zone" in terminal.refuses("tickets", "export", "--time-zone", "Mars/Olympus")


def test_the_demo_is_loaded_and_removed_and_everything_else_stays(terminal: Terminal):
    house: House = terminal.house
    terminal.says("users", "add", "real@example.org", "--password", PASSWORD)
    terminal.says("flows", "publish", str(EXAMPLES / "utility_line.yaml"))
    with house.db.write() as session:
        desk.open_or_append(session, desk.NewTicket(subject="Real", caller_number="+8613800138000"), house.now())
    before = raw_dump(house.db)
    terminal.says("demo", "load", "--password", PASSWORD)
    with house.db.read() as session:
        assert session.scalar(select(Ticket.id).where(Ticket.demo)) is not None
        assert session.scalar(select(User.id).where(User.email == LOGINS[0][0])) is not None
        assert session.scalar(select(Flow.id).where(Flow.name == "courier_hotline")) is not None
    loaded = {name: len(found) for name, found in raw_dump(house.db).items()}
    terminal.says("demo", "load", "--password", PASSWORD)
    assert {name: len(found) for name, found in raw_dump(house.db).items()} == loaded
    assert "Aborted" in terminal.type("demo", "remove", answers="n\n").output
    terminal.says("demo", "remove", "--yes")
    after = raw_dump(house.db)
    for table in Base.metadata.sorted_tables:
        if "demo" in table.c:
            assert not [row for row in after[table.name] if row["demo"]], table.name
    kept = {name: found for name, found in before.items() if name not in ("ticket_numbers", "jobs")}
    assert differences(kept, {name: after[name] for name in kept}) == []


def test_every_command_explains_itself(terminal: Terminal):
    for name, command in terminal.app.cli.commands.items():
        if name in ("run", "shell", "routes"):
            continue
        assert command.help, name
        assert command.help in terminal.says(name, "--help").replace("\n  ", " ") or command.commands  # type: ignore[attr-defined]
