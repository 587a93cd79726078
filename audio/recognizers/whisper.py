"""Whisper, through faster-whisper and CTranslate2, on whole recordings.

Whisper fills silence with sentences it saw in subtitles. So: only speech is given to it (VAD), no text of ours goes
into its prompt (it is repeated when nothing was understood), and what it says is checked before it is believed.
"""

from __future__ import annotations

import re
from typing import Any

from audio.errors import RecognizerFailed
from audio.pcm import Pcm
from audio.recognizers.base import Capabilities, ModelSpec
from audio.resample import resample
from audio.speech_spans import speech_spans
from audio.transcript import Transcript, Word, spoken

_RATE_HZ = 16_000
_THREADS = 2
_WINDOW_S = 29.0
_SHORT_PAUSE_S = 2.0
_NO_SPEECH_ABOVE = 0.6
_UNSURE_BELOW = -1.0  # Mean log probability of a segment's tokens.
_HOPELESS_BELOW = -2.0
_GUESSED_BELOW = 0.15  # Mean probability of a segment's words.
_REPETITIVE_ABOVE = 2.4  # Length of the text over its length when compressed.
_SUBTITLE_CREDITS = re.compile(
    r"字幕(由|by|製作|制作|提供)|请不吝点赞|請不吝點贊|明镜与点点|谢谢(大家)?(观看|收看)|謝謝(大家)?(觀看|收看)|订阅.{0,6}频道"
    r"|thanks? (you )?for watching|subtitles? (by|provided)|amara\.org|please subscribe",
    re.IGNORECASE,
)


class WhisperRecognizer:
    """One Whisper model in this process. Not for two threads at once."""

    capabilities = Capabilities(word_times=True, confidence=True, own_process=False)

    def __init__(self, spec: ModelSpec) -> None:
        self._spec = spec
        self._model: Any = None

    def transcribe(self, sound: Pcm) -> Transcript:
        """See `Recognizer`."""
        clips = _clips(speech_spans(sound))
        if not clips:
            return spoken(words=(), language=self._spec.language, engine="whisper", model=self._spec.name)
        if self._model is None:
            self._model = _load(self._spec)
        wide = resample(sound, _RATE_HZ, self._spec.upsampling).samples.astype("float32") / 32768
        segments, _ = self._model.transcribe(
            wide,
            language=self._spec.language.split("-")[0].lower(),
            beam_size=5,
            temperature=0.0,  # No dice: another try at a higher temperature is how inventions come about, and slow.
            word_timestamps=True,
            condition_on_previous_text=False,
            no_speech_threshold=_NO_SPEECH_ABOVE,
            log_prob_threshold=_UNSURE_BELOW,
            compression_ratio_threshold=_REPETITIVE_ABOVE,
            hallucination_silence_threshold=2.0,
            clip_timestamps=[edge for clip in clips for edge in clip],
        )
        believed = _without_repetition([segment for segment in segments if _believable(segment)])
        write = _writing(self._spec.language)
        words = [_word(word, write) for segment in believed for word in segment.words or ()]
        text = write("".join(segment.text for segment in believed))
        return spoken(words=words, language=self._spec.language, engine="whisper", model=self._spec.name, text=text)

    def close(self) -> None:
        """Drop the model."""
        self._model = None


def _clips(spans: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """Stretches of speech joined over short pauses: Whisper understands sentences better than their pieces, and takes
    30 seconds at a time."""
    clips: list[tuple[float, float]] = []
    for start_s, end_s in spans:
        if clips and start_s - clips[-1][1] < _SHORT_PAUSE_S and end_s - clips[-1][0] < _WINDOW_S:
            clips[-1] = (clips[-1][0], end_s)
        else:
            clips.append((start_s, end_s))
    return clips


def _load(spec: ModelSpec) -> Any:
    from faster_whisper import WhisperModel

    try:
        return WhisperModel(
            str(spec.path), device="cpu", compute_type="int8", cpu_threads=_THREADS, local_files_only=True
        )
    except Exception as error:
        raise RecognizerFailed(f"Whisper cannot load {spec.name}. Install it again.") from error


def _believable(segment: Any) -> bool:
    """Whether somebody may have said this segment."""
    if segment.compression_ratio > _REPETITIVE_ABOVE or segment.avg_logprob < _HOPELESS_BELOW:
        return False
    if segment.no_speech_prob > _NO_SPEECH_ABOVE and segment.avg_logprob < _UNSURE_BELOW:
        return False
    probabilities = [word.probability for word in segment.words or ()]
    if probabilities and sum(probabilities) / len(probabilities) < _GUESSED_BELOW:
        return False
    return bool(re.search(r"\w", segment.text)) and not _SUBTITLE_CREDITS.search(segment.text)


def _without_repetition(segments: list[Any]) -> list[Any]:
    """Nobody says the same sentence three times in a row word for word; Whisper, stuck, does. Two are kept."""
    kept: list[Any] = []
    for segment in segments:
        if len(kept) >= 2 and all(earlier.text == segment.text for earlier in kept[-2:]):
            continue
        kept.append(segment)
    return kept


def _word(word: Any, write: Any) -> Word:
    return Word(
        text=write(word.word.strip()),
        start_s=round(float(word.start), 3),
        end_s=round(float(word.end), 3),
        confidence=round(float(word.probability), 4),
    )


def _writing(language: str) -> Any:
    """How the text of a language is written: Whisper mixes both Chinese scripts, readers expect one."""
    subtags = language.lower().split("-")
    if subtags[0] != "zh" or {"tw", "hk", "mo", "hant"} & set(subtags):
        return str
    from opencc import OpenCC

    return OpenCC("t2s").convert
