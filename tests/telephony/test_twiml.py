"""Neutral verbs become TwiML that Twilio runs to a good end."""

from __future__ import annotations

import os
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from twiml_schema import assert_valid_twiml
from verb_cases import CASES, ENGLISH, TURN

from telephony.provider import ProviderError
from telephony.twilio.spoken_text import clean, hints, pieces
from telephony.twilio.twiml import MAX_SAY_CHARACTERS, render
from telephony.verbs import (
    Actions,
    Dial,
    Enqueue,
    Gather,
    Hangup,
    InputMode,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
    with_actions,
)

GOLDEN = Path(__file__).parent / "golden"
HOSTILE = ["O'Brien & <Co>", '"quoted" <![CDATA[x]]>', "${{7*7}}", "=cmd|' /C calc'!A0", "\x00\x07\x1b[31m", "\ud800"]


def written(verbs: list[Verb]) -> etree._Element:
    document = render(verbs)
    assert_valid_twiml(document)
    return etree.fromstring(document.encode())


@pytest.mark.parametrize("name", CASES)
def test_each_verb_is_written_as_its_golden_file(name: str) -> None:
    document = render(CASES[name])
    assert_valid_twiml(document)
    root = etree.fromstring(document.encode())
    etree.indent(root)
    pretty = etree.tostring(root, encoding="unicode") + "\n"
    if os.environ.get("WRITE_GOLDEN"):
        (GOLDEN / f"{name}.xml").write_text(pretty, encoding="utf-8")
    assert pretty == (GOLDEN / f"{name}.xml").read_text(encoding="utf-8")


def test_every_verb_has_a_golden_file_and_every_golden_file_a_case() -> None:
    covered = {type(verb) for verbs in CASES.values() for verb in verbs}
    covered |= {type(p) for verbs in CASES.values() for v in verbs if isinstance(v, Gather) for p in v.prompts}
    assert covered == set(get_args(Verb))
    assert {path.stem for path in GOLDEN.glob("*.xml")} == set(CASES)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_spoken_as_it_stands_and_never_becomes_markup(text: str) -> None:
    root = written([Say(text=text + " end", language="en-US")])
    assert [child.tag for child in root] == ["Say"]
    assert root[0].text == clean(text + " end")
    assert len(root[0]) == 0


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(st.characters(), max_size=4_096),
    words=st.lists(st.text(max_size=150), max_size=40),
    language=st.sampled_from(["zh-CN", "en-US", "ko-KR", "yue-HK"]),
    mode=st.sampled_from(InputMode),
)
def test_any_text_and_any_hints_make_a_valid_document(
    text: str, words: list[str], language: str, mode: InputMode
) -> None:
    prompts = (Say(text=text, language=language),)
    gather = Gather(prompts=prompts, mode=mode, language=language, hints=tuple(words), action=TURN)
    root = written([*prompts, gather])
    assert [child.tag for child in root][-2:] == ["Gather", "Redirect"]


def test_a_text_of_any_length_is_cut_after_sentences_and_loses_nothing() -> None:
    text = "请先确认您的单号是否正确。" * 600
    root = written([Say(text=text, language="zh-CN")])
    said = [say.text or "" for say in root]
    assert len(said) == 3
    assert all(len(part) <= MAX_SAY_CHARACTERS and part.endswith("。") for part in said)
    assert "".join(said) == text


