"""Reading a value back: when it is done, and how it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.nodes.base import Context
from flows.nodes.inquiry import Inquiry, Taken
from flows.nodes.speaking import say_phrase
from flows.phrases import words
from flows.understanding.reading import Reading


def must_confirm(ctx: Context, inquiry: Inquiry, reading: Reading, taken: Taken) -> bool:
    """Whether the policy and the way the value was heard call for a question back."""
    spoken = taken.mode == "speech"
    if inquiry.confirm == "always" or (inquiry.confirm == "speech" and spoken):
        return True
    unsure = taken.confidence is not None and taken.confidence < ctx.document.defaults.confidence.accept
    return inquiry.confirm != "never" and spoken and (unsure or not reading.exact)


def confirmation(ctx: Context, pending: Mapping[str, Any]) -> Inquiry:
    """The question "You said …, is that right?" about the value that a node remembers as pending."""
    key = "confirm_keyed" if pending["mode"] == "keys" else "confirm"
    return Inquiry(
        prompts=say_phrase(ctx, key, value=pending["say"]),
        read_keys=lambda keys: {"1": Reading(value=True), "2": Reading(value=False)}.get(keys),
        phrases=words("yes", ctx.language) + words("no", ctx.language),
        num_digits=1,
        finish_on_key="",
    )
