"""Recording, coverage, and tests proposed by a search over a flow."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest

from flows import nodes as node_types
from flows.documents import FlowDocument, from_json, parse
from flows.nodes.base import Context, Leave, Step
from flows.nodes.inquiry import Inquiry, Taken
from flows.nodes.question import Question
from flows.nodes.speaking import say
from flows.understanding.reading import Reading
from ivr.rehearsal.coverage import coverage_of, exits_that_count
from ivr.rehearsal.dumping import dump_scenario
from ivr.rehearsal.making_values import assignments, body_with
from ivr.rehearsal.moves import moves_at
from ivr.rehearsal.playing import begin, rehearse
from ivr.rehearsal.proposing import Proposals, propose
from ivr.rehearsal.recording import piece_of, record
from ivr.rehearsal.scenario import Scenario, parse_scenario
from ivr.rehearsal.telephone import Telephone
from ivr.rehearsal.testing import TestRun, run_tests
from simulator.scenario import parse_scenario as as_the_simulator_reads

EXAMPLES = Path(__file__).resolve().parents[3] / "flows" / "examples"
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def example(name: str) -> FlowDocument:
    return parse((EXAMPLES / f"{name}.yaml").read_bytes())


def flow(nodes: dict[str, Any], **more: Any) -> FlowDocument:
    given = {"format": 1, "name": "small", "languages": ["en-US"], "start": next(iter(nodes)), "nodes": nodes}
    return from_json({**given, **more})


def proposed(document: FlowDocument, **more: Any) -> tuple[Proposals, TestRun]:
    found = propose(document, now=NOW, **more)
    return found, run_tests(document, [(0, str(p.name), p.scenario) for p in found.proposals], now=NOW)


@pytest.mark.parametrize(
    ("name", "least", "left"),
    [
        ("ticket_line_ko", 0.89, {("message", "failed")}),
        ("utility_line", 0.95, {("voicemail", "failed")}),
        ("pre_delivery", 0.94, {("call_later", "next")}),
        ("overdue_pickup", 0.95, {("call_later", "next")}),
        ("follow_up", 0.94, {("call_later", "next")}),
    ],
)
def test_proposed_tests_pass_and_reach_all_that_callers_can(name: str, least: float, left: set[tuple[str, str]]):
    found, run = proposed(example(name))
    assert [(r.name, str(r.failures[0].sentence)) for r in run.failed] == []
    assert run.coverage.ratio >= least
    assert {(u.node, u.exit) for u in found.unreached} == left == set(run.coverage.uncovered_exits)
    assert all(str(u.reason).endswith(".") for u in found.unreached)
    for proposal in found.proposals:
        assert as_the_simulator_reads(proposal.to_json()["yaml"]).name == str(proposal.name)[:120]


def test_the_courier_hotline_is_reached_nearly_everywhere():
    document = example("courier_hotline")
    found, run = proposed(document)
    assert not run.failed
    assert run.coverage.ratio >= 0.9
    assert len(found.proposals) < len(exits_that_count(document))


def test_what_tests_reach_already_is_not_proposed_again():
    document = example("ticket_line_ko")
    first, run = proposed(document)
    again = propose(document, covered=[pair for p in first.proposals for pair in p.covers], now=NOW)
    assert again.proposals == ()
    assert [u.exit for u in again.unreached] == ["failed"]
    assert propose(document, now=NOW).proposals == first.proposals, "the same document has the same proposals"
    assert sum(len(p.covers) for p in first.proposals) == len([c for c in run.coverage.exits.values() if c])


def test_values_of_every_kind_are_found_for_questions_and_conditions():
    kinds = ("digits", "number", "amount", "date", "time", "datetime", "yes_no", "phone", "tracking")
    limits: dict[str, dict[str, Any]] = {
        "digits": {"min_length": 9, "max_length": 9, "check": "luhn"},
        "number": {"min": 51, "max": 57},
        "date": {"earliest_days": 3, "latest_days": 4},
        "tracking": {"prefix": "RB", "pattern": r"RB\d{9}[A-C]?"},
    }
    nodes: dict[str, Any] = {
        f"ask_{kind}": {
            "type": "collect", "kind": kind, "value": kind, "prompt": {"en-US": f"Which {kind.replace('_', ' ')}?"},
            **limits.get(kind, {}),
            "exits": {"next": f"ask_{after}" if after else "look"},
        }
        for kind, after in zip(kinds, (*kinds[1:], ""), strict=True)
    }  # fmt: skip
    nodes["look"] = {
        "type": "lookup", "url": "https://x.example/{{ tracking }}",
        "take": {"state": "parcel.state", "weight": "parcel.steps[0].kg"},
        "exits": {"ok": "which", "not_found": "bye", "error": "bye"},
    }  # fmt: skip
    nodes["which"] = {
        "type": "branch",
        "conditions": [
            {"when": "state == 'late' and weight > 20", "exit": "heavy"},
            {"when": "state in ['held', 'returned']", "exit": "held"},
            {"when": "rank >= 7", "exit": "dear"},
        ],
        "exits": {"heavy": "bye", "held": "bye", "dear": "bye", "else": "bye"},
    }
    nodes["bye"] = {"type": "hang_up"}
    document = flow(nodes, variables={"rank": {"default": 0}})
    found, run = proposed(document)
    assert [(u.node, u.exit, str(u.reason)) for u in found.unreached] == []
    assert run.coverage.ratio == 1
    assert not run.failed
    assert body_with({"a": "x.y[1].z", "b": "w"}, {"a": 5, "b": None}) == {"x": {"y": [{}, {"z": 5}]}}
    made = list(assignments(document, frozenset({"state", "weight"}), NOW))
    assert {"state": "held", "weight": "late"} in made or any(m["state"] in ("held", "returned") for m in made)


def test_conditions_on_answers_and_on_computed_values_are_met():
    nodes: dict[str, Any] = {
        "amount": {"type": "collect", "kind": "amount", "value": "amount", "prompt": {"en-US": "How much?"},
                   "exits": {"next": "day"}},
        "day": {"type": "collect", "kind": "choice", "value": "when", "prompt": {"en-US": "When?"},
                "choices": [{"key": "1", "name": "soon", "label": {"en-US": "soon"}},
                            {"key": "2", "name": "late", "label": {"en-US": "late"}}], "exits": {"next": "size"}},
        "size": {"type": "set_value", "values": {"size": "'big' if weight > 30 else 'small'"},
                 "exits": {"next": "which"}},
        "which": {"type": "branch", "conditions": [
            {"when": "amount > 250 and when == 'late'", "exit": "dear"},
            {"when": "size == 'big'", "exit": "big"}], "exits": {"dear": "bye", "big": "bye", "else": "bye"}},
        "bye": {"type": "hang_up"},
    }  # fmt: skip
    found, run = proposed(flow(nodes, variables={"weight": {"default": 1}}))
    assert [(u.node, u.exit) for u in found.unreached] == []
    assert run.coverage.ratio == 1


def test_what_cannot_be_reached_has_a_reason():
    nodes: dict[str, Any] = {
        "which": {
            "type": "branch",
            "conditions": [{"when": "1 > 2", "exit": "never"}],
            "exits": {"never": "bye", "else": "bye"},
        },
        "bye": {"type": "hang_up"},
        "island": {"type": "message", "prompt": {"en-US": "Nobody comes here."}, "exits": {"next": "bye"}},
    }
    found, _ = proposed(flow(nodes))
    reasons = {(u.node, u.exit): str(u.reason) for u in found.unreached}
    assert reasons == {
        ("which", "never"): "No answers were found for which “1 > 2” holds.",
        ("island", "next"): "No exit leads to island from the start.",
    }


def test_opening_hours_holidays_and_withheld_numbers_are_tried():
    nodes: dict[str, Any] = {
        "hours": {
            "type": "business_hours", "zone": "Europe/Berlin", "hours": {"weekdays": ["09:00-17:00"]},
            "holidays": {"country": "DE"}, "exits": {"open": "sms", "closed": "sms", "holiday": "sms"},
        },
        "sms": {"type": "send_sms", "body": {"en-US": "Hello."}, "exits": {"next": "bye", "no_number": "bye"}},
        "bye": {"type": "hang_up"},
    }  # fmt: skip
    found, run = proposed(flow(nodes))
    assert not found.unreached
    assert run.coverage.ratio == 1


class Colour(Question):
    """Ask for a colour.

    ```yaml
    type: colour_of_a_test
    exits: {next: bye}
    ```
    """

    title: ClassVar[dict[str, str]] = {"en": "Colour", "zh": "颜色"}
    summary: ClassVar[dict[str, str]] = {"en": "Ask for a colour.", "zh": "询问颜色。"}
    type: Literal["colour_of_a_test"] = "colour_of_a_test"

    def exit_names(self) -> tuple[str, ...]:
        return ("warm", "cold", "person", "failed")

    def inquiry(self, ctx: Context) -> Inquiry:
        return Inquiry(
            prompts=say(ctx, "Warm or cold?"),
            read_keys=lambda keys: {"4": Reading(value="warm"), "6": Reading(value="cold")}.get(keys),
            num_digits=1,
            finish_on_key="",
        )

    def answered(self, ctx: Context, taken: Taken) -> Step:
        return Step(then=Leave(exit=taken.value))


def test_a_new_kind_of_question_joins_by_itself():
    """Its class says what it takes; nothing of the search or the try-out knows it."""
    plain = flow({"ask": {"type": "confirm", "prompt": {"en-US": "?"}, "exits": {"yes": "bye", "no": "bye"}},
                  "bye": {"type": "hang_up"}})  # fmt: skip
    ask = Colour(type="colour_of_a_test", exits={"warm": "bye", "cold": "bye", "person": "bye"})
    document = plain.model_copy(update={"nodes": {"ask": ask, "bye": plain.nodes["bye"]}})
    found, run = proposed(document)
    assert found.unreached == ()
    assert run.coverage.ratio == 1
    phone = Telephone(talk=begin(document, Scenario(), now=NOW))
    phone.dial()
    assert [k.press for k in phone.talk.explained(phone.exchanges[-1]).choices] == ["4", "6"]
    assert len(list(moves_at(phone))) == 5
    assert Colour not in node_types.NODE_TYPES


def test_a_conversation_becomes_a_test_that_hears_before_it_acts_and_fails_when_the_option_moves():
    document = example("courier_hotline")
    tried = parse_scenario(
        {
            "setting": {"at": "Monday 10:00"},
            "steps": [{"press": "2"}, {"press": "3"}, {"say": "It broke"}, {"press": "#"}],
        }
    )
    whole = record(document, tried, now=NOW)
    kinds = [step.kind for step in whole.steps]
    assert kinds == ["hear", "press", "hear", "press", "hear", "say", "press", "hang up"]
    assert whole.steps[2].action.words == ("For a complaint, press 3",)
    assert whole.expect is not None
    assert whole.expect.ticket == {"category": "complaint"}
    assert whole.expect.outcome == "completed"
    assert whole.expect.tickets == 1
    assert parse_scenario(dump_scenario(whole)) == whole
    assert run_tests(document, [(1, "t", whole)], now=NOW).results[0].passed
    data = document.model_dump()
    menu = document.nodes["main_menu"]
    moved = menu.model_copy(update={"choices": tuple(reversed(menu.choices))})
    swapped = [c.model_copy(update={"key": str(n)}) for n, c in enumerate(moved.choices, 1) if c.name != "complain"]
    other = document.model_copy(
        update={"nodes": {**document.nodes, "main_menu": menu.model_copy(update={"choices": tuple(swapped)})}}
    )
    assert data["name"] == "courier_hotline"
    (result,) = run_tests(other, [(1, "t", whole)], now=NOW).results
    assert str(result.failures[0].sentence).startswith("Step 3 (hear): “For a complaint, press 3” was not said")


def test_pieces_that_are_listened_for_have_no_values_in_them():
    assert (
        piece_of("Your ticket number is 1 0 0, 0 1 4. Thank you for calling us today.")
        == "Thank you for calling us today"
    )
    assert piece_of("您的工单号是1 0 0，0 1 4。请问还有别的需要吗？") == "请问还有别的需要吗"
    assert piece_of("1 0 0") == ""


def test_coverage_counts_what_is_wired_or_must_be_and_tells_the_rest():
    document = example("ticket_line_ko")
    played = rehearse(document, parse_scenario("steps: [{press: 0}, silence, silence]"), now=NOW, to_the_end=True)
    coverage = coverage_of(document, [played])
    assert coverage.exits[("menu", "person")] == 1
    assert ("menu", "person") not in exits_that_count(document)
    assert ("menu", "status") in coverage.uncovered_exits
    assert coverage.nodes["message"] == 1
    assert coverage.to_json()["exits"]["message empty"] == 1
