"""Texts in parts, and the scripted speaker that hums them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from audio.codecs import mulaw
from audio.loudness import peak_dbfs
from audio.speaking.parts import ends_a_sentence, parts
from audio.speaking.scripted import ScriptedSpeaker
from audio.speaking.speaker import SpokenPart
from audio.speaking_rate import estimate_seconds
from audio.voices.scripted import ScriptedVoice
from audio.wav import write_wav

LONG_EN = (
    "If you would like to know where your parcel is right now, say its number or type it with the keys, "
    "and if you have no number at hand, just stay on the line, and somebody will be with you very soon."
)
LONG_ZH = (
    "如果您想知道包裹现在在哪里，请说出或者用按键输入运单号，如果手边没有单号，请不要挂机，我们的同事会尽快为您服务。"
)


@pytest.mark.parametrize(("text", "language"), [(LONG_EN, "en-US"), (LONG_ZH, "zh-CN")], ids=["English", "Chinese"])
def test_a_long_sentence_is_cut_between_clauses_only(text: str, language: str) -> None:
    found = parts(text, language)
    assert len(found) >= 2
    assert " ".join(found) == text if language == "en-US" else "".join(found) == text
    assert all(2 <= estimate_seconds(part, language) <= 10 for part in found)
    assert [ends_a_sentence(part) for part in found] == [False] * (len(found) - 1) + [True]


def test_sentences_stay_whole_and_short_forms_end_none() -> None:
    assert parts("Dear Mr. Li, hello. Press 1.5!\nBye", "en-US") == ("Dear Mr. Li, hello.", "Press 1.5!", "Bye")
    assert parts("您好。请按一。", "zh-CN") == ("您好。", "请按一。")
    assert parts("... !", "en-US") == ()


def test_the_scripted_speaker_hums_quietly_as_long_as_the_text_takes(tmp_path: Path) -> None:
    speaker = ScriptedSpeaker()
    sound = ScriptedVoice().synthesize("hello there", "en-US")
    write_wav(tmp_path / "hello.wav", sound)

    async def talk() -> tuple[list[SpokenPart], list[SpokenPart], list[SpokenPart]]:
        said = [part async for part in speaker.say("Hello there, caller. Bye.", "en-US", "house")]
        again = [part async for part in speaker.say("Hello there, caller. Bye.", "en-US", "house")]
        return said, again, [part async for part in speaker.play(tmp_path / "hello.wav", "hello there")]

    said, again, played = asyncio.run(talk())
    assert said == again
    assert [part.text for part in said] == ["Hello there, caller.", "Bye."]
    for part in said:
        assert len(part.payload) % 160 == 0
        assert len(part.payload) / 8000 == pytest.approx(estimate_seconds(part.text, "en-US"), abs=0.02)
        assert -50 < peak_dbfs(mulaw.decode(part.payload)) < -35
    assert [part.text for part in played] == ["hello there"]
    assert speaker.said == [("Hello there, caller. Bye.", "en-US", "house")] * 2
