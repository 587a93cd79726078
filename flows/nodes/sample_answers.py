"""What may be answered at a node, found by asking the node itself: for hints, and for the search for tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from flows.phrases import phrase
from telephony.calls import Digits, Heard, Silence, Speech

if TYPE_CHECKING:
    from flows.nodes.base import Context
    from flows.nodes.inquiry import Inquiry

SINGLE_KEYS = "123456789*#"
KEYS = frozenset("0123456789*")


@dataclass(frozen=True, kw_only=True)
class SampleAnswer:
    """One thing that a caller may do now.

    `word` is what it means, in the language of the call; "" for no choice. `errs`: the question takes it for no answer.
    """

    heard: Heard
    word: str = ""
    errs: bool = False


def answers_to(inquiry: Inquiry, ctx: Context, extra: Iterable[str] = ()) -> tuple[SampleAnswer, ...]:
    """Keys and words that a question takes: every single key, or the first longer input, or the first phrase.

    `extra` are inputs to try first, by keys and by words. The last answer is silence.
    """
    found: list[SampleAnswer] = []
    extra = tuple(extra)
    if inquiry.num_digits == 1:
        found.extend(_single(inquiry, ctx))
    else:
        found.extend(_keyed(inquiry, (*extra, *candidates(ctx))))
    if inquiry.open_speech or not found:
        found.extend(_spoken(inquiry, (*extra, "1 2 3 4 5 6", *inquiry.phrases[:20])))
    return (*found, SampleAnswer(heard=Silence(), errs=True))


def candidates(ctx: Context) -> Iterator[str]:
    """Inputs of many kinds: counts, codes, days and times ahead and behind, telephone numbers, ticket numbers."""
    yield from ("1", "5", "12", "42", "100", "1234", "12345", "123456", "1234567", "12345678", "1234567890")
    day = ctx.now.astimezone(UTC)
    for days in (1, 2, 7, 30, -1, -30):
        at = day + timedelta(days=days)
        yield from (at.strftime("%m%d"), at.strftime("%Y%m%d"), at.strftime("%m%d1000"), at.strftime("%Y%m%d1000"))
    yield from ("1030", "13800138000", "02079460000", "2125550123", "572400", "100014", "123456789012")


def _single(inquiry: Inquiry, ctx: Context) -> Iterator[SampleAnswer]:
    for key in SINGLE_KEYS:
        reading = inquiry.read_keys(key)
        if reading is not None and not reading.problem:
            word = inquiry.say_value(reading)
            if isinstance(reading.value, bool):
                word = phrase("yes" if reading.value else "no", ctx.language)
            yield SampleAnswer(heard=Digits(digits=key), word=word)


def _keyed(inquiry: Inquiry, inputs: Iterable[str]) -> Iterator[SampleAnswer]:
    """The first input by keys that the question takes, and the hash key where it is an answer of its own."""
    if inquiry.finish_on_key != "#" and (alone := inquiry.read_keys("#")) is not None and not alone.problem:
        yield SampleAnswer(heard=Digits(digits="#"))
    for text in inputs:
        if not text or set(text) - KEYS:
            continue
        reading = inquiry.read_keys(text)
        if reading is not None and not reading.problem:
            yield SampleAnswer(heard=Digits(digits=text))
            return


def _spoken(inquiry: Inquiry, phrases: Iterable[str]) -> Iterator[SampleAnswer]:
    """The first words that the question takes."""
    for text in phrases:
        reading = inquiry.read_speech(text)
        if reading is not None and not reading.problem:
            yield SampleAnswer(heard=Speech(text=text, confidence=0.95))
            return
