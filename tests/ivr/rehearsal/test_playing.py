"""Scenarios played against documents: the clock, the house, sub-flows, hang-ups, and flows that mean no good."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.documents import FlowDocument, from_json, parse
from flows.events import LanguageChosen, Understood
from ivr.rehearsal.dumping import dump_scenario, scenario_data
from ivr.rehearsal.errors import ScenarioError
from ivr.rehearsal.exchange import Rehearsal
from ivr.rehearsal.notes import notes_of
from ivr.rehearsal.playing import rehearse
from ivr.rehearsal.scenario import parse_scenario
from ivr.rehearsal.testing import run_tests
from simulator.scenario import parse_scenario as as_the_simulator_reads

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "flows" / "examples"
SCENARIOS = ROOT / "tests" / "end_to_end" / "scenarios"
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
"""Sunday, ten in the morning in Shanghai."""


def example(name: str = "courier_hotline") -> FlowDocument:
    return parse((EXAMPLES / f"{name}.yaml").read_bytes())


def flow(nodes: dict[str, Any], **more: Any) -> FlowDocument:
    given = {"format": 1, "name": "small", "languages": ["en-US"], "start": next(iter(nodes)), "nodes": nodes}
    return from_json({**given, **more})


def play(document: FlowDocument, scenario: str | dict[str, Any], **more: Any) -> Rehearsal:
    return rehearse(document, parse_scenario(scenario), now=NOW, to_the_end=True, **more)


def sentences(played: Rehearsal) -> list[str]:
    return [str(failure.sentence) for failure in played.failures]


def test_the_same_document_and_scenario_give_the_same_rehearsal():
    scenario = (EXAMPLES / "tests" / "courier_hotline" / "complaint_in_english.yaml").read_text(encoding="utf-8")
    first, second = (play(example(), scenario).to_json() for _ in range(2))
    assert {**first, "ms": 0} == {**second, "ms": 0}
    assert first["failures"] == []
    assert first["tickets"][0]["category"] == "complaint"
    assert first["tickets"][0]["number"] == "100014"


WORLDLESS = [
    path for path in sorted(SCENARIOS.glob("*/*.yaml"))
    if path.parent.name in ("open", "closed") and "track" not in path.stem and "bill" not in path.stem
    and path.stem not in ("a_long_call", "withheld_number", "utility_status_by_speech")
]  # fmt: skip


@pytest.mark.parametrize("file", WORLDLESS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_scenarios_written_for_the_telephone_hold_in_a_rehearsal(file: Path):
    lines = {"+864008001234": "courier_hotline", "+12025550123": "utility_line"}
    scenario = parse_scenario(file.read_text(encoding="utf-8"))
    at = NOW.replace(day=23, hour=15 if file.parent.name == "closed" else 2)
    played = rehearse(example(lines.get(scenario.call.to or "", "ticket_line_ko")), scenario, now=at, to_the_end=True)
    assert sentences(played) == []


def test_every_scenario_of_the_telephone_survives_being_read_and_written_by_both():
    for file in sorted(SCENARIOS.glob("*/*.yaml")):
        text = file.read_text(encoding="utf-8")
        scenario = parse_scenario(text)
        written = dump_scenario(scenario)
        assert parse_scenario(written) == scenario == parse_scenario(scenario_data(scenario)), file
        ours, theirs = (as_the_simulator_reads(source, "x", file.parent) for source in (written, text))
        assert ours.steps == theirs.steps, file


def test_the_simulator_skips_setting_and_lookups():
    scenario = as_the_simulator_reads("setting: {at: Sunday 03:00}\nlookups: {a: [{outcome: ok}]}\nsteps: [silence]")
    assert len(scenario.steps) == 1


@pytest.mark.parametrize(
    ("at", "node"),
    [
        ("Sunday 03:00", "after_hours_menu"),
        ("周日 03:00", "after_hours_menu"),
        ("31 December 10:00", "main_menu"),
        ("2026-12-31T23:00+08:00", "after_hours_menu"),
        ("2026-12-31T15:00+00:00", "after_hours_menu"),
        ("明天 09:30", "main_menu"),
        ("now", "main_menu"),
        ("", "main_menu"),
    ],
)
def test_hours_go_by_the_time_that_is_set(at: str, node: str):
    played = play(example(), {"setting": {"at": at}, "steps": [{"press": "1"}, {"expect": {"node": node}}, "hang up"]})
    assert sentences(played) == []


def test_a_time_that_is_none_is_refused_with_what_can_be_written():
    for nonsense in ("yesterdayish", "99:99", "Sunday 25:00", "3000-01-01", "13-13"):
        with pytest.raises(ScenarioError, match=r"is no time\. Write"):
            play(example(), {"setting": {"at": nonsense}})


def test_lookups_are_answered_in_order_and_the_last_one_again_and_again():
    found = {"outcome": "ok", "body": {"status": "delivered", "station": "West"}}
    scenario = {
        "lookups": {"look_up": [{"outcome": "not_found"}, found]},
        "steps": [
            {"press": "2"},
            {"press": "1"},
            {"press": "4711#"},
            {"press": "1"},
            {"press": "4712#"},
            {"press": "1"},
            {"press": "1"},
            {"press": "4713#"},
            {"hear": "delivered from West"},
            "hang up",
        ],
        "expect": {"nodes": ["look_up", "try_again", "look_up", "tell_delivered", "look_up", "tell_delivered"]},
    }
    assert sentences(play(example(), scenario)) == []


def test_a_lookup_without_an_answer_counts_as_failed_and_says_so():
    played = play(example(), {"steps": [{"press": "2"}, {"press": "1"}, {"press": "4711#"}, "hang up"]})
    notes = [str(note) for exchange in played.exchanges for note in exchange.notes]
    assert "No answer is given for the lookup at Look up the parcel; it counts as failed." in notes
    assert played.tickets[0]["category"] == "delivery"
    assert played.outcome == "completed"


def test_who_waits_in_a_queue_hears_the_hold_prompt_and_may_leave_it():
    steps = [{"press": "2"}, {"press": "0"}, {"hear": ["Everybody is busy", "press 1"]}, {"press": "1"}]
    played = play(
        example(), {"setting": {"at": "Monday 10:00"}, "steps": [*steps, {"hear": "leave a message"}, "hang up"]}
    )
    assert sentences(played) == []
    assert "nobody_free" in [at.node for at in played.passed]
    talked = {"setting": {"at": "Monday 10:00", "transfers": {"to_person": ["answered"]}}}
    assert sentences(play(example(), {**talked, "steps": [*steps[:2], "silence", {"hear": "How was this call"}]})) == []


def test_a_caller_who_hangs_up_leaves_what_the_flow_wants():
    told = [{"press": "2"}, {"press": "2"}, {"say": "12 Elm Street"}, "hang up"]
    kept = play(
        example(), {"steps": told, "expect": {"ended_by": "caller", "tickets": 1, "ticket": {"category": "other"}}}
    )
    assert sentences(kept) == []
    assert kept.outcome == "completed"
    nothing = play(example(), {"steps": [{"press": "2"}, "hang up"]})
    assert nothing.outcome == "abandoned"
    assert not nothing.tickets


def test_what_fails_names_its_step_and_what_was_heard_instead():
    played = play(example(), {"steps": [{"press": "2"}, {"hear": "How can I help"}, {"hear": "press 9"}]})
    assert sentences(played)[0].startswith(
        "Step 3 (hear): “press 9” was not said; heard: For parcel tracking, press 1."
    )
    assert len(played.exchanges) == 2, "time that was let pass in vain does not count"
    over = play(example("ticket_line_ko"), {"steps": [{"press": "1"}, {"say": "a"}, {"press": "#"}, {"press": "1"}]})
    assert sentences(over) == ["Step 4 (press): The call ended before anybody listened for keys."]
    wrong = play(
        example(), {"steps": ["hang up"], "expect": {"node": "goodbye", "tickets": 3, "not_heard": ["English"]}}
    )
    assert len(sentences(wrong)) == 3
    assert all(told.startswith("At the end: ") for told in sentences(wrong))


def test_time_passes_while_words_are_waited_for_and_while_nothing_is_done():
    doc = example("utility_line")
    assert sentences(play(doc, {"steps": [{"hear": ["How can I help", "You can say"]}, "hang up"]})) == []
    quick = play(doc, {"steps": [{"hear": {"words": "You can say", "within_s": 2}}, "hang up"]})
    assert "was not said" in sentences(quick)[0]
    waited = play(doc, {"steps": [{"wait": "60s"}, {"expect": {"node": "voicemail"}}, "hang up"]})
    assert sentences(waited) == []


def test_a_sub_flow_runs_as_it_is_published_and_its_nodes_are_told_apart():
    caller = flow(
        {
            "ask": {"type": "subflow", "flow": "inner", "take": {"who": "name"}, "exits": {"done": "bye"}},
            "bye": {"type": "hang_up", "prompt": {"en-US": "Goodbye {{ who }}."}},
        }
    )
    inner = flow(
        {
            "name": {"type": "listen", "prompt": {"en-US": "Your name?"}, "value": "name", "exits": {"next": "end"}},
            "end": {"type": "hang_up"},
        },
        name="inner",
    )
    scenario = {"steps": [{"hear": "Your name"}, {"say": "Ada"}, {"hear": "Goodbye Ada"}]}
    played = play(caller, scenario, others=lambda name: {"inner": inner}[name])
    assert sentences(played) == []
    assert [(at.flow, at.node, at.exit) for at in played.passed] == [
        ("", "ask", ""), ("inner", "name", ""), ("inner", "name", "next"), ("inner", "end", ""),
        ("", "ask", "done"), ("", "bye", ""),
    ]  # fmt: skip
    lost = play(caller, {"steps": []})
    assert "There is no published flow “inner”." in [str(note) for x in lost.exchanges for note in x.notes]
    assert lost.outcome == "failed"
    assert lost.tickets


def test_a_flow_that_runs_in_circles_ends_with_a_sentence():
    circle = flow({"a": {"type": "message", "prompt": {"en-US": "Round."}, "exits": {"next": "a"}}})
    played = play(circle, {"steps": []})
    assert played.outcome == "failed"
    assert any("it is a circle" in str(note) for x in played.exchanges for note in x.notes)
    asking = flow(
        {
            "look": {"type": "lookup", "url": "https://x.example", "exits": {"ok": "look", "error": "look"}},
        }
    )
    assert play(asking, {"lookups": {"look": [{"outcome": "ok", "body": {}}]}, "steps": []}).outcome == "failed"
    itself = flow({"again": {"type": "subflow", "flow": "small", "exits": {"done": "again"}}})
    assert play(itself, {"steps": []}).outcome == "failed"


def test_values_that_grow_and_patterns_that_run_away_are_bounded():
    nodes: dict[str, Any] = {
        "grow": {"type": "set_value", "values": {"x": "first(x, 'ab') + first(x, 'ab')"}, "exits": {"next": "ask"}},
        "ask": {"type": "confirm", "prompt": {"en-US": "{{ x }} again?"}, "exits": {"yes": "grow", "no": "end"}},
        "end": {"type": "hang_up"},
    }
    played = play(flow(nodes), {"steps": [{"press": "1"}] * 60})
    assert max(len(str(x.values.get("x"))) for x in played.exchanges) <= 10_000
    evil = {"steps": [{"hear": "/(a+)+$/"}, "hang up"]}
    nodes["ask"]["prompt"]["en-US"] = "a" * 40 + "!"
    told = sentences(play(flow(nodes), evil))
    assert len(told) == 1
    assert "takes too long" in told[0] or "was not said" in told[0]


def test_a_test_whose_time_is_nonsense_fails_and_the_others_run():
    bad, good = parse_scenario({"setting": {"at": "whenever"}}), parse_scenario({"steps": ["hang up"]})
    run = run_tests(example(), [(1, "bad", bad), (2, "good", good)], now=NOW)
    assert [result.passed for result in run.results] == [False, True]


def test_words_of_yaml_stay_words():
    scenario = parse_scenario("steps: [{say: yes}, {say: no}, {say: on}, {say: 2026-11-22}]")
    written = yaml.safe_load(dump_scenario(scenario))
    assert written["steps"] == [{"say": "yes"}, {"say": "no"}, {"say": "on"}, {"say": "2026-11-22"}]


def test_notes_tell_values_and_nodes_as_people_do():
    document = example()
    nodes = {**document.nodes, "look_up": document.nodes["look_up"].model_copy(update={"label": "Where it is"})}
    document = document.model_copy(update={"nodes": nodes})
    played = play(document, {"steps": [{"press": "2"}, {"press": "1"}, {"press": "4711#"}, "hang up"]})
    notes = [str(note) for exchange in played.exchanges for note in exchange.notes]
    assert "No answer is given for the lookup at Where it is; it counts as failed." in notes
    spoken = notes_of(
        [
            LanguageChosen(node="pick", language="zh-CN"),
            Understood(node="a", value=True, mode="keys"),
            Understood(node="a", value="ko-KR", mode="keys"),
            Understood(node="a", value="A-1", mode="keys"),
        ]
    )
    assert [str(note) for note in spoken] == [
        "The call goes on in Chinese.", "Understood: yes.", "Understood: Korean.", "Understood: A-1.",
    ]  # fmt: skip
    assert notes_of([LanguageChosen(node="pick", language="zh-CN")])[0].values["language"].named("zh") == "中文"


def test_how_many_tickets_there_are_is_told_in_good_english():
    steps = [{"press": "2"}, {"press": "1"}, {"press": "4711#"}, "hang up", {"expect": {"tickets": 3}}]
    failed = play(example(), {"steps": steps}).failures
    assert [str(failure.message) for failure in failed] == ["There is one ticket, not 3."]


def test_an_interruption_is_heard_only_where_somebody_listens():
    document = example("utility_line")
    early = play(document, {"steps": [{"interrupt": {"after": "1s", "press": "3"}}, {"hear": "How can I help"}]})
    assert sentences(early) == []
    assert [x.heard["kind"] for x in early.exchanges][:1] != ["digits"]
    later = {"steps": [{"interrupt": {"after": "12s", "say": "billing"}}, {"hear": "customer number"}, "hang up"]}
    assert sentences(play(document, later)) == []
    spoken = {"steps": [{"speak": {"text": "billing", "confidence": 0.95}}, {"hear": "customer number"}, "hang up"]}
    assert sentences(play(document, spoken)) == []


@pytest.mark.parametrize("step", [{"interrupt": {"say": "x"}}, {"interrupt": {"after": "1s"}}, {"speak": {}}])
def test_an_interruption_says_when_and_what(step: dict[str, Any]):
    with pytest.raises(ScenarioError):
        parse_scenario({"steps": [step]})
