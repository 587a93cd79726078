"""Words for a choice: which nodes have choices that can learn words, and putting one in or taking it out.

Documents are plain data here, since a draft may be half-made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from flows.phrases import primary
from flows.understanding.choices import best_choice
from flows.understanding.normal import normal
from studio.errors import Refused
from studio.sentences import told

LONGEST = 100
"""Characters of one synonym: what a recogniser takes as a hint (Twilio: 100 a hint)."""


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """One thing that may have been meant: its name in the flow, what it is called, and the words it has so far."""

    name: str
    label: str
    words: tuple[str, ...]


def meanings(data: Mapping[str, Any], node: str, language: str) -> tuple[Meaning, ...]:
    """The choices of a node that can learn words: those of menus, of choices to collect, of languages, of answers.

    () for other nodes, and for one that is not there. An answer is named by its place in the list, from 0.
    """
    return tuple(
        Meaning(name=name, label=_label(row, language) or name, words=tuple(_words(row, field, language)))
        for name, row, field in _rows(data, node)
    )


def with_word(data: Mapping[str, Any], node: str, name: str, language: str, text: str) -> dict[str, Any]:
    """The document with one more word for a choice. Raises Refused when the word cannot tell anything apart."""
    word = " ".join(text.split())
    if not normal(word) or len(word) > LONGEST:
        raise Refused(
            told("These words are too long to be a synonym; a synonym has at most {most} characters.", most=LONGEST)
        )
    known = meanings(data, node, language)
    chosen = next((meaning for meaning in known if meaning.name == name), None)
    if chosen is None:
        raise Refused(told("The draft has no such choice any more. Reload the page."))
    owner = _owner(known, word, language)
    if owner is chosen:
        raise Refused(
            told("“{choice}” knows these words already; they were only heard badly. Dismiss them.", choice=owner.label)
        )
    if owner is not None:
        raise Refused(
            told("These words already belong to “{choice}”; one phrase cannot mean two things.", choice=owner.label)
        )
    return _changed(data, node, name, language, lambda words: [*words, word])


def _owner(known: Sequence[Meaning], word: str, language: str) -> Meaning | None:
    """The choice that these words mean for sure already, by themselves or by what they contain."""
    read = best_choice(word, {meaning.name: (meaning.label, *meaning.words) for meaning in known}, language)
    if read is None or not read.exact:
        return None
    return next(meaning for meaning in known if meaning.name == read.value)


def without_word(data: Mapping[str, Any], node: str, name: str, language: str, text: str) -> dict[str, Any]:
    """The document without that word of a choice; the same when it is not there."""
    gone = normal(text)
    return _changed(data, node, name, language, lambda words: [word for word in words if normal(word) != gone])


def _changed(data: Mapping[str, Any], node: str, name: str, language: str, change: Any) -> dict[str, Any]:
    made: dict[str, Any] = deepcopy(dict(data))
    for found, row, field in _rows(made, node):
        if found != name:
            continue
        kept = row.get(field)
        if isinstance(kept, list):
            row[field] = change(kept)
            continue
        words = dict(kept) if isinstance(kept, dict) else {}
        tag = _tag(words, language)
        words[tag] = change(list(words.get(tag) or ()))
        row[field] = words
    return made


def _rows(data: Mapping[str, Any], node: str) -> Sequence[tuple[str, dict[str, Any], str]]:
    """(name, plain row, field of its words) of each choice."""
    nodes = data.get("nodes")
    found = nodes.get(node) if isinstance(nodes, Mapping) else None
    if not isinstance(found, Mapping):
        return ()
    match found.get("type"):
        case "menu" | "collect":
            return [(str(row.get("name", "")), row, "words") for row in _list(found, "choices")]
        case "language":
            return [(str(row.get("language", "")), row, "words") for row in _list(found, "choices")]
        case "answer":
            return [(str(place), row, "questions") for place, row in enumerate(_list(found, "entries"))]
        case _:
            return ()


def _list(node: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
    rows = node.get(field)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _label(row: Mapping[str, Any], language: str) -> str:
    label = row.get("label")
    if not isinstance(label, Mapping):
        return ""
    spoken = label.get(_tag(label, language)) or next(iter(label.values()), "")
    return str(spoken.get("text", "") if isinstance(spoken, Mapping) else spoken)


def _words(row: Mapping[str, Any], field: str, language: str) -> list[str]:
    kept = row.get(field)
    if isinstance(kept, Mapping):
        kept = kept.get(_tag(kept, language))
    return [str(word) for word in kept] if isinstance(kept, list | tuple) else []


def _tag(kept: Mapping[str, Any], language: str) -> str:
    """The key of a language: its own, else that of a sister language, else its own that is not there yet."""
    sisters = [tag for tag in kept if primary(str(tag)) == primary(language)]
    return language if language in kept or not sisters else str(sisters[0])
