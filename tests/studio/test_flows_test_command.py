"""`flask flows test`: saved tests and files of scenarios in the terminal, drafts, coverage and proposals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.documents import parse, to_json
from flows.drafts import save_draft
from flows.versions import publish
from storage.database import Database
from studio.cli import flows_group
from studio.tests_of_flow import load_examples
from tests.console.conftest import NOW

EXAMPLES = Path(__file__).resolve().parents[2] / "flows" / "examples"
HOTLINE = EXAMPLES / "ticket_line_ko.yaml"


class House:
    """What the commands need of the application."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.flow_values: dict[str, object] = {}

    def now(self) -> datetime:
        return NOW

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(flows_group, ["test", *arguments], obj=self)


@pytest.fixture
def house(sqlite_db: Database) -> House:
    with sqlite_db.write() as s:
        publish(s, parse(HOTLINE.read_bytes()), by="x", note="", now=NOW, demo=True)
        load_examples(s, EXAMPLES / "tests", NOW)
    return House(sqlite_db)


def said(result: Result, words: Sequence[str]) -> bool:
    return all(word in result.output for word in words)


def test_saved_tests_pass_and_their_coverage_is_told(house: House):
    result = house.run("ticket_line_ko")
    assert result.exit_code == 0, result.output
    assert said(result, ["3 of 3 tests passed", "60% of the exits are covered, 4 are not", "message: empty"])


def test_a_draft_that_breaks_a_test_gives_exit_code_1_and_names_the_step(house: House):
    draft = to_json(parse(HOTLINE.read_bytes()))
    draft["nodes"]["menu"]["exits"]["report"] = "goodbye"
    assert "no draft" in house.run("ticket_line_ko", "--draft").output
    with house.db.write() as s:
        save_draft(s, "ticket_line_ko", draft, by="x", now=NOW, revision=0)
    result = house.run("ticket_line_ko", "--draft")
    assert result.exit_code == 1
    assert said(result, ["FAILED", "Step 3 (hear): “삐 소리 후” was not said; heard:"])
    assert house.run("ticket_line_ko").exit_code == 0


def test_a_file_is_tested_with_scenarios_from_files_and_told_as_json(house: House, tmp_path: Path):
    other = tmp_path / "flow.yaml"
    other.write_text(HOTLINE.read_text(encoding="utf-8").replace("ticket_line_ko", "unknown_flow"), encoding="utf-8")
    result = house.run(str(other), "--json", "--propose", "--tests", str(EXAMPLES / "tests" / "ticket_line_ko"))
    told = json.loads(result.output)
    assert [r["passed"] for r in told["results"]] == [True] * 3
    assert told["coverage"]["ratio"] == 0.6
    assert [u["exit"] for u in told["proposals"]["unreached"]] == ["failed"]
    assert {tuple(pair) for p in told["proposals"]["proposals"] for pair in p["covers"]} == {
        ("message", "empty"), ("message", "person"), ("status", "none"),
    }  # fmt: skip
    plain = house.run(str(other), "--propose")
    assert said(plain, ["0 of 0 tests passed", "# proposed, covers", "steps:\n- hear:"])


def test_what_is_no_flow_and_what_is_no_scenario_is_named(house: House, tmp_path: Path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("steps: [{jump: 1}]", encoding="utf-8")
    assert said(house.run("ticket_line_ko", "--tests", str(bad)), ["bad.yaml", "Step 1: there is no “jump”"])
    assert house.run("nowhere").exit_code == 1
    assert house.run(str(bad)).exit_code == 1
