"""Everything that asks: keys and words become an answer; a value is said in groups, read back, and corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flows.events import Understood
from flows.nodes.asking import Asking
from flows.nodes.base import Context, Step, Wait
from flows.nodes.confirmation import must_confirm
from flows.nodes.global_words import wish_of_key, wish_of_words
from flows.nodes.inquiry import Inquiry, Taken
from flows.nodes.refusing import opt_out_key, refusal
from flows.nodes.speaking import say_phrase
from flows.nodes.spoken_groups import Complete, Failed, Going, SoFar, take_group
from flows.phrases import words
from flows.requests import Answer
from flows.understanding.corrections import correct
from flows.understanding.normal import normal
from flows.understanding.reading import Reading
from flows.understanding.yes_no import after_no, yes_or_no
from telephony.calls import Digits, Heard, Speech

MAX_MURMURS = 2
"""How often a question is put again for an "uh-huh" before that counts as not understood."""


class Question(Asking):
    """Base of every node that asks. A subclass says what it asks (`inquiry`) and what an answer leads to (`answered`).

    A node that asks several things in turn keeps which one in its memory under "stage".
    """

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Take the caller's keys or words, or count the error."""
        match heard:
            case Digits(digits=keys) if keys:
                return self._take_keys(ctx, keys)
            case Speech(text=text, confidence=confidence) if text.strip():
                return self._take_words(ctx, text, confidence)
            case _:
                return self._error(ctx, "no-input", "no_input")

    def _take_keys(self, ctx: Context, keys: str) -> Step:
        """Keys win over words: what was said of the value before is forgotten, unless they only go on with it."""
        pending = ctx.memory.get("pending")
        inquiry = self.asked_now(ctx)
        wish = wish_of_key(keys, inquiry, opt_out_key(ctx))
        if wish:
            return self._grant(ctx, wish, "key", keys)
        reading = inquiry.read_keys(keys)
        if pending:
            return self._settle(ctx, None if reading is None else bool(reading.value), pending, keys, None)
        if inquiry.groups is not None and (reading is None or reading.problem):
            said = SoFar.from_memory(ctx.memory).characters
            reading = (inquiry.groups.complete(said + keys.rstrip("#")) if said else None) or reading
        cleared = replace(ctx, memory={**ctx.memory, "groups": None})
        return self._decide(cleared, inquiry, reading, Taken(value=None, mode="keys", text=keys))

    def _take_words(self, ctx: Context, text: str, confidence: float | None) -> Step:
        pending = ctx.memory.get("pending")
        inquiry = self.inquiry(ctx)
        refused = refusal(ctx, text, self.asked_now(ctx))
        if refused:
            return self._grant(ctx, refused, "words", text)
        if pending:
            return self._take_words_on_value(ctx, text, confidence, pending)
        under_way = bool(ctx.memory.get("groups"))
        reading = None if under_way else inquiry.read_speech(text)
        sure = reading is not None and reading.exact and not reading.problem and not inquiry.open_speech
        wish = None if sure else wish_of_words(text, ctx.language, open_speech=inquiry.open_speech)
        if wish:
            return self._grant(ctx, wish, "words", text)
        if inquiry.groups is not None and (reading is None or reading.problem):
            step = self._take_group(ctx, inquiry, text, confidence)
            if step is not None:
                return step
        if reading is None and _is_murmur(ctx, text) and int(ctx.memory.get("murmurs", 0)) < MAX_MURMURS:
            return self.ask(ctx, {**ctx.memory, "murmurs": int(ctx.memory.get("murmurs", 0)) + 1})
        heard_well = confidence is None or confidence >= ctx.document.defaults.confidence.confirm
        if not heard_well and not inquiry.open_speech:
            reading = None
        return self._decide(ctx, inquiry, reading, Taken(value=None, mode="speech", text=text, confidence=confidence))

    def _take_group(self, ctx: Context, inquiry: Inquiry, text: str, confidence: float | None) -> Step | None:
        """A part of a long value: kept, said back, and more is waited for; None when the words are no part of one."""
        if inquiry.groups is None:
            return None
        so_far, bands = SoFar.from_memory(ctx.memory), ctx.document.defaults.confidence
        match take_group(inquiry.groups, so_far, text, confidence, ctx.language, confirm=bands.confirm):
            case Complete(reading=reading, so_far=whole):
                heard = Taken(value=None, mode="speech", text=whole.text, confidence=whole.confidence)
                return self._decide(replace(ctx, memory={**ctx.memory, "groups": None}), inquiry, reading, heard)
            case Going(so_far=kept, phrase=phrase, characters=characters):
                memory = {**ctx.memory, "groups": kept.to_memory() if kept.groups else None, "no-input": 0}
                said = say_phrase(ctx, phrase, value=inquiry.groups.say(characters))
                return self.ask(ctx, memory, instead=said)
            case Failed(phrase=phrase):
                cleared = replace(ctx, memory={**ctx.memory, "groups": None})
                return self._error(cleared, "no-match", phrase, text, confidence)
        return None

    def _take_words_on_value(
        self, ctx: Context, text: str, confidence: float | None, pending: Mapping[str, Any]
    ) -> Step:
        """An answer to "is that right?": yes, no, no with what is right, or the right value alone."""
        inquiry = self.inquiry(ctx)
        rest = after_no(text, ctx.language)
        if rest and (right := _right_value(ctx, inquiry, pending, rest, after_no=True)) is not None:
            return self._correct(ctx, inquiry, right, Taken(value=None, mode="speech", text=text))
        said = yes_or_no(text, ctx.language)
        if said is not None:
            return self._settle(ctx, said, pending, text, confidence)
        wish = wish_of_words(text, ctx.language, open_speech=False)
        if wish:
            return self._grant(ctx, wish, "words", text)
        right = _right_value(ctx, inquiry, pending, rest or text, after_no=False)
        if right is not None:
            return self._correct(ctx, inquiry, right, Taken(value=None, mode="speech", text=text))
        if rest is not None:
            return self._settle(ctx, False, pending, text, confidence)
        return self._error(ctx, "no-match", "no_match", text, confidence)

    def _decide(self, ctx: Context, inquiry: Inquiry, reading: Reading | None, heard: Taken) -> Step:
        if reading is None:
            return self._error(ctx, "no-match", "no_match", heard.text, heard.confidence)
        if reading.problem:
            return self._error(ctx, "no-match", reading.problem, heard.text, heard.confidence)
        taken = replace(heard, value=reading.value)
        if must_confirm(ctx, inquiry, reading, taken):
            pending = taken.to_memory(inquiry.say_value(reading), chosen=inquiry.chosen)
            return self.ask(ctx, {**ctx.memory, "pending": pending})
        return self._accept(ctx, taken)

    def _accept(self, ctx: Context, taken: Taken, *, confirmed: bool = False) -> Step:
        event = Understood(
            node=ctx.node_id,
            value=taken.value,
            mode=taken.mode,
            confidence=taken.confidence,
            heard=taken.text,
            confirmed=confirmed,
        )
        # A node with several stages starts each with clean counters.
        kept = {**ctx.memory, "pending": None, "groups": None, "no-input": 0, "no-match": 0}
        step = self.answered(replace(ctx, memory=kept), taken)
        return replace(step, events=(event, *step.events))

    def _settle(
        self, ctx: Context, right: bool | None, pending: Mapping[str, Any], text: str, confidence: float | None
    ) -> Step:
        if right is None:
            return self._error(ctx, "no-match", "no_match", text, confidence)
        if right:
            return self._accept(ctx, Taken.from_memory(pending), confirmed=True)
        cleared = replace(ctx, memory={**ctx.memory, "pending": None})
        return self._error(cleared, "no-match", "rejected", text, confidence)

    def _correct(self, ctx: Context, inquiry: Inquiry, reading: Reading, taken: Taken) -> Step:
        """Take a corrected value and ask whether it is right now. A correction counts as an error, so it ends."""
        error = self._error(ctx, "no-match", "rejected", taken.text, taken.confidence)
        if not isinstance(error.then, Wait):
            return error
        pending = replace(taken, value=reading.value).to_memory(inquiry.say_value(reading), chosen=inquiry.chosen)
        return self.ask(ctx, {**error.memory, "pending": pending}, events=error.events)


def _is_murmur(ctx: Context, text: str) -> bool:
    """Whether somebody only shows that they listen; it answers nothing, and is no error."""
    return normal(text).replace("-", " ") in {normal(way) for way in words("murmur", ctx.language)}


def _right_value(
    ctx: Context, inquiry: Inquiry, pending: Mapping[str, Any], text: str, *, after_no: bool
) -> Reading | None:
    """The value as it should be, by words that say a part of it or all of it; after a no they must leave no doubt."""
    groups = inquiry.groups
    if groups is not None:

        def read(part: str) -> str | None:
            found = groups.read(part)
            return None if found is None else str(found.value)

        right = correct(
            groups.characters(pending["value"]),
            text,
            ctx.language,
            read=read,
            fits=lambda characters: groups.complete(characters) is not None,
            alone=after_no,
        )
        if right is not None:
            return groups.complete(right)
        if not after_no and len(read(text) or "") == 1:
            # "One" alone is rather the key of an answer, named aloud.
            return None
    reading = None if inquiry.open_speech else inquiry.read_speech(text)
    if reading is None or reading.problem or (after_no and not reading.exact):
        return None
    return reading
