"""FLOIP containers as flows: what each block becomes, and which files are refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.documents import dump, parse
from flows.importers import Imported, ImportRefused, import_file
from flows.nodes.base import Caller
from flows.problems import Level
from ivr.rehearsal.rehearsing import Rehearsing
from telephony.calls import Digits, Recorded, Speech

DOCUMENTS = Path(__file__).parent / "documents"
CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "floip"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

CORPUS_FILES = {
    "valid-flow": "",
    "f0492216-65f3-4dc7-a1d8-8f79d1d30c11-flow": "",
    "flow-block-group": "",
    "2019-10-10-shortcut-flow": "cannot be read at line 96, column 13",
    "blank-flow": "The flow is blank",
    "flow-invalid-lang": "Esperanto (epo)",
    "flow-multi": "Two flows have the uuid",
    "flow-unsupported-block": "Core.SetFooMembership is not one that the FLOIP specification knows",
    "invalid-flow": "“invalid uuid” is not a UUID",
    "invalid-resources-flow": "which is not in the file",
}
"""By what a file's name ends with: the sentence it is refused with, "" when it imports."""


@pytest.fixture(scope="module")
def wells() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((DOCUMENTS / "well_watch.json").read_text(encoding="utf-8"))
    return data


@pytest.fixture(scope="module")
def well(wells: dict[str, Any]) -> Imported:
    return read(wells)


def read(data: dict[str, Any], **more: Any) -> Imported:
    return import_file(json.dumps(data).encode(), file_name="wells.json", now=NOW, **more)


def test_every_block_is_in_the_report(well: Imported, wells: dict[str, Any]) -> None:
    report = well.report
    told = {item.place for items in (report.taken, report.changed, report.refused) for item in items}
    assert {block["name"] for block in wells["flows"][0]["blocks"]} <= told


def test_choices_take_keys_and_words_from_their_tests_in_each_language(well: Imported) -> None:
    muddy = well.data["nodes"]["water"]["choices"][1]
    assert muddy["key"] == "4"
    assert muddy["label"] == {"en-US": "muddy", "zh-CN": "浑浊的"}
    assert muddy["words"] == {"en-US": ["brown"], "zh-CN": ["浑浊"]}


def test_tests_of_exits_become_a_branch(well: Imported) -> None:
    branch = well.data["nodes"]["buckets_exits"]
    assert [c["when"] for c in branch["conditions"]] == [
        "number(buckets) >= 20",
        '((number(buckets) < 20) and (text(water) == "clear"))',
    ]
    assert branch["exits"] == {"else": "tools", "many": "mark", "few": "thanks"}


def test_what_has_no_counterpart_is_named_and_passed_by(well: Imported) -> None:
    refused = {item.place: item.sentence for item in well.report.refused}
    assert {"helpers", "party", "tools"} <= set(refused)
    assert not {"helpers", "party", "note"} & set(well.data["nodes"])
    assert well.data["nodes"]["tell"]["exits"]["next"] == "thanks"


def test_the_lint_finds_nothing_that_the_report_does_not_explain(well: Imported) -> None:
    assert [p for p in well.problems if p.level is Level.ERROR and p.rule != "unknown_flow"] == []
    assert {p.node for p in well.problems} <= {item.place for item in well.report.changed}
    assert well.document is not None
    assert parse(dump(well.document)) == well.document


def test_a_call_runs_through_the_flow_by_keys_and_by_words(well: Imported) -> None:
    assert well.document is not None
    talk = Rehearsing(well.document, now=NOW, caller=Caller(number="+12125550199", name="Ann"))
    assert "Hello Ann, this is the well watch. Write to info@wells" in talk.start().said[0]["text"]
    talk.hear(Digits(digits="1"))
    last = talk.hear(Digits(digits="12#"))
    assert "You drew 13 buckets" in last.said[0]["text"]
    assert talk.session.ended
    assert talk.session.frames[0].values["result"] == "clear-done"
    talk = Rehearsing(well.document, now=NOW, language="zh-CN")
    talk.start()
    talk.hear(Speech(text="浑浊", confidence=0.9))
    talk.hear(Recorded(url="https://x.test/r", sid="RE1", duration_s=7))
    assert talk.session.ended


