"""What an engine does inside its worker process. One file of `audio/hearing/engines` each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from audio.hearing.hypothesis import Hypothesis
from audio.hearing.question import Question
from audio.pcm import Pcm
from audio.recognizers.base import ModelSpec


@dataclass(frozen=True, kw_only=True)
class EngineCapabilities:
    """What an engine can do and what it costs.

    Attributes:
        languages: primary subtags it hears with the models that are installed.
        streaming: it decodes while the caller speaks and tells partial words.
        closed: it can be held to a question's phrases, words and numbers.
        open: it understands anything that is said.
        cost: processor seconds for each second of speech, as measured (docs/speech_engines.md).
    """

    languages: frozenset[str]
    streaming: bool
    closed: bool
    open: bool
    cost: float


@dataclass(frozen=True, kw_only=True)
class EngineSpec:
    """What one worker process runs.

    Attributes:
        name: of the engine, or of several joined by "+" when they decide together.
        maker: "module:function" that makes the engine from this value, inside the worker.
        languages: primary subtags to warm up and hear.
        models: ready on this machine; one for each engine of the name, in its order.
        threads: utterances that a streaming engine decodes at once.
        processes: equal worker processes, for engines that hear one utterance at a time.
        stuck_s: one step of an engine (a second of sound, or a whole utterance beyond three times its length) that
            takes longer is stuck, and the process ends.
    """

    name: str
    maker: str
    languages: tuple[str, ...]
    models: tuple[ModelSpec, ...] = ()
    threads: int = 2
    processes: int = 1
    stuck_s: float = 8.0


class UtteranceEngine(Protocol):
    """Understands whole utterances. One thread at a time."""

    name: str
    capabilities: EngineCapabilities

    def warm_up(self, language: str) -> None:
        """Load what the first utterance would have to wait for."""

    def understand(self, sound: Pcm, question: Question) -> Hypothesis:
        """The decision on one utterance (8000 Hz, with some silence around it)."""


@runtime_checkable
class Prepares(Protocol):
    """An utterance engine that can do part of the work when a question is asked, before it is answered."""

    def prepare(self, question: Question) -> None:
        """Learn what the first answer to this question would have to wait for."""


class Decoding(Protocol):
    """One utterance in a streaming engine."""

    def hear(self, sound: Pcm) -> str | None:
        """More sound (8000 Hz); the words so far when they changed, else None."""

    def finish(self) -> Hypothesis:
        """The decision; the decoding is not used again."""


class StreamingEngine(Protocol):
    """Decodes many utterances side by side, each in one thread at a time."""

    name: str
    capabilities: EngineCapabilities

    def warm_up(self, language: str) -> None:
        """Load the model and decode once."""

    def begin(self, question: Question) -> Decoding:
        """An utterance that answers a question."""
