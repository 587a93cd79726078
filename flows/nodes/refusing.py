"""What a call does when somebody wants no more calls: confirm, report, end. Nothing is asked back."""

from __future__ import annotations

from typing import Literal

from flows.events import OptedOut
from flows.nodes.base import Context, End, Step
from flows.nodes.global_words import Wish, refusal_of_words
from flows.nodes.inquiry import Inquiry
from flows.nodes.speaking import heard_out, say_phrase
from flows.outbound import side_exits

MAX_EVIDENCE = 400
"""Characters of an utterance kept as evidence."""


def opt_out(ctx: Context, *, how: Literal["key", "words"], evidence: str) -> Step:
    """Put the number on the list and end the call, from within a sub-flow too.

    No menu and no person follows (47 CFR 64.1200(b)(3)). On a call that came in nobody knows for which calls it holds,
    so it holds for all.
    """
    purpose = _purpose(ctx)
    return Step(
        verbs=heard_out(say_phrase(ctx, "opted_out" if purpose == "all" else "opted_out_purpose")),
        events=(OptedOut(node=ctx.node_id, purpose=purpose, how=how, evidence=evidence[:MAX_EVIDENCE]),),
        then=End(end="opted_out", outcome="opted_out", whole=True),
    )


def opt_out_key(ctx: Context) -> str:
    """The key that ends calls for good; "" on a call that makes none."""
    return ctx.outbound.opt_out_key if ctx.outbound is not None else ""


def refusal(ctx: Context, text: str, inquiry: Inquiry) -> Wish | None:
    """Whether the person wants no more calls, is the wrong one, or wants to be called later.

    The last two count only where the flow's opening says where they lead.
    """
    wish = refusal_of_words(
        text, ctx.language, own=inquiry.phrases, outbound=ctx.outbound is not None, open_speech=inquiry.open_speech
    )
    if wish is None or wish == "stop_calling":
        return wish
    return wish if ctx.document.outbound is not None and wish in side_exits(ctx.document) else None


def _purpose(ctx: Context) -> str:
    if ctx.outbound is None or ctx.outbound.opt_out_from == "all":
        return "all"
    return str(ctx.case.get("purpose") or ctx.outbound.purpose)
