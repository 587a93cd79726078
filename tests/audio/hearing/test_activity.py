"""When somebody speaks, on people's voices, and on what only sounds."""

from __future__ import annotations

from itertools import cycle, pairwise
from pathlib import Path

import numpy as np
import pytest

from audio.codecs import mulaw
from audio.hearing.activity import SileroActivity
from audio.hearing.speech_events import (
    Patience,
    SpeechBegan,
    SpeechEnded,
    SpeechEvent,
    SpeechPaused,
    SpeechResumed,
)
from audio.pcm import Pcm, join, silence
from audio.wav import read_wav

ROOT = Path(__file__).resolve().parents[3]
CLIPS = ROOT / "tests" / "audio" / "clips"
VOICES = ROOT / "demo" / "voices"


def events_of(sound: Pcm, *frames: int, patience: Patience | None = None) -> list[SpeechEvent]:
    """What happens in a sound that is followed by silence, cut into frames of these lengths in turn."""
    payload = mulaw.encode(join([sound, silence(3.0)]))
    activity = SileroActivity(patience)
    events, at = [], 0
    for length in cycle(frames or (160,)):
        if at >= len(payload):
            return events
        events += activity.feed(payload[at : at + length])
        at += length
    raise AssertionError


def kinds(events: list[SpeechEvent]) -> list[type]:
    return [type(event) for event in events]


def without_sound(events: list[SpeechEvent]) -> list[tuple[type, int, int]]:
    return [(type(event), event.at_ms, getattr(event, "speech_ms", 0)) for event in events]


def noise_like(sound: Pcm, snr_db: float) -> Pcm:
    """The sound with white noise, `snr_db` below its own level."""
    samples = sound.samples.astype(np.float64)
    level = np.sqrt((samples**2).mean()) * 10 ** (-snr_db / 20)
    noisy = samples + np.random.default_rng(3).normal(0, level, len(samples))
    return Pcm(samples=np.clip(noisy, -32768, 32767).astype(np.int16), rate_hz=sound.rate_hz)


def hold_music(duration_s: float, seed: int) -> Pcm:
    """Plucked notes with overtones."""
    chance, seconds = np.random.default_rng(seed), np.arange(4000) / 8000
    notes = []
    for _ in range(round(duration_s * 2)):
        pitch_hz = 220 * 2 ** (chance.integers(0, 24) / 12)
        notes.append(sum(np.sin(2 * np.pi * pitch_hz * h * seconds) / h for h in (1, 2, 3, 4)) * np.exp(-4 * seconds))
    return Pcm(samples=(4000 * np.concatenate(notes)).astype(np.int16), rate_hz=8000)


def test_frames_of_any_length_give_the_same_events_at_the_same_times() -> None:
    sound = read_wav(VOICES / "complaint_ko.wav")
    usual = events_of(sound)
    assert len(usual) > 6
    for frames in ((1,), (320,), (77, 3, 1000, 160), (255, 257)):
        assert without_sound(events_of(sound, *frames)) == without_sound(usual)


@pytest.mark.parametrize("name", ["complaint_en", "complaint_zh", "complaint_ko"])
def test_utterances_follow_the_sound_in_order(name: str) -> None:
    events = events_of(read_wav(VOICES / f"{name}.wav"), patience=Patience(end_ms=700, pause_ms=250))
    following = {
        SpeechBegan: {SpeechPaused},
        SpeechPaused: {SpeechResumed, SpeechEnded},
        SpeechResumed: {SpeechPaused},
        SpeechEnded: {SpeechBegan},
    }
    assert isinstance(events[0], SpeechBegan)
    assert isinstance(events[-1], SpeechEnded)
    assert all(type(later) in following[type(earlier)] for earlier, later in pairwise(events))
    assert all(earlier.at_ms < later.at_ms for earlier, later in pairwise(events))


@pytest.mark.parametrize("snr_db", [None, 20, 10])
def test_the_sound_of_an_utterance_begins_before_its_first_word(snr_db: float | None) -> None:
    words = read_wav(CLIPS / "en_cannot_be_completed.wav")  # It begins within its first 64 ms.
    sound = join([silence(1.0), words])
    first = events_of(sound if snr_db is None else noise_like(sound, snr_db))[0]
    assert isinstance(first, SpeechBegan)
    assert 1000 < first.at_ms <= 1250
    assert 100 <= 1000 - (first.at_ms - len(first.sound) / 8) <= 400


