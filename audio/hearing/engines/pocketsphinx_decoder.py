"""One pocketsphinx decoder: its words, its grammars, and how well a path fits the sound.

The decoder begins with an empty dictionary: every word gets a name of its own and the sounds that `pronouncing` knows
for it, so that the grammar file needs no quoting and no word can be missing.
"""

from __future__ import annotations

import math
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from audio.errors import RecognizerFailed
from audio.hearing.grammar.rules import Rule, as_jsgf
from audio.hearing.pronouncing import Phones
from audio.transcript import Word

_LOOP = "loop"
_MOST_GRAMMARS = 24
_FRAMES_A_SECOND = 100
# A path is given up when it is so much less likely than the best one; wider beams cost time and change nothing.
_BEAMS = {"beam": 1e-60, "wbeam": 1e-40, "pbeam": 1e-60}
_LEAST_PROBABILITY = 1e-300


@dataclass(frozen=True, kw_only=True)
class AcousticModel:
    """A model of sounds on disk.

    Attributes:
        folder: with mdef, means, sendump …
        rate_hz: 8000 or 16,000.
        sounds: the phones of a word in this model.
    """

    folder: Path
    rate_hz: int
    sounds: Callable[[str], tuple[Phones, ...]]


@dataclass(frozen=True, kw_only=True)
class Way:
    """The best way through a grammar.

    Attributes:
        words: as the grammar has them, with their times in seconds.
        cost: of the words, a frame each: how much less likely than the best sound of each frame (natural logarithm).
        loop_cost: of the best sequence of any phones over the same frames.
        whole_cost: of the whole utterance with its silences, a frame each.
    """

    words: tuple[Word, ...]
    cost: float
    loop_cost: float
    whole_cost: float

    @property
    def margin(self) -> float:
        """How much better than any phones the words fit; the lower, the less were they said."""
        return self.loop_cost - self.cost


@dataclass(frozen=True, kw_only=True)
class _Segment:
    name: str
    start: int
    end: int
    cost: float


class SphinxDecoder:
    """One model with its grammars. For one thread. Kept for the life of its process: grammars come and go."""

    def __init__(self, model: AcousticModel) -> None:
        self._model = model
        self._decoder = _loaded(model)
        self._decoder.add_allphone_file(_LOOP, None)
        self._names: dict[str, str] = {}
        self._words: dict[str, str] = {}
        self._grammars: OrderedDict[Rule, str] = OrderedDict()
        self._made = 0

    def knows(self, word: str) -> bool:
        """Whether the word can be listened for."""
        return bool(self._name(word))

    def best(self, samples: bytes, rule: Rule) -> Way | None:
        """The best way through the grammar; None when nothing of it fits.

        Args:
            samples: signed 16 bit at the model's rate.
            rule: of words that the decoder knows.
        """
        segments = self._decoded(samples, self._grammar(rule))
        words = [segment for segment in segments if segment.name in self._words]
        if not words:
            return None
        start, end = words[0].start, words[-1].end
        loop = self._decoded(samples, _LOOP)
        return Way(
            words=tuple(self._word(segment) for segment in words),
            cost=sum(segment.cost for segment in words) / max(1, sum(one.end - one.start + 1 for one in words)),
            loop_cost=_within(loop, start, end),
            whole_cost=sum(segment.cost for segment in segments) / max(1, segments[-1].end + 1),
        )

    def _decoded(self, samples: bytes, search: str) -> list[_Segment]:
        """The segments of the best path; [] when the grammar's end was not reached."""
        decoder = self._decoder
        decoder.activate_search(search)
        decoder.start_utt()
        decoder.process_raw(samples, full_utt=True)
        decoder.end_utt()
        if decoder.hyp() is None:
            return []
        return [
            _Segment(
                name=found.word.split("(")[0] if found.word != "(NULL)" else "",
                start=found.start_frame,
                end=found.end_frame,
                cost=-math.log(max(found.ascore, _LEAST_PROBABILITY)),
            )
            for found in decoder.seg()
            if found.end_frame >= found.start_frame >= 0
        ]

    def _grammar(self, rule: Rule) -> str:
        """The name of the grammar's search; those not asked for longest are given back."""
        known = self._grammars.get(rule)
        if known is not None:
            self._grammars.move_to_end(rule)
            return known
        while len(self._grammars) >= _MOST_GRAMMARS:
            _, old = self._grammars.popitem(last=False)
            self._decoder.remove_search(old)
        self._made += 1
        name = f"g{self._made}"
        self._decoder.add_jsgf_string(name, as_jsgf(rule, self._name))
        self._grammars[rule] = name
        return name

    def _name(self, word: str) -> str:
        """The decoder's name of a word; "" for a word that has no sound."""
        if word not in self._names:
            sounds = self._model.sounds(word)
            name = f"w{len(self._names)}" if sounds else ""
            for number, sound in enumerate(sounds, start=1):
                self._decoder.add_word(name if number == 1 else f"{name}({number})", " ".join(sound), False)
            self._names[word] = name
            self._words[name] = word
        return self._names[word]

    def _word(self, segment: _Segment) -> Word:
        return Word(
            text=self._words[segment.name],
            start_s=segment.start / _FRAMES_A_SECOND,
            end_s=(segment.end + 1) / _FRAMES_A_SECOND,
            confidence=None,
        )


def _loaded(model: AcousticModel) -> Any:
    pocketsphinx: Any = import_module("pocketsphinx")  # It has no types; only workers load it.

    if not (model.folder / "mdef").is_file():
        raise RecognizerFailed(f"{model.folder.name} is no model of pocketsphinx: it has no mdef. Install it again.")
    with tempfile.NamedTemporaryFile("w", suffix=".dict") as dictionary:
        dictionary.write("nothing SIL\n")
        dictionary.flush()
        try:
            return pocketsphinx.Decoder(
                pocketsphinx.Config(
                    hmm=str(model.folder),
                    dict=dictionary.name,
                    samprate=model.rate_hz,
                    lm=None,
                    cmn="batch",
                    bestpath=False,
                    loglevel="FATAL",
                    **_BEAMS,
                )
            )
        except RuntimeError as error:
            raise RecognizerFailed(f"pocketsphinx cannot load {model.folder.name}. Install it again.") from error


def _within(loop: list[_Segment], start: int, end: int) -> float:
    """The loop's cost a frame from `start` to `end`, of segments that reach over an edge their share."""
    cost, frames = 0.0, 0
    for segment in loop:
        length = segment.end - segment.start + 1
        inside = min(end, segment.end) - max(start, segment.start) + 1
        if inside > 0:
            cost, frames = cost + segment.cost * inside / length, frames + inside
    return cost / max(1, frames)
