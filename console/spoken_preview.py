"""What a flow says to one person, node by node, before anybody is called."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flows.documents import FlowDocument
from flows.errors import FlowError
from flows.nodes.base import Context
from flows.text import render
from telephony.verbs import Dial, Enqueue, Gather, Play, Say, Verb

MOST_NODES = 60


@dataclass(frozen=True, kw_only=True)
class SpokenNode:
    """One node with its sentences. `missing` are values its sentences ask for and do not get."""

    name: str
    label: str
    asks: bool
    sentences: tuple[str, ...]
    missing: tuple[str, ...]


def spoken(
    document: FlowDocument, values: Mapping[str, Any], case: Mapping[str, Any], language: str, now: datetime
) -> list[SpokenNode]:
    """The nodes that say something, in the order in which a call may reach them.

    Each node is entered as on a call, so what is read here is what is heard; nothing else happens by that.
    """
    context = Context(
        document=document, node_id="", now=now, language=language, values=values, outbound=document.outbound, case=case
    )
    found = []
    for name in _in_order(document)[:MOST_NODES]:
        node = document.nodes[name]
        sentences = tuple(_said(replace(context, node_id=name)))
        holes = (
            hole
            for texts in node.spoken().values()
            if language in texts
            for hole in render(texts[language].text, values, language, now).missing
        )
        missing = tuple(dict.fromkeys(holes))
        if sentences or missing:
            label = node.label or name.replace("_", " ")
            found.append(SpokenNode(name=name, label=label, asks=node.asks, sentences=sentences, missing=missing))
    return found


def _said(context: Context) -> Iterator[str]:
    try:
        step = context.document.nodes[context.node_id].enter(context)
    except (FlowError, KeyError, ValueError):
        # A node that needs what only a call has (an answer heard before) says nothing here.
        return
    for text in _texts(step.verbs):
        if text.strip():
            yield text.strip()


def _texts(verbs: Iterable[Verb]) -> Iterator[str]:
    for verb in verbs:
        match verb:
            case Say(text=text) | Play(text=text):
                yield text
            case Gather(prompts=prompts):
                yield from (p.text for p in prompts if isinstance(p, Say | Play))
            case Dial() | Enqueue():
                return


def _in_order(document: FlowDocument) -> list[str]:
    """Nodes by their distance from the start; those that only a key, a word or a machine leads to come last."""
    seen: dict[str, None] = {}
    waiting = deque([document.start])
    while waiting:
        name = waiting.popleft()
        if name in seen or name not in document.nodes:
            continue
        seen[name] = None
        waiting.extend(document.nodes[name].exits.values())
    return [*seen, *(name for name in document.nodes if name not in seen)]
