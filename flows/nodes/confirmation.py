"""Reading a value back: when it is done, and how it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.nodes.base import Context
from flows.nodes.inquiry import Inquiry, Taken
from flows.nodes.speaking import say_phrase
from flows.phrases import words
from flows.understanding.reading import Reading
from telephony.verbs import Expects


def must_confirm(ctx: Context, inquiry: Inquiry, reading: Reading, taken: Taken) -> bool:
    """Whether the policy and the way the value was heard call for a question back."""
    spoken = taken.mode == "speech"
    own = inquiry.confirm_of(reading)
    confirm = own.confirm if own is not None else inquiry.confirm
    if confirm == "always" or (confirm == "speech" and spoken):
        return True
    accept = ctx.document.defaults.confidence.accept
    if own is not None and own.accept is not None:
        accept = own.accept
    unsure = taken.confidence is not None and taken.confidence < accept
    return confirm != "never" and spoken and (unsure or not reading.exact)


def confirmation(ctx: Context, pending: Mapping[str, Any]) -> Inquiry:
    """The question "You said …, is that right?" about the value that a node remembers as pending."""
    key = "confirm" if pending["mode"] != "keys" else "confirm_chosen" if pending.get("chosen") else "confirm_keyed"
    return Inquiry(
        prompts=say_phrase(ctx, key, value=pending["say"]),
        read_keys=lambda keys: {"1": Reading(value=True), "2": Reading(value=False)}.get(keys),
        phrases=words("yes", ctx.language) + words("no", ctx.language),
        num_digits=1,
        finish_on_key="",
        expects=Expects.YES_NO,
    )
