"""A long value said in several breaths: "one two three" – "1 2 3, go on" – "four five six". Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flows.phrases import words
from flows.understanding.corrections import correct
from flows.understanding.normal import normal, runs_on
from flows.understanding.reading import Reading
from flows.understanding.yes_no import after_no, yes_or_no

MAX_TURNS = 12
"""Breaths in which one value is said, corrections among them."""

SHORTEST = 2
"""Characters that make a group; a lone one is more often misheard than meant."""


@dataclass(frozen=True, kw_only=True)
class Groups:
    """How a question takes a value in groups, and a part of it as a correction.

    Attributes:
        read: the characters (capital letters and digits) that words spell, whatever the value's limits are.
        whole: the value that characters make, with its problem; None when they make none.
        may_go_on: whether characters begin a value that is longer.
        characters: those of a value, as they are read back.
        say: characters in words.
    """

    read: Callable[[str], Reading | None]
    whole: Callable[[str], Reading | None]
    may_go_on: Callable[[str], bool]
    characters: Callable[[Any], str]
    say: Callable[[str], str]

    def complete(self, characters: str) -> Reading | None:
        """The value of the characters, None when it is none or has a problem."""
        reading = self.whole(characters)
        return None if reading is None or reading.problem else reading


@dataclass(frozen=True, kw_only=True)
class SoFar:
    """What was said of a value: the groups, how well they were heard, their words, and in how many breaths."""

    groups: tuple[str, ...] = ()
    confidence: float | None = None
    exact: bool = True
    text: str = ""
    turns: int = 0

    @property
    def characters(self) -> str:
        """All groups together."""
        return "".join(self.groups)

    def to_memory(self) -> Mapping[str, Any]:
        """As a node remembers it."""
        return {**vars(self), "groups": list(self.groups)}

    @classmethod
    def from_memory(cls, memory: Mapping[str, Any]) -> SoFar:
        """What a node remembers under "groups"; nothing when it does not."""
        kept = memory.get("groups")
        return cls(**{**kept, "groups": tuple(kept["groups"])}) if kept else cls()

    def heard(self, text: str, confidence: float | None, *, exact: bool = True) -> SoFar:
        """With one more breath; the whole is as sure as its least sure part."""
        known = [value for value in (self.confidence, confidence) if value is not None]
        return replace(
            self,
            confidence=min(known, default=None),
            exact=self.exact and exact,
            text=f"{self.text} {text}".strip(),
            turns=self.turns + 1,
        )


@dataclass(frozen=True, kw_only=True)
class Complete:
    """The value is there."""

    reading: Reading
    so_far: SoFar


@dataclass(frozen=True, kw_only=True)
class Going:
    """There is more to come. `phrase` is the built-in sentence that says so, about `characters`."""

    so_far: SoFar
    phrase: str = "group_heard"
    characters: str = ""


@dataclass(frozen=True, kw_only=True)
class Failed:
    """What was said makes no value; the caller begins anew. `phrase` says why."""

    phrase: str = "rejected_check"


Outcome = Complete | Going | Failed


def take_group(
    groups: Groups, so_far: SoFar, text: str, confidence: float | None, language: str, *, confirm: float
) -> Outcome | None:
    """What the words mean after the groups so far; None when they are about something else, or hardly heard.

    `confirm` is the confidence below which words count as not heard.
    """
    if confidence is not None and confidence < confirm:
        return None
    if so_far.turns >= MAX_TURNS:
        return Failed(phrase="no_match")
    rest, ends = _without_end(text, language)
    if so_far.groups:
        if ends and not rest:
            return _ended(groups, so_far)
        after = after_no(text, language)
        if after is not None:
            return _corrected(groups, so_far.heard(text, confidence), after, language)
        if yes_or_no(text, language):
            return Going(so_far=so_far.heard("", None), phrase="group_so_far", characters=so_far.characters)
    heard = groups.read(rest)
    if heard is None or heard.problem:
        return None
    taken = so_far.heard(rest, confidence, exact=heard.exact)
    outcome = _added(groups, taken, str(heard.value))
    return _ended(groups, outcome.so_far) if ends and isinstance(outcome, Going) else outcome


def _added(groups: Groups, so_far: SoFar, said: str) -> Outcome | None:
    """The groups with one more; alone, when somebody began from the front again."""
    more, anew = (*so_far.groups, said), (said,)
    from_the_front = bool(so_far.groups) and said.startswith(so_far.characters) and len(said) > len(so_far.characters)
    for parts in (anew, more) if from_the_front else (more, anew):
        outcome = _judged(groups, replace(so_far, groups=parts))
        # A number too long with what came before was begun again, if it is whole by itself.
        if outcome is not None and (parts is more or from_the_front or isinstance(outcome, Complete)):
            return outcome
    return Failed() if so_far.groups else None


def _judged(groups: Groups, so_far: SoFar) -> Outcome | None:
    reading = groups.complete(so_far.characters)
    if reading is not None:
        return Complete(reading=replace(reading, exact=reading.exact and so_far.exact), so_far=so_far)
    if len(so_far.characters) >= SHORTEST and groups.may_go_on(so_far.characters):
        return Going(so_far=so_far, characters=so_far.groups[-1])
    return None


def _ended(groups: Groups, so_far: SoFar) -> Outcome:
    reading = groups.complete(so_far.characters)
    return Complete(reading=reading, so_far=so_far) if reading is not None else Failed()


def _corrected(groups: Groups, so_far: SoFar, said: str, language: str) -> Outcome | None:
    """The last group as it should be; without it after a mere no."""
    before, last = so_far.groups[:-1], so_far.groups[-1]
    if not said:
        return Going(so_far=replace(so_far, groups=before), phrase="group_dropped", characters="".join(before))

    def read(text: str) -> str | None:
        found = groups.read(text)
        return None if found is None else str(found.value)

    right = correct(last, said, language, read=read) or read(said)
    return None if right is None else _judged(groups, replace(so_far, groups=(*before, right)))


def _without_end(text: str, language: str) -> tuple[str, bool]:
    """The words without "that's all" at their end, and whether it stood there."""
    plain = normal(text)
    for way in sorted((normal(way) for way in words("all_said", language)), key=len, reverse=True):
        if plain == way:
            return "", True
        if plain.endswith(way if runs_on(way) else f" {way}"):
            return plain.removesuffix(way).strip(), True
    return text, False
