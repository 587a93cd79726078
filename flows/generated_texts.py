"""Sentences of a flow that stand in no document: nodes make them of their labels ("For parcel tracking, press 1.")."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from flows.documents import FlowDocument
from flows.nodes.base import Context

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def generated_texts(document: FlowDocument, language: str) -> Iterator[str]:
    """Every such sentence in a language, as it is said in one piece; nodes with values in their labels are left out."""
    for name, node in document.nodes.items():
        labels = [says[language].text for path, says in node.spoken().items() if "label" in path and language in says]
        if any("{{" in label for label in labels):
            continue
        ctx = Context(document=document, node_id=name, now=_ANY_TIME, language=language, outbound=document.outbound)
        yield from node.generated(ctx)
