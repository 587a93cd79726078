"""Sentences for people with their values apart, so that the room above can tell them in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from babel import Locale, UnknownLocaleError

Tell = Callable[..., str]
"""`tell(english, **values)` gives the sentence in somebody's language."""


def in_english(english: str, **values: object) -> str:
    """The English sentence with its {names} filled in."""
    return english.format(**values) if values else english


@dataclass(frozen=True, kw_only=True)
class LanguageName:
    """A language in a sentence, by its BCP-47 tag; each reader has an own name for it."""

    tag: str

    def named(self, reader: str) -> str:
        """The name in the reader's language ("en", "zh"): "Chinese"; the tag itself when nobody knows it."""
        try:
            return Locale.parse(self.tag.partition("-")[0]).get_display_name(reader) or self.tag
        except (UnknownLocaleError, ValueError):
            return self.tag

    def __str__(self) -> str:
        return self.named("en")


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One sentence. `english` has {names} for the values; it is the key of translations."""

    english: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.told(in_english)

    def told(self, tell: Tell) -> str:
        """The sentence by `tell`; a value that is a sentence itself is told, too."""
        values = {n: v.told(tell) if isinstance(v, Sentence) else v for n, v in self.values.items()}
        return tell(self.english, **values)


def sentence(english: str, **values: Any) -> Sentence:
    """A sentence with its values."""
    return Sentence(english=english, values=values)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What did not go as a scenario wants. `step` counts from 0; -1 is what is expected at the end."""

    step: int
    message: Sentence
    kind: str = ""

    def to_json(self, tell: Tell = in_english) -> dict[str, Any]:
        """The failure as the editor takes it."""
        return {"step": self.step, "message": self.sentence.told(tell)}

    @property
    def sentence(self) -> Sentence:
        """The message with its place: "Step 3 (hear): …"."""
        if self.step < 0:
            return sentence("At the end: {what}", what=self.message)
        return sentence("Step {step} ({kind}): {what}", step=self.step + 1, kind=self.kind, what=self.message)
