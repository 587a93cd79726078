"""Files that are no flow, or not whole: each is refused with a sentence naming the place, whatever the format."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.importers import ImportRefused, import_file
from flows.importers.naming import Names, flow_name, node_name, value_name

EXAMPLE = Path(__file__).parents[3] / "flows" / "examples" / "utility_line.yaml"
FORMAT_0 = Path(__file__).parents[1] / "format_0.yaml"
SMALL = '{"description": "x", "states": [{"name": "T", "type": "trigger", "transitions": []}], "initial_state": "T"}'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n ", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "This is not a text file."),
        (b'{"a": "\xff\xfe"}', "not UTF-8 text (line 1)"),
        (b'{"states": [\n  {"name": "a"', "breaks off at line 2"),
        (b'{"states": ["abc', "breaks off at line 1"),
        (b'{"states": []}}', "cannot be read at line 1, column 15: Extra data"),
        (b'{\n  "states": [] // here\n}', "has a comment at line 2"),
        (b'// first\n{"states": []}', "has a comment at line 1"),
        (b'{"states": [1, /* two */ 2]}', "has a comment at line 1"),
        (b'{"states": [NaN]}', "NaN is not a JSON number."),
        (b'{"states": [], "states": [1]}', "The key “states” stands twice"),
        (b"[" * 3000, "nested too deeply"),
        (b'{"a":' * 70 + b"1" + b"}" * 70, "nested more than 60 levels deep"),
        (b"[]", "This is JSON, but a list"),
        (b'{"name": "x", "version": 2}', "neither a Ringback flow (nodes), a Twilio Studio flow (states) nor"),
        (b"{}", "neither a Ringback flow"),
        (b'{"states": [], "initial_state": "x"}', "The flow has no trigger"),
        (SMALL.encode(), "leads nowhere when a call comes in"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number too long to read"),
        (b"x" * 5_000_001, "The file has 5.0 MB; the limit is 5 MB."),
        (b"name: x\nnodes: [\n", "This is not a flow document."),
    ],
)
def test_a_file_that_is_no_flow_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        import_file(data, file_name="x.json")
    assert sentence in refused.value.sentence


def test_a_broken_json_names_line_and_column() -> None:
    with pytest.raises(ImportRefused) as refused:
        import_file(b'{"flows": [\n  {"uuid": "x",}\n]}')
    problem = refused.value.problems[0]
    assert (problem.line, problem.column is not None) == (2, True)


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marked_unicode_of_any_width_is_read(coding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(coding, b"")
    with pytest.raises(ImportRefused, match="leads nowhere when a call comes in"):
        import_file(mark + SMALL.encode(coding))


def test_a_wanted_format_that_the_file_is_not_is_refused() -> None:
    with pytest.raises(ImportRefused, match="This is a Twilio Studio flow, not a FLOIP flow"):
        import_file(SMALL.encode(), form="floip")
    with pytest.raises(ImportRefused, match="This is not JSON, so it is not a Twilio Studio flow"):
        import_file(EXAMPLE.read_bytes(), form="studio")


def test_our_own_yaml_is_taken_over_and_may_be_renamed() -> None:
    imported = import_file(EXAMPLE.read_bytes(), file_name=EXAMPLE.name, name="other_line")
    assert imported.document is not None
    assert imported.document.name == "other_line"
    assert [item.what for item in imported.report.changed] == ["name"]
    as_json = json.dumps(imported.data).encode()
    assert import_file(as_json).document == imported.document


def test_an_older_format_of_ours_is_brought_up_to_date() -> None:
    imported = import_file(FORMAT_0.read_bytes())
    assert imported.data["format"] == 1
    assert "format" in {item.what for item in imported.report.changed}


def test_problems_of_our_own_documents_keep_their_lines() -> None:
    broken = EXAMPLE.read_text(encoding="utf-8").replace("type: menu", "type: menue", 1)
    line = broken[: broken.index("type: menue")].count("\n") + 1
    with pytest.raises(ImportRefused) as refused:
        import_file(broken.encode())
    assert refused.value.problems[0].line == line


@pytest.mark.parametrize("name", ["Big Name", "1x", "../x", "x" * 61])
def test_a_name_that_no_flow_can_have_is_refused(name: str) -> None:
    with pytest.raises(ImportRefused, match="cannot be a flow's name"):
        import_file(EXAMPLE.read_bytes(), name=name)


def test_a_language_that_is_none_is_refused() -> None:
    with pytest.raises(ImportRefused, match="“xx-YY” is not a language"):
        import_file(SMALL.encode(), language="xx-YY")


def test_five_thousand_widgets_are_imported_and_one_more_is_refused() -> None:
    states = [
        {"name": "T", "type": "trigger", "transitions": [{"event": "incomingCall", "next": "w0"}], "properties": {}}
    ]
    for n in range(4_999):
        ways = [{"event": "audioComplete", "next": f"w{n + 1}"} if n < 4_998 else {"event": "audioComplete"}]
        states.append({"name": f"w{n}", "type": "say-play", "transitions": ways, "properties": {"say": f"Number {n}."}})
    whole = {"description": "long", "states": states, "initial_state": "T"}
    imported = import_file(json.dumps(whole).encode())
    assert len(imported.data["nodes"]) == 5_000
    states.append({"name": "more", "type": "say-play", "transitions": [], "properties": {}})
    with pytest.raises(ImportRefused, match="The flow has 5001 widgets; the limit is 5000"):
        import_file(json.dumps(whole).encode())


def test_names_are_kept_made_readable_and_never_given_twice() -> None:
    names = Names()
    assert [names.node(n) for n in ("main menu", "main_menu", "Main Menu", "main menu")] == [
        "main_menu",
        "main_menu_2",
        "Main_Menu_3",
        "main_menu",
    ]
    assert node_name("<b>") == "b"
    assert node_name("7") == "node_7"
    assert [value_name(v) for v in ("Déjà Vu", "def", "caller", "len", "9x", "")] == [
        "deja_vu",
        "def_value",
        "caller_value",
        "len_value",
        "v_9x",
        "value",
    ]
    assert flow_name("", "2026 Night line") == "night_line"
    assert flow_name("夜间") == "imported_flow"
