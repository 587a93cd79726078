""" "Stop calling", "wrong number" and "call me later": where they count, and where they are words like others."""

from __future__ import annotations

from typing import Any

import pytest

from flows.documents import dump, from_json, parse, to_json
from flows.events import CallbackRequested, OptedOut, Understood
from flows.outbound import side_exits
from flows.requests import CallTimeChecked, CheckCallTime
from tests.flows.nodes.conversation import Conversation

MENU = """
type: menu
prompt: {en-US: How can I help you?, zh-CN: 请问您要办理什么业务？}
choices:
  - {key: "1", name: track, label: {en-US: parcel tracking, zh-CN: 查询快递}}
  - {key: "2", name: stop, label: {en-US: opt out, zh-CN: 退订}}
exits: {track: end, stop: end}
"""
CONFIRM = "{type: confirm, prompt: {en-US: Is that right?, zh-CN: 对吗？}, exits: {'yes': end, 'no': end}}"
LISTEN = "{type: listen, value: story, prompt: {en-US: Tell me., zh-CN: 请说。}, exits: {next: end}}"
DATE = "{type: collect, kind: date, value: day, prompt: {en-US: Which day?, zh-CN: 哪天？}, exits: {next: end}}"
LATER = "{type: request_callback, reason: parcel, exits: {next: end}}"
OUTBOUND: dict[str, Any] = {
    "outbound": {"purpose": "delivery", "organisation": {"en-US": "Ringback", "zh-CN": "铃回"}, "goals": ["completed"]},
    "nodes": {
        "opening": {
            "type": "opening",
            "about": {"en-US": "a parcel", "zh-CN": "快递"},
            "exits": {"next": "node", "wrong_person": "end", "later": "end"},
        }
    },
}


def ask(node: str, *, outbound: bool = False, language: str = "en-US", **more: Any) -> Conversation:
    return Conversation(node, language=language, document=OUTBOUND if outbound else {}, **more)


@pytest.mark.parametrize(
    ("said", "language"),
    [("stop calling me", "en-US"), ("please stop calling me", "en-US"), ("不要再打了", "zh-CN"), ("别再打了", "en-US")],
)
def test_on_a_call_that_comes_in_the_words_alone_stop_all_calls(said: str, language: str) -> None:
    call = ask(MENU, language=language).say(said)
    assert call.seen(OptedOut) == [OptedOut(node="node", purpose="all", how="words", evidence=said)]
    assert call.end is not None
    assert call.end.outcome == "opted_out"


@pytest.mark.parametrize(
    "said", ["you should tell my neighbour to stop calling me at night", "I was told they stop calling"]
)
def test_on_a_call_that_comes_in_they_are_words_like_others_inside_a_sentence(said: str) -> None:
    assert ask(LISTEN).say(said).seen(OptedOut) == []


def test_the_flow_s_own_choice_goes_before_them() -> None:
    call = ask(MENU).say("opt out")
    assert call.exit == "stop"
    assert call.seen(OptedOut) == []


@pytest.mark.parametrize("said", ["you have the wrong number", "call me later"])
def test_wrong_number_and_later_mean_nothing_on_a_call_that_comes_in(said: str) -> None:
    assert ask(MENU).say(said).exit not in ("wrong_person", "later")


@pytest.mark.parametrize("node", [MENU, CONFIRM, DATE, LISTEN, LATER])
def test_on_a_call_we_make_every_question_takes_key_and_words(node: str) -> None:
    by_key, by_words = ask(node, outbound=True).press("8"), ask(node, outbound=True).say("don't call me again")
    assert [event.how for event in by_key.seen(OptedOut) + by_words.seen(OptedOut)] == ["key", "words"]
    assert by_key.seen(OptedOut)[0].purpose == "delivery"


@pytest.mark.parametrize("node", [MENU, CONFIRM, DATE])
@pytest.mark.parametrize(
    ("said", "exit_name"), [("sorry but you have the wrong number", "wrong_person"), ("I'm in a meeting", "later")]
)
def test_on_a_call_we_make_they_count_inside_a_sentence(node: str, said: str, exit_name: str) -> None:
    assert ask(node, outbound=True).say(said).exit == exit_name


