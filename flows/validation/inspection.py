"""A document as the rules see it: its graph, prompts, texts and expressions, each worked out once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flows.documents import FlowDocument
from flows.nodes.base import Node, Spoken
from flows.plain import to_plain
from flows.text import Hole, find_holes
from flows.validation.speech_knowledge import NOTHING_KNOWN, SpeechKnowledge

ENDINGS = frozenset({"hang_up", "transfer", "open_ticket", "request_callback", "record"})
"""Node types that serve the caller: a person, a ticket, a voicemail, a call back, or a proper goodbye."""

WAITING = frozenset({"listen", "record", "transfer"})
"""Node types that stop for the caller (or a person) without being a question."""


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """One text of one prompt. `path` is the field, without the language."""

    node: str
    path: str
    language: str
    spoken: Spoken

    @property
    def is_written(self) -> bool:
        """True for a text that is sent, not said."""
        return self.path == "body"


@dataclass(frozen=True, kw_only=True)
class Text:
    """Any string of a node that has holes."""

    node: str
    path: str
    text: str
    holes: tuple[Hole, ...]


class Inspection:
    """One document under the lint.

    `known_flows` are the names of flows that may be called; as a mapping it also says which flows each of them calls.
    None means that nothing is known about other flows, and calls are not checked. `speech` is what the machine hears
    and says; `house_ear` says that our own ear listens on a number of the flow, whatever the flow says itself.
    """

    def __init__(
        self,
        document: FlowDocument,
        *,
        known_flows: Collection[str] | Mapping[str, Collection[str]] | None,
        now: datetime | None = None,
        speech: SpeechKnowledge = NOTHING_KNOWN,
        house_ear: bool = False,
    ) -> None:
        self.document = document
        self.nodes: Mapping[str, Node] = document.nodes
        self.known_flows = known_flows
        self.now = now
        self.speech = speech
        self.heard_by_house = house_ear or document.ear == "house"

    @cached_property
    def choices(self) -> Mapping[str, tuple[Any, ...]]:
        """The choices of the nodes that have some (each with key, name, label and words)."""
        return {name: found for name, node in self.nodes.items() if (found := choices_of(node))}

    @cached_property
    def exit_names(self) -> Mapping[str, tuple[str, ...]]:
        """Every exit by node."""
        return {name: node.exit_names() for name, node in self.nodes.items()}

    @cached_property
    def optional_exits(self) -> Mapping[str, frozenset[str]]:
        """The exits that may stay unwired, by node."""
        return {name: node.optional_exits() for name, node in self.nodes.items()}

    @cached_property
    def edges(self) -> Mapping[str, tuple[str, ...]]:
        """Where each node can lead, the flow's defaults for unwired exits included; only nodes that exist."""
        return {name: tuple(dict.fromkeys(self._targets(name))) for name in self.nodes}

    def default_for(self, exit_name: str) -> str:
        """The node that serves an unwired `person` or `failed`, "" when none does."""
        defaults = self.document.defaults
        return defaults.person or defaults.failure if exit_name == "person" else defaults.failure

    def _targets(self, name: str) -> Iterator[str]:
        wired = self.nodes[name].exits
        served = [e for e in ("person", "failed") if e in self.optional_exits[name] and not wired.get(e)]
        unwired = [self.default_for(exit_name) for exit_name in served]
        yield from (target for target in (*wired.values(), *unwired) if target in self.nodes)

    @cached_property
    def reachable(self) -> frozenset[str]:
        """The nodes a call can come to."""
        defaults = self.document.defaults
        # Any node can fail, so the failure node is always within reach; a machine may answer at any moment.
        voicemail = self.document.outbound.voicemail if self.document.outbound is not None else ""
        return self.reach([n for n in (self.document.start, defaults.failure, voicemail) if n in self.nodes])

    def reach(self, starts: Collection[str], *, but: Collection[str] = ()) -> frozenset[str]:
        """The nodes within reach of `starts` (themselves included) without going on from those in `but`."""
        seen, waiting = set(starts), list(starts)
        while waiting:
            name = waiting.pop()
            if name in but:
                continue
            fresh = [target for target in self.edges[name] if target not in seen]
            seen.update(fresh)
            waiting.extend(fresh)
        return frozenset(seen)

    @cached_property
    def served(self) -> frozenset[str]:
        """The nodes from which some way leads to an ending."""
        backwards: dict[str, list[str]] = {name: [] for name in self.nodes}
        for name, targets in self.edges.items():
            for target in targets:
                backwards[target].append(name)
        found = {name for name in self.nodes if self.is_ending(name)}
        waiting = list(found)
        while waiting:
            fresh = [name for name in backwards[waiting.pop()] if name not in found]
            found.update(fresh)
            waiting.extend(fresh)
        return frozenset(found)

    def is_ending(self, name: str) -> bool:
        """True when the node serves the caller for good, or has no way on at all by its nature."""
        return self.nodes[name].type in ENDINGS or not self.exit_names[name]

    def waits(self, name: str) -> bool:
        """True when the call stops at the node for somebody to do something."""
        return self.nodes[name].asks or self.nodes[name].type in WAITING

    @cached_property
    def prompts(self) -> tuple[Prompt, ...]:
        """Every text that is spoken."""
        return tuple(
            Prompt(node=name, path=path, language=language, spoken=spoken)
            for name, node in self.nodes.items()
            for path, localized in node.spoken().items()
            for language, spoken in localized.items()
        )

    @cached_property
    def plain(self) -> Mapping[str, Any]:
        """Each node as plain data."""
        return {name: to_plain(node) for name, node in self.nodes.items()}

    @cached_property
    def strings(self) -> tuple[tuple[str, str, str], ...]:
        """Every string of every node as (node, path, string)."""
        return tuple((name, path, text) for name, data in self.plain.items() for path, text in walk(data))

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Every string with holes."""
        return tuple(
            Text(node=node, path=path, text=text, holes=find_holes(text))
            for node, path, text in self.strings
            if "{{" in text
        )

    @cached_property
    def expressions(self) -> tuple[tuple[str, str, str], ...]:
        """Every expression of a field (not of a text) as (node, path, source)."""
        return tuple((name, path, s) for name, node in self.nodes.items() for path, s in node.expressions().items())


def choices_of(node: Node) -> tuple[Any, ...]:
    """The node's choices (each with key, name, label and words), () when its type has none."""
    return tuple(node.choices) if "choices" in type(node).model_fields else ()  # type: ignore[attr-defined]


def walk(data: Any, path: str = "") -> list[tuple[str, str]]:
    """Every string in plain data with its path."""
    found: list[tuple[str, str]] = []
    _walk(data, path, found)
    return found


def _walk(data: Any, path: str, found: list[tuple[str, str]]) -> None:
    if isinstance(data, str):
        found.append((path, data))
    elif isinstance(data, dict):
        for key, value in data.items():
            _walk(value, f"{path}.{key}" if path else str(key), found)
    elif isinstance(data, list):
        for place, value in enumerate(data):
            _walk(value, f"{path}.{place}" if path else str(place), found)
