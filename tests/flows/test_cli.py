"""`flask flows …` from the terminal."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.documents import parse
from flows.validation import SpeechKnowledge
from flows.versions import latest
from storage.database import Database
from studio.cli import flows_group
from tests.flows.small_ear import SMALL_EAR

BROKEN = Path(__file__).parent / "broken"


@dataclass(frozen=True, kw_only=True)
class Terminal:
    db: Database
    flow_values: dict[str, object] = field(default_factory=dict)

    def now(self) -> datetime:
        return datetime(2026, 11, 21, 19, 30, tzinfo=UTC)

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(flows_group, arguments, obj=self)


@pytest.fixture
def terminal(sqlite_db: Database) -> Terminal:
    return Terminal(db=sqlite_db)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    text = (BROKEN / "missing_exit.yaml").read_text(encoding="utf-8")
    file = tmp_path / "good.yaml"
    file.write_text(text.replace("{track: goodbye}", "{track: goodbye, complain: voicemail}"), encoding="utf-8")
    return file


@dataclass(frozen=True, kw_only=True)
class HearingTerminal(Terminal):
    """A terminal on a machine that knows what it can hear and say."""

    speech_knowledge: SpeechKnowledge = SMALL_EAR


def test_lint_checks_words_and_voices_where_the_machine_can_tell(terminal: Terminal) -> None:
    files = [str(BROKEN / f"{rule}.yaml") for rule in ("unknown_words", "voice_missing")]
    result = HearingTerminal(db=terminal.db).run("lint", *files)
    assert result.exit_code == 0, result.output
    assert "The recogniser does not know “zorbing”" in result.output
    assert "The voice “piper:nobody” cannot speak zh-CN here: It is not installed." in result.output
    assert result.output.count("warning") == 2
    assert "warning" not in terminal.run("lint", *files).output


def test_lint_prints_nothing_wrong_and_succeeds(terminal: Terminal, good: Path) -> None:
    result = terminal.run("lint", str(good))
    assert result.exit_code == 0, result.output
    assert "no problems" in result.output


def test_lint_names_place_and_remedy_and_fails(terminal: Terminal) -> None:
    result = terminal.run("lint", str(BROKEN / "missing_exit.yaml"))
    assert result.exit_code == 1
    assert "line 18, node main, exits.complain: error: The exit complain is not wired." in result.output


def test_a_warning_alone_does_not_fail(terminal: Terminal) -> None:
    result = terminal.run("lint", str(BROKEN / "unreachable.yaml"))
    assert result.exit_code == 0
    assert "warning" in result.output


def test_lint_as_json_tells_unreadable_files_with_their_line(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("name: a\nname: b\n", encoding="utf-8")
    result = terminal.run("lint", "--json", str(file))
    assert result.exit_code == 1
    (problem,) = json.loads(result.output)[str(file)]
    assert (problem["rule"], problem["line"]) == ("syntax", 2)


def test_publish_export_and_publish_again(terminal: Terminal, good: Path, tmp_path: Path) -> None:
    result = terminal.run("publish", str(good), "--note", "first")
    assert result.exit_code == 0, result.output
    assert "missing_exit: version 1 is published." in result.output
    exported = terminal.run("export", "missing_exit")
    assert parse(exported.output) == parse(good.read_text(encoding="utf-8"))
    out = tmp_path / "out.yaml"
    assert terminal.run("export", "missing_exit", "--version", "1", "--output", str(out)).exit_code == 0
    assert out.read_text(encoding="utf-8") == exported.output
    with terminal.db.read() as session:
        assert latest(session, "missing_exit").note == "first"


def test_publish_refuses_errors_unless_told_why(terminal: Terminal) -> None:
    file = str(BROKEN / "missing_exit.yaml")
    refused = terminal.run("publish", file)
    assert refused.exit_code == 1
    assert "exits.complain" in refused.output
    assert terminal.run("publish", file, "--override", "Known.").exit_code == 0


def test_graph_draws_a_file_or_a_published_flow(terminal: Terminal, good: Path) -> None:
    assert terminal.run("graph", str(good)).output.startswith("flowchart TD")
    assert terminal.run("graph", str(good), "--format", "svg").output.startswith("<svg")
    terminal.run("publish", str(good))
    assert terminal.run("graph", "missing_exit").output.startswith("flowchart TD")


def test_schema_is_json(terminal: Terminal) -> None:
    assert json.loads(terminal.run("schema").output)["$defs"]["Menu"]["x-type"] == "menu"


def test_diff_compares_files_and_versions(terminal: Terminal, good: Path) -> None:
    assert terminal.run("diff", str(good), str(good)).exit_code == 0
    terminal.run("publish", str(good))
    result = terminal.run("diff", str(BROKEN / "missing_exit.yaml"), "missing_exit@1")
    assert result.exit_code == 1
    assert "~ main.exits.complain: added 'voicemail'" in result.output


@pytest.mark.parametrize(
    "arguments", [("export", "nothing"), ("graph", "nothing"), ("diff", "a@x", "b"), ("export", "x", "--version", "3")]
)
def test_what_does_not_exist_is_a_sentence_and_no_traceback(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    result = terminal.run(*arguments)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert isinstance(result.exception, SystemExit)
