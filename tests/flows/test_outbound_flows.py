"""The flows for calls we make, walked from beginning to end by keys alone and by speech alone, in both languages."""

from __future__ import annotations

import pytest

from flows.documents import parse
from flows.events import CallbackRequested, MessageRequested, OptedOut, Rated, ReopenRequested, SpeechKept, Understood
from flows.outbound import Meaning, goal_words, is_outbound, meaning_of
from flows.problems import Level
from flows.validation import lint
from telephony.calls import QueueEnded
from tests.flows.test_examples import EXAMPLES
from tests.flows.walk import Walk

OUTBOUND = {path.stem: document for path in EXAMPLES if (document := parse(path.read_bytes())).outbound is not None}
VALUES = {
    "pre_delivery": {"parcel": "RB100200", "station": "Riverside"},
    "overdue_pickup": {"parcel": "RB100200", "code": "328841"},
    "follow_up": {"ticket": "572400"},
}
LANGUAGES = ("en-US", "zh-CN")


def call(name, language, *, inbound=False, **more):
    """A call past its opening."""
    case = {"id": 1, "purpose": OUTBOUND[name].outbound.purpose, "inbound": inbound}
    values = {**VALUES[name], "case": case, **more.pop("values", {})}
    return Walk(OUTBOUND[name], language=language, values=values, **more).silence()


def test_three_flows_are_for_calls_we_make():
    assert set(OUTBOUND) == {"pre_delivery", "overdue_pickup", "follow_up"}


def ends(walk, outcome, meaning=Meaning.GOAL):
    assert walk.end is not None, walk.said[-1]
    assert walk.end.outcome == outcome
    assert meaning_of(walk.document, outcome) is meaning
    assert not any("{{" in text for text in walk.said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("keys", "outcome"),
    [(["1"], "door"), (["2"], "station"), (["3"], "locker"), (["4", "1124"], "another_day"), (["5", "1"], "refused")],
)
def test_before_a_delivery_each_answer_is_given_by_keys_alone(language, keys, outcome):
    ends(call("pre_delivery", language).press(*keys), outcome)


@pytest.mark.parametrize(
    ("language", "words", "outcome"),
    [
        ("en-US", ["please bring it to my door"], "door"),
        ("en-US", ["the pickup station"], "station"),
        ("en-US", ["put it in a parcel locker"], "locker"),
        ("en-US", ["I am not at home", "next Monday", "yes"], "another_day"),
        ("en-US", ["send it back", "yes"], "refused"),
        ("zh-CN", ["送货上门"], "door"),
        ("zh-CN", ["放驿站吧"], "station"),
        ("zh-CN", ["放快递柜"], "locker"),
        ("zh-CN", ["今天不在家", "下周一", "对"], "another_day"),
        ("zh-CN", ["我要拒收", "确定"], "refused"),
    ],
)
def test_before_a_delivery_each_answer_is_given_by_speech_alone(language, words, outcome):
    ends(call("pre_delivery", language).say(*words), outcome)


def test_who_does_not_refuse_after_all_is_asked_again():
    walk = call("pre_delivery", "en-US").press("5", "2")
    assert walk.at == "ask_where"
    ends(walk.press("1"), "door")


def test_several_parcels_are_told_and_answered_once():
    walk = call("pre_delivery", "en-US", values={"count": 3})
    assert "We have 3 parcels for you." in " ".join(walk.said)
    ends(walk.press("2"), "station")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("keys", "outcome"),
    [
        (["1", "2"], "code_told"),
        (["1", "1"], "code_sent"),
        (["2"], "code_sent"),
        (["3"], "extended"),
        (["4", "1"], "sent_back"),
        (["5"], "picked_up"),
    ],
)
def test_an_overdue_parcel_is_settled_by_keys_alone(language, keys, outcome):
    ends(call("overdue_pickup", language).press(*keys), outcome)


