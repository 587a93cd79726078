"""The turn-taking of a live stream, with a carrier that plays and an ear that reads; time is the caller's sound."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stream_lab import Lab, digits, gather, say

from audio.hearing.hypothesis import Hypothesis
from ivr.streams import commands as do
from ivr.streams.patience import PATIENCE, SURE, patience_for
from ivr.streams.prompt_player import AHEAD_MS
from ivr.streams.talking import Phase
from ivr.streams.understanding import NOT_UNDERSTOOD
from telephony.calls import Digits, Silence, Speech
from telephony.verbs import Expects, Hangup, InputMode, Pause, Redirect

MENU = gather(say("press or say something"))


def kinds(lab: Lab, kind: type) -> list[do.Command]:
    return [command for command in lab.done if isinstance(command, kind)]


# --- listening -------------------------------------------------------------------------------------------------------


def test_an_answer_after_the_prompt_is_taken_with_its_words_and_how_they_were_heard() -> None:
    lab = Lab(MENU).quiet(4_500).speak("shipping", 0.83).quiet(1_000)
    assert lab.heard == [Speech(text="shipping", confidence=0.83)]
    assert lab.answers[0].note == {"engine": "lab", "decode_ms": 0.0}
    assert lab.carrier.clears == 0


def test_silence_is_told_after_the_time_out_counted_from_the_end_of_the_last_prompt() -> None:
    lab = Lab(say("one two"), gather(say("three"), timeout_s=5))
    lab.quiet(3_000 + 4_900)
    assert lab.heard == []
    lab.quiet(200)
    assert lab.heard == [Silence()]


def test_a_question_without_prompts_listens_at_once() -> None:
    assert Lab(gather(timeout_s=2)).quiet(2_000).heard == [Silence()]


def test_speaking_stops_the_time_out_however_long_it_goes_on() -> None:
    lab = Lab(gather(timeout_s=1, expects=Expects.OPEN)).quiet(900).hum(5_000)
    assert lab.heard == []
    assert lab.quiet(2_000).heard == [Silence()]  # In open speech, words nobody understood are not kept.


def test_words_that_were_not_understood_climb_the_ladder_of_misunderstandings() -> None:
    assert Lab(gather()).quiet(500).hum(700).quiet(1_000).heard == [Speech(text=NOT_UNDERSTOOD, confidence=0.0)]


def test_a_noise_too_short_for_a_word_is_not_held_against_the_caller() -> None:
    lab = Lab(gather(timeout_s=5)).quiet(500).hum(160).quiet(1_500)
    assert lab.heard == []
    assert len(kinds(lab, do.Decide)) == 1
    assert lab.quiet(4_500).heard == [Silence()]


def test_noise_that_begins_again_and_again_does_not_keep_a_question_open_for_ever() -> None:
    lab = Lab(gather(timeout_s=5))
    for _ in range(40):
        lab.hum(160).quiet(1_840)
    assert lab.heard[0] == Silence()


def test_speech_that_never_ends_is_cut_and_decided() -> None:
    lab = Lab(gather()).hum(PATIENCE[Expects.PHRASES].longest_ms + 200)
    assert lab.heard == [Speech(text=NOT_UNDERSTOOD, confidence=0.0)]


def test_after_an_answer_the_next_turn_is_asked() -> None:
    lab = Lab(gather()).speak("shipping").quiet(1_000)
    lab.begin(gather(hints=("yes", "no"), expects=Expects.YES_NO))
    lab.quiet(100).speak("yes").quiet(1_000)
    assert lab.heard == [Speech(text="shipping", confidence=0.9), Speech(text="yes", confidence=0.9)]
    asked = [command.question.kind.value for command in kinds(lab, do.Ask)]
    assert asked == ["phrases", "yes_no"]


# --- patience --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("expects", list(Expects))
def test_every_kind_of_answer_has_its_patience(expects: Expects) -> None:
    patience = patience_for(gather(expects=expects))
    assert 0 < patience.pause_ms < patience.end_ms < patience.longest_ms
    assert patience_for(gather(expects=expects, speech_end_s=3)).end_ms == 3_000


def test_a_number_read_in_groups_is_not_cut_in_the_middle() -> None:
    lab = Lab(digits()).speak("1 2 3").quiet(1_100).speak("4 5 6").quiet(1_100).speak("7").quiet(1_500)
    assert lab.heard == [Speech(text="1 2 3 4 5 6 7", confidence=0.9)]


def test_words_that_leave_one_answer_shorten_the_wait() -> None:
    lab = Lab(gather()).speak("shipping").quiet(320)
    assert lab.heard == [Speech(text="shipping", confidence=0.9)]
    assert SURE[Expects.PHRASES].end_ms < 320 < PATIENCE[Expects.PHRASES].end_ms


def test_words_that_may_go_on_are_waited_for() -> None:
    lab = Lab(gather(hints=("new order", "new order of shoes"))).speak("new order").quiet(400)
    assert lab.heard == []
    assert lab.quiet(300).heard == [Speech(text="new order", confidence=0.9)]


def test_a_word_that_holds_everywhere_ends_open_speech_sooner_but_not_at_once() -> None:
    lab = Lab(gather(expects=Expects.OPEN, hints=("operator",))).speak("operator").quiet(400)
    assert lab.heard == []
    assert lab.quiet(500).heard == [Speech(text="operator", confidence=0.9)]
    assert Lab(gather(expects=Expects.OPEN, hints=("operator",))).speak("my parcel").quiet(1_000).heard == []


def test_words_of_no_phrase_and_numbers_are_waited_for() -> None:
    assert Lab(gather()).speak("shoes").quiet(400).heard == []
    assert Lab(digits()).speak("1 2 3").quiet(1_000).heard == []


# --- interrupting ----------------------------------------------------------------------------------------------------


def test_speech_that_goes_on_stops_the_prompt_while_it_is_spoken() -> None:
    lab = Lab(gather(say("a very long prompt of many words"))).quiet(2_000).speak("shipping please now", for_ms=1_000)
    assert lab.carrier.clears == 1
    assert lab.carrier.heard_ms < 3_000
    lab.quiet(1_000)
    assert [type(heard) for heard in lab.heard] == [Speech]
    interrupted = lab.answers[0].note["interrupted"]
    assert interrupted["prompt"] == 0
    assert 2_400 <= interrupted["after_ms"] <= 2_900


def test_a_short_word_that_answers_stops_the_prompt_once_it_is_understood() -> None:
    lab = Lab(gather(say("a very long prompt of many words"))).quiet(1_000).speak("billing", for_ms=500)
    assert lab.carrier.clears == 0
    lab.quiet(700)
    assert lab.carrier.clears == 1
    assert lab.heard == [Speech(text="billing", confidence=0.9)]


@pytest.mark.parametrize(("murmur", "confidence"), [("uh-huh", 0.9), ("okay", 0.9), ("billing", 0.3), ("", 0.0)])
def test_a_murmur_and_a_doubtful_word_do_not_stop_the_prompt_and_are_no_error(murmur: str, confidence: float) -> None:
    lab = Lab(gather(say("a prompt of five words"), timeout_s=3)).quiet(1_000)
    lab = lab.speak(murmur, confidence, for_ms=460) if murmur else lab.hum(460)
    lab.quiet(3_000)
    assert lab.carrier.clears == 0
    assert lab.heard == []
    assert lab.carrier.heard_ms >= 4_000
    assert lab.quiet(4_000).heard == [Silence()]


def test_a_murmur_that_answers_the_question_is_an_answer() -> None:
    prompt = say("shall we go on with this")
    lab = Lab(gather(prompt, hints=("okay", "stop"))).quiet(1_000).speak("okay", for_ms=460).quiet(700)
    assert lab.heard == [Speech(text="okay", confidence=0.9)]
    lab = Lab(gather(prompt, hints=(), expects=Expects.YES_NO)).quiet(1_000).speak("yeah", for_ms=460).quiet(700)
    assert lab.heard == [Speech(text="yeah", confidence=0.9)]


def test_marks_that_come_back_after_our_clear_were_not_heard() -> None:
    lab = Lab(gather(say("one two three"), say("four five"))).quiet(1_000).press("1")
    assert lab.answers == []
    assert lab.talking.player.is_speaking is False
    lab.give_marks()
    lab.press("#")
    assert lab.answers[0].note == {"interrupted": {"prompt": 0, "after_ms": 980}}


def test_where_the_prompt_was_interrupted_counts_the_prompts_of_the_turn() -> None:
    lab = Lab(say("one"), Pause(seconds=1), gather(say("three four five"), num_digits=1)).quiet(3_000).press("7")
    assert lab.heard == [Digits(digits="7")]
    assert lab.answers[0].note == {"interrupted": {"prompt": 2, "after_ms": 1_000}}


def test_without_barge_in_words_do_not_interrupt_but_keys_do() -> None:
    question = gather(say("one two three"), barge_in=False)
    lab = Lab(question).quiet(500).speak("shipping").quiet(1_200)
    assert lab.heard == []
    assert lab.carrier.clears == 0
    lab.press("1#")
    assert (lab.heard, lab.carrier.clears) == ([Digits(digits="1")], 1)


def test_speech_that_outlasts_a_prompt_that_cannot_be_interrupted_counts() -> None:
    lab = Lab(gather(say("one two"), barge_in=False)).quiet(1_700).speak("shipping please").quiet(1_000)
    assert lab.heard == [Speech(text="shipping please", confidence=0.9)]


# --- prompts that must be heard --------------------------------------------------------------------------------------


def test_neither_words_nor_keys_interrupt_what_must_be_heard() -> None:
    lab = Lab(gather(say("one two three", must_hear=True), say("four five six"), num_digits=1))
    lab.quiet(500).speak("shipping and billing").quiet(100).press("1")
    assert (lab.heard, lab.carrier.clears) == ([], 0)
    lab.quiet(1_500)
    assert lab.heard == [Digits(digits="1")]
    assert lab.carrier.clears == 1
    assert 3_000 <= lab.carrier.heard_ms <= 3_100


def test_words_during_what_must_be_heard_count_only_when_they_go_on_after_it() -> None:
    lab = Lab(gather(say("one two", must_hear=True), timeout_s=2)).quiet(200).speak("shipping").quiet(1_000)
    assert lab.heard == []
    lab.quiet(400).speak("billing please").quiet(1_000)
    assert lab.heard == [Speech(text="billing please", confidence=0.9)]


def test_what_must_be_heard_is_said_again_when_the_prompt_before_it_is_interrupted() -> None:
    lab = Lab(gather(say("one two"), say("three", must_hear=True), say("four"), num_digits=1)).quiet(500).press("5")
    assert lab.carrier.clears == 1
    assert lab.heard == []
    lab.quiet(1_100)
    assert lab.heard == [Digits(digits="5")]
    assert lab.carrier.heard_ms == 500 + 1_000
    assert lab.answers[0].note["interrupted"] == {"prompt": 0, "after_ms": 480}


def test_an_answer_by_words_waits_for_what_must_be_heard() -> None:
    lab = Lab(gather(say("one two three"), say("four", must_hear=True))).quiet(500).speak("shipping please").quiet(500)
    assert lab.carrier.clears == 1
    lab.quiet(1_000)
    assert lab.heard == [Speech(text="shipping please", confidence=0.9)]
    assert lab.carrier.heard_ms >= 1_000 + 1_000


# --- keys ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "keys", "heard"),
    [
        ({"num_digits": 1}, "4", Digits(digits="4")),
        ({"num_digits": 3}, "123", Digits(digits="123")),
        ({}, "12#", Digits(digits="12")),
        ({}, "#", Digits(digits="")),
        ({"finish_on_key": "*"}, "1#2*", Digits(digits="1#2")),
        ({"num_digits": 1, "finish_on_key": ""}, "#", Digits(digits="#")),
        ({"mode": InputMode.KEYS}, "7#", Digits(digits="7")),
    ],
)
def test_keys_answer_as_the_question_asks(fields: dict, keys: str, heard: Digits) -> None:
    assert Lab(gather(**fields)).press(keys).heard == [heard]


def test_the_time_out_counts_anew_from_each_key_and_sends_what_was_typed() -> None:
    lab = Lab(gather(timeout_s=2)).press("1").quiet(1_900).press("2").quiet(1_900)
    assert lab.heard == []
    assert lab.quiet(200).heard == [Digits(digits="12")]


def test_keys_mean_nothing_to_a_question_for_words() -> None:
    lab = Lab(gather(say("one two"), mode=InputMode.SPEECH)).quiet(500).press("1#")
    assert (lab.heard, lab.carrier.clears) == ([], 0)


def test_words_mean_nothing_to_a_question_for_keys() -> None:
    lab = Lab(gather(say("one two"), mode=InputMode.KEYS, timeout_s=3)).quiet(100).speak("shipping").quiet(1_000)
    assert (lab.heard, kinds(lab, do.Hear), kinds(lab, do.Ask)) == ([], [], [])


def test_a_key_wins_over_words_that_are_being_decided() -> None:
    lab = Lab(gather(), slow_ear=True).speak("shipping").quiet(700)
    number, decision = lab.undecided[0]
    lab.press("2")
    assert lab.undecided == []
    assert isinstance(lab.done[-1], do.Forget)
    lab.do(lab.talking.decided(number, decision))  # It may have been under way.
    assert lab.heard == []
    assert lab.press("#").heard == [Digits(digits="2")]


def test_after_a_key_nothing_that_is_said_counts() -> None:
    lab = Lab(gather(timeout_s=3)).press("1").speak("shipping").quiet(1_000)
    assert lab.heard == []
    assert lab.quiet(2_500).heard == [Digits(digits="1")]


def test_keys_typed_ahead_answer_the_next_questions() -> None:
    lab = Lab(gather(num_digits=1)).press("1#234#5")
    assert lab.heard == [Digits(digits="1")]
    lab.begin(gather(say("one two"), num_digits=1))
    lab.begin(gather(say("one two")))
    assert lab.heard[1:] == [Digits(digits="2"), Digits(digits="34")]
    lab.begin(say("one"), Redirect())
    lab.begin(gather(num_digits=1))  # What was typed into a lookup is forgotten.
    assert len(lab.heard) == 3


# --- a slow ear ------------------------------------------------------------------------------------------------------


def test_what_is_said_while_the_ear_decides_is_heard_after_it() -> None:
    lab = Lab(gather(say("a very long prompt of many words")), slow_ear=True)
    lab.quiet(500).speak("okay", for_ms=460).quiet(700).speak("shipping", for_ms=500).quiet(700)
    assert len(lab.undecided) == 1
    lab.decide()
    assert lab.heard == [Speech(text="shipping", confidence=0.9)]


def test_a_caller_who_waits_for_us_can_be_kept_company_and_one_who_does_not_is_not() -> None:
    lab = Lab(gather(), slow_ear=True)
    filler = (say("moment"),)
    assert lab.talking.fill(filler) == []
    lab.speak("shipping").quiet(700)
    assert lab.talking.is_slow
    lab.do(lab.talking.fill(filler))
    lab.quiet(400)
    assert lab.talking.fill(filler) == []  # One is being heard.
    lab.decide()
    assert (lab.heard, lab.carrier.clears) == ([Speech(text="shipping", confidence=0.9)], 0)


# --- other turns -----------------------------------------------------------------------------------------------------


def test_a_lookup_is_awaited_while_its_prompts_are_heard_and_the_next_turn_follows_them() -> None:
    lab = Lab(say("one two"), Redirect())
    assert lab.talking.phase is Phase.WAITING
    assert kinds(lab, do.AwaitReply)
    lab.quiet(500).press("1")
    lab.begin(gather(say("three"), num_digits=1))
    lab.quiet(2_000)
    assert lab.carrier.heard_ms == 2_500
    assert lab.carrier.clears == 0
    assert lab.press("5").heard == [Digits(digits="5")]


def test_last_words_are_heard_to_their_end_before_the_call_leaves() -> None:
    lab = Lab(say("good bye"), Hangup()).quiet(1_000).press("1").speak("wait")
    assert kinds(lab, do.GoBack) == []
    lab.quiet(1_000)
    assert len(kinds(lab, do.GoBack)) == 1
    assert lab.carrier.heard_ms == 2_000
    assert len(kinds(Lab(Hangup()), do.GoBack)) == 1


# --- the carrier -----------------------------------------------------------------------------------------------------


def test_never_much_more_sound_is_at_the_carrier_than_was_played() -> None:
    lab = Lab(gather(say("a prompt that has nine words in it altogether"))).quiet(10_000)
    assert lab.carrier.heard_ms == 9_000
    assert lab.carrier.fullest_ms == AHEAD_MS + 20  # The frame that is being played.
    assert lab.sent == ["b1", "e1"]


def test_a_carrier_that_loses_marks_keeps_nobody_waiting_for_ever() -> None:
    lab = Lab(gather(say("one"), timeout_s=2))
    lab.give_marks = lab.carrier.marks.clear  # type: ignore[method-assign]
    assert lab.quiet(7_000).heard == [Silence()]


def test_sound_lost_on_the_way_does_not_starve_the_caller() -> None:
    lab = Lab(gather(say("one two three four five six")))
    for _ in range(3):
        lab.quiet(500)
        lab.ms += 1_000  # Lost: the carrier played on meanwhile.
        for _ in range(50):
            lab.carrier.play()
    lab.quiet(20)
    assert lab.carrier.buffer  # There is still sound to play.


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("quiet"), st.integers(1, 40)),
            st.tuples(st.just("hum"), st.integers(1, 60)),
            st.tuples(st.just("speak"), st.sampled_from(["shipping", "uh-huh", "1 2 3", "nonsense"])),
            st.tuples(st.just("press"), st.sampled_from(list("0123456789*#"))),
            st.tuples(st.just("decide"), st.just(0)),
            st.tuples(st.just("mark"), st.sampled_from(["b1", "e1", "e9", "x", "", "b1 text", "e٣"])),
            st.tuples(st.just("late"), st.integers(0, 5)),
        ),
        max_size=20,
    ),
    slow_ear=st.booleans(),
    must_hear=st.booleans(),
    barge_in=st.booleans(),
    mode=st.sampled_from(list(InputMode)),
)
def test_whatever_happens_a_question_ends_in_one_answer(
    steps: list, slow_ear: bool, must_hear: bool, barge_in: bool, mode: InputMode
) -> None:
    question = gather(say("one"), say("two three", must_hear=must_hear), barge_in=barge_in, mode=mode, timeout_s=2)
    lab = Lab(question, slow_ear=slow_ear)
    for step, value in steps:
        match step:
            case "quiet" | "hum":
                getattr(lab, step)(value * 20)
            case "speak" | "press":
                getattr(lab, step)(value)
            case "decide":
                lab.decide()
            case "mark":
                lab.do(lab.talking.mark(value))
            case "late":
                lab.do(lab.talking.decided(value, Hypothesis(text="late")))
    for _ in range(8):
        lab.quiet(1_000).decide()
    assert len(lab.answers) == 1
    if not any(step == "mark" for step, _ in steps):  # A carrier that says it has played more is believed.
        assert lab.carrier.fullest_ms <= AHEAD_MS + 20
