"""Flow documents: read from YAML and JSON, refused with places, written back as they were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.documents import FORMAT, MAX_NODES, FlowDocument, dump, from_json, parse, to_json
from flows.errors import DocumentError
from flows.migrations import migrate
from flows.nodes import NODE_TYPES
from flows.problems import Problem

HERE = Path(__file__).parent

GOOD = """\
format: 1
name: demo
title: {en-US: Demo, zh-CN: 演示}
languages: [en-US, zh-CN]
start: hello
nodes:
  hello:
    type: message
    prompt:
      en-US: Hello {{ caller.name }}
      zh-CN: |
        您好！
        欢迎致电。
    exits: {next: sure}
  sure:
    type: confirm
    prompt: {en-US: Are you sure?, zh-CN: {text: 确定吗？, audio: sure.wav}}
    exits: {yes: hours, no: bye}
  hours:
    type: business_hours
    zone: Asia/Shanghai
    hours: {every_day: [09:00-18:30]}
    exceptions: [{date: 2026-12-31, hours: [09:00-12:00]}]
    exits: {open: bye, closed: bye}
  bye:
    type: hang_up
"""


def problems_of(text: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(DocumentError) as caught:
        parse(text)
    assert caught.value.problems
    return caught.value.problems


def only_problem(text: str | bytes) -> Problem:
    problems = problems_of(text)
    assert len(problems) == 1, problems
    return problems[0]


def test_a_plain_string_becomes_a_prompt_and_an_object_keeps_its_sound_file() -> None:
    document = parse(GOOD)
    assert document.nodes["hello"].spoken()["prompt"]["en-US"].text == "Hello {{ caller.name }}"
    assert document.nodes["sure"].spoken()["prompt"]["zh-CN"].audio == "sure.wav"


def test_yes_and_no_times_and_dates_stay_the_text_people_wrote() -> None:
    document = parse(GOOD)
    assert list(document.nodes["sure"].exits) == ["yes", "no"]
    assert to_json(document)["nodes"]["hours"]["hours"]["every_day"] == ["09:00-18:30"]


def test_nodes_keep_their_order() -> None:
    document = parse(GOOD)
    assert list(document.nodes) == ["hello", "sure", "hours", "bye"]
    assert list(parse(dump(document)).nodes) == list(document.nodes)


def test_what_is_dumped_parses_to_the_same_document_and_dumps_the_same_again() -> None:
    document = parse(GOOD)
    text = dump(document)
    assert parse(text) == document
    assert dump(parse(text)) == text
    assert yaml.safe_load(text)["name"] == "demo"  # Any YAML reader can read it.


def test_json_and_yaml_give_the_same_document() -> None:
    document = parse(GOOD)
    assert parse(json.dumps(to_json(document))) == document
    assert from_json(json.loads(json.dumps(to_json(document)))) == document


def test_what_has_its_default_is_left_out_of_the_text() -> None:
    text = dump(parse(GOOD))
    assert "defaults" not in text
    assert "label" not in text
    assert text.startswith("format: 1\nname: demo\n")


def test_a_text_begins_with_a_byte_order_mark_or_not() -> None:
    assert parse(b"\xef\xbb\xbf" + GOOD.encode()) == parse(GOOD.encode()) == parse("\ufeff" + GOOD)


def test_an_unknown_type_names_the_node_the_line_and_the_type_that_was_meant() -> None:
    problem = only_problem(GOOD.replace("type: confirm", "type: confrim"))
    assert (problem.node, problem.field, problem.line) == ("sure", "type", 16)
    assert "confrim" in problem.message
    assert problem.fix == "Did you mean confirm?"


def test_one_text_where_each_language_needs_one_names_the_languages() -> None:
    problem = only_problem(GOOD.replace("{en-US: Are you sure?, zh-CN: {text: 确定吗？, audio: sure.wav}}", "Sure?"))
    assert (problem.node, problem.field, problem.line) == ("sure", "prompt", 17)
    assert "en-US, zh-CN" in problem.message


def test_every_wrong_field_is_told_at_once_with_node_field_and_line() -> None:
    text = GOOD.replace("type: hang_up", "type: hang_up\n    outcom: x").replace("start: hello", "strat: hello")
    places = {(p.node, p.field, p.line) for p in problems_of(text)}
    assert places == {("bye", "outcom", 27), ("", "strat", 5), ("", "start", None)}
    assert any(p.fix == "Did you mean outcome?" for p in problems_of(text))


def test_a_field_out_of_range_is_told_in_its_place() -> None:
    problem = only_problem(GOOD + "defaults: {timeout_s: 99}\n")
    assert problem.field == "defaults.timeout_s"
    assert problem.line == 27


def test_a_menu_with_a_key_twice_is_refused() -> None:
    menu = """
  again:
    type: menu
    prompt: {en-US: a, zh-CN: b}
    choices:
      - {key: "1", name: x, label: {en-US: a, zh-CN: b}}
      - {key: "1", name: y, label: {en-US: c, zh-CN: d}}
