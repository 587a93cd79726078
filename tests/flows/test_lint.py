"""The lint: each rule finds its broken document, at the right node and field, and nothing else in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.documents import FlowDocument, from_json, parse, to_json
from flows.nodes.base import Context
from flows.nodes.speaking import scope
from flows.problems import Level, Problem
from flows.validation import RULES, lint
from flows.validation.promised_keys import promised_keys
from flows.validation.secrets import describe_secret
from flows.validation.values import CALL_VALUES
from tests.flows.small_ear import SMALL_EAR

BROKEN = Path(__file__).parent / "broken"


def load(name: str) -> tuple[str, FlowDocument]:
    text = (BROKEN / f"{name}.yaml").read_text(encoding="utf-8")
    return text.partition("\n")[0], parse(text)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_finds_its_broken_document_and_names_node_and_field(rule: Any) -> None:
    head, document = load(rule.name)
    node, field = (part.replace("-", "", 1) if part == "-" else part for part in head.split()[2:4])
    problems = lint(document, speech=SMALL_EAR)
    assert [(p.rule, p.level, p.node, p.field) for p in problems] == [(rule.name, rule.level, node, field)]
    assert problems[0].message.endswith((".", "?"))
    assert problems[0].fix


def test_every_broken_document_belongs_to_a_rule() -> None:
    assert sorted(p.stem for p in BROKEN.glob("*.yaml")) == sorted(rule.name for rule in RULES)


def test_rules_have_titles_in_both_languages_and_one_name_each() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.title["en"] and rule.title["zh"] for rule in RULES)


def change(rule: str, **nodes: dict[str, Any]) -> FlowDocument:
    """The broken document of a rule with some nodes put in or replaced."""
    data = to_json(load(rule)[1])
    return from_json({**data, "nodes": {**data["nodes"], **nodes}})


def rules_of(problems: Sequence[Problem]) -> set[str]:
    return {p.rule for p in problems}


def test_repairing_a_broken_document_silences_the_lint() -> None:
    _, document = load("missing_exit")
    data = to_json(document)
    data["nodes"]["main"]["exits"]["complain"] = "voicemail"
    assert lint(from_json(data)) == []


def test_errors_come_before_warnings_and_nodes_in_their_order() -> None:
    data = to_json(load("unreachable")[1])
    data["nodes"]["main"]["exits"]["complain"] = "nowhere"
    data["nodes"]["hello"]["exits"]["next"] = "nowhere"
    problems = lint(from_json(data))
    levels = [p.level for p in problems]
    assert levels == sorted(levels, key=lambda level: level is not Level.ERROR)
    assert [p.node for p in problems if p.rule == "dangling_exit"] == ["hello", "main"]


def test_a_dangling_exit_suggests_the_node_that_was_meant() -> None:
    assert lint(load("dangling_exit")[1])[0].fix == "Did you mean goodbye?"


def test_a_value_that_is_set_only_later_is_told_apart_from_one_that_is_never_set() -> None:
    document = change(
        "unknown_value",
        main={
            "type": "set_value",
            "values": {"parcel_status": "'here'"},
            "exits": {"next": "goodbye"},
        },
    )
    messages = [p.message for p in lint(document) if p.rule == "unknown_value"]
    assert messages == ["parcel_status has no value yet: main sets it, but never before this node."]


def test_a_value_that_some_way_sets_and_a_value_with_a_default_are_known() -> None:
    document = change(
        "unknown_value",
        hello={
            "type": "set_value",
            "values": {"parcel_status": "first(earlier, 'new')"},
            "exits": {"next": "say"},
        },
        say={
            "type": "message",
            "prompt": {"en-US": "{{ parcel_status }} {{ other | default('x') }}", "zh-CN": "{{ parcel_status }}"},
            "exits": {"next": "main"},
        },
    )
    assert lint(document) == []


def test_the_values_that_the_lint_takes_as_given_are_those_that_every_node_sees() -> None:
    document = load("missing_exit")[1]
    context = Context(document=document, node_id="hello", now=datetime(2026, 11, 21, tzinfo=UTC), language="en-US")
    assert set(scope(context)) == set(CALL_VALUES)


def test_a_loop_with_a_question_in_it_is_not_silent() -> None:
    document = change(
        "silent_loop",
        again={
            "type": "confirm",
            "prompt": {"en-US": "Shall I go on?", "zh-CN": "继续吗？"},
            "exits": {"yes": "check", "no": "goodbye"},
        },
    )
    assert "silent_loop" not in rules_of(lint(document))


def test_a_node_that_leads_to_itself_is_a_silent_loop() -> None:
    document = change(
        "silent_loop",
        again={"type": "message", "prompt": {"en-US": "Hm.", "zh-CN": "嗯。"}, "exits": {"next": "again"}},
    )
    assert ("silent_loop", "again") in {(p.rule, p.node) for p in lint(document)}


def test_two_flows_that_call_each_other_are_found() -> None:
    _, document = load("unknown_flow")
    problems = lint(document, known_flows={"identify_caller": ["ask_name"], "ask_name": ["unknown_flow"]})
    assert rules_of(problems) == {"calls_itself"}
    assert "unknown_flow → identify_caller → ask_name → unknown_flow" in problems[0].message


def test_without_knowledge_of_other_flows_their_calls_are_not_checked() -> None:
    assert lint(load("unknown_flow")[1], known_flows=None) == []


def test_a_message_cannot_promise_a_key_but_may_name_the_global_ones() -> None:
    said = {"en-US": "Press 4 for news, or 0 for a person.", "zh-CN": "按零转人工。"}
    document = change("missing_exit", hello={"type": "message", "prompt": said, "exits": {"next": "main"}})
    problems = [p for p in lint(document) if p.rule == "promised_key"]
    assert [(p.node, p.field) for p in problems] == [("hello", "prompt.en-US")]
    assert "press 4" in problems[0].message


def test_a_language_offer_tells_its_own_key() -> None:
    offer = {
        "type": "language",
        "choices": [
            {"key": "1", "language": "zh-CN", "prompt": "中文服务请按1。"},
            {"key": "2", "language": "en-US", "prompt": "For English, press 3."},
        ],
        "exits": {"next": "main"},
    }
    problems = lint(change("missing_exit", hello=offer))
    found = [(p.rule, p.field) for p in problems if p.node == "hello"]
    assert found == [("promised_key", "choices.1.prompt"), ("hidden_key", "choices.1.prompt")]


@pytest.mark.parametrize(
    ("text", "language", "keys"),
    [
        ("For deliveries, press 1. For tickets press two; or press 3 or 4.", "en-US", "1234"),
        ("Press 1, 2, or 3, or the star key.", "en", "123"),
        ("Press the pound key, then press star.", "en-GB", "#*"),
        ("Enter 6 digits. Key in two digits for the month. Press 10. Press one of the keys.", "en", ""),
        ("查件请按1，投诉请按 2 键，人工请按零，返回请按星号键。", "zh-CN", "012*"),
        ("请按一，或者按“二”，或按３", "zh", "123"),
        ("请按下一位数字，按一次，按一下，按照提示", "zh-CN", ""),
        ("배송은 1번을 눌러 주세요", "ko-KR", "1"),
        ("Für Pakete drücken Sie bitte die Eins.", "de-DE", "1"),
        ("Tapez 1, puis appuyez sur la touche étoile.", "fr-FR", "1*"),
    ],
)
def test_promised_keys_are_read_from_prompts(text: str, language: str, keys: str) -> None:
    assert promised_keys(text, language) == frozenset(keys)


def test_a_language_whose_words_for_keys_are_unknown_promises_nothing_either_way() -> None:
    assert promised_keys("Premi 1", "it-IT") is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("headers.Authorization", "Bearer abcdefgh12345678"),
        ("headers.X-Api-Key", "k-12345678"),
        ("body.password", "hunter2!"),
        ("url", "https://bob:s3cret99@api.example.com/"),
        ("url", "https://api.example.com/?api_key=abcdef123456"),
        ("text", "AC" + "0123456789abcdef" * 2),
        ("text", "0123456789abcdef" * 2),
        ("text", "my key sk_live_" + "a1B2c3D4e5F6"),
        ("text", "eyJhbGciOiJIUzI1.eyJzdWIiOiIx.SflKxwRJ"),
        ("text", "AKIA" + "ABCDEFGHIJKLMNOP"),
        ("text", "-----BEGIN RSA PRIVATE KEY-----"),
        ("text", "q9Xv2LmT8sKpR4wZ7nBcY1dFhJ3gA6eU"),
    ],
)
def test_strings_that_look_like_secrets_are_found(path: str, text: str) -> None:
    assert describe_secret(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("headers.Authorization", "Bearer secret:PARCEL_TOKEN"),
        ("headers.Authorization", "secret:PARCEL"),
        ("headers.Authorization", "{{ token }}"),
        ("prompt.en-US", "Please say your password. The basic information follows."),
        ("url", "https://api.example.com/parcels/{{ tracking }}?token=secret:TOKEN"),
        ("text", "a_very_long_name_with_many_small_words_in_it"),
        ("prompt.zh-CN", "请在提示音后留言，完成后请按井号键。"),
        ("prompt.en-US.audio", "q9Xv2LmT8sKpR4wZ7nBcY1dFhJ3gA6eU"),
        ("exits.next", "say_the_status_of_the_parcel_and_its_day"),
    ],
)
def test_ordinary_strings_are_no_secrets(path: str, text: str) -> None:
    assert describe_secret(path, text) == ""


def test_five_hundred_nodes_are_linted_with_each_problem_once() -> None:
    data = to_json(load("missing_exit")[1])
    nodes = {}
    for i in range(125):
        for name, node in data["nodes"].items():
            exits = {e: f"{t}{i if name != 'voicemail' else (i + 1) % 125}" for e, t in node.get("exits", {}).items()}
            nodes[f"{name}{i}"] = {**node, "exits": exits}
    for i in range(124):
        nodes[f"goodbye{i}"] = {**data["nodes"]["hello"], "exits": {"next": f"hello{i + 1}"}}
    document = from_json(
        {**data, "start": "hello0", "defaults": {"person": "voicemail0", "failure": "voicemail0"}, "nodes": nodes}
    )
    errors = [(p.rule, p.node) for p in lint(document) if p.level is Level.ERROR]
    assert errors == [("missing_exit", f"main{i}") for i in range(125)]


def test_words_are_only_checked_where_our_own_ear_listens_and_somebody_knows() -> None:
    document = load("unknown_words")[1]
    assert lint(document) == []
    elsewhere = from_json({**to_json(document), "ear": "carrier"})
    assert lint(elsewhere, speech=SMALL_EAR) == []
    by_its_number = lint(elsewhere, speech=SMALL_EAR, house_ear=True)
    assert [p.message for p in by_its_number] == [
        "The recogniser does not know “zorbing”, so whoever says it is not understood."
    ]


def test_a_language_that_nobody_here_hears_is_told_once_for_the_whole_flow() -> None:
    data = to_json(load("unknown_words")[1])
    problems = lint(from_json({**data, "languages": ["en-US", "zh-CN", "fr-FR"]}), speech=SMALL_EAR)
    found = [p for p in problems if p.rule == "unknown_words"]
    assert [(p.node, p.field) for p in found] == [("", "ear"), ("main", "choices.1.words.en-US.0")]
    assert "flask speech install fr-FR" in found[0].fix


def outbound(**changes: Any) -> FlowDocument:
    """A flow for calls we make without a fault but what is changed in its outbound section."""
    data = to_json(load("goal_unreachable")[1])
    data["outbound"] = {**data["outbound"], "goals": ["told"], **changes}
    return from_json(data)


def test_a_flow_for_calls_we_make_may_be_without_fault() -> None:
    assert lint(outbound()) == []


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"voicemail": "machin"}, "voicemail_unfit", "outbound.voicemail"),
        ({"goals": []}, "goal_unreachable", "outbound.goals"),
        ({"opt_out_key": "7"}, "opt_out_key_taken", "wrong_person_key"),
        ({"opt_out_key": "1"}, "opt_out_key_taken", "choices.0.key"),
        ({"organisation": {}}, "organisation_unnamed", "outbound.organisation.en-US"),
    ],
)
def test_each_part_of_the_outbound_section_is_checked(changes: dict[str, Any], rule: str, field: str) -> None:
    assert (rule, field) in [(p.rule, p.field) for p in lint(outbound(**changes))]


def test_a_message_for_machines_asks_nothing_and_names_a_number() -> None:
    asks = lint(outbound(voicemail="ask"))
    assert ("voicemail_unfit", "ask") in [(p.rule, p.node) for p in asks]
    data = to_json(outbound())
    data["nodes"]["machine"]["prompt"] = {"en-US": "Please call us.", "zh-CN": "请回电。"}
    found = [(p.rule, p.field) for p in lint(from_json(data))]
    assert found == [("voicemail_unfit", "prompt.en-US"), ("voicemail_unfit", "prompt.zh-CN")]


def test_an_opening_needs_the_outbound_section_and_only_silence_may_come_before_it() -> None:
    data = to_json(outbound())
    assert [(p.rule, p.node) for p in lint(from_json({k: v for k, v in data.items() if k != "outbound"}))] == [
        ("opening_not_first", "opening"),
        ("unreachable", "machine"),
    ]
    branch = {
        "type": "branch",
        "conditions": [{"when": "true", "exit": "yes"}],
        "exits": {"yes": "opening", "else": "opening"},
    }
    early = {**data, "start": "early", "nodes": {**data["nodes"], "early": branch}}
    assert [p.rule for p in lint(from_json(early))] == []
    hello = {"type": "message", "prompt": {"en-US": "Hi.", "zh-CN": "您好。"}, "exits": {"next": "opening"}}
    branch["exits"]["else"] = "hello"
    late = {**data, "start": "early", "nodes": {**data["nodes"], "early": branch, "hello": hello}}
    assert [(p.rule, p.node) for p in lint(from_json(late))] == [("opening_not_first", "hello")]


def test_an_unwired_wrong_person_exit_is_an_error() -> None:
    data = to_json(outbound())
    del data["nodes"]["opening"]["exits"]["wrong_person"]
    assert ("missing_exit", "opening", "exits.wrong_person") in [
        (p.rule, p.node, p.field) for p in lint(from_json(data))
    ]
