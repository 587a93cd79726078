"""The check that runs as one types: every rule at its node and field, half-made documents, values, seconds, safety."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from console import lint_words
from console.lint_details import DETAILS
from flows.documents import parse, to_json
from flows.validation import RULES
from flows.versions import Flow
from ivr.lines import Line
from storage.database import Database
from studio.checking import NEEDS_NODES
from tests.flows.small_ear import SMALL_EAR
from tests.studio.studio_desk import Editor, editor_of, small_flow, studio_app

BROKEN = Path(__file__).parents[1] / "flows" / "broken"
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def desk(sqlite_db: Database, tmp_path: Path) -> tuple[Editor, Editor]:
    """The administrator's editor in English, and an ops user's in Chinese."""
    app = studio_app(sqlite_db, tmp_path, flow_values={"desk_name": "Courier"}, speech_knowledge=SMALL_EAR)
    ada = editor_of(app)
    ada.post("/flows", {"name": "hotline", "languages": ["en-US"]})
    return ada, editor_of(app, "ops", "zh")


def check(editor: Editor, data: dict[str, Any], node: str = "") -> dict[str, Any]:
    answer = editor.post(f"/{data['name']}/check", {"document": data, "node": node})
    assert answer.status_code == 200, answer.get_json()
    found: dict[str, Any] = answer.get_json()
    return found


def test_each_broken_document_is_reported_at_its_node_and_field_in_both_languages(desk: tuple[Editor, Editor]) -> None:
    ada, ops = desk
    wrong = []
    for rule in RULES:
        text = (BROKEN / f"{rule.name}.yaml").read_text(encoding="utf-8")
        node, field = (part.replace("-", "", 1) if part == "-" else part for part in text.split("\n")[0].split()[2:4])
        data = to_json(parse(text))
        ada.post("/flows", {"name": data["name"], "languages": ["en-US"]})
        english, chinese = check(ada, data)["problems"], check(ops, data)["problems"]
        expected = [(rule.name, str(rule.level), node, field)]
        for problems in (english, chinese):
            if [(p["rule"], p["level"], p["node"], p["field"]) for p in problems] != expected:
                wrong.append((rule.name, problems))
        if not (CHINESE.search(chinese[0]["message"]) and CHINESE.search(chinese[0]["fix"])):
            wrong.append((rule.name, chinese))
        if rule.name in DETAILS and chinese[0]["message"] == lint_words.CHINESE[rule.name][0]:
            wrong.append((rule.name, "without its names and numbers", chinese))
        if CHINESE.search(english[0]["fix"]):
            wrong.append((rule.name, english))
        # Somebody is in the middle of adding a menu: what was wrong before still is, and is still told.
        data["nodes"]["scratch"] = {"type": "menu", "exits": {"sales": "scratch"}}
        more = [(p["rule"], p["level"], p["node"], p["field"]) for p in check(ada, data)["problems"]]
        unread = [("document", "error", "scratch", "prompt"), ("document", "error", "scratch", "choices")]
        still = [] if NEEDS_NODES.get(rule.name, ()) is None else expected
        if sorted(more) != sorted([*unread, *still]):
            wrong.append((rule.name, "half-made", more))
    assert wrong == []


def test_words_are_checked_where_a_number_of_the_flow_has_our_own_ear(
    desk: tuple[Editor, Editor], sqlite_db: Database
) -> None:
    ada, _ = desk
    data = to_json(parse((BROKEN / "unknown_words.yaml").read_text(encoding="utf-8")))
    data.pop("ear")
    ada.post("/flows", {"name": data["name"], "languages": ["en-US"]})
    assert check(ada, data)["problems"] == []
    with sqlite_db.write() as s:
        flow = s.scalars(select(Flow).where(Flow.name == data["name"])).one()
        s.add(Line(number="+12025550199", label="live", flow_id=flow.id, ear="house"))
    assert [p["rule"] for p in check(ada, data)["problems"]] == ["unknown_words"]


def test_a_half_made_document_tells_what_cannot_be_read_and_keeps_its_exits(desk: tuple[Editor, Editor]) -> None:
    ada, ops = desk
    data = small_flow()
    data["nodes"] |= {
        "menu": {"type": "menu", "prompt": {"en-US": "Where to?"}, "choices": [{"key": "1", "name": "bye"}],
                 "exits": {"bye": "bye"}},
        "ask": {"type": "collect", "prompt": "one text", "kind": "digits", "value": "Number"},
        "odd": {"type": "teleport", "exits": {"there": "bye"}},
        "9lives": {"type": "message"},
        "new": {},
    }  # fmt: skip
    data["nodes"]["hello"]["exits"]["next"] = "menu"
    data |= {"defaults": {"timeout_s": 900}, "colour": "red"}
    found = check(ada, data, "menu")
    places = {(p["node"], p["field"]): p["message"] for p in found["problems"]}
    assert ("", "defaults.timeout_s") in places
    assert places["", "colour"] == "There is no field “colour”."
    assert places["menu", "choices.0.label"] == "choices.0.label is missing."
    assert "one per language (en-US)" in places["ask", "prompt"]
    assert "There is no node type “teleport”." in places["odd", "type"]
    assert places["new", "type"] == "The node has no type."
    assert any(node == "9lives" for node, _ in places)
    # Nothing is said about unwired or unreachable nodes that cannot be read yet.
    assert {p["rule"] for p in found["problems"]} == {"document"}
    assert [e["name"] for e in found["exits"]["menu"]] == ["bye"]
    assert [e["name"] for e in found["exits"]["ask"]] == ["next", "person", "failed"]
    assert [e["name"] for e in found["exits"]["odd"]] == ["there"]
    assert found["exits"]["hello"] == [{"name": "next", "word": "next", "required": True}]
    assert check(ops, data)["exits"]["hello"][0]["word"] == "下一步"
    assert found["first_words"]["menu"] == {"en-US": "Where to?"}
    assert found["node"]["seconds"]["prompt.en-US"] > 0
    told = [p["message"] for p in check(ops, data)["problems"]]
    assert [message for message in told if not CHINESE.search(message)] == []
    empty = check(ada, {**small_flow(), "nodes": {}})
    assert [(p["field"], p["message"]) for p in empty["problems"]] == [("nodes", "The flow has no nodes yet.")]


def test_known_values_are_those_set_on_some_way_to_the_node_and_who_sets_them(desk: tuple[Editor, Editor]) -> None:
    ada, _ = desk
    ask = {"type": "collect", "prompt": {"en-US": "Your number?"}, "kind": "digits", "exits": {"next": "say"}}
    nodes = {
        "way": {"type": "branch", "conditions": [{"when": "true", "exit": "left"}],
                "exits": {"left": "one", "else": "two"}},
        "one": {**ask, "value": "number", "label": "Parcel number"},
        "two": {**ask, "value": "number"},
        "say": {"type": "message", "prompt": {"en-US": "{{ number }}"}, "exits": {"next": "late"}},
        "late": {"type": "listen", "prompt": {"en-US": "Tell."}, "value": "story", "exits": {"next": "bye"}},
        "bye": {"type": "hang_up"},
        "loose": {"type": "message", "prompt": {"en-US": "{{ }}"}},
    }  # fmt: skip
    data = small_flow(nodes=nodes, start="way", variables={"order": {"description": "Order of the campaign"}})

    def known(node: str) -> dict[str, tuple[str, str]]:
        found = check(ada, data, node)["node"]
        assert found["name"] == node
        return {value["name"]: (value["set_by"], value["description"]) for value in found["known"]}

    at_say = known("say")
    assert at_say["number"] == ("one, two", "Parcel number")
    assert at_say["order"] == ("from outside", "Order of the campaign")
    assert at_say["desk_name"][0] == "the organisation"
    assert at_say["caller.number"][0] == "every call"
    assert "story" not in at_say
    assert "number" not in known("way")
    assert known("bye")["story"] == ("late", "")
    assert {"number", "story"} <= set(known("loose"))
    assert check(ada, data, "nowhere")["node"] is None


@pytest.mark.parametrize(
    "attack",
    ["().__class__.__bases__", "__import__('os').system('true')", "caller.__init__.__globals__", "[x for x in caller]",
     "(lambda: 1)()", "open('/etc/passwd')", "'a' * 10 ** 9"],
)  # fmt: skip
def test_an_expression_that_reaches_for_python_is_refused_at_node_and_field(
    desk: tuple[Editor, Editor], attack: str
) -> None:
    ada, ops = desk
    data = small_flow(start="way")
    data["nodes"] |= {
        "way": {"type": "branch", "conditions": [{"when": attack, "exit": "left"}],
                "exits": {"left": "hello", "else": "hello"}},
    }  # fmt: skip
    data["nodes"]["hello"]["prompt"] = {"en-US": "Good day {{ " + attack + " }}."}
    found = {(p["node"], p["field"]): p for p in check(ada, data)["problems"] if p["rule"] == "bad_expression"}
    if attack != "'a' * 10 ** 9":  # Readable, and bounded when it runs.
        assert set(found) == {("way", "conditions.0.when"), ("hello", "prompt.en-US")}
        assert all(p["level"] == "error" and p["message"].endswith(".") for p in found.values())
        assert CHINESE.search(check(ops, data)["problems"][0]["message"])


def test_markup_and_hostile_names_stay_text(desk: tuple[Editor, Editor]) -> None:
    ada, _ = desk
    evil = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
    data = small_flow(title={"en": evil}, description=evil)
    data["nodes"]["hello"] |= {"label": evil[:80], "prompt": {"en-US": evil}}
    data["nodes"] |= {"__proto__": {"type": "hang_up"}, evil: {"type": "hang_up"}, "constructor": {"type": "message"}}
    found = check(ada, data)
    refused = {p["node"] for p in found["problems"] if "letters, digits" in p["message"]}
    assert refused == {"__proto__", evil[:60]}
    saved = ada.put("/hotline/draft", {"document": data, "revision": ada.get("/hotline").get_json()["revision"]})
    assert saved.status_code == 200
    for answer in (ada.get("/hotline"), ada.post("/hotline/check", {"document": data}), saved):
        assert answer.mimetype == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert ada.get("/hotline").get_json()["document"]["nodes"]["hello"]["prompt"] == {"en-US": evil}
    page = ada.client.get("/flows/hotline/edit").get_data(as_text=True)
    assert "<img src=x" not in page
    assert "alert(2)" not in page.replace("alert(2)&lt;/script&gt;", "")


def test_a_circle_of_sub_flows_and_an_unknown_one_are_told(desk: tuple[Editor, Editor]) -> None:
    ada, _ = desk
    data = small_flow(start="call")
    data["nodes"]["call"] = {"type": "subflow", "flow": "hotline", "exits": {"done": "hello"}}
    assert [p["rule"] for p in check(ada, data)["problems"]] == ["calls_itself"]
    data["nodes"]["call"]["flow"] = "nowhere"
    assert [(p["rule"], p["field"]) for p in check(ada, data)["problems"]] == [("unknown_flow", "flow")]


def test_a_document_of_five_thousand_broken_nodes_is_answered_with_a_thousand_findings(
    desk: tuple[Editor, Editor],
) -> None:
    ada, _ = desk
    node = {"type": "message", "prompt": {"en-US": "{{ nothing }}"}, "exits": {"next": "nowhere"}}
    found = check(ada, small_flow(nodes={f"n{number}": node for number in range(5000)}, start="n0"))
    assert len(found["problems"]) == 1000
    assert found["errors"] >= 10_000
