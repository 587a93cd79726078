"""Twilio Studio definitions as flows: what each widget becomes, what is told, and that the result runs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.documents import FlowDocument, dump, parse
from flows.importers import Imported, ImportRefused, import_file
from flows.nodes.base import Caller
from flows.problems import Level
from flows.requests import LookupReply
from ivr.rehearsal.house import World
from ivr.rehearsal.rehearsing import Rehearsing
from telephony.calls import DialEnded, Digits, Heard, QueueEnded, Recorded, Silence, Speech

DOCUMENTS = Path(__file__).parent / "documents"
CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "studio"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def read(data: dict[str, Any], **more: Any) -> Imported:
    return import_file(json.dumps(data).encode(), file_name="flow.json", now=NOW, **more)


def definition(*widgets: dict[str, Any], first: str = "") -> dict[str, Any]:
    start = first or widgets[0]["name"]
    trigger = widget("Trigger", "trigger", {"incomingCall": start, "incomingMessage": ""})
    return {"description": "A line", "states": [trigger, *widgets], "initial_state": "Trigger", "flags": {}}


def widget(name: str, kind: str, ways: dict[str, str], **properties: Any) -> dict[str, Any]:
    transitions = [{"event": event, **({"next": target} if target else {})} for event, target in ways.items()]
    return {"name": name, "type": kind, "transitions": transitions, "properties": properties}


def say(name: str, text: str, then: str = "", **more: Any) -> dict[str, Any]:
    return widget(name, "say-play", {"audioComplete": then}, say=text, **more)


def split(name: str, argument: str, *ways: tuple[str, str, str], otherwise: str = "") -> dict[str, Any]:
    made = widget(name, "split-based-on", {"noMatch": otherwise}, input=argument)
    for kind, value, target in ways:
        condition = {"friendly_name": "If", "arguments": [argument], "type": kind, "value": value}
        made["transitions"].append({"event": "match", "next": target, "conditions": [condition]})
    return made


def call(document: FlowDocument, *heard: Heard, lookup: LookupReply | None = None) -> Rehearsing:
    replies = {name: [lookup] for name, node in document.nodes.items() if node.type == "lookup" and lookup}
    world = World(lookups=replies)
    talk = Rehearsing(
        document, now=NOW, caller=Caller(number="+12125550199", name="Ann"), service_number="+12125550111", world=world
    )
    talk.start()
    for item in heard:
        assert not talk.session.ended, f"The call was over before {item}."
        talk.hear(item)
    return talk


def spoken(talk: Rehearsing) -> list[str]:
    return [part["text"] for part in talk.start().said if part["text"]]


def places(items: list[Any], what: str = "") -> set[str]:
    return {item.place for item in items if not what or item.what == what}


@pytest.fixture(scope="module")
def ferry() -> Imported:
    file = DOCUMENTS / "ferry_line.json"
    return import_file(file.read_bytes(), file_name=file.name, now=NOW)


def test_every_widget_of_a_file_is_in_the_report(ferry: Imported) -> None:
    widgets = {state["name"] for state in json.loads((DOCUMENTS / "ferry_line.json").read_text())["states"]}
    report = ferry.report
    told = places(report.taken) | places(report.changed) | places(report.refused)
    assert widgets - told == {"which", "which_words"}, "The splits of a menu are named in the menu's own line."
    assert "which, which_words" in next(i.sentence for i in report.taken if i.place == "main_menu")


def test_what_only_a_text_message_leads_to_and_what_nothing_leads_to_is_left_out_by_name(ferry: Imported) -> None:
    refused = {item.place: item.sentence for item in ferry.report.refused}
    assert "incomingMessage" in refused["text_back"]
    assert "no way leads to it" in refused["forgotten"]
    assert not {"text_back", "forgotten"} & set(ferry.data["nodes"])


def test_each_unwired_exit_is_told_and_ends_the_call(ferry: Imported) -> None:
    unwired = {item.place: item.values["events"] for item in ferry.report.changed if item.what == "unwired"}
    assert unwired["sunk"] == "audioComplete"
    assert unwired["ring_back"] == "busy, noAnswer, failed"
    assert ferry.data["nodes"]["sunk"]["exits"] == {"next": "end"}


def test_a_gather_and_its_splits_are_one_menu_by_key_and_words(ferry: Imported) -> None:
    menu = ferry.data["nodes"]["main_menu"]
    keys = {choice["key"]: choice["name"] for choice in menu["choices"]}
    assert keys == {"1": "departures", "2": "lost_luggage", "3": "groups", "0": "person"}
    assert menu["choices"][1]["words"] == {"en-US": ["suitcase"]}
    assert menu["reprompt"]["en-US"].startswith("That is no key")
    assert menu["exits"]["failed"] == "leave_word"
    assert menu["say_options"] is False


def test_widgets_of_other_services_are_named_and_passed_by_with_a_note_at_their_place(ferry: Imported) -> None:
    strangers = {"pay", "robot", "other_line", "ring_back", "stream", "elsewhere", "tones", "chat", "tape"}
    assert strangers <= places(ferry.report.refused)
    assert not strangers & set(ferry.data["nodes"])
    assert ferry.data["nodes"]["purser"]["exits"]["answered"] == "bye", "The way past them all is kept."
    notes = {note["text"].partition(" ")[0]: (note["x"], note["y"]) for note in ferry.data["notes"]}
    assert notes["robot"] == (600, 1440)


def test_liquid_becomes_holes_and_what_cannot_is_named_and_left_out(ferry: Imported) -> None:
    nodes = ferry.data["nodes"]
    assert nodes["greeting"]["prompt"]["en-US"] == (
        'Ahoy {{ caller.name | default("sailor") }}! This is the Seagull Ferry line.'
    )
    assert nodes["find_ticket"]["take"]["find_ticket_legs_0_name"] == "legs[0].name"
    assert nodes["vip_ways"]["prompt"]["en-US"] == "Welcome aboard the bridge,  captain."
    assert "nobody" in next(i.sentence for i in ferry.report.refused if i.place == "vip_ways")


def test_the_lint_finds_nothing_that_the_report_does_not_explain(ferry: Imported) -> None:
    told = places(ferry.report.changed) | places(ferry.report.refused)
    assert [p for p in ferry.problems if p.level is Level.ERROR] == []
    assert {p.node for p in ferry.problems} <= told


def test_an_import_is_a_document_that_reads_back_the_same(ferry: Imported) -> None:
    assert ferry.document is not None
    assert parse(dump(ferry.document)) == ferry.document


def test_a_call_runs_through_the_imported_flow_to_its_end(ferry: Imported) -> None:
    document = ferry.document
    assert document is not None
    body = {"delay": {"minutes": 12, "reason": "FOG"}, "state": "afloat"}
    talk = call(
        document, Speech(text="departure", confidence=0.9), Digits(digits="123456"),
        lookup=LookupReply(outcome="ok", status=200, body=body),
    )  # fmt: skip
    assert talk.session.ended
    values = talk.session.frames[0].values
    assert values["tries"] == 1
    assert values["ticket_no"] == "123456"
    assert "https://ferries.example.org/t/123456" in talk.house.messages[0]["body"]


def test_at_night_another_way_is_taken_and_a_message_is_recorded(ferry: Imported) -> None:
    assert ferry.document is not None
    talk = Rehearsing(
        ferry.document, now=datetime(2026, 11, 22, 23, 0, tzinfo=UTC), caller=Caller(number="+12125550199")
    )
    assert "asleep" in " ".join(part["text"] for part in talk.start().said)
    talk.hear(Recorded(url="https://x.test/r", sid="RE1", duration_s=9))
    talk.hear(DialEnded(status="no-answer"))
    assert talk.session.ended


def test_the_public_flow_to_a_contact_centre_runs_from_start_to_an_end() -> None:
    file = CORPUS / "11_twilio_labs_voice_to_flex.json"
    if not file.is_file():
        pytest.skip("corpus not present")
    imported = import_file(file.read_bytes(), file_name=file.name, now=NOW)
    assert imported.document is not None
    assert imported.problems == ()
    refused = places(imported.report.refused)
    assert {"VoiceAutopilot", "ReturnAutopilot", "SMSAutopilot", "AskToCoordinator", "GoToFlex"} <= refused
    unwired = places(imported.report.changed, "unwired")
    assert unwired == {"VoiceAutopilot", "VoiceCheckTask", "FlexCall", "Confirmation", "ReturnAutopilot"}
    talk = call(imported.document, Digits(digits="1"), Digits(digits="5"), QueueEnded(result="bridged"))
    assert talk.session.ended
    assert talk.session.outcome == "completed"
    assert call(imported.document, Digits(digits="1"), Silence(), Silence(), Silence()).session.ended


@pytest.mark.parametrize(
    ("kind", "value", "given", "holds"),
    [
        ("equal_to", "Yes", "yES", True),
        ("equal_to", "7", "8", False),
        ("not_equal_to", "7", "8", True),
        ("matches_any_of", "red, Green", "green", True),
        ("does_not_match_any_of", "red, green", "blue", True),
        ("is_blank", "", "", True),
        ("is_not_blank", "", "x", True),
        ("contains", "ship", "A SHIP!", True),
        ("does_not_contain", "ship", "a boat", True),
        ("starts_with", "0049", "0049123", True),
        ("does_not_start_with", "0049", "0033", True),
        ("less_than", "5", "4.5", True),
        ("greater_than", "5", "4.5", False),
        ("regex", r"^\d{4}$", "1234", True),
        ("regex", r"^\d{4}$", "123", False),
        ("regex", "^(a|b)$", "B", True),
        ("is_before_date", "2026-12-31", "2026-12-30", True),
        ("is_after_time", "09:30", "10:00", True),
    ],
)
def test_each_kind_of_condition_decides_as_in_studio(kind: str, value: str, given: str, holds: bool) -> None:
    imported = read(
        definition(split("S", "{{flow.data.x}}", (kind, value, "Yes"), otherwise="No"), say("Yes", "Y"), say("No", "N"))
    )
    assert imported.document is not None
    assert not places(imported.report.refused, "condition")
    talk = Rehearsing(imported.document, now=NOW, values={"x": given})
    assert spoken(talk) == ["Y" if holds else "N"]


def test_a_condition_without_counterpart_never_holds_and_is_named() -> None:
    imported = read(definition(split("S", "{{flow.data.x}}", ("regex", "^(?=a)b$", "Yes")), say("Yes", "Y")))
    assert imported.data["nodes"]["S"]["conditions"][0]["when"] == "false"
    assert places(imported.report.refused, "condition") == {"S"}


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ __import__('os').system('id') }}",
        "{{ widgets.__class__.__mro__ }}",
        "{{ flow.variables.x.__class__ }}",
        "{{ ''.__class__ }}",
        "{% raw %}{{ caller.__dict__ }}{% endraw %}",
        "{{ x | map: 'y' }}",
        "{% include 'secrets' %}",
        "{% for i in (1..100000000) %}a{% endfor %}",
        "{{ flow.variables.x | append: '}} {{ open(1) }}' }}",
        "{{",
        "{{ }}",
        "{% if %}",
        "{% if a %}" * 50,
        "{{ 'a' | append: \"b'\" | append: '\"' }}",
        "{{" + "a." * 5000 + "b}}",
        "}}{{{{}}}}",
    ],
)
def test_liquid_that_reaches_for_more_is_inert(hostile: str) -> None:
    imported = read(
        definition(say("Hello", f"Start {hostile} end", "Ask"), split("Ask", hostile, ("equal_to", hostile, "Hello")))
    )
    assert imported.document is not None
    assert not [p for p in imported.problems if p.rule in ("bad_expression", "bad_template")]
    said = " ".join(part["text"] for part in Rehearsing(imported.document, now=NOW).start().said)
    assert "Start" in said
    assert "uid=" not in said


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "__proto__",
        "constructor",
        "a\"b'c",
        "x" * 1500,
        "名字",
        "1",
        "a\x00b\x1b[31m",
        "end",
    ],
)
def test_hostile_names_become_names_of_ours_and_stay_text(name: str) -> None:
    imported = read(definition(say(name, "Hi", "Next"), say("Next", "Bye")))
    assert imported.document is not None
    assert all(len(node) <= 60 and node.isprintable() and "<" not in node for node in imported.data["nodes"])
    assert "__proto__" not in imported.data["nodes"]
    talk = Rehearsing(imported.document, now=NOW)
    assert spoken(talk) == ["Hi", "Bye"]


def test_a_circle_of_widgets_without_counterpart_ends_the_call() -> None:
    fork = {"next": "B"}
    imported = read(definition(widget("A", "fork-stream", fork), widget("B", "fork-stream", {"next": "A"})))
    assert imported.data["start"] == "end"
    assert {"A", "B"} & places(imported.report.changed, "loop")


def test_a_flow_that_the_rest_api_begins_is_taken_with_a_word() -> None:
    data = definition(say("Hello", "Hi"))
    data["states"][0]["transitions"] = [{"event": "incomingRequest", "next": "Hello"}]
    assert places(read(data).report.changed, "incomingRequest") == {"Trigger"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda d: d["states"][1]["transitions"][0].update(next="Gone"),
            "widget “Hello”: Its transition audioComplete leads to “Gone”",
        ),
        (lambda d: d["states"].append(say("Hello", "again")), "widget “Hello”: Two widgets have this name"),
        (lambda d: d["states"].pop(0), "The flow has no trigger"),
        (lambda d: d.update(initial_state="Nowhere"), "initial_state is “Nowhere”"),
        (
            lambda d: d["states"][0].update(transitions=[{"event": "incomingMessage", "next": "Hello"}]),
            "leads nowhere when a call comes in",
        ),
        (lambda d: d["states"].append({"type": "say-play"}), "Widget 3 has no name"),
        (lambda d: d["states"].append({"name": "x"}), "The widget has no type"),
        (lambda d: d["states"].extend(say(f"w{n}", "x") for n in range(5000)), "the limit is 5000"),
    ],
)
def test_a_definition_that_is_not_whole_is_refused_naming_the_place(change: Any, sentence: str) -> None:
    data = definition(say("Hello", "Hi"))
    change(data)
    with pytest.raises(ImportRefused) as refused:
        read(data)
    assert sentence in refused.value.sentence


def test_what_the_api_of_studio_answers_is_read_too() -> None:
    whole = {"sid": "FW1", "friendly_name": "Night line", "definition": definition(say("Hello", "Hi"))}
    assert read(whole).data["name"] == "night_line"


def gather(name: str, text: str, ways: dict[str, str], **more: Any) -> dict[str, Any]:
    return widget(name, "gather-input-on-call", ways, say=text, **more)


def test_a_gather_for_words_alone_is_a_menu_whose_options_are_said() -> None:
    imported = read(
        definition(
            gather("Ask", "What is it about?", {"speech": "Which", "timeout": "Bye"}),
            split("Which", "{{widgets.Ask.SpeechResult}}", ("contains", "sales", "Sell"), ("contains", "help", "Bye")),
            say("Sell", "Selling."),
            say("Bye", "Bye."),
        )
    )
    menu = imported.data["nodes"]["Ask"]
    assert [(c["key"], c["name"]) for c in menu["choices"]] == [("1", "sales"), ("2", "help")]
    assert "say_options" not in menu
    assert imported.document is not None
    assert call(imported.document, Speech(text="I want sales", confidence=0.9)).session.ended


def test_an_answer_that_is_read_elsewhere_too_is_kept_as_digits() -> None:
    imported = read(
        definition(
            gather("Ask", "Key it.", {"keypress": "Which", "timeout": "Ask"}, number_of_digits=1),
            split("Which", "{{widgets.Ask.Digits}}", ("equal_to", "1", "Told"), otherwise="Ask"),
            say("Told", "You keyed {{widgets.Ask.Digits}}."),
        )
    )
    assert imported.data["nodes"]["Ask"]["type"] == "collect"
    assert imported.document is not None
    talk = Rehearsing(imported.document, now=NOW)
    talk.start()
    assert talk.hear(Digits(digits="1")).said[0]["text"] == "You keyed 1."


def test_a_gather_whose_words_are_read_is_open_speech() -> None:
    imported = read(
        definition(
            gather("Ask", "Tell us.", {"keypress": "", "speech": "Told", "timeout": ""}, hints="boat", timeout=9),
            say("Told", "You said {{widgets.Ask.SpeechResult | upcase}}."),
        )
    )
    node = imported.data["nodes"]["Ask"]
    assert (node["type"], node["value"], node["timeout_s"]) == ("listen", "ask_words", 9)
    assert places(imported.report.changed, "speech") == {"Ask"}
    assert imported.document is not None
    talk = Rehearsing(imported.document, now=NOW)
    talk.start()
    assert talk.hear(Speech(text="a boat", confidence=0.9)).said[0]["text"] == "You said A BOAT."


def test_a_menu_of_more_than_five_options_and_on_keys_with_meanings_is_told() -> None:
    ways = [("equal_to", str(key), "Bye") for key in (1, 2, 3, 4, 5, 6)] + [("equal_to", "9", "Bye")]
    imported = read(
        definition(
            gather("Ask", "Press a key.", {"keypress": "Which"}, number_of_digits=1),
            split("Which", "{{widgets.Ask.Digits}}", *ways),
            say("Bye", "Bye."),
        )
    )
    assert {"choices", "key"} <= {item.what for item in imported.report.changed if item.place == "Ask"}
    assert {p.rule for p in imported.problems} >= {"too_many_choices", "taken_key"}


def test_a_part_in_another_language_keeps_it_and_is_told() -> None:
    imported = read(
        definition(say("A", "Hello", "B", language="en-GB"), say("C", "x"), say("B", "Hola", "C", language="es-MX"))
    )
    assert imported.data["languages"] == ["en-GB"]
    assert imported.data["nodes"]["B"]["prompt"] == {"es-MX": "Hola"}
    assert places(imported.report.changed, "language") == {"B"}
    assert read(definition(say("A", "您好", language="cmn-CN"))).data["languages"] == ["zh-CN"]
