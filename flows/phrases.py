"""What every flow says and listens for by itself, per language: reprompts, confirm questions, global words.

A language is one file in `flows/phrase_books/`, named by its tag. A language without a book is spoken in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

BOOKS = Path(__file__).parent / "phrase_books"
FALLBACK = "en-US"


@dataclass(frozen=True, kw_only=True)
class PhraseBook:
    """One language's phrases. `says` maps a key to a sentence with {names}; `words` a meaning to the ways to say it."""

    language: str
    says: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]


def primary(language: str) -> str:
    """The language without script and region, lower case: "zh-CN" gives "zh"."""
    return language.replace("_", "-").split("-")[0].lower()


@cache
def books() -> Mapping[str, PhraseBook]:
    """Every phrase book by its tag; read once per process."""
    found = {}
    for path in sorted(BOOKS.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        words = {meaning: tuple(str(w) for w in ways) for meaning, ways in data["words"].items()}
        found[path.stem] = PhraseBook(language=path.stem, says=data["says"], words=words)
    return found


@cache
def book(language: str) -> PhraseBook:
    """The book of a language: its own, else that of the same primary language, else the English one."""
    shelf = books()
    if language in shelf:
        return shelf[language]
    for tag, candidate in shelf.items():
        if primary(tag) == primary(language):
            return candidate
    return shelf[FALLBACK]


def phrase(key: str, language: str, /, **values: str) -> str:
    """A built-in sentence with its {names} filled in. Raises KeyError for a key that no book has."""
    says = book(language).says
    text = says[key] if key in says else books()[FALLBACK].says[key]
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def words(meaning: str, language: str) -> tuple[str, ...]:
    """The ways to say a meaning ("yes", "person", "repeat", "back", "goodbye", "stop_calling", …); () if unknown."""
    return book(language).words.get(meaning, ())
