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


def test_a_choice_put_in_front_is_one_change_and_not_one_of_every_choice_after_it() -> None:
    before, after = data(), data()
    after["nodes"]["main"]["choices"].insert(
        0, {"key": "7", "name": "fresh", "label": {"en-US": "fresh", "zh-CN": "新"}}
    )
    after["nodes"]["main"]["exits"]["fresh"] = "goodbye"
    (changes,) = diff(from_json(before), from_json(after)).changed.values()
    assert {change.field.split(".")[1] for change in changes} == {"fresh"}
    after = data()
    after["nodes"]["main"]["choices"].reverse()
    (changes,) = diff(from_json(before), from_json(after)).changed.values()
    assert [change.field for change in changes] == ["choices"]
    assert changes[0].before == changes[0].after[::-1]


def test_a_difference_is_given_to_the_editor_with_words_in_parts() -> None:
    before, after = data(), data()
    after["nodes"]["hello"]["prompt"]["en-US"] = "Hello there."
    after["notes"] = [{"id": "a", "text": "Ask Ada", "x": 1, "y": 2}]
    found = diff(from_json(before), from_json(after)).to_json()
    (change,) = found["changed"]["hello"]
    assert [part["kind"] for part in change["words"]] == ["same", "in", "same"]
    assert "".join(part["text"] for part in change["words"] if part["kind"] != "in") == change["before"]
    moved = {**after, "notes": [{"id": "a", "text": "Ask Ada", "x": 99, "y": 2}]}
    assert not diff(from_json(after), from_json(moved))