@pytest.mark.parametrize(
    ("language", "words", "outcome"),
    [
        ("en-US", ["tell me the code", "no thank you"], "code_told"),
        ("en-US", ["text me"], "code_sent"),
        ("en-US", ["keep it longer"], "extended"),
        ("en-US", ["send it back", "yes"], "sent_back"),
        ("en-US", ["I already have it"], "picked_up"),
        ("zh-CN", ["取件码", "不用了"], "code_told"),
        ("zh-CN", ["发短信"], "code_sent"),
        ("zh-CN", ["多放几天"], "extended"),
        ("zh-CN", ["退回", "是的"], "sent_back"),
        ("zh-CN", ["已经取了"], "picked_up"),
    ],
)
def test_an_overdue_parcel_is_settled_by_speech_alone(language, words, outcome):
    ends(call("overdue_pickup", language).say(*words), outcome)


def test_the_pickup_code_is_read_in_groups_and_sent_as_it_is():
    walk = call("overdue_pickup", "en-US").press("1")
    assert "The pickup code is 3 2 8, 8 4 1. Once more, 3 2 8, 8 4 1." in walk.said[-2]
    assert walk.values["outcome"] == "code_told"
    walk.press("1")
    assert walk.seen(MessageRequested)[0].body.endswith("pickup code 328841.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_solved_ticket_is_rated_by_keys_alone(language):
    walk = call("follow_up", language).press("1", "4")
    ends(walk, "solved")
    assert walk.seen(Rated)[0].score == 4


@pytest.mark.parametrize(("language", "words"), [("en-US", ["yes it is", "five"]), ("zh-CN", ["解决了", "五分"])])
def test_a_solved_ticket_is_rated_by_speech_alone(language, words):
    walk = call("follow_up", language).say(*words)
    ends(walk, "solved")
    assert walk.seen(Rated)[0].score == 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_reopens_the_ticket_by_keys_alone(language):
    walk = call("follow_up", language).press("2", "#")
    ends(walk, "reopened")
    assert walk.seen(ReopenRequested) == [ReopenRequested(node="reopen", number="572400")]


@pytest.mark.parametrize(
    ("language", "words"), [("en-US", ["no", "the box is still broken"]), ("zh-CN", ["没有解决", "箱子还是坏的"])]
)
def test_no_reopens_the_ticket_by_speech_alone_and_keeps_what_is_missing(language, words):
    walk = call("follow_up", language).say(*words)
    ends(walk, "reopened")
    assert walk.seen(SpeechKept)[0].text == words[1]


def test_who_hangs_up_at_the_rating_has_answered_all_the_same():
    assert call("follow_up", "en-US").press("1").values["outcome"] == "solved"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(OUTBOUND))
def test_every_flow_can_be_refused_at_the_first_question_by_key_and_by_words(name, language):
    by_key, by_words = call(name, language).press("8"), call(name, language).say("不要再给我打电话了")
    for walk in (by_key, by_words):
        ends(walk, "opted_out", Meaning.OPTED_OUT)
        assert walk.seen(OptedOut)[0].purpose == OUTBOUND[name].outbound.purpose
        assert walk.seen(Understood) == []
    assert by_key.seen(OptedOut)[0].how == "key"
    assert by_words.seen(OptedOut)[0].how == "words"


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("pre_delivery", ["4"]),
        ("pre_delivery", ["5"]),
        ("overdue_pickup", ["1"]),
        ("overdue_pickup", ["4"]),
        ("follow_up", ["1"]),
        ("follow_up", ["2"]),
    ],
)
def test_every_later_question_takes_the_opt_out_too(name, answers):
    assert call(name, "en-US").press(*answers, "8").end.outcome == "opted_out"
    assert call(name, "en-US").press(*answers).say("don't call me again").end.outcome == "opted_out"


def test_a_confirmation_takes_the_opt_out_and_not_a_mere_no():
    walk = call("pre_delivery", "en-US").say("another day", "next Monday")
    assert "Is that right" in walk.said[-1]
    assert walk.say("don't call me again").end.outcome == "opted_out"


