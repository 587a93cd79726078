"""The registry is enumerated: a type without its example, words for people or test file fails."""

import re
from pathlib import Path

import pytest

from flows.documents import from_json
from flows.node_reading import type_name
from flows.nodes import NODE_TYPES
from flows.source import read_source

HERE = Path(__file__).parent
ASKING_BY_KEYS_AND_SPEECH = [cls for cls in NODE_TYPES if cls.asks and type_name(cls) != "record"]


def example_of(cls):
    return re.search(r"```yaml\n(.*?)```", cls.__doc__, re.DOTALL)


@pytest.mark.parametrize("cls", NODE_TYPES, ids=type_name)
def test_every_type_has_an_example_that_can_be_read(cls):
    found = example_of(cls)
    assert found, "The docstring has no YAML example."
    lines = found[1].splitlines()
    data = read_source("\n".join(line.removeprefix("    ") for line in lines)).data
    assert data["type"] == type_name(cls)
    ends = {name: {"type": "hang_up"} for name in data.get("exits", {}).values()}
    document = from_json(
        {"format": 1, "name": "example", "languages": ["en-US"], "start": "node", "nodes": {"node": data, **ends}}
    )
    wired = set(document.nodes["node"].exits)
    names = set(document.nodes["node"].exit_names())
    assert wired <= names
    assert names - wired <= document.nodes["node"].optional_exits()


@pytest.mark.parametrize("cls", NODE_TYPES, ids=type_name)
def test_every_type_is_described_in_english_and_chinese(cls):
    assert set(cls.title) == set(cls.summary) == {"en", "zh"}
    assert cls.group in ("talk", "ask", "decide", "do", "person")


@pytest.mark.parametrize("cls", NODE_TYPES, ids=type_name)
def test_every_field_says_what_it_is(cls):
    assert [name for name, field in cls.model_fields.items() if name != "type" and not field.description] == []


@pytest.mark.parametrize("cls", NODE_TYPES, ids=type_name)
def test_every_type_has_its_test_file(cls):
    assert (HERE / f"test_{type_name(cls)}.py").is_file()


@pytest.mark.parametrize("cls", ASKING_BY_KEYS_AND_SPEECH, ids=type_name)
def test_every_question_is_tested_by_keys_alone_and_by_speech_alone(cls):
    text = (HERE / f"test_{type_name(cls)}.py").read_text(encoding="utf-8")
    assert "by_keys_alone" in text
    assert "by_speech_alone" in text


def test_type_names_are_unique():
    names = [type_name(cls) for cls in NODE_TYPES]
    assert len(names) == len(set(names))