def test_a_text_without_any_break_is_cut_at_the_limit() -> None:
    assert pieces("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert pieces("one two three", 8) == ["one two", "three"]
    assert pieces("version 1.5 is out. Yes.", 20) == ["version 1.5 is out.", "Yes."]
    assert pieces("", 10) == []


def test_an_empty_text_says_nothing_at_all() -> None:
    assert [child.tag for child in written([Say(text=" \x00\n", language="en-US"), Hangup()])] == ["Hangup"]


def test_a_caller_who_gives_no_answer_goes_on_to_the_same_action_with_the_mark() -> None:
    root = written([Gather(prompts=(ENGLISH,), language="en-US", action=TURN + "?a=b#rc=2")])
    assert root[1].text == TURN + "?a=b&heard=nothing#rc=2"


def test_the_recogniser_and_the_voice_each_get_their_own_language_code() -> None:
    gather = Gather(prompts=(Say(text="您好", language="zh-CN"),), language="zh-CN", action=TURN)
    root = written([gather])
    assert root[0].get("language") == "cmn-Hans-CN"
    assert (root[0][0].get("language"), root[0][0].get("voice")) == ("cmn-CN", "Polly.Zhiyu")


@pytest.mark.parametrize("voice", ["house", "Zhiyu", "<b>", ""])
def test_a_voice_twilio_does_not_have_is_replaced_by_the_default(voice: str) -> None:
    assert written([Say(text="Hello.", language="en-US", voice=voice)])[0].get("voice") == "Polly.Joanna"


def test_a_question_for_keys_alone_says_nothing_of_speech() -> None:
    root = written([Gather(prompts=(), mode=InputMode.KEYS, language="tlh", hints=("a",), action=TURN)])
    assert not {"language", "hints", "speechTimeout", "bargeIn"} & set(root[0].attrib)


def test_a_question_for_speech_alone_says_nothing_of_keys() -> None:
    root = written([Gather(prompts=(), mode=InputMode.SPEECH, language="en-US", num_digits=4, action=TURN)])
    assert not {"numDigits", "finishOnKey"} & set(root[0].attrib)


def test_speech_timeout_is_auto_unless_a_figure_is_given_and_no_speech_model_is_named() -> None:
    for speech_end_s, wanted in ((None, "auto"), (3, "3")):
        root = written([Gather(prompts=(), language="en-US", speech_end_s=speech_end_s, action=TURN)])
        assert root[0].get("speechTimeout") == wanted
        assert root[0].get("speechModel") is None


def test_hints_stay_within_the_recognisers_limits_and_the_first_ones_are_kept() -> None:
    many = tuple(f"word {n}" for n in range(800))
    root = written([Gather(prompts=(), language="en-US", hints=many, action=TURN)])
    assert (root[0].get("hints") or "").split(",") == [f"word {n}" for n in range(500)]
    long = tuple(f"{n:03}" + "长" * 200 for n in range(500))
    written([Gather(prompts=(ENGLISH,), language="zh-CN", hints=long, action=TURN)])


def test_a_comma_inside_a_hint_does_not_make_it_two() -> None:
    assert hints(("yes, please", "yes, please", " ", "no"), most=9, longest=100, most_bytes=999) == "yes please,no"


@pytest.mark.parametrize(
    ("verbs", "names"),
    [
        ([Gather(prompts=(), language="en-US")], "Gather's action"),
        ([Gather(prompts=(), language="en-US", action="/voice/turn")], "Gather's action"),
        ([Record(action="//desk.example/x")], "Record's action"),
        ([Redirect(url="https://desk.example/a b")], "Redirect's url"),
        ([Redirect(url="https://desk.example/包裹")], "Redirect's url"),
        ([Redirect(url="javascript:alert(1)")], "Redirect's url"),
        ([Play(url="prompts/a.wav")], "Play's url"),
        ([Enqueue(queue="q", action=TURN)], "Enqueue's wait"),
        ([Enqueue(queue="q" * 65, action=TURN, wait=TURN)], "Enqueue's queue"),
        ([Dial(numbers=(), action=TURN)], "1 to 10 numbers"),
        ([Dial(numbers=("+14155552671",) * 11, action=TURN)], "1 to 10 numbers"),
        ([Dial(numbers=("4155552671",), action=TURN)], "E.164"),
        ([Dial(numbers=("+14155552671",), caller_id="anonymous", action=TURN)], "E.164"),
        ([Gather(prompts=(), language="en-US", timeout_s=0, action=TURN)], "timeout_s"),
        ([Gather(prompts=(), language="en-US", finish_on_key="##", action=TURN)], "finish_on_key"),
        ([Gather(prompts=(Pause(seconds=0),), language="en-US", action=TURN)], "Pause's seconds"),
        ([Record(action=TURN, max_length_s=20_000)], "max_length_s"),
        ([Reject(), Hangup()], "Reject must be the only verb"),
        ([ENGLISH, Reject()], "Reject must be the only verb"),
        ([Hangup(), ENGLISH], "Say after Hangup can never run"),
        ([Gather(prompts=(), language="en-US", action=TURN), ENGLISH], "Say after Gather can never run"),
        ([Dial(numbers=("+14155552671",), action=TURN), Redirect(url=TURN)], "Redirect after Dial"),
        ([Gather(prompts=(), language="tlh", action=TURN)], "does not recognise speech in 'tlh'"),
        ([Say(text="nuqneH", language="tlh")], "no voice for 'tlh'"),
        ([Say(text="x" * 70_000, language="en-US")], "Twilio takes 65,536"),
    ],
)
def test_what_twilio_would_refuse_is_refused_here_and_named(verbs: list[Verb], names: str) -> None:
    with pytest.raises(ProviderError) as caught:
        render(verbs)
    assert names in str(caught.value)
    assert not caught.value.retryable


def test_a_refusal_repeats_no_number_of_a_caller() -> None:
    with pytest.raises(ProviderError) as caught:
        render([Dial(numbers=("4155552671",), action=TURN)])
    assert "4155552671" not in str(caught.value)


def test_a_document_of_exactly_64_kb_is_sent_and_one_byte_more_is_not() -> None:
    base = len(render([Redirect(url=TURN)]).encode())
    pauses = (64 * 1024 - base) // len('<Pause length="1" />')
    rest = 64 * 1024 - base - pauses * len('<Pause length="1" />')
    verbs: list[Verb] = [Pause()] * pauses
    assert len(render([*verbs, Redirect(url=TURN + "x" * rest)]).encode()) == 64 * 1024
    with pytest.raises(ProviderError, match=r"65,537 bytes"):
        render([*verbs, Redirect(url=TURN + "x" * (rest + 1))])


def test_actions_filled_in_by_the_host_make_every_verb_valid() -> None:
    actions = Actions(
        next_turn=TURN,
        recording_status="https://desk.example/voice/recordings/k7Gd",
        whisper="https://desk.example/w",
        queue_wait="https://desk.example/q",
        media_base="https://desk.example",
    )
    empty: list[Verb] = [
        Gather(prompts=(Play(url="voice/prompts/a.wav"),), language="en-US"),
        Record(),
        Dial(numbers=("+14155552671",), whisper="default"),
        Enqueue(queue="q"),
        Redirect(),
    ]
    for verb in empty:
        assert_valid_twiml(render([with_actions(verb, actions)]))
