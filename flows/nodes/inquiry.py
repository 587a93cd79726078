"""One question as it is asked now: what is said, what may be pressed or spoken, and how that is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flows.nodes.spoken_groups import Groups
from flows.understanding.reading import Reading
from telephony.verbs import Expects, Prompt

ConfirmPolicy = Literal["always", "speech", "low_confidence", "never"]


def _nothing(_: str) -> Reading | None:
    return None


def _plain(reading: Reading) -> str:
    return str(reading.value)


@dataclass(frozen=True, kw_only=True)
class Certainty:
    """How sure one answer must be. `accept` is the confidence from which it counts at once; None for the flow's."""

    confirm: ConfirmPolicy
    accept: float | None = None


def _as_asked(_: Reading) -> Certainty | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """A question of a node at one stage of it.

    Attributes:
        prompts: said the first time, and again on "repeat".
        short: said on the first error instead; () says `prompts` again.
        full: said from the second error on, with examples and keys; () says `prompts` again.
        read_keys: the value of pressed keys (never empty), or None for no answer here. A reading with a problem is no
            answer either, and its problem is told to the caller.
        read_speech: the same for words.
        say_value: the value in words for reading it back.
        phrases: what a recogniser should expect, the global words not among them.
        num_digits: keys that end the input by themselves; None for any number, ended by `finish_on_key`.
        confirm: when the value is read back and confirmed.
        expects: the kind of answer that is spoken.
        confirm_of: how an answer is confirmed when not as `confirm` and the flow's bands say; None for none that is.
        groups: how a long value is said in several breaths; None where it is not.
        chosen: True when the answer is one of several things, so that reading it back names it as chosen.
        speech_end_s: silence that ends speech, where the node does not say; None lets the ear decide.
        open_speech: True when anything may be said; then global words count only when they are all that is said.
        native: True when the prompts are in several languages, so that no built-in sentence is put around them.
    """

    prompts: tuple[Prompt, ...]
    short: tuple[Prompt, ...] = ()
    full: tuple[Prompt, ...] = ()
    read_keys: Callable[[str], Reading | None] = _nothing
    read_speech: Callable[[str], Reading | None] = _nothing
    say_value: Callable[[Reading], str] = _plain
    phrases: tuple[str, ...] = ()
    num_digits: int | None = None
    finish_on_key: str = "#"
    confirm: ConfirmPolicy = "low_confidence"
    expects: Expects = Expects.PHRASES
    confirm_of: Callable[[Reading], Certainty | None] = _as_asked
    groups: Groups | None = None
    chosen: bool = False
    speech_end_s: int | None = None
    open_speech: bool = False
    native: bool = False


@dataclass(frozen=True, kw_only=True)
class Taken:
    """An accepted answer.

    Attributes:
        value: what it means (a JSON value).
        mode: "keys" or "speech".
        text: the keys or words themselves.
        confidence: the recogniser's, 0.0 to 1.0; None for keys or when unknown.
    """

    value: Any
    mode: str
    text: str
    confidence: float | None = None

    def to_memory(self, say: str, *, chosen: bool = False) -> Mapping[str, Any]:
        """What the node remembers while the caller is asked whether the value is right."""
        kept = {"value": self.value, "mode": self.mode, "text": self.text, "confidence": self.confidence, "say": say}
        return {**kept, "chosen": True} if chosen else kept

    @classmethod
    def from_memory(cls, pending: Mapping[str, Any]) -> Taken:
        """Read back what `to_memory` gave."""
        return cls(**{k: pending[k] for k in ("value", "mode", "text", "confidence")})
