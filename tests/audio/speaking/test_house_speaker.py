"""Speaking into live calls: parts, what is kept, and a real voice that dies or hangs while many calls speak."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from audio.codecs import mulaw
from audio.errors import NotAudio, VoiceFailed
from audio.loudness import speech_level_dbfs
from audio.pcm import Pcm
from audio.prompts import PromptCache, PromptItem
from audio.speaking.house_speaker import SENTENCE_PAUSE_S, HouseSpeaker
from audio.speaking.speaker import SpokenPart
from audio.speaking_rate import estimate_seconds
from audio.voices.base import VoiceGone
from audio.voices.book import ChosenVoice, VoiceBook
from audio.voices.pyttsx3 import Pyttsx3Voice
from audio.voices.scripted import ScriptedVoice
from audio.wav import write_wav

EN, ZH = "en-US", "zh-CN"


class MoodyVoice(ScriptedVoice):
    """Hums, but fails as it is told to; and can be told to take its time."""

    def __init__(self) -> None:
        super().__init__()
        self.fails: Exception | None = None
        self.meanwhile: Callable[[], None] = lambda: None

    def synthesize(self, text: str, language: str, voice_name: str | None = None) -> Pcm:
        self.meanwhile()
        if self.fails is not None:
            self.said.append((text, language))
            raise self.fails
        return super().synthesize(text, language, voice_name)


async def spoken(speaker: HouseSpeaker, text: str, language: str = EN, voice: str = "") -> list[SpokenPart]:
    """Everything that is said."""
    return [part async for part in speaker.say(text, language, voice)]


def run(
    voice: ScriptedVoice | Pyttsx3Voice,
    folder: Path,
    talk: Callable[[HouseSpeaker], Awaitable[Any]],
    **settings: object,
) -> Any:
    """What a conversation with a speaker of its own gives."""

    async def whole() -> Any:
        speaker = HouseSpeaker(VoiceBook(voice), folder, **settings)  # type: ignore[arg-type]
        try:
            return await talk(speaker)
        finally:
            await speaker.close()

    return asyncio.run(whole())


def test_a_text_comes_in_sentences_of_whole_frames_with_a_pause_between(tmp_path: Path) -> None:
    text = "Your parcel is here. Please come and get it!"
    first, second = run(ScriptedVoice(), tmp_path, lambda speaker: spoken(speaker, text))
    assert (first.text, second.text) == ("Your parcel is here.", "Please come and get it!")
    assert len(first.payload) % 160 == len(second.payload) % 160 == 0
    pause = b"\xff" * round(SENTENCE_PAUSE_S * 8000)
    assert first.payload.endswith(pause)
    assert not second.payload.endswith(pause)


def test_the_first_part_is_there_before_the_second_is_made_and_the_second_is_made_while_it_plays(
    tmp_path: Path,
) -> None:
    voice = ScriptedVoice()

    async def talk(speaker: HouseSpeaker) -> None:
        parts = speaker.say("One sentence. Another one. A third one.", EN)
        first = await anext(parts)
        assert (first.text, len(voice.said)) == ("One sentence.", 1)
        while len(voice.said) < 2:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.02)
        assert len(voice.said) == 2
        assert [part.text async for part in parts] == ["Another one.", "A third one."]

    run(voice, tmp_path, talk)


def test_what_was_said_once_is_remembered_and_never_written_to_disk(tmp_path: Path) -> None:
    voice = ScriptedVoice()

    async def talk(speaker: HouseSpeaker) -> None:
        once = await spoken(speaker, "Dear Ms Wang. Goodbye.")
        assert await spoken(speaker, "Dear Ms Wang. Goodbye.") == once
        await spoken(speaker, "Dear Mr Li. Goodbye.")

    run(voice, tmp_path, talk)
    assert [text for text, _ in voice.said] == ["Dear Ms Wang.", "Goodbye.", "Dear Mr Li."]
    assert list(tmp_path.rglob("*")) == []


def test_prompts_of_published_flows_are_played_from_disk_whole_or_sentence_by_sentence(tmp_path: Path) -> None:
    whole, sentence = "Welcome. Press 1.", "Thank you for calling."
    published = [PromptItem(text=text, language=EN) for text in (whole, sentence)]
    PromptCache(tmp_path).ensure(published, ScriptedVoice())
    voice = ScriptedVoice()

    async def talk(speaker: HouseSpeaker) -> None:
        assert [part.text for part in await spoken(speaker, whole)] == [whole]
        assert [part.text for part in await spoken(speaker, f"Your code is 4 7. {sentence}")] == [
            "Your code is 4 7.",
            sentence,
        ]

    run(voice, tmp_path, talk)
    assert [text for text, _ in voice.said] == ["Your code is 4 7."]


def test_a_damaged_prompt_on_disk_is_spoken_afresh(tmp_path: Path) -> None:
    cache = PromptCache(tmp_path)
    key = cache.ensure([PromptItem(text="Welcome.", language=EN)], ScriptedVoice()).keys.popitem()[1]
    path = cache.path(key)
    assert path is not None
    path.write_bytes(b"RIFF")
    assert len(run(ScriptedVoice(), tmp_path, lambda speaker: spoken(speaker, "Welcome."))) == 1


def test_a_little_memory_keeps_what_was_used_last(tmp_path: Path) -> None:
    voice = ScriptedVoice()

    async def talk(speaker: HouseSpeaker) -> None:
        for text in ("One.", "Two.", "One.", "Three.", "One.", "Two."):
            await spoken(speaker, text)

    run(voice, tmp_path, talk, memory_bytes=2 * 3200 + 1600)  # A short word hums for 400 ms.
    assert [text for text, _ in voice.said] == ["One.", "Two.", "Three.", "Two."]


def test_forty_calls_are_served_in_the_order_they_asked_and_before_what_is_made_ahead(tmp_path: Path) -> None:
    voice = ScriptedVoice()
    order: list[int] = []

    async def caller(speaker: HouseSpeaker, number: int) -> None:
        parts = speaker.say(f"Hello, caller {number}. This is for you, caller {number}.", EN)
        await anext(parts)
        order.append(number)
        assert len([part async for part in parts]) == 1

    async def talk(speaker: HouseSpeaker) -> None:
        idle = asyncio.create_task(speaker.prepare([PromptItem(text=f"Prompt {n}.", language=EN) for n in range(9)]))
        await asyncio.sleep(0)
        await asyncio.gather(*(caller(speaker, number) for number in range(40)))
        await idle

    run(voice, tmp_path, talk)
    assert order == list(range(40))
    said = [text for text, _ in voice.said]
    assert len(said) == 40 * 2 + 9
    last_first = max(said.index(text) for text in said if text.startswith("Hello"))
    assert min(said.index(text) for text in said if text.startswith("This is")) > last_first
    assert said.index("Prompt 1.") > max(said.index(text) for text in said if text.startswith("This is"))


def test_many_calls_that_want_the_same_words_have_them_made_once(tmp_path: Path) -> None:
    voice = ScriptedVoice()

    async def talk(speaker: HouseSpeaker) -> list[list[SpokenPart]]:
        return await asyncio.gather(*(spoken(speaker, "One moment please.") for _ in range(20)))

    heard = run(voice, tmp_path, talk)
    assert voice.said == [("One moment please.", EN)]
    assert len({part.payload for parts in heard for part in parts}) == 1


def test_a_call_that_stops_listening_takes_nothing_from_the_others(tmp_path: Path) -> None:
    voice = ScriptedVoice()

    async def talk(speaker: HouseSpeaker) -> None:
        parts = speaker.say("A. B. C. D.", EN)
        await anext(parts)
        await parts.aclose()  # type: ignore[attr-defined]
        assert len(await spoken(speaker, "B. Something else.")) == 2

    run(voice, tmp_path, talk)
    assert {text for text, _ in voice.said} == {"A.", "B.", "Something else."}


def test_a_voice_that_is_not_ours_is_spoken_by_the_house(tmp_path: Path) -> None:
    voice = ScriptedVoice()

    async def talk(speaker: HouseSpeaker) -> None:
        for name in ("Polly.Zhiyu", "house", "piper:nobody", "http"):
            assert len(await spoken(speaker, "您好。", ZH, name)) == 1

    run(voice, tmp_path, talk)
    assert voice.said == [("您好。", ZH)]


def test_what_nobody_can_speak_gives_no_part_and_is_logged_once_without_the_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def talk(speaker: HouseSpeaker) -> None:
        for _ in range(3):
            assert await spoken(speaker, "nuqneH Worf", "tlh") == []
        assert await spoken(speaker, "...") == []

    with caplog.at_level(logging.INFO):
        run(ScriptedVoice(), tmp_path, talk)
    assert len(caplog.records) == 1
    assert "tlh" in caplog.text
    assert "Worf" not in caplog.text


def test_a_text_that_fails_lets_the_next_one_be_spoken_and_a_voice_that_is_gone_rests(tmp_path: Path) -> None:
    voice = MoodyVoice()
    seconds = [100.0]

    async def talk(speaker: HouseSpeaker) -> None:
        voice.fails = VoiceFailed("Not this one.")
        assert await spoken(speaker, "Bad. ") == []
        voice.fails = None
        assert len(await spoken(speaker, "Good.")) == 1
        assert await spoken(speaker, "Bad.") == []  # Known by now; the voice is not asked again.
        voice.fails = VoiceGone("It does not answer.")
        assert await spoken(speaker, "One. Two. Three.") == []
        voice.fails = None
        assert await spoken(speaker, "Four.") == []
        assert len(await spoken(speaker, "Good.")) == 1
        seconds[0] += 30
        assert len(await spoken(speaker, "One. Two. Three.")) == 3

    run(voice, tmp_path, talk, clock_s=lambda: seconds[0])
    assert [text for text, _ in voice.said] == ["Bad.", "Good.", "One.", "One.", "Two.", "Three."]


class TwoVoices(VoiceBook):
    """A house with one more voice, called piper."""

    def __init__(self, house: ScriptedVoice, other: ScriptedVoice) -> None:
        super().__init__(house)
        self.other = other

    def find(self, name: str, language: str) -> ChosenVoice | None:
        return ChosenVoice(voice=self.other) if name == "piper" else super().find(name, language)


def test_the_house_takes_over_from_a_voice_that_is_too_slow_until_that_has_rested(tmp_path: Path) -> None:
    house, other, seconds, gate = ScriptedVoice(), MoodyVoice(), [100.0], threading.Event()
    other.name = "other"
    other.meanwhile = lambda: gate.wait(5) and None

    async def talk() -> None:
        speaker = HouseSpeaker(TwoVoices(house, other), tmp_path, clock_s=lambda: seconds[0], patience_s=0.05)
        assert len(await spoken(speaker, "One. Two.", EN, "piper")) == 2
        assert [text for text, _ in house.said] == ["One.", "Two."]
        gate.set()
        seconds[0] += 30
        assert len(await spoken(speaker, "Three. Four.", EN, "piper")) == 2
        assert len(await spoken(speaker, "One. Two.", EN, "piper")) == 2
        await speaker.close()

    asyncio.run(talk())
    assert [text for text, _ in house.said] == ["One.", "Two."]
    assert [text for text, _ in other.said] == ["One.", "Three.", "Four.", "Two."]  # One was finished and kept.


def test_files_are_played_at_the_houses_level_in_pieces_and_once_read(tmp_path: Path) -> None:
    path = tmp_path / "music.wav"
    sound = ScriptedVoice().synthesize("a long tale " * 30, EN)
    write_wav(path, Pcm(samples=(sound.samples // 8).astype("int16"), rate_hz=8000))

    async def talk(speaker: HouseSpeaker) -> list[list[SpokenPart]]:
        heard = [[part async for part in speaker.play(path, "tale")] for _ in range(2)]
        with pytest.raises(NotAudio):
            await anext(speaker.play(tmp_path / "nothing.wav"))
        (tmp_path / "words.wav").write_text("not sound")
        with pytest.raises(NotAudio):
            await anext(speaker.play(tmp_path / "words.wav"))
        return heard

    first, again = run(ScriptedVoice(), tmp_path, talk)
    assert first == again
    assert [part.text for part in first] == ["tale", *[""] * (len(first) - 1)]
    assert all(len(part.payload) % 160 == 0 and len(part.payload) <= 80_000 for part in first)
    assert sum(len(part.payload) for part in first) == pytest.approx(len(sound.samples), abs=160)
    assert speech_level_dbfs(mulaw.decode(first[0].payload)) == pytest.approx(-20, abs=1)


@pytest.fixture(scope="module")
def real_voice() -> Iterator[Pyttsx3Voice]:
    voice = Pyttsx3Voice()
    yield voice
    voice.close()


@pytest.mark.speech
def test_the_real_voice_is_even_over_languages_and_parts(real_voice: Pyttsx3Voice, tmp_path: Path) -> None:
    texts = [
        (EN, "Welcome to the courier hotline. To track a parcel, press 1. To complain, press 2!"),
        (EN, "Your code is A B, 1 2 3, 4 5 6 7. Goodbye."),
        (ZH, "欢迎致电快递热线。查询包裹，请按一。投诉，请按二。"),
        (ZH, "您的运单号是R B，1 2 3，4 5 6 7。再见。"),
    ]

    async def talk(speaker: HouseSpeaker) -> list[tuple[str, SpokenPart]]:
        await speaker.warm_up()
        return [(language, part) for language, text in texts for part in await spoken(speaker, text, language)]

    for language, part in run(real_voice, tmp_path, talk):
        sound = mulaw.decode(part.payload)
        assert speech_level_dbfs(sound) == pytest.approx(-20, abs=2), part.text
        assert len(part.payload) % 160 == 0
        assert 0.6 < sound.duration_s / estimate_seconds(part.text, language) < 1.9, part.text


@pytest.mark.speech
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hanging"])
def test_five_calls_go_on_when_the_voices_process_is(tmp_path: Path, blow: signal.Signals) -> None:
    """A stopped process answers nothing, as a hanging one; it is noticed, ended and replaced."""
    voice = Pyttsx3Voice()
    blows: list[int] = []

    async def caller(speaker: HouseSpeaker, number: int) -> list[SpokenPart]:
        heard = []
        async for part in speaker.say(f"Caller {number}, one. Number {number}, two. For {number}, three.", EN):
            heard.append(part)
            pid = voice.child.pid
            if len(heard) == 2 and not blows and pid is not None:
                blows.append(pid)
                os.kill(pid, blow)
        return heard

    async def talk(speaker: HouseSpeaker) -> list[list[SpokenPart]]:
        await speaker.warm_up()
        return await asyncio.gather(*(caller(speaker, number) for number in range(5)))

    heard = run(voice, tmp_path, talk)
    assert len(blows) == 1
    for number, parts in enumerate(heard):
        assert [part.text for part in parts] == [
            f"Caller {number}, one.",
            f"Number {number}, two.",
            f"For {number}, three.",
        ]
        assert all(speech_level_dbfs(mulaw.decode(part.payload)) > -25 for part in parts)
    with pytest.raises(ProcessLookupError):
        os.kill(blows[0], 0)
