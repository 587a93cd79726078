"""The floor: Vosk itself on the same audio, in one process with two threads and nothing around it.

Every caller's sound comes in 100 ms pieces at the pace of speech, silences included; an utterance ends after the same
silence as in the house, and its lag is from its last sound to the words.
"""

from __future__ import annotations

import heapq
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from queue import Queue
from typing import Any

import numpy as np

from audio.codecs import mulaw
from audio.recognizers.base import ModelSpec
from audio.resample import resample
from bench.figures import percentile

PIECE_S = 0.1
ENDS_AFTER_S = 0.55
BETWEEN_S = 2.0
"""From the end of an utterance's silence to the next utterance: a prompt is played."""

_THREADS = 2
_RATE_HZ = 16_000


@dataclass(frozen=True, kw_only=True)
class Bare:
    """What so many callers at once came to."""

    calls: int
    answers: int
    p50_ms: float
    p95_ms: float


class _Caller:
    """One caller's recogniser and sound, fed in pieces, always by the same thread."""

    def __init__(self, recogniser: Any, utterances: Sequence[bytes], spec: ModelSpec) -> None:
        self._recogniser = recogniser
        self.lags_s: list[float] = []
        silence = np.zeros(round(PIECE_S * _RATE_HZ), np.int16)
        self._pieces: list[tuple[bytes, bool]] = []
        for sound in utterances:
            wide = resample(mulaw.decode(sound), _RATE_HZ, spec.upsampling).samples
            step = len(silence)
            self._pieces += [(wide[at : at + step].tobytes(), False) for at in range(0, len(wide), step)]
            ending = round(ENDS_AFTER_S / PIECE_S)
            self._pieces += [(silence.tobytes(), n == ending - 1) for n in range(ending)]
            self._pieces += [(silence.tobytes(), False)] * round(BETWEEN_S / PIECE_S)
        self._at = 0

    def step(self, due_s: float) -> None:
        """The piece that was due at this moment."""
        piece, ends = self._pieces[self._at % len(self._pieces)]
        self._at += 1
        self._recogniser.AcceptWaveform(piece)
        if ends:
            json.loads(self._recogniser.FinalResult())
            self.lags_s.append(time.perf_counter() - due_s + ENDS_AFTER_S)


def hold(
    spec: ModelSpec, model: Any, words: Sequence[str], utterances: list[bytes], calls: int, seconds: float
) -> Bare:
    """So many callers at once for so long."""
    import vosk

    grammar = json.dumps(list(words), ensure_ascii=False)
    callers = [
        _Caller(vosk.KaldiRecognizer(model, _RATE_HZ, grammar), utterances[n % len(utterances) :] + utterances, spec)
        for n in range(calls)
    ]
    # A caller belongs to one thread: a recogniser that two threads feed at once ends the process.
    queues: list[Queue[tuple[float, int]]] = [Queue() for _ in range(_THREADS)]

    def decode(work: Queue[tuple[float, int]]) -> None:
        while (item := work.get())[1] >= 0:
            callers[item[1]].step(item[0])

    threads = [threading.Thread(target=decode, args=(queue,)) for queue in queues]
    for thread in threads:
        thread.start()
    began = time.perf_counter()
    due = [(began + n * PIECE_S / calls, n) for n in range(calls)]
    while due[0][0] < began + seconds:
        due_s, number = due[0]
        time.sleep(max(0.0, due_s - time.perf_counter()))
        queues[number % _THREADS].put((due_s, number))
        heapq.heapreplace(due, (due_s + PIECE_S, number))
    for queue in queues:
        queue.put((float("inf"), -1))
    for thread in threads:
        thread.join()
    lags = [lag for caller in callers for lag in caller.lags_s]
    p50, p95 = (round(percentile(lags, share) * 1000, 1) for share in (0.5, 0.95))
    return Bare(calls=calls, answers=len(lags), p50_ms=p50, p95_ms=p95)
