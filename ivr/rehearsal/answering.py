"""What may be answered where a call stands: keys with their meaning, and phrases."""

from __future__ import annotations

from flows.nodes.base import Context, Node
from flows.nodes.question import Question
from ivr.rehearsal.exchange import Key
from telephony.calls import Digits

HINTS_AT_MOST = 60


def keys_now(node: Node, ctx: Context) -> tuple[Key, ...]:
    """Keys that the node takes, as the node itself tells."""
    keys = (
        Key(press=sample.heard.digits, word=sample.word)
        for sample in node.sample_answers(ctx)
        if isinstance(sample.heard, Digits) and sample.word
    )
    return tuple(keys)


def hints_now(node: Node, ctx: Context) -> tuple[str, ...]:
    """Phrases that a recogniser would be told to expect; () where nothing is asked."""
    return node.grammar(ctx)[:HINTS_AT_MOST] if isinstance(node, Question) else ()
