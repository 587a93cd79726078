"""Prompts are made once and kept by what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio.prompts import PromptCache, PromptItem, prompt_key
from audio.voices.pyttsx3 import Pyttsx3Voice
from audio.voices.scripted import ScriptedVoice
from audio.wav import read_wav

HELLO = PromptItem(text="Hello, caller.", language="en-US")
BONJOUR = PromptItem(text="Bonjour.", language="fr-FR")
NIHAO = PromptItem(text="您好。", language="zh-CN")


@pytest.fixture
def prompts(tmp_path: Path) -> PromptCache:
    return PromptCache(tmp_path / "prompts")


def test_a_prompt_is_made_once(prompts: PromptCache) -> None:
    voice = ScriptedVoice()
    first = prompts.ensure([HELLO, NIHAO, HELLO], voice)
    second = prompts.ensure([HELLO, NIHAO], voice)
    assert (first.made, second.made) == (2, 0)
    assert first.keys == second.keys
    assert len(voice.said) == 2


def test_a_prompt_is_telephone_sound(prompts: PromptCache) -> None:
    key = prompts.ensure([HELLO], ScriptedVoice()).keys[HELLO]
    data = prompts.get(key)
    assert data is not None
    assert read_wav(data).rate_hz == 8000
    assert prompts.duration_s(key) == pytest.approx(read_wav(data).duration_s)
    assert prompts.find(HELLO, "scripted") == key
    assert prompts.find(HELLO, "another voice") is None


def test_the_key_changes_with_all_that_is_heard() -> None:
    keys = {
        prompt_key(HELLO, "scripted"),
        prompt_key(HELLO, "pyttsx3"),
        prompt_key(PromptItem(text="Hello, caller.", language="en-GB"), "scripted"),
        prompt_key(PromptItem(text="Hello caller.", language="en-US"), "scripted"),
        prompt_key(PromptItem(text="Hello, caller.", language="en-US", voice_name="hum"), "scripted"),
    }
    assert len(keys) == 5


def test_one_prompt_that_fails_does_not_keep_the_others_from_being_made(prompts: PromptCache) -> None:
    told: list[tuple[int, int]] = []
    report = prompts.ensure([HELLO, BONJOUR, NIHAO], ScriptedVoice(), lambda done, of: told.append((done, of)))
    assert list(report.keys) == [HELLO, NIHAO]
    assert [(failure.item, failure.retryable) for failure in report.failures] == [(BONJOUR, False)]
    assert "fr-FR" in report.failures[0].reason
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_damaged_file_is_made_again(prompts: PromptCache) -> None:
    key = prompts.ensure([HELLO], ScriptedVoice()).keys[HELLO]
    path = prompts.path(key)
    assert path is not None
    path.write_bytes(b"RIFF")
    assert prompts.duration_s(key) is None
    assert prompts.ensure([HELLO], ScriptedVoice()).made == 1
    assert prompts.duration_s(key)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "f" * 64])
def test_what_is_no_key_of_a_prompt_finds_nothing(prompts: PromptCache, key: str) -> None:
    assert prompts.path(key) is None
    assert prompts.get(key) is None
    assert prompts.duration_s(key) is None


def test_no_half_written_file_is_left(prompts: PromptCache, tmp_path: Path) -> None:
    prompts.ensure([HELLO, NIHAO], ScriptedVoice())
    assert all(path.suffix == ".wav" and len(path.stem) == 64 for path in tmp_path.rglob("*.*"))


@pytest.mark.speech
def test_the_house_voice_fills_the_cache(prompts: PromptCache) -> None:
    voice = Pyttsx3Voice()
    try:
        report = prompts.ensure([HELLO, NIHAO], voice)
    finally:
        voice.close()
    assert report.failures == ()
    assert all((prompts.duration_s(key) or 0) > 0.4 for key in report.keys.values())
