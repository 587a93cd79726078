"""What an import says of itself: what was taken over, what changed its meaning, what could not be, and where."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flows.documents import FlowDocument
from flows.errors import FlowError
from flows.problems import Problem

MAX_SHOWN = 200
"""Characters of a foreign text that a sentence repeats; hostile files have names of ten thousand."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line of the report.

    Attributes:
        place: the widget or block as the file names it; "" for the whole file.
        what: what of it: its type, a property, an exit.
        english: the sentence with {names}, the key under which it is translated.
        values: what the names stand for.
    """

    place: str
    what: str
    english: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The sentence in English."""
        return filled(self.english, self.values)

    def to_json(self) -> dict[str, str]:
        """The line as a JSON object."""
        return {"place": self.place, "what": self.what, "sentence": self.sentence}


@dataclass(kw_only=True)
class Report:
    """The report of one import, written while it runs. The lists keep the order of the file."""

    format: str
    taken: list[Item] = field(default_factory=list)
    changed: list[Item] = field(default_factory=list)
    refused: list[Item] = field(default_factory=list)
    _seen: set[tuple[str, ...]] = field(default_factory=set, repr=False)

    def take(self, place: str, what: str, english: str, /, **values: object) -> None:
        """Something is as it was."""
        self._add(self.taken, place, what, english, values)

    def change(self, place: str, what: str, english: str, /, **values: object) -> None:
        """Something means another thing now."""
        self._add(self.changed, place, what, english, values)

    def refuse(self, place: str, what: str, english: str, /, **values: object) -> None:
        """Something could not be taken over."""
        self._add(self.refused, place, what, english, values)

    def _add(self, items: list[Item], place: str, what: str, english: str, values: Mapping[str, object]) -> None:
        said = {name: shown(str(value)) for name, value in values.items()}
        item = Item(place=shown(place), what=shown(what), english=english, values=said)
        key = (item.place, item.what, item.sentence)
        if key not in self._seen:
            self._seen.add(key)
            items.append(item)

    def to_json(self) -> dict[str, Any]:
        """The report as a JSON object."""
        return {
            "format": self.format,
            "taken": [item.to_json() for item in self.taken],
            "changed": [item.to_json() for item in self.changed],
            "refused": [item.to_json() for item in self.refused],
        }


@dataclass(frozen=True, kw_only=True)
class Imported:
    """An import that came to a document.

    Attributes:
        document: the flow; None when the data are not yet a document that can run.
        data: the same as plain data.
        report: what became of the file.
        problems: the lint of the document, or why there is none.
    """

    document: FlowDocument | None
    data: dict[str, Any]
    report: Report
    problems: tuple[Problem, ...]

    def to_json(self) -> dict[str, Any]:
        """Everything as a JSON object."""
        return {
            "report": self.report.to_json(),
            "problems": [problem.to_json() for problem in self.problems],
            "document": self.data,
        }


class ImportRefused(FlowError):  # noqa: N818
    """The file cannot be imported; nothing is stored.

    `english` and `values` make the sentence; `problems` name places (line and column, or the widget or block as node).
    """

    def __init__(self, english: str, /, *, problems: Sequence[Problem] = (), **values: object) -> None:
        self.english = english
        self.values = {name: shown(str(value)) for name, value in values.items()}
        self.sentence = filled(english, self.values)
        self.problems = tuple(problems)
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return "\n".join([self.sentence, *(f"  {problem}" for problem in self.problems)])


def shown(text: str) -> str:
    """Foreign text as a sentence repeats it: one line, without control characters, not too long."""
    plain = _CONTROL.sub(" ", text[: MAX_SHOWN * 2]).strip()
    return plain if len(plain) <= MAX_SHOWN else plain[: MAX_SHOWN - 1] + "…"


def filled(english: str, values: Mapping[str, str]) -> str:
    """The sentence with its {names} filled in."""
    return english.format(**values) if values else english