@pytest.mark.parametrize("name", sorted(OUTBOUND))
def test_the_wrong_person_is_let_go_at_the_opening_and_later(name):
    values = {**VALUES[name], "case": {"inbound": False}}
    ends(Walk(OUTBOUND[name], values=values).press("7"), "wrong_person", Meaning.WRONG_PERSON)
    ends(call(name, "en-US").say("you have the wrong number"), "wrong_person", Meaning.WRONG_PERSON)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_wants_to_be_called_later_names_a_time_and_the_call_ends(language):
    words = ["call me later", "tomorrow at three in the afternoon", "yes"]
    if language == "zh-CN":
        words = ["现在不方便", "明天下午三点", "对"]
    walk = call("pre_delivery", language).say(*words)
    ends(walk, "callback", Meaning.CALL_LATER)
    wish = walk.seen(CallbackRequested)[0]
    assert (wish.at, wish.later, wish.number) == ("2026-11-21T15:00:00+08:00", True, walk.number)
    assert walk.opened == []


def test_a_time_at_which_we_may_not_call_is_refused_with_the_next_one():
    walk = call("pre_delivery", "en-US", next_at="2026-11-21T01:00:00+00:00").say("call me later").press("11202330")
    assert "next possible time is Saturday, November 21 9:00 AM" in " ".join(walk.said[-3:]), walk.said[-3:]
    assert walk.end is None
    ends(walk.press("11210930"), "callback", Meaning.CALL_LATER)


def test_three_refused_times_lead_on():
    walk = call("pre_delivery", "en-US").say("call me later")
    for _ in range(3):
        walk.next_at = "2026-11-21T01:00:00+00:00"
        walk.press("11202330")
    assert walk.at == "to_person"


def test_the_person_key_leads_to_people_and_a_ticket_when_nobody_is_free():
    ends(
        call("pre_delivery", "en-US").press("0").hear(QueueEnded(result="bridged")), "transferred", Meaning.HANDED_OVER
    )
    walk = call("pre_delivery", "en-US").press("0").hear(QueueEnded(result="leave"))
    ends(walk, "ticket", Meaning.HANDED_OVER)
    assert walk.opened[0].reference == "RB100200"


@pytest.mark.parametrize("name", sorted(OUTBOUND))
def test_silence_ends_with_a_number_to_call_and_is_worth_another_try(name):
    walk = call(name, "en-US").silence(10)
    ends(walk, "incomplete", Meaning.INCOMPLETE)
    assert "0 1 0" in walk.said[-1] or "1 0" in walk.said[-1]


@pytest.mark.parametrize("name", sorted(OUTBOUND))
def test_a_call_back_is_greeted_as_one_and_answered_like_the_call(name):
    values = {**VALUES[name], "case": {"inbound": True, "purpose": "delivery"}}
    walk = Walk(OUTBOUND[name], language="en-US", values=values)
    assert "Thank you for calling back. You are calling about" in walk.said[0]
    assert walk.silence().press("1").seen(Understood)


def test_words_of_the_house_mean_the_same_in_every_flow():
    document = OUTBOUND["pre_delivery"]
    assert is_outbound(document)
    assert goal_words(document) == ("door", "station", "locker", "another_day", "refused")
    means = {word: meaning_of(document, word) for word in ("", "abandoned", "voicemail", "machine", "told", "door")}
    assert means == {
        "": Meaning.INCOMPLETE,
        "abandoned": Meaning.INCOMPLETE,
        "voicemail": Meaning.MACHINE,
        "machine": Meaning.MACHINE,
        "told": Meaning.DONE,
        "door": Meaning.GOAL,
    }


def test_a_flow_that_makes_no_calls_has_no_goals():
    inbound = next(document for path in EXAMPLES if (document := parse(path.read_bytes())).outbound is None)
    assert not is_outbound(inbound)
    assert goal_words(inbound) == ()


@pytest.mark.parametrize("name", sorted(OUTBOUND))
def test_the_flows_for_calls_we_make_are_without_errors_and_warnings(name):
    assert [p for p in lint(OUTBOUND[name]) if p.level in (Level.ERROR, Level.WARNING)] == []