def test_a_pause_inside_a_number_does_not_end_it() -> None:
    voice = read_wav(VOICES / "complaint_zh.wav")  # Words of 0.6 s or so, with pauses between them.
    word = voice.part(0.85, 1.65)
    number = join([silence(0.5)] + [word, silence(0.4)] * 5)
    patient = events_of(number, patience=Patience(end_ms=900))
    assert kinds(patient).count(SpeechBegan) == kinds(patient).count(SpeechEnded) == 1
    assert kinds(patient).count(SpeechResumed) == 4
    hasty = events_of(number, patience=Patience(end_ms=320, pause_ms=200))
    assert kinds(hasty).count(SpeechEnded) == 5


def test_an_utterance_ends_when_the_silence_is_as_long_as_the_patience_and_patience_may_change_meanwhile() -> None:
    word = mulaw.encode(join([silence(0.5), read_wav(CLIPS / "en_cannot_be_completed.wav")]))
    activity = SileroActivity(Patience(end_ms=2000, pause_ms=300))
    before = activity.feed(word)
    assert kinds(before) == [SpeechBegan]
    assert activity.is_speaking
    spoken_ms = activity.spoken_ms
    assert 1500 < spoken_ms < 2700
    (pause,) = activity.feed(b"\xff" * 8 * 400)
    assert isinstance(pause, SpeechPaused)
    activity.patience = Patience(end_ms=450, pause_ms=300)
    (end,) = activity.feed(b"\xff" * 8 * 300)
    assert isinstance(end, SpeechEnded)
    assert end.at_ms - pause.at_ms in range(130, 180)
    assert spoken_ms <= end.speech_ms < spoken_ms + 100
    assert (activity.is_speaking, activity.spoken_ms) == (False, 0)


def test_who_never_stops_is_cut_and_heard_on() -> None:
    talk = read_wav(CLIPS / "ko_project_tabs.wav")
    events = events_of(join([talk] * 3), patience=Patience(longest_ms=3000))
    ends = [event.at_ms for event in events if isinstance(event, SpeechEnded)]
    begins = [event.at_ms for event in events if isinstance(event, SpeechBegan)]
    assert len(begins) == len(ends) >= 3
    assert all(end - begin <= 3000 for begin, end in zip(begins, ends, strict=True))
    assert ends[0] - begins[0] > 2500
    assert 0 < begins[1] - ends[0] <= 500


def test_what_is_no_voice_never_begins_an_utterance() -> None:
    seconds = np.arange(24_000) / 8000
    dial_tone = Pcm(samples=(4000 * np.sin(2 * np.pi * 440 * seconds)).astype(np.int16), rate_hz=8000)
    keys = np.concatenate(
        [
            4000 * (np.sin(2 * np.pi * low * seconds[:800]) + np.sin(2 * np.pi * high * seconds[:800]))
            for low in (697, 770, 852, 941)
            for high in (1209, 1336, 1477)
        ]
    )
    clicks = np.zeros(24_000)
    clicks[::4000] = 20_000
    for samples in (keys, clicks, np.random.default_rng(5).normal(0, 3000, 40_000)):
        assert events_of(Pcm(samples=np.clip(samples, -32768, 32767).astype(np.int16), rate_hz=8000)) == []
    assert events_of(dial_tone) == []
    for seed in (1, 5):
        music = hold_music(10, seed)
        for sound in (music, noise_like(music, 20), noise_like(music, 10)):
            assert events_of(sound) == []


def test_ten_minutes_of_silence_are_nothing_and_keep_nothing() -> None:
    activity = SileroActivity()
    assert activity.feed(b"\xff" * 8000 * 600) == []
    assert len(activity._before) <= 8 * 600


def test_a_reset_forgets_the_utterance_and_its_sound() -> None:
    word = mulaw.encode(read_wav(CLIPS / "en_cannot_be_completed.wav"))
    activity = SileroActivity()
    activity.feed(word[:8000])
    assert activity.is_speaking
    activity.reset()
    assert not activity.is_speaking
    (again,) = activity.feed(word[8000:12_000])
    assert isinstance(again, SpeechBegan)
    assert len(again.sound) <= 4000 + 256
    assert word[8000 - 256 : 12_000].endswith(again.sound[-1000:])
