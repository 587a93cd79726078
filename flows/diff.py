"""What changed between two documents: nodes, fields, and the words of prompts."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flows.documents import FlowDocument, to_json
from flows.plain import to_plain

NOT_COMPARED = frozenset({"layout", "nodes"})

WORDS_AT_MOST = 5_000
"""Characters of a text that are compared word by word."""

_PLACE_OF_NOTE = re.compile(r"notes\.[^.]+\.(x|y|width|height)")


@dataclass(frozen=True, kw_only=True)
class WordPart:
    """A piece of two texts laid side by side: in both, only in the first, only in the second."""

    kind: Literal["same", "out", "in"]
    text: str


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """A field with another value. `before` or `after` is None where the field was added or removed."""

    field: str
    before: Any
    after: Any

    @property
    def words(self) -> str:
        """Both texts as one: [-taken out-] {+put in+}; "" when they are not both texts."""
        if not (isinstance(self.before, str) and isinstance(self.after, str)):
            return ""
        return word_diff(self.before, self.after)

    @property
    def parts(self) -> tuple[WordPart, ...]:
        """Both texts laid side by side; () when they are not both texts."""
        if not (isinstance(self.before, str) and isinstance(self.after, str)):
            return ()
        return word_parts(self.before, self.after)

    def to_json(self) -> dict[str, Any]:
        """The change as the editor takes it."""
        parts = [{"kind": part.kind, "text": part.text} for part in self.parts]
        return {"field": self.field, "before": self.before, "after": self.after, "words": parts}


@dataclass(frozen=True, kw_only=True)
class Diff:
    """The difference of two documents; `changed` and `settings` leave out what is equal."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: dict[str, tuple[FieldChange, ...]]
    settings: tuple[FieldChange, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.settings)

    def to_json(self) -> dict[str, Any]:
        """The difference as the editor takes it."""
        return {
            "added": list(self.added),
            "removed": list(self.removed),
            "changed": {name: [change.to_json() for change in changes] for name, changes in self.changed.items()},
            "settings": [change.to_json() for change in self.settings],
        }

    def __str__(self) -> str:
        """One line per change, for a terminal."""
        lines = [f"+ node {name}" for name in self.added] + [f"- node {name}" for name in self.removed]
        lines += [f"~ {_line(change)}" for change in self.settings]
        lines += [f"~ {name}.{_line(change)}" for name, changes in self.changed.items() for change in changes]
        return "\n".join(lines) or "No difference."


def _line(change: FieldChange) -> str:
    if change.words:
        return f"{change.field}: {change.words}"
    if change.before is None:
        return f"{change.field}: added {change.after!r}"
    if change.after is None:
        return f"{change.field}: removed {change.before!r}"
    return f"{change.field}: {change.before!r} → {change.after!r}"


def diff(before: FlowDocument, after: FlowDocument) -> Diff:
    """Compare two documents; where the editor draws nodes does not count."""
    changed = {}
    for name in before.nodes:
        if name in after.nodes and before.nodes[name] != after.nodes[name]:
            changes = tuple(_changes(to_plain(before.nodes[name]), to_plain(after.nodes[name]), ""))
            if changes:
                changed[name] = changes
    settings = _changes(_settings(before), _settings(after), "")
    return Diff(
        added=tuple(name for name in after.nodes if name not in before.nodes),
        removed=tuple(name for name in before.nodes if name not in after.nodes),
        changed=changed,
        settings=tuple(change for change in settings if not _PLACE_OF_NOTE.fullmatch(change.field)),
    )


def _settings(document: FlowDocument) -> dict[str, Any]:
    return {key: value for key, value in to_json(document).items() if key not in NOT_COMPARED}


def word_diff(before: str, after: str) -> str:
    """Both texts as one, word by word (character by character in Chinese): [-taken out-] {+put in+}."""
    marks = {"same": "{}", "out": "[-{}-]", "in": "{{+{}+}}"}
    return "".join(marks[part.kind].format(part.text) for part in word_parts(before, after))


def word_parts(before: str, after: str) -> tuple[WordPart, ...]:
    """Both texts laid side by side, word by word (character by character in Chinese), in reading order."""
    old, new = _words(before), _words(after)
    parts: list[WordPart] = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(WordPart(kind="same", text="".join(old[i:j])))
            continue
        parts += [WordPart(kind="out", text="".join(old[i:j]))] if j > i else []
        parts += [WordPart(kind="in", text="".join(new[k:m]))] if m > k else []
    return tuple(parts)


def _words(text: str) -> list[str]:
    return re.findall(
        r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|\s+|.", text[:WORDS_AT_MOST], re.DOTALL
    )


def _changes(before: Any, after: Any, path: str) -> Iterator[FieldChange]:
    """What differs, by dotted paths; lists of plain values stay whole."""
    if before == after:
        return
    old, new = _parts(before, after)
    if old is None or new is None:
        yield FieldChange(field=path, before=before, after=after)
        return
    if list(old) != list(new) and sorted(old) == sorted(new) and isinstance(before, list):
        yield FieldChange(field=path, before=list(old), after=list(new))
    for key in [*old, *(key for key in new if key not in old)]:
        yield from _changes(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))


def _parts(before: Any, after: Any) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """Both values as parts by name, so that like is compared with like; None when they have none.

    Things in a list that have names are compared by name when they do not stand at the same places any more: a choice
    put in front does not change all that follow.
    """
    sides = [({} if value is None else value) for value in (before, after)]
    if all(isinstance(side, dict) for side in sides) and any(sides):
        return sides[0], sides[1]
    sides = [([] if value is None else value) for value in (before, after)]
    if not all(isinstance(side, list) for side in sides) or not any(
        isinstance(item, dict | list) for side in sides for item in side
    ):
        return None, None
    named = [_by_name(side) for side in sides]
    if named[0] and named[1] and list(named[0]) != list(named[1]):
        return named[0], named[1]
    return tuple({str(place): item for place, item in enumerate(side)} for side in sides)  # type: ignore[return-value]


def _by_name(items: list[Any]) -> dict[str, Any]:
    """The things of a list by their names; {} when one has none, or two have the same."""
    found = {str(item["name"]): item for item in items if isinstance(item, dict) and item.get("name")}
    return found if len(found) == len(items) else {}