def test_they_are_heard_before_a_mere_no_and_badly_heard_too() -> None:
    call = ask(CONFIRM, outbound=True).say("no, don't call me again", confidence=0.2)
    assert call.seen(OptedOut)
    assert call.seen(Understood) == []


def test_not_me_counts_alone_and_not_as_the_beginning_of_something_else() -> None:
    assert ask(MENU, outbound=True, language="zh-CN").say("不是我啊").exit == "wrong_person"
    assert ask(MENU, outbound=True, language="zh-CN").say("这个不是我要的").exit != "wrong_person"
    assert ask(MENU, outbound=True).say("sorry, not me").exit == "wrong_person"


def test_a_plain_no_is_a_no() -> None:
    assert ask(CONFIRM, outbound=True).say("no").exit == "no"
    assert ask(CONFIRM, outbound=True, language="zh-CN").say("不要").exit == "no"


def test_a_question_back_takes_the_words_for_a_person_as_before() -> None:
    assert ask(DATE).say("tomorrow", confidence=0.5).say("I want to talk to an agent").exit == "person"


def test_a_question_back_takes_the_opt_out() -> None:
    call = ask(DATE, outbound=True).say("tomorrow", confidence=0.5)
    assert "Is that right" in call.said
    assert call.press("8").seen(OptedOut)[0].evidence == "8"


def test_digits_that_are_the_answer_are_no_opt_out() -> None:
    node = "{type: collect, kind: number, value: n, prompt: {en-US: How many?, zh-CN: 几个？}, exits: {next: end}}"
    call = ask(node, outbound=True).press("8")
    assert call.values["n"] == 8


def test_the_case_says_which_calls_are_meant() -> None:
    call = ask(MENU, outbound=True, values={"case": {"purpose": "survey"}}).press("8")
    assert call.seen(OptedOut)[0].purpose == "survey"


def test_later_asks_the_time_only_and_the_house_whether_it_is_allowed() -> None:
    call = ask(LATER, outbound=True).press("11241500#")
    assert call.request == CheckCallTime(at="2026-11-24T15:00:00+08:00", node="node")
    call.hear(CallTimeChecked(allowed=True))
    assert call.seen(CallbackRequested)[0].later
    assert call.end is not None
    assert (call.end.outcome, call.end.whole) == ("callback", True)


@pytest.mark.parametrize(("said", "language"), [("in half an hour", "en-US"), ("半小时后", "zh-CN")])
def test_later_may_be_told_by_how_long_it_is_until_then(said: str, language: str) -> None:
    call = ask(LATER, outbound=True, language=language).say(said, confidence=0.9)
    assert call.say("yes").request.at == "2026-11-21T15:30:00+08:00"


def test_the_time_is_meant_in_the_zone_of_whoever_is_called() -> None:
    assert ask(LATER, outbound=True, number="+442071838750").press("11241500").request.at == "2026-11-24T15:00:00+00:00"
    values = {"case": {"zone": "America/New_York"}}
    assert ask(LATER, outbound=True, values=values).press("11241500").request.at == "2026-11-24T15:00:00-05:00"


def test_side_exits_are_those_of_the_opening() -> None:
    document = ask(MENU, outbound=True).document
    assert side_exits(document) == {"wrong_person": "end", "later": "end"}
    assert side_exits(ask(MENU).document) == {}


def test_the_outbound_section_survives_being_written_and_read() -> None:
    document = ask(MENU, outbound=True).document
    assert parse(dump(document)) == document
    assert from_json(to_json(document)) == document


@pytest.mark.parametrize(
    ("ticket", "outbound", "policy"),
    [("auto", True, "never"), ("auto", False, "if_said"), ("if_said", True, "if_said"), ("never", False, "never")],
)
def test_hang_up_tickets_are_for_those_who_called_us(ticket: str, outbound: bool, policy: str) -> None:
    data = to_json(ask(MENU).document)
    document = from_json({**data, "hang_up": {"ticket": ticket}})
    assert document.hang_up.policy(outbound=outbound) == policy
    assert from_json(to_json(document)).hang_up.ticket == ticket
