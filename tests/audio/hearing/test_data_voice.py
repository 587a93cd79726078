"""Words written into sound come out again, and the scripted ears hear them."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.hearing.data_voice import DataWords, decode, encode
from audio.hearing.ears import EarFailedError, NoEarError
from audio.hearing.question import Question
from audio.hearing.scripted import ScriptedActivity, ScriptedEars
from audio.hearing.speech_events import Patience, SpeechBegan, SpeechEnded, SpeechPaused, SpeechResumed

HUSH = b"\xff" * 160


@given(st.text(max_size=60), st.none() | st.floats(0, 1), st.integers(0, 400))
def test_every_text_comes_back_wherever_the_sound_begins(text: str, confidence: float | None, before: int) -> None:
    words = DataWords(text=text, confidence=confidence)
    sound = encode(words)
    assert len(sound) % 160 == 0
    assert len(sound) >= 3200
    assert decode(b"\xff" * before + sound + HUSH) == (words,)


def test_the_format_is_the_one_that_was_agreed() -> None:
    sound = encode(DataWords(text="hi", confidence=None))
    content = b'{"text": "hi", "confidence": null}'
    plain = b"\x01RBW1" + len(content).to_bytes(2, "big") + content + b"\x02"
    frame = b"".join(bytes((0x10 + (byte >> 4), 0x90 + (byte & 15))) for byte in plain)
    assert sound.startswith(frame * (3200 // len(frame)))
    assert sound.removeprefix(frame * (3200 // len(frame))).replace(b"\x10\x90", b"") == b""
    by_hand = b'{"confidence":0.5,"text":"\xe6\x9f\xa5\xe8\xaf\xa2"}'
    plain = b"\x01RBW1" + len(by_hand).to_bytes(2, "big") + by_hand + b"\x02"
    other = b"".join(bytes((0x10 + (byte >> 4), 0x90 + (byte & 15))) for byte in plain)
    assert decode(other * 3 + b"\x10\x90" * 7) == (DataWords(text="查询", confidence=0.5),)


def test_the_same_said_twice_is_twice_and_damage_costs_no_more_than_what_it_hits() -> None:
    yes, no = encode(DataWords(text="yes")), encode(DataWords(text="no"))
    assert [words.text for words in decode(yes + HUSH * 10 + yes + no)] == ["yes", "yes", "no"]
    hurt = bytearray(yes)
    hurt[5] = 0xFF
    assert [words.text for words in decode(bytes(hurt))] == ["yes"]
    assert decode(yes[:60]) == ()
    assert decode(b"\x10\x91\x15\x92\x14\x92\x15\x97\x13\x91" + b"\x1f\x9f" * 900) == ()


def test_a_scripted_call_hears_what_was_said() -> None:
    async def call() -> None:
        told: list[str] = []
        ears = ScriptedEars(most=1, languages={"en"})
        ear = await ears.open("en-US", told.append)
        with pytest.raises(NoEarError):
            await ears.open("en-US")
        assert (ears.room("en"), ears.room("zh")) == (0, 0)
        ear.ask(Question(language="en-US"))
        activity = ScriptedActivity(Patience(end_ms=600, pause_ms=250))
        sound = HUSH * 20 + encode(DataWords(text="track")) + HUSH * 15 + encode(DataWords(text="now", confidence=0.5))
        events = []
        for start in range(0, len(sound) + 160 * 60, 160):
            frame = sound[start : start + 160] or HUSH
            was_speaking = activity.is_speaking
            for event in activity.feed(frame):
                events.append(type(event))
                if isinstance(event, SpeechBegan):
                    ear.hear(event.sound)
            if was_speaking:
                ear.hear(frame)
        assert events == [SpeechBegan, SpeechPaused, SpeechResumed, SpeechPaused, SpeechEnded]
        decision = await ear.finish()
        assert (decision.text, decision.confidence, decision.engine) == ("track now", 0.5, "scripted")
        assert told == ["track", "track now"]
        assert (await ear.finish()).nothing
        ears.failures = 1
        ear.hear(encode(DataWords(text="lost")))
        with pytest.raises(EarFailedError):
            await ear.finish()
        ear.close()
        assert ears.room("en-GB") == 1

    asyncio.run(call())
