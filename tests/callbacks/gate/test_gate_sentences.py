"""Why a case was not dialled, for people."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from gate_facts import LONDON, NEW_YORK, NOON, at, call, facts

from callbacks.campaign import CampaignState
from callbacks.case import CaseState
from callbacks.gate.decision import Rule, sentence
from callbacks.gate.facts import DialFacts, Record
from callbacks.gate.may_dial import may_dial
from callbacks.gate.organization import GatePolicy
from callbacks.gate.sentences import _WORDS
from callbacks.purposes import Purpose

HOUR = timedelta(hours=1)
FOUR_CALLS = Record(calls=tuple(call(NOON - n * HOUR) for n in range(1, 6)))

DENIED: dict[str, DialFacts] = {
    "paused": facts(campaign=CampaignState.PAUSED),
    "not started": facts(starts_at=NOON + HOUR),
    "over": facts(ends_at=NOON),
    "stopped": facts(campaign=CampaignState.STOPPED),
    "closed": facts(state=CaseState.CLOSED, reason="goal_met"),
    "invalid": facts("+19005550123", zone="UTC"),
    "opted out": facts(record=Record(opt_outs=("delivery",))),
    "no consent": facts(purpose=Purpose.MARKETING),
    "early": facts(not_before=NOON + HOUR),
    "wish": facts(wish_at=NOON + HOUR),
    "late": facts(not_after=NOON),
    "no zone": facts("+881612345678"),
    "night": facts(NEW_YORK),
    "never": facts(LONDON, not_after=NOON + HOUR),
    "capped": facts(record=FOUR_CALLS),
    "busy": facts(busy=True),
    "pacing": facts(slot_at=NOON + HOUR),
}


@pytest.mark.parametrize("name", DENIED)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_denial_is_a_whole_sentence_in_both_languages(name: str, language: str) -> None:
    decision = json.loads(json.dumps(may_dial(DENIED[name], NOON).to_json()))
    said = sentence(decision, language)
    assert said
    assert said.endswith("。" if language == "zh-CN" else ".")
    assert not any(mark in said for mark in "{}")
    assert said not in (_WORDS["en"][""], _WORDS["zh"][""])


def test_a_denial_at_night_tells_the_callees_clock_the_hours_and_the_next_moment() -> None:
    decision = may_dial(DENIED["night"], NOON).to_json()
    assert sentence(decision, "en") == (
        "It is 2026-11-17 23:00 for the callee (America/New_York); calls are allowed 09:00–20:00."
        " Next: 2026-11-18 09:00 (America/New_York)."
    )
    assert "允许拨打的时段为 09:00–20:00" in sentence(decision, "zh")


def test_a_holiday_is_told_with_its_date() -> None:
    said = sentence(may_dial(facts(), at("2026-10-01T10:00+08:00")).to_json(), "en")
    assert said.startswith("2026-10-01 is a day without calls")


def test_what_a_case_keeps_of_its_denial_is_enough() -> None:
    decision = may_dial(DENIED["capped"], NOON)
    kept = {"rule": decision.rule, "inputs": dict(decision.inputs)}
    assert sentence(kept, "en") == "This number had 5 calls in 24h; at most 5 are allowed."
    whole = {"rule": decision.rule, "inputs": decision.to_json()}
    assert sentence(whole, "en") == sentence(decision.to_json(), "en")


def test_an_old_or_unknown_record_still_gives_a_sentence() -> None:
    assert sentence({"rule": "cap_24h", "inputs": {}}, "en") == "The case was not dialled."
    assert sentence({"rule": "moon_phase"}, "zh") == "该事项未拨打。"
    assert sentence({}, "") == "The case was not dialled."


def test_every_rule_has_words_in_both_languages() -> None:
    for words in _WORDS.values():
        assert {rule.value for rule in Rule} <= set(words)
    assert set(_WORDS["en"]) == set(_WORDS["zh"])


def test_no_number_stands_in_a_decision() -> None:
    for known in DENIED.values():
        assert known.case.number.removeprefix("+") not in json.dumps(may_dial(known, NOON).to_json())
    assert GatePolicy().recheck_s == 60
