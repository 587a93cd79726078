"""Rates, levels and pieces."""

from __future__ import annotations

import numpy as np
import pytest

from audio.blocks import split_at_pauses
from audio.errors import AudioError
from audio.loudness import even, peak_dbfs, rms_dbfs, speech_level_dbfs, trim
from audio.pcm import Pcm, join, silence
from audio.resample import Upsampling, resample
from tests.audio.sounds import noise, tone


def test_samples_of_another_kind_are_refused() -> None:
    with pytest.raises(AudioError, match="int16"):
        Pcm(samples=np.zeros(3, np.float32), rate_hz=8000)  # type: ignore[arg-type]


def test_sounds_of_two_rates_cannot_be_joined() -> None:
    with pytest.raises(AudioError, match="one rate"):
        join([silence(1), silence(1, 16_000)])


def test_repetition_doubles_each_sample() -> None:
    sound = Pcm(samples=np.array([1, -2], np.int16), rate_hz=8000)
    assert resample(sound, 16_000, Upsampling.REPEAT).samples.tolist() == [1, 1, -2, -2]


def test_repetition_fills_the_upper_band_and_a_clean_resampler_leaves_it_empty() -> None:
    def upper_band(way: Upsampling) -> float:
        spectrum = np.abs(np.fft.rfft(resample(noise(1, 3000), 16_000, way).samples))
        return float(spectrum[4200:].sum() / spectrum.sum())

    assert upper_band(Upsampling.CLEAN) < 0.02
    assert upper_band(Upsampling.REPEAT) > 0.2


def test_the_noisy_way_up_gives_the_same_sound_each_time() -> None:
    first, second = (resample(tone(0.1), 16_000, Upsampling.REPEAT_WITH_NOISE) for _ in range(2))
    assert np.array_equal(first.samples, second.samples)
    assert not np.array_equal(first.samples, resample(tone(0.1), 16_000, Upsampling.REPEAT).samples)


def test_every_way_keeps_the_length_in_seconds() -> None:
    for way in Upsampling:
        assert resample(tone(0.5, rate_hz=22_050), 8000, way).duration_s == pytest.approx(0.5, abs=0.001)
        assert resample(tone(0.5), 16_000, way).duration_s == pytest.approx(0.5, abs=0.001)


def test_levels_are_those_of_a_sine() -> None:
    assert peak_dbfs(tone(peak=32767)) == pytest.approx(0, abs=0.01)
    assert rms_dbfs(tone(peak=32767)) == pytest.approx(-3.01, abs=0.02)
    assert peak_dbfs(silence(1)) == rms_dbfs(silence(0)) == -96.0


@pytest.mark.parametrize("peak", [150, 8000, 32767])
def test_prompts_come_out_equally_loud_however_loud_they_went_in(peak: int) -> None:
    spoken = join([tone(0.5, peak=peak), silence(2.0)])
    assert speech_level_dbfs(even(spoken)) == pytest.approx(-20, abs=0.3)


def test_a_peak_is_not_pushed_through_the_ceiling() -> None:
    click = tone(2.0, peak=300).samples.copy()
    click[8000] = 20_000
    assert peak_dbfs(even(Pcm(samples=click, rate_hz=8000))) <= -0.99


def test_silence_is_not_amplified() -> None:
    assert peak_dbfs(even(silence(1))) == -96.0


def test_trimming_takes_the_silence_at_both_ends_and_none_between() -> None:
    sound = join([silence(1), tone(0.5), silence(0.7), tone(0.5), silence(2)])
    assert trim(sound).duration_s == pytest.approx(1.8, abs=0.05)


def test_a_long_recording_is_cut_in_its_pauses_and_nothing_is_lost() -> None:
    spoken = [tone(7), silence(0.5), tone(9), silence(0.5), tone(6), silence(0.5), tone(6)]
    whole = join(spoken)
    pieces = list(split_at_pauses(whole, longest_s=10))
    assert np.array_equal(join(piece for _, piece in pieces).samples, whole.samples)
    assert all(piece.duration_s <= 10 for _, piece in pieces)
    assert [start_s for start_s, _ in pieces] == pytest.approx([0, 7.25, 16.75, 23.25], abs=0.15)


def test_a_recording_without_a_pause_is_cut_all_the_same() -> None:
    pieces = list(split_at_pauses(tone(65), longest_s=20))
    assert sum(piece.duration_s for _, piece in pieces) == pytest.approx(65)
    assert max(piece.duration_s for _, piece in pieces) <= 20
