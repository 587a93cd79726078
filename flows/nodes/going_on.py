"""The question while a value is said in groups: the last one is said back, and more is waited for."""

from __future__ import annotations

from dataclasses import replace

from flows.nodes.base import Context
from flows.nodes.inquiry import Inquiry
from flows.nodes.speaking import say_phrase
from flows.nodes.spoken_groups import SoFar
from flows.phrases import words


def going_on(ctx: Context, inquiry: Inquiry, so_far: SoFar) -> Inquiry:
    """The same question for the rest of the value; "that's all" and a no are expected too."""
    if inquiry.groups is None:
        return inquiry
    asked = say_phrase(ctx, "group_so_far", value=inquiry.groups.say(so_far.characters))
    more = words("all_said", ctx.language) + words("no", ctx.language) + corrections(ctx)
    return replace(inquiry, prompts=asked, short=asked, full=asked, phrases=inquiry.phrases + more)


def corrections(ctx: Context) -> tuple[str, ...]:
    """How one digit is put right, with every digit: "no the last one is seven"."""
    digits = words("digits", ctx.language)
    return tuple(way.replace("{digit}", digit) for way in words("corrections", ctx.language) for digit in digits)