"""
    problem = only_problem(GOOD.rstrip() + menu)
    assert problem.node == "again"
    assert "same key" in problem.message


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("name: a\nnodes: [1", 2, "YAML cannot be read"),
        ("name: a\nnodes:\n\t- x", 3, "YAML cannot be read"),
        ('{"name": "a",\n "nodes": }', 2, "JSON cannot be read"),
        ('{"name": "a",\n "name": "b"}', 2, "stands twice"),
        ("name: a\nname: b", 2, "stands twice"),
        ("nodes:\n  x: {}\n  x: {}", 3, "stands twice"),
        ("a: &x [1]\nb: *x", 1, "Anchors"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]", 2, "tag"),
        ("a: 1\n---\nb: 2", 2, "more than one document"),
        ("a: 1\n? [b]\n: c", 2, "plain text"),
        ("a: \x00", 1, "cannot be read"),
        (b"name: a\nnodes: \xff", 2, "not UTF-8"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_with_its_line(text: str | bytes, line: int, words: str) -> None:
    problem = only_problem(text)
    assert problem.rule == "syntax"
    assert problem.line == line
    assert words in problem.message


def test_a_syntax_error_names_the_column() -> None:
    assert only_problem('{"name": "a",\n "nodes": }').column == 11


@pytest.mark.parametrize("text", ["", "   \n", "[]", "1", "null", "hello", "# only a comment\n", '"\\ud800"', "\ud800"])
def test_a_text_that_is_no_object_is_refused(text: str) -> None:
    assert problems_of(text)


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    assert "Anchors" in only_problem("\n".join(lines)).message


@pytest.mark.parametrize("text", ["[" * 5_000, '{"a":' * 5_000 + "1" + "}" * 5_000, "- " * 5_000, "{a: " * 1_000])
def test_deep_nesting_is_refused(text: str) -> None:
    assert problems_of(text)


def test_more_than_two_megabytes_are_refused() -> None:
    assert "limit is 2 MB" in only_problem("# " + "x" * 2_000_000).message


def test_more_than_five_thousand_nodes_are_refused() -> None:
    nodes = {f"n{i}": {"type": "hang_up"} for i in range(MAX_NODES + 1)}
    with pytest.raises(DocumentError, match="limit is 5000"):
        from_json({"name": "big", "languages": ["en"], "start": "n0", "nodes": nodes})


@pytest.mark.parametrize("name", ["", "1st", "a b", "<script>", "x" * 61, "a.b", "__class__"])
def test_a_node_name_that_cannot_be_one_is_refused(name: str) -> None:
    data = {"name": "a", "languages": ["en"], "start": "x", "nodes": {name: {"type": "hang_up"}}}
    with pytest.raises(DocumentError):
        from_json(data)


def test_node_names_may_be_chinese() -> None:
    data = {"name": "a", "languages": ["zh-CN"], "start": "再见", "nodes": {"再见": {"type": "hang_up"}}}
    assert list(from_json(data).nodes) == ["再见"]


@pytest.mark.parametrize(
    "nodes", [None, {}, [], "x", {"a": None}, {"a": []}, {"a": {"type": None}}, {"a": {"type": [1]}}]
)
def test_nodes_that_are_none_are_refused_with_a_sentence(nodes: Any) -> None:
    with pytest.raises(DocumentError) as caught:
        from_json({"name": "a", "languages": ["en"], "start": "x", "nodes": nodes})
    assert caught.value.problems


@pytest.mark.parametrize("cls", NODE_TYPES, ids=lambda cls: cls.__name__)
def test_the_example_in_a_node_types_docstring_is_a_node_that_survives_dump_and_parse(cls: Any) -> None:
    example = (cls.__doc__ or "").partition("```yaml\n")[2].partition("```")[0]
    assert example, f"{cls.__name__} shows no example"
    import textwrap

    body = textwrap.indent(textwrap.dedent(example), "    ")
    text = f"name: example\nlanguages: [en-US, zh-CN]\nstart: it\nnodes:\n  it:\n{body}"
    document = parse(text)
    assert type(document.nodes["it"]) is cls
    assert parse(dump(document)) == document


def test_format_0_is_brought_up_to_the_present() -> None:
    document = parse((HERE / "format_0.yaml").read_text(encoding="utf-8"))
    assert document.format == FORMAT
    assert document.languages == ("en-US",)
    assert document.nodes["hello"].exits == {"next": "bye"}
    assert list(document.nodes) == ["hello", "bye"]


def test_migrating_does_not_change_what_it_was_given() -> None:
    data = {"format": 0, "language": "en", "nodes": [{"id": "a", "type": "hang_up", "next": "b"}]}
    before = json.dumps(data)
    assert migrate(data)["nodes"] == {"a": {"type": "hang_up", "exits": {"next": "b"}}}
    assert json.dumps(data) == before


@pytest.mark.parametrize("number", [2, 99, -1, "1", True, None, 1.5])
def test_a_format_of_the_future_or_no_number_is_refused(number: Any) -> None:
    with pytest.raises(DocumentError) as caught:
        from_json({**to_json(parse(GOOD)), "format": number})
    assert caught.value.problems[0].field == "format"


def test_a_node_of_format_0_without_an_id_is_named_by_its_place() -> None:
    with pytest.raises(DocumentError) as caught:
        migrate({"format": 0, "nodes": [{"id": "a"}, {"type": "hang_up"}]})
    assert caught.value.problems[0].field == "nodes.1"


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
speech = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cc"]), max_size=60)
names = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)


@st.composite
def documents(draw: st.DrawFn) -> FlowDocument:
    nodes: dict[str, Any] = {}
    for name in draw(st.lists(names, min_size=1, max_size=6, unique=True)):
        prompt = {
            tag: draw(st.one_of(speech, st.builds(lambda t: {"text": t, "audio": "a.wav"}, speech)))
            for tag in ("en", "zh-CN")
        }
        exits = draw(st.dictionaries(st.sampled_from(["next", "yes", "no", "1", "null"]), names, max_size=3))
        kind = draw(st.sampled_from(["message", "hang_up", "confirm", "set_value"]))
        body = (
            {"values": draw(st.dictionaries(names, words, min_size=1, max_size=3))}
            if kind == "set_value"
            else {"prompt": prompt}
        )
        nodes[name] = {"type": kind, "label": draw(speech), "exits": exits, **body}
    return from_json(
        {
            "name": draw(names),
            "title": {"en": draw(speech)},
            "description": draw(words),
            "languages": ["en", "zh-CN"],
            "start": draw(names),
            "nodes": nodes,
            "layout": {name: [1.5, -2] for name in nodes},
            "notes": [{"text": draw(speech), "x": 1}],
        }
    )


@settings(max_examples=60, deadline=None)
@given(documents())
def test_any_document_survives_dump_and_parse(document: FlowDocument) -> None:
    assert parse(dump(document)) == document
    assert parse(json.dumps(to_json(document))) == document


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
def test_any_text_gives_a_document_or_a_document_error(text: str | bytes) -> None:
    try:
        parse(text)
    except DocumentError as refused:
        problems = refused.problems
        assert problems


@settings(max_examples=80, deadline=None)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=10)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(["name", "nodes", "type", "prompt", "exits", "languages", "start", "format", "x"]),
                inner,
                max_size=5,
            ),
        ),
        max_leaves=20,
    )
)
def test_any_data_gives_a_document_or_a_document_error(data: Any) -> None:
    try:
        from_json(data)
    except DocumentError as refused:
        problems = refused.problems
        assert problems
