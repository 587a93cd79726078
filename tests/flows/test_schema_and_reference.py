"""What is generated from the node classes: the JSON Schema and the reference pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jsonschema
import pytest

from flows import reference
from flows.documents import parse, to_json
from flows.events import EVENT_TYPES
from flows.functions import FUNCTIONS
from flows.node_reading import node_types
from flows.schema import document_schema, fixed_exits, node_schema
from flows.validation import RULES

BROKEN = Path(__file__).parent / "broken"
DOCUMENTATION = Path(__file__).parents[2] / "docs" / "reference"


@cache
def validator() -> jsonschema.Draft202012Validator:
    schema = document_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_whatever_parses_fits_the_schema(path: Path) -> None:
    data = to_json(parse(path.read_text(encoding="utf-8")))
    assert [error.message for error in validator().iter_errors(data)] == []


@pytest.mark.parametrize(
    "change",
    [
        {"type": "meun"},
        {"prompt": "one text"},
        {"prompt": {"en-US": 3}},
        {"colour": "red"},
        {"exits": ["next"]},
        {"type": "menu"},
    ],
)
def test_the_schema_refuses_what_parsing_refuses(change: dict[str, object]) -> None:
    data = to_json(parse((BROKEN / "missing_exit.yaml").read_text(encoding="utf-8")))
    data["nodes"]["hello"] |= change
    assert list(validator().iter_errors(data))


@pytest.mark.parametrize("kind", sorted(node_types()))
def test_every_node_type_has_a_title_a_summary_and_help_on_each_field(kind: str) -> None:
    schema = node_schema(kind)
    assert schema["x-type"] == kind
    for text in ("x-title", "x-summary"):
        assert schema[text]["en"]
        assert schema[text]["zh"]
    own = {name: field for name, field in schema["properties"].items() if name != "type"}
    assert [name for name, field in own.items() if not field.get("description")] == []


def test_every_setting_of_the_document_has_help_and_definitions_have_plain_names() -> None:
    schema = document_schema()
    assert [name for name, field in schema["properties"].items() if not field.get("description")] == ["nodes"]
    assert not [name for name in schema["$defs"] if "__" in name]
    assert schema["properties"]["hang_up"]["$ref"] == "#/$defs/HangUpSettings"


def test_exits_are_in_the_schema_where_the_type_fixes_them() -> None:
    kinds = node_types()
    assert fixed_exits(kinds["confirm"]) == ("yes", "no", "person", "failed")
    assert fixed_exits(kinds["hang_up"]) == ()
    assert fixed_exits(kinds["menu"]) is None
    assert node_schema("confirm")["x-exits"] == ["yes", "no", "person", "failed"]
    assert node_schema("menu")["x-exits"] is None


def test_the_pages_name_every_node_type_event_function_and_rule() -> None:
    nodes, events = reference.nodes_page(), reference.events_page()
    assert all(f"## `{kind}`" in nodes for kind in node_types())
    assert all(f"## {event.__name__}\n" in events for event in EVENT_TYPES)
    assert all(f"`{function.usage}`" in reference.expressions_page() for function in FUNCTIONS.values())
    assert all(f"`{rule.name}`" in reference.lint_page() for rule in RULES)


def test_pages_are_written_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert reference.main(["--check", str(tmp_path)]) == 1
    assert "nodes.md is out of date" in capsys.readouterr().err
    assert reference.main(["--write", str(tmp_path / "new")]) == 0
    assert reference.main(["--check", str(tmp_path / "new")]) == 0
    with (tmp_path / "new" / "events.md").open("a", encoding="utf-8") as page:
        page.write("changed by hand")
    assert reference.outdated(tmp_path / "new") == ["events.md"]


def test_the_pages_in_the_documentation_are_as_generated() -> None:
    assert reference.outdated(DOCUMENTATION) == [], "run make docs"
