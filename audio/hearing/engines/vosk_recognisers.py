"""Vosk's model and the recognisers made of it, which are kept warm and used again.

Facts of vosk 0.3.45, each tried out: a recogniser made with the grammar "[]" or with anything but a list of words ends
the process at the first sound; so does SetGrammar while something is being decoded. Hence a recogniser keeps the
grammar it was made with (making one takes a millisecond), and a grammar always holds a word. After FinalResult a
recogniser hears the next caller as a new one would; after Reset it does not. Words that a model does not know are
left out of a grammar with a warning that nobody sees, so they are left out here, where it can be known.
"""

from __future__ import annotations

import json
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from audio.errors import RecognizerFailed
from audio.recognizers.base import ModelSpec

_USUAL_RATE_HZ = 16_000
# A recogniser with a grammar holds 0.7 MB, a free one up to 200 MB once its cache is full, and is fast only then.
_MOST_IDLE_GRAMMARS = 200
_MOST_IDLE_FREE = 8
# Clocks and caches of a recogniser grow with what it hears; this one has earned its rest.
_RETIRED_AFTER_S = 1800.0

Grammar = tuple[str, ...]


@dataclass(eq=False, kw_only=True)
class PooledRecogniser:
    """A Kaldi recogniser and how many seconds it has heard: its word times count from its own beginning."""

    kaldi: Any
    grammar: Grammar | None
    heard_s: float = 0.0


class VoskModel:
    """One model in memory, with its idle recognisers. Safe from many threads; each recogniser is for one at a time."""

    def __init__(self, spec: ModelSpec) -> None:
        self.rate_hz = _rate_hz(spec)
        self.name = spec.name
        self._model = _load(spec)
        self._idle: OrderedDict[Grammar | None, list[PooledRecogniser]] = OrderedDict()
        self._lock = threading.Lock()

    def knows(self, word: str) -> bool:
        """Whether a word is in the model's vocabulary."""
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def borrow(self, grammar: Grammar | None) -> PooledRecogniser:
        """A recogniser for these words, or for all when it is None. The one used last comes first: it is warm."""
        if grammar is not None and not grammar:
            raise RecognizerFailed(f"{self.name} knows none of the words of this question.")
        with self._lock:
            idle = self._idle.get(grammar)
            if idle:
                self._idle.move_to_end(grammar)
                return idle.pop()
        return PooledRecogniser(kaldi=self._new(grammar), grammar=grammar)

    def give_back(self, recogniser: PooledRecogniser) -> None:
        """After FinalResult only; one that failed is not given back."""
        if recogniser.heard_s > _RETIRED_AFTER_S:
            return
        with self._lock:
            idle = self._idle.setdefault(recogniser.grammar, [])
            if recogniser.grammar is None and len(idle) >= _MOST_IDLE_FREE:
                return
            idle.append(recogniser)
            self._idle.move_to_end(recogniser.grammar)
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        """Drop grammars that nobody asked for lately; free recognisers stay."""
        while sum(len(idle) for grammar, idle in self._idle.items() if grammar is not None) > _MOST_IDLE_GRAMMARS:
            oldest = next(grammar for grammar, idle in self._idle.items() if grammar is not None)
            self._idle[oldest].pop()
            if not self._idle[oldest]:
                del self._idle[oldest]

    def _new(self, grammar: Grammar | None) -> Any:
        import vosk

        arguments = () if grammar is None else (json.dumps(grammar, ensure_ascii=False),)
        kaldi = vosk.KaldiRecognizer(self._model, self.rate_hz, *arguments)
        kaldi.SetWords(True)
        return kaldi


def _load(spec: ModelSpec) -> Any:
    import vosk

    if not (spec.path / "am" / "final.mdl").is_file():
        raise RecognizerFailed(f"{spec.name} is not a Vosk model: it has no am/final.mdl. Install it again.")
    vosk.SetLogLevel(-1)
    try:
        return vosk.Model(str(spec.path))
    except Exception as error:  # Vosk raises nothing more precise.
        raise RecognizerFailed(f"Vosk cannot load {spec.name}. Install it again.") from error


def _rate_hz(spec: ModelSpec) -> int:
    """The rate the model was trained at; most models refuse another one."""
    conf = spec.path / "conf" / "mfcc.conf"
    found = re.search(r"--sample-frequency=(\d+)", conf.read_text()) if conf.is_file() else None
    return int(found[1]) if found else _USUAL_RATE_HZ
