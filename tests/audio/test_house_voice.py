"""The house voice: known prompts, fresh ones, and a voice that fails."""

from __future__ import annotations

from pathlib import Path

from audio.errors import VoiceFailed
from audio.house_voice import REST_S, HouseVoice
from audio.pcm import Pcm
from audio.prompts import PromptItem
from audio.voices.scripted import ScriptedVoice


class BrokenVoice(ScriptedVoice):
    """A voice that never gives a sound."""

    def synthesize(self, text: str, language: str, voice_name: str | None = None) -> Pcm:
        raise VoiceFailed("The voice gave no sound.")


def test_a_text_is_spoken_when_its_sound_is_fetched(tmp_path: Path) -> None:
    house = HouseVoice(tmp_path, ScriptedVoice())
    key = house.key("您的包裹在浦东", "zh-CN")
    assert key is not None
    assert not list(tmp_path.rglob("*.wav"))
    found = house.sound(key)
    assert found is not None
    path, text = found
    assert path.is_file()
    assert text == "您的包裹在浦东"


def test_another_process_speaks_what_this_one_asked_for(tmp_path: Path) -> None:
    key = HouseVoice(tmp_path, ScriptedVoice()).key("hello", "en-US")
    assert HouseVoice(tmp_path, ScriptedVoice()).sound(key or "") is not None


def test_a_key_that_nobody_asked_for_has_no_sound(tmp_path: Path) -> None:
    house = HouseVoice(tmp_path, ScriptedVoice())
    assert house.sound("0" * 64) is None
    assert house.sound("../../etc/passwd") is None


def test_a_voice_that_failed_rests_and_the_provider_speaks(tmp_path: Path) -> None:
    seconds = [100.0]
    house = HouseVoice(tmp_path, BrokenVoice(), clock_s=lambda: seconds[0])
    key = house.key("hello", "en-US")
    assert house.sound(key or "") is None
    assert house.key("another text", "en-US") is None
    seconds[0] += REST_S + 1
    assert house.key("another text", "en-US") is not None


def test_old_sounds_go_and_a_flows_own_stay(tmp_path: Path) -> None:
    house = HouseVoice(tmp_path, ScriptedVoice())
    fixed = PromptItem(text="welcome", language="en-US")
    report = house.prepare([fixed])
    fresh = house.key("dear Mr Li", "en-US")
    house.sound(fresh or "")
    written = (tmp_path / "texts" / f"{fresh}.json").stat().st_mtime
    assert house.forget(3600, [fixed], now_s=written + 7200) == 1
    assert house.sound(fresh or "") is None
    assert house.sound(report.keys[fixed]) is not None
