"""What changed between two documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flows.diff import diff, word_diff
from flows.documents import from_json, parse, to_json

BROKEN = Path(__file__).parent / "broken"


def data() -> dict[str, Any]:
    return to_json(parse((BROKEN / "missing_exit.yaml").read_text(encoding="utf-8")))


def test_equal_documents_do_not_differ_even_when_drawn_elsewhere() -> None:
    found = diff(from_json(data()), from_json({**data(), "layout": {"hello": [1, 2]}}))
    assert not found
    assert str(found) == "No difference."


def test_added_removed_and_changed_nodes_are_told_with_their_fields() -> None:
    before, after = data(), data()
    after["nodes"]["hello"]["prompt"]["en-US"] = "Hello there."
    after["nodes"]["main"]["choices"][1]["key"] = "3"
    after["nodes"]["main"]["exits"]["complain"] = "goodbye"
    after["nodes"]["extra"] = {"type": "hang_up"}
    del after["nodes"]["voicemail"]
    after["defaults"] = {"person": "extra", "failure": "voicemail"}
    found = diff(from_json(before), from_json(after))
    assert found.added == ("extra",)
    assert found.removed == ("voicemail",)
    assert {name: [c.field for c in changes] for name, changes in found.changed.items()} == {
        "hello": ["prompt.en-US"],
        "main": ["choices.1.key", "exits.complain"],
    }
    assert [(c.field, c.before, c.after) for c in found.settings] == [("defaults.person", "voicemail", "extra")]
    text = str(found)
    assert "+ node extra" in text
    assert "~ main.exits.complain: added 'goodbye'" in text
    assert "hello.prompt.en-US: Hello{+ there+}." in text


def test_texts_differ_by_words_and_chinese_by_characters() -> None:
    assert word_diff("press 1 for parcels", "press 2 for parcels") == "press [-1-]{+2+} for parcels"
    assert word_diff("请按一键", "请按二键") == "请按[-一-]{+二+}键"
    assert word_diff("same", "same") == "same"
