"""What lies ahead of a node by the wires of its flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flows.documents import FlowDocument
from flows.errors import ExpressionError
from flows.expressions import names
from ivr.rehearsal.coverage import ExitOf


def exits_ahead(document: FlowDocument, bits: Mapping[ExitOf, int]) -> Mapping[str, int]:
    """By node, the bits of the exits on any way from it: its own, and those of all nodes that can follow."""
    everywhere = {document.defaults.person, document.defaults.failure} & set(document.nodes)
    after = {
        n: {t for t in node.exits.values() if t in document.nodes} | everywhere for n, node in document.nodes.items()
    }
    ahead = {name: own | bits.get((name, ""), 0) for name, own in own_exits(document, bits).items()}
    changed = True
    while changed:
        changed = False
        for node, targets in after.items():
            bits_now = ahead[node]
            for target in targets:
                bits_now |= ahead[target]
            if bits_now != ahead[node]:
                ahead[node], changed = bits_now, True
    return ahead


def own_exits(document: FlowDocument, bits: Mapping[ExitOf, int]) -> Mapping[str, int]:
    """By node, the bits of its exits."""
    own = dict.fromkeys(document.nodes, 0)
    for (node, exit_name), bit in bits.items():
        own[node] |= bit if exit_name else 0
    return own


def names_ahead(document: FlowDocument) -> Mapping[str, frozenset[str]]:
    """By node, the values that expressions on any way from it read."""
    read = {name: _read_by(node.expressions().values()) for name, node in document.nodes.items()}
    known = {name: place for place, name in enumerate(sorted(frozenset().union(*read.values())))}
    bits = {(node, name): 1 << known[name] for node, found in read.items() for name in found}
    ahead = exits_ahead(document, bits)
    return {node: frozenset(name for name, place in known.items() if mask >> place & 1) for node, mask in ahead.items()}


def _read_by(sources: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for source in sources:
        try:
            found |= names(source)
        except ExpressionError:
            continue
    return frozenset(found)
