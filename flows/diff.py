"""What changed between two documents: nodes, fields, and the words of prompts."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any

from flows.documents import FlowDocument, to_json
from flows.plain import to_plain

NOT_COMPARED = frozenset({"layout", "nodes"})


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


@dataclass(frozen=True, kw_only=True)
class Diff:
    """The difference of two documents; `changed` and `settings` leave out what is equal."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: dict[str, tuple[FieldChange, ...]]
    settings: tuple[FieldChange, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.settings)

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
            changes = _compare(_flat(to_plain(before.nodes[name])), _flat(to_plain(after.nodes[name])))
            if changes:
                changed[name] = changes
    settings = [
        {key: value for key, value in to_json(document).items() if key not in NOT_COMPARED}
        for document in (before, after)
    ]
    return Diff(
        added=tuple(name for name in after.nodes if name not in before.nodes),
        removed=tuple(name for name in before.nodes if name not in after.nodes),
        changed=changed,
        settings=_compare(_flat(settings[0]), _flat(settings[1])),
    )


def word_diff(before: str, after: str) -> str:
    """Both texts as one, word by word (character by character in Chinese): [-taken out-] {+put in+}."""
    old, new = _words(before), _words(after)
    parts = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append("".join(old[i:j]))
            continue
        parts.append(f"[-{''.join(old[i:j])}-]" if j > i else "")
        parts.append(f"{{+{''.join(new[k:m])}+}}" if m > k else "")
    return "".join(parts)


def _words(text: str) -> list[str]:
    return re.findall(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|\s+|.", text[:5_000])


def _compare(before: dict[str, Any], after: dict[str, Any]) -> tuple[FieldChange, ...]:
    fields = [*before, *(field for field in after if field not in before)]
    return tuple(
        FieldChange(field=field, before=before.get(field), after=after.get(field))
        for field in fields
        if before.get(field) != after.get(field)
    )


def _flat(data: Any, path: str = "") -> dict[str, Any]:
    """Nested data as one level of dotted paths; lists of plain values stay whole."""
    if isinstance(data, dict) and data:
        found: dict[str, Any] = {}
        for key, value in data.items():
            found |= _flat(value, f"{path}.{key}" if path else str(key))
        return found
    if isinstance(data, list) and any(isinstance(item, (dict, list)) for item in data):
        found = {}
        for place, value in enumerate(data):
            found |= _flat(value, f"{path}.{place}")
        return found
    return {path: data}
