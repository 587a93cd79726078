"""One contract, kept by every voice; and how espeak-ng's voices are chosen."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from audio.errors import VoiceFailed, VoiceMissing
from audio.loudness import speech_level_dbfs
from audio.pcm import Pcm, silence
from audio.speaking_rate import estimate_seconds
from audio.voices.base import Voice, house_sound
from audio.voices.espeak_languages import voice_for
from audio.voices.pyttsx3 import Pyttsx3Voice
from audio.voices.scripted import ScriptedVoice
from audio.voices.worker import sentences

ENGLISH = "Welcome to the courier hotline. To track a parcel, press 1."
CHINESE = "欢迎致电快递热线。查询包裹，请按一。"


@pytest.fixture(scope="module", params=["scripted", pytest.param("pyttsx3", marks=pytest.mark.speech)])
def voice(request: pytest.FixtureRequest) -> Iterator[Voice]:
    voice: Voice = ScriptedVoice() if request.param == "scripted" else Pyttsx3Voice()
    yield voice
    voice.close()


def test_it_keeps_the_protocol(voice: Voice) -> None:
    assert isinstance(voice, Voice)


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en-US"), (CHINESE, "zh-CN")], ids=["English", "Chinese"])
def test_it_speaks_at_the_telephones_rate_and_the_houses_level(voice: Voice, text: str, language: str) -> None:
    sound = voice.synthesize(text, language)
    assert sound.rate_hz == 8000
    assert speech_level_dbfs(sound) == pytest.approx(-20, abs=1.5)
    assert sound.duration_s == pytest.approx(estimate_seconds(text, language), rel=0.25)


def test_it_says_the_same_words_the_same_way_and_others_otherwise(voice: Voice) -> None:
    first, again, other = (voice.synthesize(text, "en-US") for text in (ENGLISH, ENGLISH, "Goodbye."))
    assert abs(first.duration_s - again.duration_s) < 0.1
    assert other.duration_s < first.duration_s


@pytest.mark.parametrize("text", ["", "   ", "...!?", "\n\t", "🙂"])
def test_a_text_with_nothing_to_say_is_refused(voice: Voice, text: str) -> None:
    with pytest.raises(VoiceFailed, match="nothing to say"):
        voice.synthesize(text, "en-US")


def test_a_text_that_is_no_prompt_is_refused(voice: Voice) -> None:
    with pytest.raises(VoiceFailed, match="may have 4000"):
        voice.synthesize("a " * 2001, "en-US")


def test_a_language_it_does_not_speak_is_refused(voice: Voice) -> None:
    with pytest.raises(VoiceMissing, match="tlh"):
        voice.synthesize("nuqneH", "tlh")


def test_a_speaker_it_does_not_have_is_refused(voice: Voice) -> None:
    with pytest.raises(VoiceMissing, match="Caruso"):
        voice.synthesize("Hello.", "en-US", "Caruso")


@pytest.mark.parametrize(
    "text", ["<speak>hello</speak> & \x00 [[h@l'oU]]", '${{ name }} O\'Brien "q"', "数字 12 and words"]
)
def test_hostile_text_is_spoken_or_refused_and_the_next_one_is_spoken(voice: Voice, text: str) -> None:
    assert voice.synthesize(text, "en-US").duration_s > 0.3
    assert voice.synthesize("Hello there.", "en-US").duration_s > 0.3


def test_many_threads_get_each_their_own_words(voice: Voice) -> None:
    texts = [("one " * n).strip() for n in range(1, 9)]
    alone = [voice.synthesize(text, "en-US").duration_s for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: voice.synthesize(text, "en-US").duration_s, texts))
    assert together == pytest.approx(alone, abs=0.1)


@pytest.mark.speech
def test_a_voice_whose_process_is_killed_speaks_again() -> None:
    voice = Pyttsx3Voice()
    try:
        voice.synthesize("Hello.", "en-US")
        assert voice.child.pid is not None
        os.kill(voice.child.pid, signal.SIGKILL)
        assert voice.synthesize("Hello again.", "en-US").duration_s > 0.5
    finally:
        voice.close()


@pytest.mark.speech
def test_the_longest_text_is_spoken_to_its_end() -> None:
    voice = Pyttsx3Voice()
    text = ("Your parcel left the depot this morning. " * 97)[:4000]
    try:
        assert voice.synthesize(text, "en-US").duration_s == pytest.approx(estimate_seconds(text, "en-US"), rel=0.15)
    finally:
        voice.close()


def test_sound_that_cannot_be_the_text_is_refused() -> None:
    with pytest.raises(VoiceFailed, match="no sound"):
        house_sound(silence(3), ENGLISH, "en-US")
    short = Pcm(samples=np.full(1000, 9000, np.int16), rate_hz=22_050)
    with pytest.raises(VoiceFailed, match=r"0\.0 s of sound for a text that takes about"):
        house_sound(short, ENGLISH, "en-US")


def test_chinese_and_regions_find_their_voice() -> None:
    known = {"cmn": "sit/cmn", "yue": "sit/yue", "en-us": "en-US", "en-gb": "gmw/en", "fr-fr": "roa/fr", "vi-x": "vi"}
    chosen = {tag: voice_for(tag, None, known) for tag in ("zh-CN", "zh-HK", "en-AU", "en-GB", "fr-CA", "vi-VN")}
    assert list(chosen.values()) == ["sit/cmn", "sit/yue", "en-US", "gmw/en", "roa/fr", "vi"]


def test_a_text_is_spoken_sentence_by_sentence() -> None:
    assert sentences("您好。请按一。Press 1.5 now! Or wait\n...\nBye") == [
        "您好。",
        "请按一。",
        "Press 1.5 now!",
        "Or wait",
        "Bye",
    ]
    pieces = sentences("word, " * 200)
    assert max(map(len, pieces)) <= 300
    assert "".join(pieces).replace(" ", "") == ("word," * 200)
    assert "".join(sentences("字" * 700)) == "字" * 700


def test_the_estimate_knows_silence_and_grows_with_the_text() -> None:
    assert estimate_seconds("?!", "en-US") == 0
    assert estimate_seconds("Hi", "en-US") < estimate_seconds("Hi there, caller.", "en-US")
    assert 4 < estimate_seconds("请说出或输入您的十二位运单号，然后按井号键。", "zh-CN") < 6
