"""Engines for tests that run in real worker processes. They understand the data voice, and do what a question's
phrases tell them: "abort", "segfault", "hang", "refuse", "slow"; with a path as second phrase only the first time."""

from __future__ import annotations

import ctypes
import os
import time
from pathlib import Path

from audio.codecs import mulaw
from audio.errors import RecognizerFailed
from audio.hearing.data_voice import decode
from audio.hearing.engine import EngineCapabilities, EngineSpec
from audio.hearing.hypothesis import Hypothesis
from audio.hearing.question import Question
from audio.pcm import Pcm

SLOW_S = 0.4


def make_streaming(spec: EngineSpec) -> Streaming:
    return Streaming()


def make_whole(spec: EngineSpec) -> Whole:
    return Whole()


def make_unable(spec: EngineSpec) -> Streaming:
    raise RecognizerFailed("The model is broken.")


def _capabilities(*, streaming: bool) -> EngineCapabilities:
    return EngineCapabilities(languages=frozenset({"en"}), streaming=streaming, closed=True, open=True, cost=0.05)


def _obey(question: Question) -> None:
    wish, once = (*question.phrases, "", "")[:2]
    if once:
        if Path(once).exists():
            return
        Path(once).touch()
    if wish == "abort":
        os.abort()
    if wish == "segfault":
        ctypes.string_at(0)
    if wish == "hang":
        time.sleep(60)
    if wish == "refuse":
        raise RecognizerFailed("I will not.")
    if wish == "blunder":
        raise ValueError("the caller said 12345")
    if wish == "slow":
        time.sleep(SLOW_S)


def _text(sound: bytes) -> str:
    return " ".join(words.text for words in decode(sound))


class Streaming:
    name = "unruly"
    capabilities = _capabilities(streaming=True)

    def warm_up(self, language: str) -> None:
        pass

    def begin(self, question: Question) -> StreamingDecoding:
        return StreamingDecoding(question)


class StreamingDecoding:
    def __init__(self, question: Question) -> None:
        self._question = question
        self._sound = b""
        self._partial = ""

    def hear(self, sound: Pcm) -> str | None:
        self._sound += mulaw.encode(sound)
        text = _text(self._sound)
        if text == self._partial:
            return None
        self._partial = text
        return text

    def finish(self) -> Hypothesis:
        _obey(self._question)
        return Hypothesis(text=_text(self._sound), confidence=0.9, engine="unruly")


class Whole:
    name = "unruly-whole"
    capabilities = _capabilities(streaming=False)

    def __init__(self) -> None:
        self._understood = 0
        self._prepared: list[Question] = []

    def warm_up(self, language: str) -> None:
        pass

    def prepare(self, question: Question) -> None:
        self._prepared.append(question)
        if "blunder" in question.phrases:
            raise ValueError

    def understand(self, sound: Pcm, question: Question) -> Hypothesis:
        _obey(question)
        self._understood += 1
        if "prepared?" in question.phrases:
            return Hypothesis(text=" ".join(each.phrases[0] for each in self._prepared))
        return Hypothesis(text=_text(mulaw.encode(sound)), engine=f"unruly-whole {self._understood}")
