"""The editor's doors to drafts: opening, saving by two people, limits, discarding, new flows, and who may do what."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from flows.documents import from_json
from flows.versions import Draft, Flow, publish
from ivr.lines import Line
from storage.database import Database
from tests.console.conftest import NOW
from tests.studio.studio_desk import editor_of, small_flow, studio_app
from tickets.audit import AuditRow


def publish_flow(db: Database, data: dict[str, Any]) -> None:
    with db.write() as s:
        publish(s, from_json(data), by="Ada Novak", note="first", now=NOW - timedelta(days=1), override_reason="test")


def deeds(db: Database) -> list[tuple[str, str]]:
    with db.read() as s:
        rows = s.scalars(select(AuditRow).where(AuditRow.action.like("flow.%")).order_by(AuditRow.id))
        return [(row.action, row.subject) for row in rows]


def test_a_flow_opens_saves_and_tells_the_second_of_two_people_what_changed(db: Database, tmp_path: Path) -> None:
    app = studio_app(db, tmp_path)
    publish_flow(db, small_flow())
    publish_flow(db, small_flow("other", variables={"number": {"description": "their number"}}))
    with db.write() as s:
        flow = s.scalar(select(Flow).where(Flow.name == "hotline"))
        assert flow is not None
        s.add(Line(number="+8613800001234", label="test", flow_id=flow.id, runs_draft=True))
    ada, ops = editor_of(app), editor_of(app, "ops")
    opened = ada.get("/hotline").get_json()
    assert (opened["origin"], opened["revision"], opened["may_edit"]) == ("published", 0, True)
    assert opened["document"]["nodes"]["hello"]["prompt"] == {"en-US": "Good day."}
    assert opened["published"]["number"] == 1
    assert opened["test_number"] == "+8613800001234"
    assert opened["flows"] == [
        {
            "name": "other",
            "title": {"en": "Hotline"},
            "ends": ["done"],
            "variables": {"number": {"description": "their number"}},
        }
    ]
    assert opened["links"]["page"] == "/flows/hotline"
    assert ops.get("/hotline").get_json()["may_edit"] is False

    half_made = {**small_flow(), "nodes": {"hello": {"type": "menu", "choices": "not yet", "new": None}}, "odd": [1]}
    saved = ada.put("/hotline/draft", {"document": half_made, "revision": 0})
    assert saved.status_code == 200, saved.get_json()
    first = saved.get_json()["revision"]
    again = ada.get("/hotline").get_json()
    assert again["document"] == half_made
    assert (again["origin"], again["saved_by"], again["revision"]) == ("draft", "Ada Novak", first)
    mine = ada.put("/hotline/draft", {"document": small_flow(description="mine"), "revision": first})
    assert mine.get_json()["revision"] == first + 1
    late = ada.put("/hotline/draft", {"document": small_flow(description="late"), "revision": first})
    assert late.status_code == 409
    told = late.get_json()
    assert told["theirs"]["description"] == "mine"
    assert (told["revision"], told["updated_by"], told["updated_at"]) == (first + 1, "Ada Novak", NOW.isoformat())
    assert told["error"].startswith("Ada Novak saved this draft in the meantime")
    zero = ada.put("/hotline/draft", {"document": small_flow(), "revision": 0})
    assert zero.status_code == 409
    assert deeds(db) == [("flow.draft.save", "hotline")]

    stale = ada.send("DELETE", "/hotline/draft", {"revision": first})
    assert stale.status_code == 409
    gone = ada.send("DELETE", "/hotline/draft", {"revision": first + 1})
    assert gone.get_json()["origin"] == "published"
    assert deeds(db)[-1] == ("flow.draft.discard", "hotline")
    lost = ada.put("/hotline/draft", {"document": small_flow(), "revision": first + 1})
    assert lost.status_code == 409
    assert lost.get_json()["theirs"]["nodes"] == small_flow()["nodes"]


def test_a_first_draft_over_a_version_published_meanwhile_is_refused(db: Database, tmp_path: Path) -> None:
    app = studio_app(db, tmp_path)
    publish_flow(db, small_flow())
    ada = editor_of(app)
    base = ada.get("/hotline").get_json()["published"]["number"]
    publish_flow(db, small_flow(description="newer"))
    mine = small_flow(description="mine")
    late = ada.put("/hotline/draft", {"document": mine, "revision": 0, "base": base})
    assert late.status_code == 409
    told = late.get_json()
    assert (told["theirs"]["description"], told["published"], told["revision"]) == ("newer", 2, 0)
    assert told["updated_by"] == "Ada Novak"
    assert told["error"] == "Version 2 was published in the meantime. Compare and save again."
    assert ada.get("/hotline").get_json()["origin"] == "published", "nothing was stored"
    odd = ada.put("/hotline/draft", {"document": mine, "revision": 0, "base": "two"})
    assert odd.status_code == 422
    saved = ada.put("/hotline/draft", {"document": mine, "revision": 0, "base": 2})
    assert saved.status_code == 200
    revision = saved.get_json()["revision"]
    again = ada.put("/hotline/draft", {"document": mine, "revision": revision, "base": 1})
    assert again.status_code == 200, "once there is a draft, its revision alone counts"
    ada.post("/flows", {"name": "fresh", "title": "", "languages": ["en-US"]})
    ada.send("DELETE", "/fresh/draft", {})
    first = ada.put("/fresh/draft", {"document": small_flow("fresh"), "revision": 0, "base": 0})
    assert first.status_code == 200, "a flow without a version grows from none"


def test_an_editor_of_a_discarded_draft_never_overwrites_the_next_one(sqlite_db: Database, tmp_path: Path) -> None:
    moments = [NOW]
    app = studio_app(sqlite_db, tmp_path, clock=lambda: moments[0])
    ada = editor_of(app)
    ada.post("/flows", {"name": "hotline", "title": "", "languages": ["en-US"]})
    revision = ada.get("/hotline").get_json()["revision"]
    revision = ada.put("/hotline/draft", {"document": small_flow(), "revision": revision}).get_json()["revision"]
    ada.send("DELETE", "/hotline/draft", {})
    moments[0] += timedelta(minutes=1)
    fresh = ada.put("/hotline/draft", {"document": small_flow(description="new"), "revision": 0}).get_json()
    assert fresh["revision"] > revision
    assert ada.put("/hotline/draft", {"document": small_flow(), "revision": revision}).status_code == 409


@pytest.mark.parametrize(
    ("document", "status", "sentence"),
    [
        ([1, 2], 422, "no flow document"),
        (small_flow("another"), 422, "keeps its name"),
        ({**small_flow(), "nodes": [{"id": "a"}]}, 422, "nodes must be objects"),
        ({**small_flow(), "nodes": {"a": "b"}}, 422, "nodes must be objects"),
        ({**small_flow(), "languages": "en"}, 422, "list of language tags"),
        ({**small_flow(), "nodes": {f"n{n}": {"type": "message"} for n in range(5001)}}, 422, "5001 nodes"),
        ({**small_flow(), "title": "Hotline"}, 422, "“title” cannot be read"),
        ({**small_flow(), "languages": [f"l{n}" for n in range(41)]}, 422, "41 languages"),
        (small_flow(description="x" * 5_100_000), 413, "larger than 5 MB"),
        (small_flow(description="half \ud800"), 400, "cannot be stored"),
        (small_flow(description="\x00"), 400, "cannot be stored"),
    ],
    ids=["list", "other name", "listed nodes", "text node", "tags", "5001", "title", "41 tags", "5 MB", "half", "nul"],
)
def test_what_is_no_document_or_too_much_is_refused_with_a_sentence_and_nothing_is_stored(
    sqlite_db: Database, tmp_path: Path, document: Any, status: int, sentence: str
) -> None:
    app = studio_app(sqlite_db, tmp_path)
    publish_flow(sqlite_db, small_flow())
    ada = editor_of(app)
    for method, path in (("PUT", "/hotline/draft"), ("POST", "/hotline/check")):
        answer = ada.send(method, path, {"document": document, "revision": 0})
        assert answer.status_code == status, answer.get_json()
        assert sentence in answer.get_json()["error"]
    with sqlite_db.read() as s:
        assert s.scalar(select(Draft)) is None


def test_text_that_is_no_json_or_a_bomb_of_brackets_is_refused(sqlite_db: Database, tmp_path: Path) -> None:
    app = studio_app(sqlite_db, tmp_path)
    publish_flow(sqlite_db, small_flow())
    ada = editor_of(app)
    headers = {"X-CSRFToken": ada.token, "Content-Type": "application/json"}
    for text, sentence in (
        (b"{", "not JSON"),
        (b"[]", "must be a JSON object"),
        (b'{"a": NaN}', "not JSON"),
        (b'{"document": {"name": "hotline", "a": 1e999}}', "too large"),
        (b'{"document": ' + b"[" * 100 + b"]" * 100 + b"}", "nested too deeply"),
        (b'{"document": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "nested too deeply"),
        (b"\xff\xfe{}", "not JSON"),
    ):
        answer = ada.client.put("/studio/hotline/draft", data=text, headers=headers)
        assert answer.status_code == 400
        assert answer.mimetype == "application/json"
        assert sentence in answer.get_json()["error"]


def test_agents_are_refused_ops_only_read_and_a_change_needs_the_sessions_token(
    sqlite_db: Database, tmp_path: Path
) -> None:
    app = studio_app(sqlite_db, tmp_path)
    publish_flow(sqlite_db, small_flow())
    changes = [
        ("PUT", "/hotline/draft", {"document": small_flow(), "revision": 0}),
        ("DELETE", "/hotline/draft", {}),
        ("POST", "/flows", {"name": "new", "title": "", "languages": ["en-US"]}),
    ]
    readings: list[tuple[str, str, Any]] = [
        ("GET", "/types", None),
        ("GET", "/hotline", None),
        ("POST", "/hotline/check", {"document": small_flow()}),
    ]
    agent, ops, ada = (editor_of(app, role) for role in ("agent", "ops", "admin"))
    for method, path, body in (*changes, *readings):
        refused = agent.send(method, path, body)
        assert (refused.status_code, refused.mimetype) == (403, "application/json"), path
        assert "may not open" in refused.get_json()["error"] or "Only administrators" in refused.get_json()["error"]
    for method, path, body in changes:
        assert ops.send(method, path, body).status_code == 403
    for method, path, body in readings:
        assert ops.send(method, path, body).status_code == 200, path
    assert agent.client.get("/flows/hotline/edit").status_code == 403
    forged = ada.client.put("/studio/hotline/draft", json={"document": small_flow(), "revision": 0})
    assert (forged.status_code, forged.mimetype) == (400, "application/json")
    stranger = app.test_client().get("/studio/hotline", headers={"Accept": "application/json"})
    assert stranger.status_code == 401
    assert app.test_client().get("/flows/hotline/edit").status_code == 302
    with sqlite_db.read() as s:
        assert s.scalar(select(Draft)) is None
    assert deeds(sqlite_db) == []
    assert ada.get("/nothing").status_code == 404
    assert "There is no flow" in ada.get("/nothing").get_json()["error"]


def test_a_new_flow_is_empty_or_a_copy_and_its_name_is_its_own(db: Database, tmp_path: Path) -> None:
    app = studio_app(db, tmp_path)
    publish_flow(db, small_flow())
    ada = editor_of(app)
    made = ada.post("/flows", {"name": "evening", "title": "Evening", "languages": ["zh-CN", "en-US"]})
    assert (made.status_code, made.get_json()) == (201, {"name": "evening"})
    opened = ada.get("/evening").get_json()
    assert opened["origin"] == "draft"
    assert opened["document"]["title"] == {"en": "Evening"}
    assert opened["document"]["nodes"]["welcome"]["prompt"] == {"zh-CN": "您好。", "en-US": "Hello."}
    copy = ada.post("/flows", {"name": "copy", "title": "Copy", "languages": [], "from": "hotline"})
    assert copy.status_code == 201
    document = ada.get("/copy").get_json()["document"]
    assert (document["name"], document["title"], document["nodes"]) == ("copy", {"en": "Copy"}, small_flow()["nodes"])
    for body, status, sentence in (
        ({"name": "hotline", "languages": ["en-US"]}, 409, "There already is a flow “hotline”"),
        ({"name": "Hot Line", "languages": ["en-US"]}, 422, "small letters"),
        ({"name": "<script>", "languages": ["en-US"]}, 422, "small letters"),
        ({"name": "types", "languages": ["en-US"]}, 422, "small letters"),
        ({"name": "fine", "languages": []}, 422, "at least one language"),
        ({"name": "fine", "languages": ["english please"]}, 422, "tags such as"),
        ({"name": "fine", "languages": [], "from": "nowhere"}, 422, "There is no flow"),
    ):
        answer = ada.post("/flows", body)
        assert answer.status_code == status, body
        assert sentence in answer.get_json()["error"]
    assert ("flow.create", "evening") in deeds(db)
    chinese = editor_of(app, language="zh").post("/flows", {"name": "hotline", "languages": ["en-US"]})
    assert chinese.get_json()["error"] == "已有名为“hotline”的流程。请换一个名称。"
