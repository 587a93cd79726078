"""The check that runs as one types: the lint over whatever can be read, exits, first words, and one node in detail."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flows.documents import FlowDocument
from flows.exits import exit_word
from flows.nodes.base import Node
from flows.problems import Level, Problem
from flows.validation import lint
from flows.validation.inspection import Inspection
from flows.validation.prompts import seconds_of
from flows.validation.speech_knowledge import NOTHING_KNOWN, SpeechKnowledge
from studio.half_made import HalfMade, Unread, languages_of, likely_exits, read_half_made
from studio.known_values import known_values

MAX_PROBLEMS = 1_000
"""Findings that are sent; the counts are of all."""

FIRST_WORDS = 120

NEEDS_NODES: Mapping[str, frozenset[str] | None] = {
    "opening_not_first": frozenset({"opening"}),
    "goal_unreachable": frozenset({"hang_up"}),
    "unused_value": None,
    "voicemail_unfit": None,
    "wrong_person_goes_on": None,
}
"""Rules that cannot be judged while nodes of these types (None: of any) cannot be read."""

NEEDS_SETTINGS: Mapping[str, frozenset[str]] = {
    "languages": frozenset({"missing_translation", "unused_translation", "unknown_language"}),
    "defaults": frozenset({"missing_default", "unreachable", "no_way_out", "ladder_without_end", "promised_key"}),
    "start": frozenset({"missing_start", "unreachable", "opening_not_first", "unknown_value"}),
    "variables": frozenset({"unknown_value"}),
    "ear": frozenset({"unknown_words"}),
    "outbound": frozenset({"opening_not_first", "unreachable", "promised_key", "unused_value"}),
}
"""Rules that cannot be judged while a setting cannot be read."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a check knows besides the document.

    Attributes:
        flows: the published flows with those each one calls, as the lint wants to know.
        values: the organisation's values that every call starts with.
        now: the present moment.
        language: "en" or "zh", the reader's.
        localize: a finding in the reader's language.
        speech: what the machine hears and says.
        house_ear: our own ear listens on a number of the flow.
    """

    flows: Mapping[str, Collection[str]]
    now: datetime
    values: Mapping[str, Any]
    language: str
    localize: Callable[[Problem], Problem]
    speech: SpeechKnowledge = NOTHING_KNOWN
    house_ear: bool = False


def check(data: Mapping[str, Any], around: Surroundings, *, node: str = "") -> dict[str, Any]:
    """`Check` of types.ts for a document that may be half-made; `node` is the one in detail, "" for none."""
    began = time.perf_counter()
    half = read_half_made(data)
    raw: dict[str, Any] = data["nodes"] if isinstance(data.get("nodes"), dict) else {}
    problems = sorted([*half.problems, *_linted(half, around)], key=lambda p: p.level is not Level.ERROR)
    errors = sum(problem.level is Level.ERROR for problem in problems)
    tags = languages_of(data)
    nodes: Mapping[str, Node] = half.document.nodes if half.document is not None else {}
    return {
        "problems": [shown_problem(around.localize(problem)) for problem in problems[:MAX_PROBLEMS]],
        "errors": errors,
        "warnings": len(problems) - errors,
        "exits": {
            str(name): _exits(nodes.get(name), value, around.language, half.document) for name, value in raw.items()
        },
        "first_words": {str(name): _first_words(nodes.get(name), value, tags) for name, value in raw.items()},
        "node": _detail(half.document, raw, node, tags, around) if node in raw else None,
        "ms": round((time.perf_counter() - began) * 1000, 1),
    }


def _linted(half: HalfMade, around: Surroundings) -> Iterator[Problem]:
    """What the lint finds where it can judge."""
    if half.document is None:
        return
    kinds = frozenset(half.unread.values())
    doubtful = {
        rule for rule, types in NEEDS_NODES.items() if (kinds if types is None else kinds & (types | {""}))
    }.union(*(NEEDS_SETTINGS.get(name, frozenset()) for name in half.settings))
    linted = lint(
        half.document, known_flows=around.flows, now=around.now, speech=around.speech, house_ear=around.house_ear
    )
    for problem in linted:
        place = problem.field.partition(".")[0]
        about_what_is_read = problem.node not in half.unread if problem.node else place not in half.settings
        if about_what_is_read and problem.rule not in doubtful:
            yield problem


def _exits(node: Node | None, value: Any, language: str, document: FlowDocument | None) -> list[dict[str, Any]]:
    if node is None or isinstance(node, Unread):
        return [{"name": name, "word": name.replace("_", " "), "required": False} for name in likely_exits(value)]
    optional = node.optional_exits()
    names = dict.fromkeys((*node.exit_names(), *sorted(optional & set(node.exits))))
    return [
        {"name": name, "word": exit_word(node, name, language, document), "required": name not in optional}
        for name in names
    ]


def _first_words(node: Node | None, value: Any, tags: tuple[str, ...]) -> dict[str, str]:
    """By language the beginning of the first prompt that has any text in it."""
    found: dict[str, str] = {}
    if node is None or isinstance(node, Unread):
        prompts = [value[key] for key in ("prompt", "about", "body") if isinstance(value, dict) and key in value]
        texts = [dict(_texts(prompt, tags)) for prompt in prompts]
    else:
        texts = [{tag: spoken.text for tag, spoken in said.items()} for said in node.spoken().values()]
    for said in texts:
        for tag in tags:
            if tag not in found and (words := " ".join(said.get(tag, "").split())):
                found[tag] = words[:FIRST_WORDS]
    return found


def _texts(value: Any, tags: Collection[str], path: str = "") -> Iterator[tuple[str, str]]:
    """Every text written per language in plain data, with its path: ("prompt.en-US", "Hello")."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        place = f"{path}.{key}" if path else str(key)
        text = part.get("text") if isinstance(part, dict) else part
        if key in tags and isinstance(text, str):
            yield place, text
        else:
            yield from _texts(part, tags, place)


def _detail(
    document: FlowDocument | None, raw: Mapping[str, Any], node: str, tags: tuple[str, ...], around: Surroundings
) -> dict[str, Any]:
    texts = dict(_texts(raw[node], tags))
    known: tuple[Any, ...] = ()
    if document is not None:
        # Texts that are in one language by another field, such as the offers of a language node.
        said = document.nodes[node].spoken()
        texts |= {f"{path}.{tag}": spoken.text for path, spokens in said.items() for tag, spoken in spokens.items()}
        known = known_values(Inspection(document, known_flows=None), node, around.values)
    return {
        "name": node,
        "seconds": {path: round(seconds_of(text, path.rpartition(".")[2]), 1) for path, text in texts.items()},
        "known": [asdict(value) for value in known],
    }


def shown_problem(problem: Problem) -> dict[str, str]:
    """A finding as the editor takes it."""
    return {
        "rule": problem.rule,
        "level": str(problem.level),
        "node": problem.node,
        "field": problem.field,
        "message": problem.message,
        "fix": problem.fix,
    }
