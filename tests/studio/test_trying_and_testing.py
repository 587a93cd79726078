"""The doors for trying a draft and for its saved tests, through the real console."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from flows.documents import parse, to_json
from flows.versions import publish
from simulator.scenario import parse_scenario as as_the_simulator_reads
from storage.database import Database
from studio.sentences import chinese
from studio.tests_of_flow import load_examples, run_saved, saved_tests
from tests.console.conftest import NOW
from tests.studio.studio_desk import Editor, editor_of, studio_app
from tickets.audit import AuditRow

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "flows" / "examples"


def document(name: str = "utility_line") -> dict[str, Any]:
    return to_json(parse((EXAMPLES / f"{name}.yaml").read_bytes()))


@pytest.fixture
def admin(db: Database, tmp_path: Path) -> Editor:
    with db.write() as s:
        publish(s, parse((EXAMPLES / "utility_line.yaml").read_bytes()), by="x", note="", now=NOW)
    return editor_of(studio_app(db, tmp_path))


def test_a_draft_is_tried_with_saved_samples_and_becomes_a_test_that_guards_it(admin: Editor, db: Database):
    sample = {"node": "bill_look_up", "name": "owes", "outcome": "ok", "status": 200,
              "body": {"balance": 12, "due_date": "2026-12-01"}}  # fmt: skip
    assert admin.put("/utility_line/samples", {"samples": [sample]}).get_json() == {"samples": [sample]}
    steps = [{"press": "3"}, {"press": "12345674"}]
    tried = admin.post(
        "/utility_line/try", {"document": document(), "scenario": {"call": {}, "steps": steps}}
    ).get_json()
    assert tried["failures"] == []
    assert not tried["ended"]
    assert [x["step"] for x in tried["exchanges"]] == [-1, 0, 1]
    last = tried["exchanges"][-1]
    assert "You owe" in last["said"][1]["text"]
    assert last["node"] == "anything_else"
    assert last["values"]["balance"] == 12
    assert {"press": "1", "word": "yes"} in last["choices"]
    assert "yes" in last["hints"]
    assert {"flow": "", "node": "bill_look_up", "exit": "ok"} in last["path"]

    recorded = admin.post(
        "/utility_line/tests/record",
        {"document": document(), "scenario": {"call": {}, "steps": [*steps, {"press": "2"}]}},
    ).get_json()
    assert yaml.safe_load(recorded["yaml"])["expect"]["node"] == "goodbye"
    assert [a.action for a in as_the_simulator_reads(recorded["yaml"]).steps]
    kept = admin.post("/utility_line/tests", {"name": "Bill", "scenario": recorded["scenario"], "origin": "recorded"})
    assert kept.status_code == 201
    assert kept.get_json()["origin"] == "recorded"
    run = admin.post("/utility_line/tests/run", {"document": document()}).get_json()
    assert [r["passed"] for r in run["results"]] == [True]
    assert run["coverage"]["exits"]["bill_look_up ok"] == 1
    assert 0 < run["coverage"]["ratio"] < 1
    assert ["danger", "next"] in run["coverage"]["uncovered_exits"]
    assert "danger" in run["coverage"]["uncovered_nodes"]

    broken = document()
    broken["nodes"]["bill_look_up"]["exits"]["ok"] = "bill_failed"
    run = admin.post("/utility_line/tests/run", {"document": broken}).get_json()
    assert not run["results"][0]["passed"]
    assert run["results"][0]["failures"][0]["message"].startswith("Step 5 (hear): “")
    with db.read() as s:
        assert [r.passed for r in run_saved(s, parse(yaml.safe_dump(broken)), NOW)] == [False]
        assert s.scalars(select(AuditRow.action).where(AuditRow.action.like("flow.%"))).all()


def test_tests_are_kept_under_names_of_their_own_renamed_and_deleted(admin: Editor):
    plain = {"call": {}, "steps": [{"hear": "How can I help"}, "hang up"]}
    first = admin.post("/utility_line/tests", {"name": "One", "scenario": plain}).get_json()
    assert admin.post("/utility_line/tests", {"name": " One ", "scenario": plain}).status_code == 409
    second = admin.post("/utility_line/tests", {"name": "Two", "yaml": "steps: [hang up]"}).get_json()
    assert admin.put(f"/utility_line/tests/{second['id']}", {"name": "One", "scenario": plain}).status_code == 409
    renamed = admin.put(f"/utility_line/tests/{second['id']}", {"name": "Three", "yaml": second["yaml"]}).get_json()
    assert renamed["name"] == "Three"
    assert renamed["scenario"]["name"] == "Three"
    assert [t["name"] for t in admin.get("/utility_line/tests").get_json()["tests"]] == ["One", "Three"]
    assert admin.send("DELETE", f"/utility_line/tests/{first['id']}").status_code == 200
    assert admin.send("DELETE", f"/utility_line/tests/{first['id']}").status_code == 404
    only = admin.post("/utility_line/tests/run", {"document": document(), "ids": [first["id"]]}).get_json()
    assert only["results"] == []


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        ({"steps": [{"hear": "x"}, {"jump": 1}]}, "Step 2: there is no “jump”"),
        ({"steps": [{"press": "a"}]}, "Step 1 (press)"),
        ({"steps": [{"hear": "/(/"}]}, "pattern cannot be read"),
        ("steps: [", "not YAML: line 1"),
        ({"steps": [], "setting": {"at": "the day of the ferret"}}, "is no time"),
        ({"steps": [{"say": "x" * 70_000}]}, "longer than 64000"),
        ({"steps": ["silence"] * 201}, "at most 200 steps"),
        (17, "no scenario"),
    ],
)
def test_a_scenario_that_cannot_be_understood_is_refused_with_a_sentence(
    sqlite_db: Database, tmp_path: Path, scenario: Any, words: str
):
    with sqlite_db.write() as s:
        publish(s, parse((EXAMPLES / "utility_line.yaml").read_bytes()), by="x", note="", now=NOW)
    admin = editor_of(studio_app(sqlite_db, tmp_path))
    answer = admin.post("/utility_line/try", {"document": document(), "scenario": scenario})
    assert answer.status_code == 422
    assert words in answer.get_json()["error"]


def test_ops_may_try_and_run_but_not_save_and_agents_may_nothing(sqlite_db: Database, tmp_path: Path):
    with sqlite_db.write() as s:
        publish(s, parse((EXAMPLES / "utility_line.yaml").read_bytes()), by="x", note="", now=NOW)
    app = studio_app(sqlite_db, tmp_path)
    body = {"document": document(), "scenario": {"steps": ["hang up"]}, "name": "T"}
    ops, agent = editor_of(app, "ops"), editor_of(app, "agent")
    assert ops.post("/utility_line/try", body).status_code == 200
    assert ops.post("/utility_line/tests/run", body).status_code == 200
    assert ops.post("/utility_line/tests", body).status_code == 403
    assert ops.put("/utility_line/samples", {"samples": []}).status_code == 403
    for path in ("try", "tests/run", "tests", "tests/propose", "tests/record"):
        assert agent.post(f"/utility_line/{path}", body).status_code == 403, path


def test_proposals_pass_and_reach_what_no_test_reaches(sqlite_db: Database, tmp_path: Path):
    with sqlite_db.write() as s:
        publish(s, parse((EXAMPLES / "ticket_line_ko.yaml").read_bytes()), by="x", note="", now=NOW, demo=True)
        assert load_examples(s, EXAMPLES / "tests", NOW) == 3
        assert load_examples(s, EXAMPLES / "tests", NOW) == 0
    admin = editor_of(studio_app(sqlite_db, tmp_path), language="zh")
    body = {"document": document("ticket_line_ko")}
    before = admin.post("/ticket_line_ko/tests/run", body).get_json()
    found = admin.post("/ticket_line_ko/tests/propose", body).get_json()
    assert [u["exit"] for u in found["unreached"]] == ["failed"]
    assert "没有找到" in found["unreached"][0]["reason"]
    for number, proposal in enumerate(found["proposals"]):
        kept = {"name": f"{number} {proposal['name']}", "scenario": proposal["scenario"], "origin": "proposed"}
        assert admin.post("/ticket_line_ko/tests", kept).status_code == 201
    after = admin.post("/ticket_line_ko/tests/run", body).get_json()
    assert all(r["passed"] for r in after["results"])
    assert after["coverage"]["ratio"] >= 0.9 > before["coverage"]["ratio"]


def test_every_sentence_of_rehearsals_has_chinese_with_the_same_values():
    files = [*(ROOT / "ivr" / "rehearsal").glob("*.py"), *(ROOT / "studio").glob("*test*.py"),
             ROOT / "studio/samples.py", ROOT / "studio/doors/trying.py", ROOT / "studio/doors/testing.py"]  # fmt: skip
    told = {
        node.args[0].value
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("sentence", "refused", "told")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(told) > 60
    assert [english for english in told if english not in chinese()] == []
    braces = lambda text: sorted(part.split("}")[0] for part in text.split("{")[1:])  # noqa: E731
    assert [english for english in told if braces(english) != braces(chinese()[english])] == []


def test_the_examples_have_tests_that_pass(sqlite_db: Database):
    flows = sorted(EXAMPLES.glob("*.yaml"))
    with sqlite_db.write() as s:
        for file in flows:
            publish(s, parse(file.read_bytes()), by="x", note="", now=NOW, demo=True)
        load_examples(s, EXAMPLES / "tests", NOW)
    with sqlite_db.read() as s:
        for file in flows:
            assert 3 <= len(saved_tests(s, file.stem)) <= 6, file.stem
            results = run_saved(s, parse(file.read_bytes()), NOW)
            assert [(r.name, str(r.failures[0].sentence)) for r in results if not r.passed] == []
    for file in (EXAMPLES / "tests").glob("*/*.yaml"):
        assert as_the_simulator_reads(file.read_text(encoding="utf-8")).steps, file
