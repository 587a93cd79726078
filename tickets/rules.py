"""What kind of matter a ticket is and how soon it must be dealt with, each with its reasons. Pure.

A reason is a JSON object {"rule": …, …} that `tickets.reasons` turns into a sentence in a reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tickets.categories import Category
from tickets.ticket import Priority
from tickets.words import ANGER, DANGER, first_found, found

Reason = dict[str, Any]

OTHER = "other"
"""The category of a matter that no rule knows."""

LEVELS = ("low", "normal", "high")
RANKS = tuple(Priority)
MANY_ERRORS = 3
"""From so many not understood answers in one call on, the call counts as failed."""

MATRIX: dict[tuple[str, str], Priority] = {
    # (impact, urgency)
    ("low", "low"): Priority.LOW,
    ("low", "normal"): Priority.LOW,
    ("low", "high"): Priority.NORMAL,
    ("normal", "low"): Priority.LOW,
    ("normal", "normal"): Priority.NORMAL,
    ("normal", "high"): Priority.HIGH,
    ("high", "low"): Priority.NORMAL,
    ("high", "normal"): Priority.HIGH,
    ("high", "high"): Priority.URGENT,
}


@dataclass(frozen=True, kw_only=True)
class CategoryChoice:
    """A category's key, the reason, and the row it came from (None when the flow named one that no row describes)."""

    key: str
    reason: Reason
    category: Category | None = None


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What may raise a priority. `earlier_calls` counts the caller's other calls within the last 24 hours."""

    text: str = ""
    vip: bool = False
    errors: int = 0
    earlier_calls: int = 0


@dataclass(frozen=True, kw_only=True)
class PriorityChoice:
    """A priority and all reasons that led to it, the matrix first."""

    priority: Priority
    reasons: list[Reason] = field(default_factory=list)


def choose_category(
    categories: Iterable[Category], *, asked: str = "", intent: str = "", text: str = "", node: str = ""
) -> CategoryChoice:
    """What the flow asked for, else what the intent, the most words, or the node point to, else "other"."""
    active = sorted((c for c in categories if c.active), key=lambda c: (c.position, c.key))
    by_key = {c.key: c for c in active}
    if asked:
        return CategoryChoice(key=asked, reason={"rule": "flow", "node": node}, category=by_key.get(asked))
    for category in active:
        if intent and intent in category.intents:
            return CategoryChoice(key=category.key, reason={"rule": "intent", "intent": intent}, category=category)
    if by_words := _by_words(active, text):
        return by_words
    for category in active:
        if node and node in category.nodes:
            return CategoryChoice(key=category.key, reason={"rule": "node", "node": node}, category=category)
    return CategoryChoice(key=OTHER, reason={"rule": "default"}, category=by_key.get(OTHER))


def _by_words(categories: Sequence[Category], text: str) -> CategoryChoice | None:
    best: tuple[Category, list[str]] | None = None
    for category in categories if text else ():
        words = found((w for words in category.words.values() for w in words), text)
        if words and (best is None or len(words) > len(best[1])):
            best = (category, words)
    if best is None:
        return None
    return CategoryChoice(key=best[0].key, reason={"rule": "words", "words": best[1][:5]}, category=best[0])


def choose_priority(impact: str, urgency: str, circumstances: Circumstances) -> PriorityChoice:
    """Impact times urgency, raised one step each by a VIP, by anger and by repeated failure; danger is urgent at once.

    `impact` and `urgency` are "low", "normal" or "high"; anything else counts as normal.
    """
    impact, urgency = level(impact), level(urgency)
    priority = MATRIX[(impact, urgency)]
    reasons: list[Reason] = [{"rule": "matrix", "impact": impact, "urgency": urgency, "priority": priority.value}]
    raises = raising_reasons(circumstances)
    reasons.extend(raises)
    if any(reason["rule"] == "danger" for reason in raises):
        return PriorityChoice(priority=Priority.URGENT, reasons=reasons)
    return PriorityChoice(priority=raised(priority, steps_of(raises)), reasons=reasons)


_KIND = {"vip": "vip", "anger": "anger", "errors": "failure", "repeat": "failure"}


def steps_of(reasons: Iterable[Reason]) -> int:
    """By how many steps reasons raise a priority: one for each kind, so two signs of failure count once."""
    return len({_KIND[reason["rule"]] for reason in reasons if reason["rule"] in _KIND})


def raising_reasons(circumstances: Circumstances) -> list[Reason]:
    """Every reason to raise a priority."""
    reasons: list[Reason] = []
    if word := first_found(DANGER, circumstances.text):
        reasons.append({"rule": "danger", "word": word})
    if circumstances.vip:
        reasons.append({"rule": "vip"})
    if word := first_found(ANGER, circumstances.text):
        reasons.append({"rule": "anger", "word": word})
    if circumstances.errors >= MANY_ERRORS:
        reasons.append({"rule": "errors", "count": circumstances.errors})
    if circumstances.earlier_calls > 0:
        reasons.append({"rule": "repeat", "calls": circumstances.earlier_calls})
    return reasons


def raised(priority: Priority, steps: int) -> Priority:
    """The priority `steps` higher, at most urgent."""
    return RANKS[min(RANKS.index(priority) + steps, len(RANKS) - 1)]


def level(text: str) -> str:
    """`text` if it is low, normal or high, else "normal"."""
    return text if text in LEVELS else "normal"
