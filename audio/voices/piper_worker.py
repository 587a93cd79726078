"""The child process in which Piper speaks: `python -m audio.voices.piper_worker SOCKET`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from audio.child import serve
from audio.errors import VoiceFailed, VoiceMissing
from audio.loudness import trim
from audio.pcm import Pcm, join, silence
from audio.voices.codes import GROUP_PAUSE_S, clear_letters, groups
from audio.voices.espeak_languages import reads_latin_as_english
from audio.voices.piper import INSTALL, PiperSpeech
from audio.voices.sentences import sentences

_SENTENCE_PAUSE_S = 0.25
_END_OF_GROUP_S = 0.02
_MOST_LOADED = 4  # A voice takes some 150 MB.
# Piper varies how long each sound lasts; at half its usual variation prompts of one text differ by a few per cent.
_LENGTH_NOISE = 0.4


def _begin(_: None) -> Callable[[PiperSpeech], Pcm]:
    return _say


def _say(speech: PiperSpeech) -> Pcm:
    voice = _loaded(speech.path)
    clear = clear_letters if reads_latin_as_english(voice.config.espeak_voice) else str
    sounds = [sound for sentence in sentences(speech.text) for sound in _sentence(voice, sentence, clear)]
    return join(sounds[:-1])  # The pause after the last sentence is nobody's.


def _sentence(voice: Any, sentence: str, clear: Callable[[str], str]) -> Iterator[Pcm]:
    """The sentence, and silence after it; the groups of a code in it with a pause after each."""
    *first, last = map(clear, groups(sentence))
    for group in first:
        sound = trim(_piece(voice, group), keep_s=_END_OF_GROUP_S)
        yield sound
        yield silence(GROUP_PAUSE_S, sound.rate_hz)
    sound = trim(_piece(voice, last))
    yield sound
    yield silence(_SENTENCE_PAUSE_S, sound.rate_hz)


def _piece(voice: Any, text: str) -> Pcm:
    from piper.config import SynthesisConfig

    settings = SynthesisConfig(noise_w_scale=_LENGTH_NOISE)
    chunks = list(voice.synthesize(text, syn_config=settings))
    if not chunks:
        raise VoiceFailed("Piper gave no sound.")
    samples = np.concatenate([chunk.audio_int16_array for chunk in chunks])
    return Pcm(samples=samples, rate_hz=chunks[0].sample_rate)


@lru_cache(maxsize=_MOST_LOADED)
def _loaded(path: Path) -> Any:
    try:
        import onnxruntime  # type: ignore[import-untyped]
        from piper import PiperVoice
        from piper.config import PiperConfig
    except ImportError as error:
        raise VoiceMissing(f"The voice piper is not installed. {INSTALL}") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    settings = json.loads(path.with_name(f"{path.name}.json").read_text(encoding="utf-8"))
    session = onnxruntime.InferenceSession(str(path), sess_options=options, providers=["CPUExecutionProvider"])
    return PiperVoice(config=PiperConfig.from_dict(settings), session=session)


if __name__ == "__main__":
    serve(_begin)