def test_another_flow_of_the_file_is_chosen_by_name_or_uuid(wells: dict[str, Any]) -> None:
    second = wells["flows"][1]
    for wanted in (second["name"], second["label"], second["uuid"]):
        assert set(read(wells, flow=wanted).data["nodes"]) == {"say", "words", "ask_for_a_person", "end"}
    with pytest.raises(
        ImportRefused, match="There is no flow “nowhere” in the file; there are well_report, pump_check"
    ):
        read(wells, flow="nowhere")


def test_a_flow_alone_without_a_container_is_read(wells: dict[str, Any]) -> None:
    assert read(wells["flows"][1]).data["name"] == "pump_check"


def test_one_language_of_several_may_be_taken(wells: dict[str, Any]) -> None:
    imported = read(wells, language="zh-CN")
    assert imported.data["languages"] == ["zh-CN"]
    assert "English" in {item.what for item in imported.report.refused}


def test_a_language_without_phrases_of_the_house_is_refused_unless_left_out(wells: dict[str, Any]) -> None:
    data = copy.deepcopy(wells)
    data["flows"][0]["languages"].append({"id": "11", "label": "Hausa", "iso_639_3": "hau"})
    with pytest.raises(ImportRefused, match=r"Hausa \(hau\)"):
        read(data)
    assert read(data, language="en-US").data["languages"] == ["en-US"]


def _block(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["flows"][0]["blocks"][0]
    return found


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: _block(d).update(uuid="x"), "block “hello”: Its uuid “x” is not a UUID"),
        (lambda d: _block(d).update(name=" "), "Block 1 (MobilePrimitives.Message) has no name"),
        (lambda d: _block(d).update(type="Core.Sing"), "Core.Sing is not one that the FLOIP specification knows"),
        (lambda d: _block(d).update(type="Sing"), "is not a FLOIP type"),
        (lambda d: _block(d).update(exits="none"), "Its exits are not a list"),
        (
            lambda d: _block(d)["exits"][0].update(destination_block="gone"),
            "block “hello”: Its exit Default leads to “gone”",
        ),
        (lambda d: d["flows"][0].update(first_block_id="gone"), "first_block_id is “gone”"),
        (lambda d: d["flows"][0].update(resources=[]), "names the resource"),
        (lambda d: d["flows"][0].update(blocks=[]) or d["flows"].pop(), "The flow is blank"),
        (lambda d: d.update(flows=[]), "The container has no flows"),
        (lambda d: d.update(flows=["a"]), "flows is not a list of objects"),
    ],
)
def test_a_container_that_is_not_whole_is_refused_naming_the_block(
    wells: dict[str, Any], change: Callable[[dict[str, Any]], Any], sentence: str
) -> None:
    data = copy.deepcopy(wells)
    change(data)
    with pytest.raises(ImportRefused) as refused:
        read(data)
    assert sentence in refused.value.sentence


@pytest.mark.parametrize(
    "test",
    ["block.__class__", "OPEN('x')", "1 = = 2", "((((((" * 40, "block.value = '" + "x" * 3000 + "'", "\x00", "AND("],
)
def test_a_test_that_cannot_be_read_never_holds_and_is_named(wells: dict[str, Any], test: str) -> None:
    data = copy.deepcopy(wells)
    data["flows"][0]["blocks"][2]["exits"][0]["test"] = test
    imported = read(data)
    if "__" not in test:
        assert imported.data["nodes"]["buckets_exits"]["conditions"][0]["when"] == "false"
        assert "buckets" in {item.place for item in imported.report.refused}
    assert not [p for p in imported.problems if p.rule == "bad_expression"]


@pytest.mark.parametrize("ending", CORPUS_FILES)
def test_public_files_import_or_are_refused_as_their_names_say(ending: str) -> None:
    files = CORPUS.glob("*.json") if CORPUS.is_dir() else ()
    found = [file for file in files if file.stem == ending or file.stem.endswith(f"-{ending}")]
    if not found:
        pytest.skip("corpus not present")
    for file in found:
        if not CORPUS_FILES[ending]:
            imported = import_file(file.read_bytes(), file_name=file.name, now=NOW)
            assert imported.document is not None
            assert not [p for p in imported.problems if p.level is Level.ERROR]
            continue
        with pytest.raises(ImportRefused) as refused:
            import_file(file.read_bytes(), file_name=file.name, now=NOW)
        assert CORPUS_FILES[ending] in refused.value.sentence
