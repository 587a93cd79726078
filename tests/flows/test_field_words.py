"""What forms are made of: every field has a title and help in English and Chinese, and widgets that editors know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

from flows.field_words import Widget, english_title, shown, with_words
from flows.node_reading import node_types, read_node
from flows.nodes import NODE_TYPES
from flows.nodes.base import GROUPS, Node
from flows.schema import document_schema
from studio.types import types, types_data

CHINESE = re.compile("[\u4e00-\u9fff]")
TYPES_TS = Path(__file__).parents[2] / "flows" / "editor" / "src" / "model" / "types.ts"


def fields() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every field of the document, of every node type and of their parts, as (where, name, schema)."""
    schema = document_schema()
    parts = {"document": schema, **schema["$defs"]}
    for where, part in parts.items():
        shape = next((p for p in part.get("anyOf", ()) if "properties" in p), part)
        for name, field in shape.get("properties", {}).items():
            if name not in ("type", "nodes"):
                yield where, name, field


def test_every_field_has_a_title_and_help_in_both_languages() -> None:
    found = list(fields())
    assert len(found) > 150
    assert [
        (where, name)
        for where, name, field in found
        if not field.get("x-title", {}).get("en")
        or not CHINESE.search(field["x-title"]["zh"])
        or not CHINESE.search(field.get("x-help", {}).get("zh", ""))
        or not field["x-help"]["en"].endswith((".", "”"))
        or not field["x-help"]["zh"].endswith(("。", "”"))
    ] == []


def test_every_value_of_an_enum_has_a_title_in_both_languages() -> None:
    wrong = []
    for where, name, field in fields():
        if "enum" in field:
            titles = field.get("x-enum-titles", {})
            if set(titles) != set(field["enum"]) or not all(t["en"] and t["zh"] for t in titles.values()):
                wrong.append((where, name))
    assert wrong == []


def test_widgets_are_those_of_the_editors_contract() -> None:
    union = TYPES_TS.read_text(encoding="utf-8").partition("export type Widget =")[2].partition(";")[0]
    known = set(re.findall(r'\| "(\w+)"', union))
    assert known == set(get_args(Widget))
    inner = [f.get("items") or f.get("additionalProperties") for _, _, f in fields()]
    used = [f.get("x-widget") for _, _, f in fields()] + [i.get("x-widget") for i in inner if isinstance(i, dict)]
    assert set(used) - {None} <= known
    assert [(w, n) for w, n, f in fields() if _is_localized(f) and f.get("x-widget") != "prompt"] == []


def _is_localized(field: Mapping[str, Any]) -> bool:
    inner = field.get("additionalProperties")
    return isinstance(inner, dict) and str(inner.get("$ref", "")).endswith("/Spoken")


def test_fields_that_have_a_meaning_only_with_others_name_values_that_exist() -> None:
    collect = document_schema()["$defs"]["Collect"]["properties"]
    for field in collect.values():
        for other, values in field.get("x-when", {}).items():
            assert set(values) <= set(collect[other]["enum"])


@pytest.mark.parametrize(
    ("name", "title"), [("timeout_s", "Timeout (seconds)"), ("ask_number", "Ask number"), ("url", "Url")]
)
def test_a_title_is_made_of_the_fields_name(name: str, title: str) -> None:
    assert english_title(name) == title


def test_a_class_says_only_what_cannot_be_worked_out() -> None:
    words = shown("等待时间", "多久。", advanced=True)
    field = with_words({"wait_s": {"type": "integer", "description": "How long.", **words}})["wait_s"]
    assert field["x-title"] == {"en": "Wait (seconds)", "zh": "等待时间（秒）"}
    assert field["x-help"] == {"en": "How long.", "zh": "多久。"}
    assert field["x-advanced"] is True
    assert with_words({"odd": {"type": "string"}})["odd"]["x-title"] == {"en": "Odd", "zh": "Odd"}


@pytest.mark.parametrize("cls", NODE_TYPES, ids=lambda cls: cls.__name__)
def test_a_fresh_node_of_every_type_can_be_read(cls: type[Node]) -> None:
    kind = next(k for k, c in node_types().items() if c is cls)
    template = next(t["template"] for t in types_data()["types"] if t["type"] == kind)
    assert template["type"] == kind
    assert "exits" not in template
    node = read_node("new", template, ("en-US", "zh-CN"))
    assert isinstance(node, Node), node


def test_the_palette_names_every_type_group_function_and_filter_once() -> None:
    data = types_data()
    assert [t["type"] for t in data["types"]] == list(node_types())
    assert [g["key"] for g in data["groups"]] == list(GROUPS)
    assert all(t["icon"] and t["group"] in GROUPS for t in data["types"])
    assert all(f["help"]["en"] and CHINESE.search(f["help"]["zh"]) for f in (*data["functions"], *data["filters"]))
    assert "nodes" not in data["settings"]["properties"]
    references = set(re.findall(r'"#/\$defs/(\w+)"', types()[0].decode()))
    assert references <= set(data["$defs"])
    assert types()[1] == types()[1]
