"""One Whisper model in memory, asked three things of an utterance: its text, the text among some words, and how likely
given texts are.

Whisper is made for windows of 30 seconds, and most of its time goes into hearing their silence. CTranslate2 takes
windows of any length: ten seconds cost a quarter and as many prompts come out exact, but the model repeats itself more
often (docs/speech_engines.md). Of what was heard only the part with sound is kept for the texts that are scored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from audio.errors import RecognizerFailed
from audio.hearing.grammar.words import primary
from audio.pcm import Pcm
from audio.recognizers.base import ModelSpec
from audio.resample import resample

RATE_HZ = 16_000
FRAMES_A_SECOND = 100
LONGEST_S = 29.0

_POSITIONS_A_SECOND = 50
_SCORED_AFTER_SOUND = 40  # Positions of silence that are kept behind the sound: the end is heard in them.
_BATCH = 16
_LEAST = 1e-9
_LEAST_END = 0.01
_WAYS_ON = 5
_TOKENS_AT_FIRST = 8
_TOKENS_A_SECOND = 9.0

Heard = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Written:
    """A text that the model wrote.

    Attributes:
        text: as the model writes it, without spaces around.
        mean: mean log probability of its tokens, 0 or less.
        total: sum of the log probabilities.
        no_speech: how likely nobody spoke, 0.0 to 1.0; only large values tell.
    """

    text: str
    mean: float
    total: float
    no_speech: float


class LoadedWhisper:
    """A model, ready. Not for two threads at once. Raises RecognizerFailed when it cannot be loaded."""

    def __init__(self, spec: ModelSpec, threads: int) -> None:
        from faster_whisper import WhisperModel

        try:
            self._whole = WhisperModel(
                str(spec.path), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise RecognizerFailed(f"Whisper cannot load {spec.name}. Install it again.") from error
        self._model: Any = self._whole.model
        self._spec = spec
        self._tokenizers: dict[str, Any] = {}
        self._suppressed: dict[tuple[str, frozenset[int]], list[int]] = {}

    def hear(self, sound: Pcm, window_s: float) -> Heard:
        """What the model hears, (1, positions, width), in a window of at least `window_s`."""
        wide = resample(sound.part(0.0, LONGEST_S), RATE_HZ, self._spec.upsampling)
        features = self._whole.feature_extractor(wide.samples.astype(np.float32) / 32768, padding=160)
        length = features.shape[1]
        frames = max(round(window_s * FRAMES_A_SECOND), length + FRAMES_A_SECOND)
        frames = min(frames + frames % 2, 3000)
        padded = np.pad(
            features[:, :frames], ((0, 0), (0, max(0, frames - length))), constant_values=float(features.min())
        )
        return np.asarray(self._model.encode(_view(padded[None]), to_cpu=True), dtype=np.float32)

    def write(self, heard: Heard, language: str, length_s: float) -> Written:
        """What was said in a sound of `length_s`."""
        return self._write(heard, language, length_s, beam=1)[0]

    def write_among(self, heard: Heard, language: str, length_s: float, allowed: frozenset[int]) -> list[Written]:
        """The likeliest texts made of the `allowed` tokens only, the best first."""
        return self._write(heard, language, length_s, beam=_WAYS_ON, suppress_tokens=self._others(language, allowed))

    def _write(self, heard: Heard, language: str, length_s: float, beam: int, **options: Any) -> list[Written]:
        tokenizer = self._tokenizer(language)
        prompt = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        found = self._model.generate(
            _view(heard),
            [prompt],
            beam_size=beam,
            num_hypotheses=beam,
            length_penalty=0,
            return_scores=True,
            return_no_speech_prob=True,
            max_length=len(prompt) + _TOKENS_AT_FIRST + round(_TOKENS_A_SECOND * length_s),
            **options,
        )[0]
        return [
            Written(
                text=tokenizer.decode(tokens).strip(),
                mean=total / (len(tokens) + 1),
                total=total,
                no_speech=float(found.no_speech_prob),
            )
            for tokens, total in zip(found.sequences_ids, found.scores, strict=True)
        ]

    def score(self, heard: Heard, language: str, length_s: float, texts: Sequence[str]) -> list[float]:
        """Log probability of each text as what was said in the first `length_s` of a window."""
        tokenizer = self._tokenizer(language)
        kept = heard[:, : round(length_s * _POSITIONS_A_SECOND) + _SCORED_AFTER_SOUND]
        tokens = [tokenizer.encode(text) for text in texts]
        by_length = sorted(range(len(texts)), key=lambda at: len(tokens[at]))
        scores = [0.0] * len(texts)
        for first in range(0, len(by_length), _BATCH):
            batch = by_length[first : first + _BATCH]
            found = self._model.align(
                _view(np.repeat(kept, len(batch), axis=0)), tokenizer.sot_sequence, [tokens[at] for at in batch], 2
            )
            for at, one in zip(batch, found, strict=True):
                scores[at] = float(np.log(np.maximum(one.text_token_probs, _LEAST)).sum())
        return scores

    def endings(self, heard: Heard, language: str, length_s: float, texts: Sequence[str]) -> list[float]:
        """Log probability that what was said ends with each text, or says it again: 有 is not all of 邮局."""
        tokenizer = self._tokenizer(language)
        kept = heard[:, : round(length_s * _POSITIONS_A_SECOND) + _SCORED_AFTER_SOUND]
        scores = []
        for text in texts:
            prompt = [*tokenizer.sot_sequence, tokenizer.no_timestamps, *tokenizer.encode(text)]
            found = self._model.generate(
                _view(kept),
                [prompt],
                beam_size=_WAYS_ON,
                num_hypotheses=_WAYS_ON,
                length_penalty=0,
                return_scores=True,
                suppress_blank=False,
                suppress_tokens=[],
                max_length=len(prompt) + 1,
            )[0]
            further = [tokenizer.decode(tokens).strip()[len(text.strip()) :] for tokens in found.sequences_ids]
            ended = [_is_end(more, text) for more in further]
            chance = sum(np.exp(score) for score, is_end in zip(found.scores, ended, strict=True) if is_end)
            scores.append(float(np.log(max(chance, _LEAST_END))))
        return scores

    def tokens(self, language: str, texts: Sequence[str]) -> frozenset[int]:
        """The tokens that texts are made of."""
        tokenizer = self._tokenizer(language)
        return frozenset(token for text in texts for token in tokenizer.encode(text))

    def _others(self, language: str, allowed: frozenset[int]) -> list[int]:
        """All tokens but the allowed ones and the end."""
        key = primary(language), allowed
        if key not in self._suppressed:
            tokenizer = self._tokenizer(language)
            kept = {*allowed, tokenizer.eot}
            self._suppressed[key] = [token for token in range(tokenizer.timestamp_begin) if token not in kept]
        return self._suppressed[key]

    def _tokenizer(self, language: str) -> Any:
        key = primary(language)
        if key not in self._tokenizers:
            from faster_whisper.tokenizer import Tokenizer

            self._tokenizers[key] = Tokenizer(
                self._whole.hf_tokenizer, self._model.is_multilingual, task="transcribe", language=key
            )
        return self._tokenizers[key]


def _is_end(more: str, text: str) -> bool:
    """Whether nothing but marks follows, or the text once more: short windows make the model repeat itself."""
    word = more.strip(" .,!?。，！？")
    return not word or text.strip(" .").lower().startswith(word.lower())


def _view(values: npt.NDArray[np.float32]) -> Any:
    from faster_whisper.transcribe import get_ctranslate2_storage

    return get_ctranslate2_storage(np.asarray(values, dtype=np.float32))
