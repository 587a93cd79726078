"""What a live ear is told: the kind of answer, its patience, what must be heard; and how sure an answer must be."""

import pytest

from flows.events import NotUnderstood, OptedOut
from flows.requests import TicketsFound
from telephony.calls import Speech
from telephony.verbs import Expects, Say
from tests.flows.nodes.conversation import Conversation

OUTBOUND = {"outbound": {"organisation": {"en-US": "Ringback"}, "goals": ["done"], "opt_out_key": "8"}}


def collect(kind, more=""):
    return f"{{type: collect, kind: {kind}, value: it, prompt: {{en-US: What is it?}}, exits: {{next: end}}{more}}}"


CHOICES = ", choices: [{key: '1', name: small, label: {en-US: small}}]"


@pytest.mark.parametrize(
    ("text", "expects"),
    [
        (collect("digits"), Expects.DIGITS),
        (collect("number"), Expects.NUMBER),
        (collect("amount"), Expects.NUMBER),
        (collect("date"), Expects.DATE),
        (collect("time"), Expects.TIME),
        (collect("datetime"), Expects.DATE),
        (collect("yes_no"), Expects.YES_NO),
        (collect("phone"), Expects.DIGITS),
        (collect("tracking"), Expects.CODE),
        (collect("choice", CHOICES), Expects.PHRASES),
        ("{type: menu, prompt: {en-US: What?}" + CHOICES + ", exits: {small: end}}", Expects.PHRASES),
        ("{type: confirm, prompt: {en-US: Right?}, exits: {'yes': end, 'no': end}}", Expects.YES_NO),
        ("{type: listen, prompt: {en-US: Tell me.}, value: said, exits: {next: end}}", Expects.OPEN),
        ("{type: rate, prompt: {en-US: How was it?}, exits: {next: end}}", Expects.PHRASES),
        (
            "{type: answer, prompt: {en-US: What?}, entries: [{label: {en-US: hours}, questions: {en-US: [when]}, "
            "answer: {en-US: At nine.}}], exits: {answered: end, no_match: end}}",
            Expects.OPEN,
        ),
    ],
)
def test_every_question_tells_what_kind_of_answer_it_wants(text, expects):
    assert Conversation(text).gather.expects is expects


@pytest.mark.parametrize(
    ("said", "language"), [("uh-huh", "en-US"), ("Mm-hmm.", "en-US"), ("嗯", "zh-CN"), ("음", "ko-KR")]
)
def test_an_uh_huh_is_no_error_unless_it_goes_on(said, language):
    call = Conversation(menu("confirm: never"), language=language).say(said)
    assert call.seen(NotUnderstood) == []
    assert call.gather.expects is Expects.PHRASES
    call.say(said).say(said)
    assert len(call.seen(NotUnderstood)) == 1


def test_a_ticket_number_is_digits_and_may_be_said_in_groups():
    call = Conversation("{type: ticket_status, exits: {found: end, none: end}}", number="")
    call = call if call.step.verbs else call.hear(TicketsFound(tickets=()))
    assert call.gather.expects is Expects.DIGITS
    assert call.say("one two three").said == "1 2 3, go on."


def test_reading_back_asks_for_yes_or_no():
    assert Conversation(collect("number", ", confirm: always")).press("1234").gather.expects is Expects.YES_NO


@pytest.mark.parametrize(
    ("language", "way"), [("en-US", "no the last one is seven"), ("zh-CN", "不对是七"), ("ko-KR", "아니요 칠")]
)
def test_reading_back_digits_expects_one_of_them_put_right_too(language, way):
    call = Conversation(collect("digits", ", confirm: always, min_length: 4"), language=language).press("1234")
    assert call.gather.expects is Expects.PHRASES
    assert way in call.gather.hints
    said = [hint for hint in call.gather.hints if any(digit in hint for digit in ("seven", "七", "칠"))]
    for hint in said:
        call.hear(Speech(text=hint, confidence=0.9))
        assert "7" in call.said.split(".")[0], hint
        call = Conversation(collect("digits", ", confirm: always, min_length: 4"), language=language).press("1234")


def test_a_node_may_be_more_patient_than_its_kind():
    assert Conversation(collect("digits")).gather.speech_end_s == 2
    assert Conversation(collect("digits", ", speech_end_s: 4")).gather.speech_end_s == 4
    assert Conversation(collect("yes_no")).gather.speech_end_s is None


def test_a_message_may_have_to_be_heard():
    text = "{type: message, prompt: {en-US: 'This is the law.'}, must_hear: true, exits: {next: end}}"
    assert Conversation(text).step.verbs == (Say(text="This is the law.", language="en-US", must_hear=True),)
    assert Conversation(text.replace("true", "false")).step.verbs[0].must_hear is False


def test_the_opening_of_our_calls_and_the_end_of_them_must_be_heard():
    text = (
        "{type: opening, about: {en-US: your parcel}, prompt: {en-US: It is here.}, recorded: true, exits: {next: end}}"
    )
    call = Conversation(text, document=OUTBOUND)
    heard = {p.text.split(".")[0]: p.must_hear for p in call.gather.prompts}
    assert heard.pop("It is here") is False
    assert heard.pop("If this is the wrong number, press 7") is False
    assert len(heard) == 3
    assert all(heard.values())
    call.press("8")
    assert call.seen(OptedOut)
    assert all(verb.must_hear for verb in call.step.verbs)
    assert all(verb.must_hear for verb in Conversation("{type: opt_out}").step.verbs)


def menu(more):
    return f"""
type: menu
prompt: {{en-US: What shall it be?, zh-CN: 请选择：}}
choices:
  - {{key: "1", name: stay, label: {{en-US: keep it, zh-CN: 保留}}}}
  - {{key: "2", name: drop, label: {{en-US: cancel the order, zh-CN: 取消订单}}, {more}}}
exits: {{stay: end, drop: end}}
"""


def test_a_choice_that_cannot_be_undone_is_asked_back_by_keys_and_by_speech():
    call = Conversation(menu("confirm: always")).press("2")
    assert call.said.startswith("You chose cancel the order. Is that right?")
    assert call.press("1").exit == "drop"
    call = Conversation(menu("confirm: always"), language="zh-CN").say("取消订单", 0.99)
    assert call.said.startswith("您说的是取消订单，对吗")
    assert call.say("对").exit == "drop"
    assert Conversation(menu("confirm: always")).press("1").exit == "stay"
    call = Conversation(menu("confirm: always")).press("2").press("2")
    assert call.seen(NotUnderstood)
    assert "What shall it be?" in call.said


def test_a_choice_has_bands_of_its_own():
    strict = menu("accept: 0.95")
    assert Conversation(strict).say("cancel the order", 0.9).exit is None
    assert Conversation(strict).say("cancel the order", 0.96).exit == "drop"
    assert Conversation(strict).say("keep it", 0.8).exit == "stay"
    assert Conversation(strict).say("cancel the order", 0.2).seen(NotUnderstood)
    assert Conversation(menu("confirm: never")).say("cancel the order", 0.5).exit == "drop"
    easy = menu("accept: 0.5")
    assert Conversation(easy).say("cancel the order", 0.55).exit == "drop"


def test_a_collected_choice_follows_its_own_rule_too():
    text = menu("confirm: always").replace("type: menu", "type: collect\nkind: choice\nvalue: it")
    text = text.replace("exits: {stay: end, drop: end}", "exits: {next: end}")
    assert Conversation(text).press("2").exit is None
    assert Conversation(text).press("2").say("yes").values == {"it": "drop"}
    assert Conversation(text).press("1").values == {"it": "stay"}
