"""The agent who is rung, and the caller who waits."""

from __future__ import annotations

from typing import Any

from ivr.second_party import wait, whisper
from telephony.calls import Digits, Nothing, Silence
from telephony.verbs import Gather, Hangup, Leave, Say

HOLD = (Say(text="Please hold.", language="en-US"),)
QUESTION = (Say(text="A call.", language="en-US"),)
URL = "https://desk.example/voice/x"


def test_an_agent_is_asked_to_press_1() -> None:
    (question,) = whisper(Nothing(), QUESTION, language="en-US", action=URL)
    assert isinstance(question, Gather)
    assert question.action == URL
    assert question.num_digits == 1


def test_1_joins_the_call_and_anything_else_does_not() -> None:
    assert whisper(Digits(digits="1"), QUESTION, language="en-US", action=URL) == ()
    assert whisper(Digits(digits="2"), QUESTION, language="en-US", action=URL) == (Hangup(),)
    assert whisper(Silence(), QUESTION, language="en-US", action=URL) == (Hangup(),)


def test_a_waiting_caller_hears_the_place_in_the_line_and_the_way_out() -> None:
    (held,) = wait(Nothing(), HOLD, position="3", language="en-US", action=URL)
    assert isinstance(held, Gather)
    texts = [prompt.text for prompt in held.prompts if isinstance(prompt, Say)]
    assert texts[0] == "Please hold."
    assert "number 3 in the line" in texts[1]
    assert "press 1" in texts[2]


def test_an_odd_place_in_the_line_is_not_read_out() -> None:
    for position in ("", "0", "-1", "<b>", "٣"):
        (held,) = wait(Nothing(), HOLD, position=position, language="en-US", action=URL)
        assert isinstance(held, Gather)
        assert len(held.prompts) == 2


def test_pressing_1_leaves_the_queue_and_silence_stays_in_it() -> None:
    assert wait(Digits(digits="1"), HOLD, language="en-US", action=URL) == (Leave(),)
    assert wait(Nothing(), (Leave(),), language="en-US", action=URL) == (Leave(),)
    assert isinstance(wait(Silence(), HOLD, language="en-US", action=URL)[0], Gather)


def test_the_wait_page_plays_the_flows_own_hold_prompt_in_the_language_of_the_call(desk: Any) -> None:
    phone = desk.call("3", "2", "0")
    target = phone.verbs[-1]["wait"].removeprefix("https://desk.example")
    before = desk.dump()
    phone.ask(target, phone.event())
    assert "正在转人工" in phone.heard
    assert phone.last == "Gather"
    phone.ask(target, phone.event(Digits(digits="1")))
    assert phone.last == "Leave"
    assert desk.dump() == before


def test_the_whisper_names_the_flow_and_lets_only_a_person_in(desk: Any, hotline: str) -> None:
    desk.publish(hotline.replace("    queue: service\n", '    numbers: ["+442071838111"]\n'))
    phone = desk.call("0")
    assert phone.last == "Dial"
    target = phone.verbs[-1]["whisper"].removeprefix("https://desk.example")
    agent = desk.phone()
    agent.ask(target, agent.event())
    assert "Courier hotline" in agent.heard
    assert agent.ask(target, agent.event(Digits(digits="1"))).verbs == []
    assert agent.ask(target, agent.event(Silence())).last == "Hangup"
