"""Publishing, versions and comparing through the editor's doors, and from the terminal."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from flows.documents import from_json
from flows.drafts import load_draft
from flows.versions import latest, publish
from storage.database import Database
from studio.cli import flows_group
from studio.tests_of_flow import save_test
from tests.console.conftest import NOW
from tests.studio.studio_desk import editor_of, small_flow, studio_app


def put_in_force(db: Database, **more: Any) -> None:
    """The small flow, published."""
    with db.write() as s:
        publish(s, from_json(small_flow(**more)), by="Ada", note="First.", now=NOW)


def changed(words: str = "Hello there.") -> dict[str, Any]:
    """The small flow with other words."""
    data = small_flow()
    data["nodes"]["hello"] = {**data["nodes"]["hello"], "prompt": {"en-US": words}}
    return data


def test_an_admin_previews_publishes_compares_and_goes_back(db: Database, tmp_path: Path) -> None:
    app = studio_app(db, tmp_path)
    put_in_force(db)
    admin = editor_of(app)
    revision = admin.put("/hotline/draft", {"document": changed(), "revision": 0}).get_json()["revision"]

    seen = admin.post("/hotline/preview", {"document": changed()}).get_json()
    assert seen["next_number"] == 2
    assert seen["blockers"] == []
    assert list(seen["difference"]["changed"]) == ["hello"]

    assert admin.post("/hotline/publish", {"revision": revision, "note": ""}).status_code == 422
    answer = admin.post("/hotline/publish", {"revision": revision, "note": "Warmer."})
    assert (answer.status_code, answer.get_json()) == (200, {"number": 2})
    late = admin.post("/hotline/publish", {"revision": revision, "note": "Again."})
    assert late.status_code == 409
    assert late.get_json()["theirs"]["nodes"]["hello"]["prompt"] == {"en-US": "Hello there."}

    newest, oldest = admin.get("/hotline/versions").get_json()
    assert (newest["number"], newest["note"], newest["by"], newest["in_force"]) == (2, "Warmer.", "Ada Novak", True)
    assert oldest["in_force"] is False
    assert admin.get("/hotline/versions/1").get_json()["nodes"] == small_flow()["nodes"]
    assert admin.get("/hotline/versions/7").status_code == 404
    found = admin.get("/hotline/compare?before=1&after=2").get_json()
    assert found["changed"]["hello"][0]["field"] == "prompt.en-US"
    assert admin.get("/hotline/compare?before=1&after=draft").status_code == 404
    assert admin.get("/hotline/compare?before=x&after=99999999999").status_code == 404

    assert admin.post("/hotline/versions/1/roll-back", {"note": "Too warm."}).get_json() == {"number": 1}
    assert admin.post("/hotline/versions/1/roll-back", {}).status_code == 422
    _newest, oldest = admin.get("/hotline/versions").get_json()
    assert oldest["returns"][0]["by"] == "Ada Novak"


def test_what_is_in_the_way_is_told_in_the_readers_language(sqlite_db: Database, tmp_path: Path) -> None:
    app = studio_app(sqlite_db, tmp_path)
    put_in_force(sqlite_db)
    with sqlite_db.write() as s:
        scenario = {"call": {}, "steps": [{"hear": "Good day."}]}
        save_test(s, "hotline", name="Greets", scenario=scenario, by="Ada", now=NOW)
    admin = editor_of(app, language="zh")
    document = changed()
    document["nodes"]["hello"]["exits"] = {}
    revision = admin.put("/hotline/draft", {"document": document, "revision": 0}).get_json()["revision"]
    seen = admin.post("/hotline/preview", {"document": document}).get_json()
    assert seen["blockers"] == ["流程有 1 个错误。", "已保存的测试“Greets”未通过。"]
    assert seen["tests"][0]["passed"] is False
    assert seen["tests"][0]["failures"]
    refused = admin.post("/hotline/publish", {"revision": revision, "note": "x"})
    assert refused.status_code == 422
    assert refused.get_json()["blockers"] == seen["blockers"]
    body = {"revision": revision, "note": "x", "override_reason": "先发布。"}
    assert admin.post("/hotline/publish", body).get_json() == {"number": 2}
    half_made = admin.post("/hotline/preview", {"document": {"name": "hotline", "nodes": {"a": {"type": "?"}}}})
    assert len(half_made.get_json()["blockers"]) == 1
    assert "cannot run" not in half_made.get_json()["blockers"][0]
    assert half_made.get_json()["problems"]


def test_ops_look_and_do_not_publish_and_agents_do_not_even_look(sqlite_db: Database, tmp_path: Path) -> None:
    app = studio_app(sqlite_db, tmp_path)
    put_in_force(sqlite_db)
    ops, agent = editor_of(app, "ops"), editor_of(app, "agent")
    assert ops.get("/hotline/versions").status_code == 200
    assert ops.post("/hotline/preview", {"document": changed()}).status_code == 200
    assert ops.post("/hotline/publish", {"revision": 1, "note": "x"}).status_code == 403
    assert ops.post("/hotline/versions/1/roll-back", {}).status_code == 403
    for path in ("/hotline/versions", "/hotline/versions/1", "/hotline/compare?before=1&after=1"):
        assert agent.get(path).status_code == 403
    assert agent.post("/hotline/preview", {"document": changed()}).status_code == 403
    assert editor_of(app).get("/nothing/versions").status_code == 404
    forged = editor_of(app)
    assert forged.send("POST", "/hotline/publish", {}, headers={"X-CSRFToken": "x"}).status_code == 400


@dataclass(frozen=True, kw_only=True)
class Terminal:
    """What the commands are given."""

    db: Database
    flow_values: dict[str, Any] = field(default_factory=dict)

    def now(self) -> Any:
        return NOW

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(flows_group, arguments, obj=self)


def test_the_terminal_runs_the_saved_tests_too_and_goes_back(sqlite_db: Database, tmp_path: Path) -> None:
    terminal = Terminal(db=sqlite_db)
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    first.write_text(json.dumps(small_flow()), encoding="utf-8")
    second.write_text(json.dumps(changed()), encoding="utf-8")
    assert "hotline: version 1 is published." in terminal.run("publish", str(first)).output
    assert "hotline: version 1 is published." in terminal.run("publish", str(first)).output
    with sqlite_db.write() as s:
        scenario = {"call": {}, "steps": [{"hear": "Good day."}]}
        save_test(s, "hotline", name="Greets", scenario=scenario, by="Ada", now=NOW)
    refused = terminal.run("publish", str(second), "--note", "Warmer.")
    assert refused.exit_code == 1
    assert "The saved test “Greets” fails." in refused.output
    assert terminal.run("publish", str(second), "--override", "It follows.").exit_code == 0
    assert "hotline: version 1 is in force." in terminal.run("roll-back", "hotline", "1", "--note", "No.").output
    assert "has no version 9" in terminal.run("roll-back", "hotline", "9").output
    with sqlite_db.read() as s:
        assert latest(s, "hotline").number == 1
        assert load_draft(s, "hotline") is None


def test_saved_tests_in_the_terminal_know_the_values_that_every_call_starts_with(
    sqlite_db: Database, tmp_path: Path
) -> None:
    terminal = Terminal(db=sqlite_db, flow_values={"desk": "the harbour desk"})
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    first.write_text(json.dumps(small_flow()), encoding="utf-8")
    named = {"variables": {"desk": {"default": ""}}, **changed("This is {{ desk }}.")}
    second.write_text(json.dumps(named), encoding="utf-8")
    terminal.run("publish", str(first))
    with sqlite_db.write() as s:
        scenario = {"call": {}, "steps": [{"hear": "This is the harbour desk."}]}
        save_test(s, "hotline", name="Names itself", scenario=scenario, by="Ada", now=NOW)
    published = terminal.run("publish", str(second), "--note", "Says who we are.")
    assert published.exit_code == 0, published.output
    nameless = Terminal(db=sqlite_db).run("test", "hotline")
    assert nameless.exit_code == 1
    assert "FAILED  Names itself" in nameless.output
