"""Whether somebody may have said what Whisper wrote, and how sure that is."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from audio.codecs import mulaw
from audio.hearing.engines.whisper_model import Written
from audio.hearing.silero import WINDOW_SAMPLES, SpeechLikelihood
from audio.pcm import Pcm

_SPEECH_FROM = 0.4
_NO_SPEECH_ABOVE = 0.6
_UNSURE_BELOW = -1.0
_HOPELESS_BELOW = -2.0
_FASTEST = 28.0  # Letters a second; Chinese counts threefold.
_HAN = re.compile(r"[\u3400-\u9fff]")
_SUBTITLE_CREDITS = re.compile(
    r"字幕|请不吝点赞|請不吝點贊|明镜与点点|谢谢(大家)?(观看|收看)|謝謝(大家)?(觀看|收看)|订阅.{0,6}频道"
    r"|thanks? (you )?for watching|subtitles? (by|provided)|amara\.org|please subscribe",
    re.IGNORECASE,
)
_SOUND_OF_NO_SPEECH = re.compile(r"^\W*(\(.*\)|\[.*\]|\*.*\*|♪.*|\.*|you|bye)\W*$", re.IGNORECASE)

# Logistic curves of the mean log probability of a text's tokens, set by hand.
_TEXT_SLOPE, _TEXT_MIDDLE = 3.0, -0.75
_BUILT_SLOPE, _BUILT_MIDDLE = 2.0, -1.5


def may_be_speech(sound: Pcm) -> bool:
    """Whether anybody may speak in a sound: most music, tones and noise are not worth understanding."""
    payload = mulaw.encode(sound)
    likelihood = SpeechLikelihood()
    return any(
        likelihood.of(payload[at : at + WINDOW_SAMPLES]) >= _SPEECH_FROM
        for at in range(0, len(payload) - WINDOW_SAMPLES + 1, WINDOW_SAMPLES)
    )


def believable(written: Written, length_s: float) -> bool:
    """Whether a free text may have been said in a sound of `length_s`: music and noise make Whisper write, too."""
    if not re.search(r"\w", written.text) or _SUBTITLE_CREDITS.search(written.text):
        return False
    if written.mean < _HOPELESS_BELOW or _SOUND_OF_NO_SPEECH.match(written.text):
        return False
    if written.no_speech > _NO_SPEECH_ABOVE and written.mean < _UNSURE_BELOW:
        return False
    letters = len(written.text) + 2 * len(_HAN.findall(written.text))
    return letters <= _FASTEST * max(0.5, length_s)


def text_confidence(written: Written) -> float:
    """0.0 to 1.0 for a text that was written freely."""
    return _logistic(_TEXT_SLOPE * (written.mean - _TEXT_MIDDLE))


def built_confidence(built: Sequence[Written], readings: Sequence[str], free: Written) -> float:
    """0.0 to 1.0 for the first of the texts that are made of some words only.

    Args:
        built: the likeliest ones, the best first.
        readings: what each of them means; two ways to write the same count together.
        free: what the model writes freely; if it is much likelier, something else was said.
    """
    most = built[0].total
    chances = [math.exp(one.total - most) for one in built]
    share = sum(chance for chance, reading in zip(chances, readings, strict=True) if reading == readings[0]) / sum(
        chances
    )
    said = _logistic(_BUILT_SLOPE * (built[0].mean + min(0.0, most - free.total) / 2 - _BUILT_MIDDLE))
    return round(share * said, 4)


def _logistic(value: float) -> float:
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, value)))), 4)
