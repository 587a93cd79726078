"""Imports from the terminal, and how they are kept as drafts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

import studio.import_commands  # noqa: F401 - adds the command to the group
from flows.cli import flows_group
from flows.documents import from_json, parse
from flows.drafts import load_draft
from flows.importers import import_file
from flows.versions import Flow, publish
from storage.database import Database
from studio.deps import StudioViewer
from studio.errors import Refused
from studio.imports import store_import
from tests.console.conftest import add_users
from tickets.audit import AuditRow

DOCUMENTS = Path(__file__).parents[1] / "flows" / "importers" / "documents"
FERRY, WELL = DOCUMENTS / "ferry_line.json", DOCUMENTS / "well_watch.json"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Terminal:
    db: Database
    flow_values: dict[str, object] = field(default_factory=dict)

    def now(self) -> datetime:
        return NOW

    def run(self, *arguments: str | Path) -> Result:
        return CliRunner().invoke(flows_group, [str(argument) for argument in arguments], obj=self)


@pytest.fixture
def terminal(sqlite_db: Database) -> Terminal:
    return Terminal(db=sqlite_db)


def test_an_import_prints_the_document_and_tells_the_report_beside_it(terminal: Terminal, tmp_path: Path) -> None:
    result = terminal.run("import", FERRY)
    assert result.exit_code == 0, result.output
    assert parse(result.stdout).name == "seagull_ferry_line"
    assert "Could not be:" in result.stderr
    assert "robot, connect-virtual-agent-v2: The virtual agent is not here" in result.stderr
    file = tmp_path / "ferry.yaml"
    assert terminal.run("import", FERRY, "--output", file, "--name", "ferries").exit_code == 0
    assert parse(file.read_bytes()).name == "ferries"


def test_a_file_is_converted_where_no_database_is_set_up_yet_but_kept_nowhere(tmp_path: Path) -> None:
    bare = Terminal(db=Database(f"sqlite:///{tmp_path / 'empty.db'}"))
    result = bare.run("import", FERRY)
    assert result.exit_code == 0, result.output
    assert parse(result.stdout).name == "seagull_ferry_line"
    assert bare.run("import", FERRY, "--draft").exit_code != 0
    bare.db.dispose()


def test_an_import_as_json_is_one_object(terminal: Terminal) -> None:
    result = terminal.run("import", FERRY, "--json")
    found = json.loads(result.stdout)
    assert set(found) == {"report", "problems", "document"}
    assert set(found["report"]) == {"format", "taken", "changed", "refused"}
    assert from_json(found["document"]).start == "office_hours"
    assert set(found["report"]["refused"][0]) == {"place", "what", "sentence"}


def test_a_refused_file_fails_with_a_sentence_and_stores_nothing(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "bad.json"
    file.write_text('{"states": [\n  {"name": "x",}\n]}', encoding="utf-8")
    result = terminal.run("import", file, "--draft", "--output", tmp_path / "out.yaml")
    assert result.exit_code == 1
    assert "line 2, column" in result.output
    assert not (tmp_path / "out.yaml").exists()
    as_json = terminal.run("import", file, "--json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["problems"][0]["line"] == 2
    with terminal.db.read() as s:
        assert s.scalars(select(Flow)).all() == []


def test_a_draft_is_kept_linted_exported_drawn_and_compared(terminal: Terminal) -> None:
    result = terminal.run("import", WELL, "--flow", "pump_check", "--draft")
    assert result.exit_code == 0, result.output
    assert "pump_check: kept as draft." in result.stderr
    assert terminal.run("lint", "pump_check").exit_code == 0
    exported = terminal.run("export", "pump_check", "--draft")
    assert parse(exported.output).languages == ("en-US",)
    assert "words" in terminal.run("graph", "pump_check@draft").output
    with terminal.db.write() as s:
        publish(s, parse(exported.output), by="test", note="", now=NOW)
    assert terminal.run("diff", "pump_check", "pump_check@draft").exit_code == 0
    assert terminal.run("export", "nothing", "--draft").exit_code == 1
    again = terminal.run("import", WELL, "--flow", "pump_check", "--draft")
    assert again.exit_code == 1
    assert "There is a flow pump_check with a draft already" in again.output
    assert terminal.run("import", WELL, "--flow", "pump_check", "--draft", "--replace").exit_code == 0


def test_a_draft_that_is_half_made_is_linted_by_name_and_not_drawn(terminal: Terminal) -> None:
    terminal.run("import", FERRY, "--draft")
    with terminal.db.write() as s:
        draft = load_draft(s, "seagull_ferry_line")
        assert draft is not None
        draft.document = {**draft.document, "nodes": {"a": {"type": "nothing"}}}
    lint = terminal.run("lint", "seagull_ferry_line")
    assert lint.exit_code == 1
    assert "There is no node type “nothing”" in lint.output
    drawn = terminal.run("graph", "seagull_ferry_line@draft")
    assert drawn.exit_code == 1
    assert "is not a flow that can run yet" in drawn.output
    assert terminal.run("lint", "nowhere").exit_code == 1


def test_keeping_an_import_is_audited_without_private_words_on_both_databases(db: Database) -> None:
    add_users(db)
    imported = import_file(FERRY.read_bytes(), file_name=FERRY.name, now=NOW)
    admin = StudioViewer(id=3, name="Ada Novak", role="admin")
    with db.write() as s:
        store_import(s, imported, by=admin, now=NOW)
    with db.write() as s, pytest.raises(Refused, match="There is a flow seagull_ferry_line with a draft already"):
        store_import(s, imported, by=admin, now=NOW)
    with db.write() as s:
        store_import(s, imported, by=admin, now=NOW, replace=True)
        rows = s.scalars(select(AuditRow).where(AuditRow.action == "flow.import").order_by(AuditRow.id)).all()
        assert [row.details["replaced"] for row in rows] == [False, True]
        assert set(rows[0].details) == {"format", "nodes", "taken", "changed", "refused", "replaced"}


def test_names_that_addresses_need_are_refused(sqlite_db: Database) -> None:
    add_users(sqlite_db)
    imported = import_file(FERRY.read_bytes(), name="types", now=NOW)
    with sqlite_db.write() as s, pytest.raises(Refused, match="A flow cannot be named types"):
        store_import(s, imported, by=StudioViewer(id=3, name="Ada", role="admin"), now=NOW)
