"""Whisper on words of people, cut from the demo's recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audio.catalogue import SpeechFolders, choose
from audio.codecs import mulaw
from audio.errors import RecognizerFailed
from audio.hearing.engine import UtteranceEngine
from audio.hearing.engines.pair import PairEngine
from audio.hearing.engines.whisper import WhisperEngine
from audio.hearing.hypothesis import Hypothesis
from audio.hearing.question import AnswerKind, Question
from audio.pcm import Pcm, join, silence
from audio.recognizers.base import ModelSpec
from audio.wav import read_wav
from tests.audio.sounds import CLIPS, music, noise, tone

VOICES = Path(__file__).resolve().parents[3] / "demo" / "voices"
ENGLISH_MENU = ("track a parcel", "today", "hello", "file a complaint", "operator", "repeat", "yes", "no")
CHINESE_MENU = ("昨天", "今天", "晚上", "没有", "查快递", "投诉", "人工", "重复")


@pytest.fixture(scope="module")
def english(folders: SpeechFolders) -> WhisperEngine:
    return WhisperEngine(choose("en-US", folders))


@pytest.fixture(scope="module")
def chinese(folders: SpeechFolders) -> WhisperEngine:
    return WhisperEngine(choose("zh-CN", folders))


def said(clip: Path, start_s: float, end_s: float) -> Pcm:
    """A piece of a recording as it comes off the line, with some silence around it."""
    sound = join([silence(0.3), read_wav(clip).part(start_s, end_s), silence(0.4)])
    return mulaw.decode(mulaw.encode(sound))


HELLO = said(VOICES / "complaint_en.wav", 0.40, 1.12)
NOT_ANSWERING = said(VOICES / "complaint_en.wav", 1.46, 3.08)
TODAY = said(VOICES / "complaint_en.wav", 10.18, 10.95)
YESTERDAY = said(VOICES / "complaint_zh.wav", 0.62, 1.52)
EVENING = said(VOICES / "complaint_zh.wav", 1.72, 2.78)
NONE_OF_IT = said(CLIPS / "zh_telephone_notice.wav", 0.60, 1.55)


def menu(language: str, kind: AnswerKind = AnswerKind.PHRASES) -> Question:
    return Question(language=language, kind=kind, phrases=ENGLISH_MENU if language == "en-US" else CHINESE_MENU)


def test_a_word_of_the_menu_is_understood_and_sure(english: WhisperEngine, chinese: WhisperEngine) -> None:
    for engine, sound, language, text in (
        (english, HELLO, "en-US", "hello"),
        (english, TODAY, "en-US", "today"),
        (chinese, YESTERDAY, "zh-CN", "昨天"),
        (chinese, EVENING, "zh-CN", "晚上"),
    ):
        heard = engine.understand(sound, menu(language))
        assert heard.text == text
        assert (heard.confidence or 0) >= 0.75
        assert heard.engine == "whisper"
        assert heard.decode_ms > 0
        assert text not in [other for other, _ in heard.alternatives]


def test_what_is_not_on_the_menu_is_not_taken_for_it(english: WhisperEngine, chinese: WhisperEngine) -> None:
    for engine, sound, language in ((english, NOT_ANSWERING, "en-US"), (chinese, NONE_OF_IT, "zh-CN")):
        heard = engine.understand(sound, menu(language))
        assert not heard.text or (heard.confidence or 0) < 0.45


@pytest.mark.parametrize("kind", [AnswerKind.PHRASES, AnswerKind.DIGITS, AnswerKind.OPEN])
def test_silence_noise_and_tones_say_nothing(english: WhisperEngine, kind: AnswerKind) -> None:
    for sound in (silence(1.0), noise(1.5, 40), noise(1.5, 1500), tone(1.0), silence(0.05)):
        assert english.understand(sound, menu("en-US", kind)).text == ""


def test_music_is_no_sure_answer(english: WhisperEngine) -> None:
    for kind in (AnswerKind.PHRASES, AnswerKind.OPEN):
        heard = english.understand(music(3.0), menu("en-US", kind))
        assert not heard.text or (heard.confidence or 0) < 0.75


def together(one: Pcm, other: Pcm) -> Pcm:
    """Two people who speak at the same time."""
    length = min(len(one.samples), len(other.samples))
    both = one.samples[:length].astype(np.int32) + other.samples[:length]
    return Pcm(samples=np.clip(both, -32768, 32767).astype(np.int16), rate_hz=one.rate_hz)


@pytest.mark.parametrize("kind", [AnswerKind.PHRASES, AnswerKind.DIGITS])
def test_of_two_people_at_once_nothing_is_sure_that_neither_said(english: WhisperEngine, kind: AnswerKind) -> None:
    for one, other, said_by_one in ((HELLO, NOT_ANSWERING, {"hello"}), (HELLO, TODAY, {"hello", "today"})):
        heard = english.understand(together(one, other), menu("en-US", kind))
        assert heard.text in {"", *said_by_one} or (heard.confidence or 0) < 0.75, heard


def test_an_open_answer_is_written_down(english: WhisperEngine) -> None:
    heard = english.understand(NOT_ANSWERING, menu("en-US", AnswerKind.OPEN))
    assert "number is not answering" in heard.text.lower()
    assert (heard.confidence or 0) >= 0.75


def test_words_are_not_made_into_digits(english: WhisperEngine) -> None:
    heard = english.understand(NOT_ANSWERING, menu("en-US", AnswerKind.DIGITS))
    assert not heard.text or (heard.confidence or 0) < 0.45


def test_a_long_menu_is_searched_by_sound(english: WhisperEngine) -> None:
    others = tuple(f"extension {word}" for word in ("one", "two", "three", "four", "five", "six", "seven", "eight"))
    many = tuple(f"{first} {second}" for first in ENGLISH_MENU for second in ("north", "south", "east", "west"))
    question = Question(language="en-US", phrases=(*many, *others, "today"))
    assert english.understand(TODAY, question).text == "today"
    assert len(english.evidence(TODAY, question).weights) < len(question.phrases)
    listed = english.evidence(TODAY, question, also=("extension eight",))
    assert "extension eight" in [weight.phrase for weight in listed.weights]


def test_a_model_that_is_not_there_or_hears_another_language_is_said_so(english: WhisperEngine, tmp_path: Path) -> None:
    with pytest.raises(RecognizerFailed, match="does not hear zh-CN"):
        english.warm_up("zh-CN")
    with pytest.raises(RecognizerFailed, match="Install it again"):
        WhisperEngine(ModelSpec(engine="whisper", name="gone", path=tmp_path, language="en")).warm_up("en")


class ListsWhatItIsTold:
    """A first engine that has made up its mind."""

    name = "told"

    def __init__(self, engine: UtteranceEngine, *listed: str) -> None:
        self.capabilities = engine.capabilities
        self._listed = listed

    def warm_up(self, language: str) -> None:
        """Nothing to load."""

    def understand(self, sound: Pcm, question: Question) -> Hypothesis:
        """The first of the list."""
        return Hypothesis(text=self._listed[0])

    def candidates(self, sound: Pcm, question: Question, n: int) -> list[tuple[str, float]]:
        """The list, evenly spaced."""
        return [(text, -float(at)) for at, text in enumerate(self._listed[:n])]


def test_an_engine_that_agrees_makes_surer_and_one_that_does_not_less_sure(chinese: WhisperEngine) -> None:
    question = menu("zh-CN")
    agrees = PairEngine(ListsWhatItIsTold(chinese, "昨天", "没有"), chinese).understand(YESTERDAY, question)
    differs = PairEngine(ListsWhatItIsTold(chinese, "没有", "人工"), chinese).understand(YESTERDAY, question)
    assert agrees.engine == "told+whisper"
    assert agrees.text == differs.text == "昨天"
    assert (differs.confidence or 0) < (agrees.confidence or 0)
    quiet = PairEngine(ListsWhatItIsTold(chinese, "没有", "人工"), chinese).understand(silence(1.0), question)
    assert quiet.text == ""


def test_english_phrases_are_left_to_the_one_engine_that_hears_them_better(english: WhisperEngine) -> None:
    heard = PairEngine(ListsWhatItIsTold(english, "no", "yes"), english).understand(TODAY, menu("en-US"))
    assert (heard.engine, heard.text) == ("whisper", "today")
