"""When and where a caller wants to be called back: moments ahead, in the person's own zone, and as they are read."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flows.nodes.base import Context
from flows.nodes.speaking import read_out, say_phrase
from flows.phrases import words
from flows.understanding.choices import best_choice
from flows.understanding.reading import Reading
from flows.understanding.yes_no import yes_or_no


def ahead(ctx: Context, reading: Reading | None) -> Reading | None:
    """A time that is over is no answer."""
    if reading is None or datetime.fromisoformat(reading.value) > ctx.now:
        return reading
    return Reading(value=reading.value, problem="callback_past")


def in_zone(at: str, zone: ZoneInfo) -> str:
    """An ISO 8601 time as the person's own; "" for none."""
    return datetime.fromisoformat(at).astimezone(zone).isoformat() if at else ""


def say_when(ctx: Context, value: str) -> str:
    """The chosen moment as it is read back: "as soon as possible", or day and time."""
    labels = {"now": "callback_now_label", "later": "callback_later_label"}
    if value in labels:
        return "".join(p.text for p in say_phrase(ctx, labels[value]) if hasattr(p, "text"))
    return say_moment(ctx, value)


def say_moment(ctx: Context, at: str) -> str:
    """An ISO 8601 time as day and time; "" for none."""
    return f"{read_out(ctx, at, 'date')} {read_out(ctx, at, 'time')}" if at else ""


def day_and_time_words(ctx: Context) -> tuple[str, ...]:
    """Words in which days and times are said, for a recogniser."""
    meanings = ("date_words", "time_words", "number_words")
    return tuple(word for meaning in meanings for word in words(meaning, ctx.language))


def own_number(ctx: Context, text: str) -> Reading | None:
    """Whether the number somebody calls from is the one to call back: False for another one, None for no answer."""
    if best_choice(text, {"other": words("other", ctx.language)}, ctx.language):
        return Reading(value=False)
    said = yes_or_no(text, ctx.language)
    return None if said is None else Reading(value=said)
