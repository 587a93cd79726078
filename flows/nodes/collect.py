"""Collect one value: a number, an amount, a date, a phone number, a tracking number, a choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from flows.nodes.base import Context, Leave, Localized, Step
from flows.nodes.choice import certainty_of, expected_phrases, say_options, say_words
from flows.nodes.collect_fields import CollectFields
from flows.nodes.inquiry import Inquiry, Taken
from flows.nodes.kinds import EXPECTS, KINDS, groups_of, read_keys, read_speech, say_value
from flows.nodes.sample_values import collect_samples
from flows.nodes.speaking import say, say_phrase, speak
from flows.phrases import words

_FIXED_DIGITS: Mapping[str, int] = {"time": 4, "yes_no": 1}
_COUNTED = frozenset({"digits", "tracking"})


class Collect(CollectFields):
    """Ask for one value, check it, read it back if wanted, and keep it.

    | kind | by keys | by words | value |
    |---|---|---|---|
    | digits | the digits | digit by digit, in groups, "double three", 幺三五 | text |
    | number | the digits | "twenty one", 二十五 | number |
    | amount | star for the decimal point | "twelve dollars fifty", 三块五 | number |
    | date | MMDD or YYYYMMDD | tomorrow, December 5th, 下周三 | 2026-12-05 |
    | time | HHMM | half past three, 下午三点半 | 15:30 |
    | datetime | MMDDHHMM or YYYYMMDDHHMM | tomorrow at three | 2026-12-05T15:00:00+08:00 |
    | yes_no | 1 or 2 | yes, no, 是的, 不是 | true or false |
    | phone | the digits | the digits | E.164 |
    | tracking | the digits alone | letters and digits | letters in capitals, and digits |
    | choice | the choice's key | its label or words | the choice's name |

    The letters of a tracking number cannot be keyed: only its digits are, and `prefix` (the letters that all of the
    organisation's numbers begin with) is put in front; so it is when only digits are spoken. Days without a year are
    ahead, or behind when `latest_days` is 0 or less.

    Digits, tracking and telephone numbers may be said in groups where fewer than `min_length` characters are no value
    yet: each group is said back ("1 2 3, go on") and "no, seven" corrects it, until the value is complete. Of a value
    that is read back a part may be corrected: "no, the last one is seven", "no, five seven eight", "no, seven".

    A lone 0 asks for a person, 9 repeats and * goes back, except where that one key would be a valid answer.

    ```yaml
    type: collect
    kind: tracking
    value: tracking
    prompt: {en-US: What is your tracking number?, zh-CN: 请说出或输入您的快递单号。}
    prefix: RB
    min_length: 8
    max_length: 14
    confirm: speech
    exits: {next: look_up}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Collect a value", "zh": "收集信息"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "Ask for a number, date, amount, phone or tracking number, check it and keep it.",
        "zh": "询问数字、日期、金额、电话或单号，核对后保存。",
    }
    group: ClassVar[str] = "ask"
    order: ClassVar[int] = 20
    fresh: ClassVar[Mapping[str, Any]] = {"kind": "digits", "value": "answer"}

    type: Literal["collect"] = "collect"

    def spoken(self) -> Mapping[str, Localized]:
        """The prompts and each label."""
        return {**super().spoken(), **{f"choices.{n}.label": c.label for n, c in enumerate(self.choices)}}

    def generated(self, ctx: Context) -> tuple[str, ...]:
        """The options, and the words of the fuller reprompt, of a choice."""
        return (say_options(ctx, self.choices), say_words(ctx, self.choices)) if self.choices else ()

    def sets_values(self) -> frozenset[str]:
        """The value's name."""
        return frozenset({self.value})

    def inquiry(self, ctx: Context) -> Inquiry:
        """The prompt; the full form explains how such a value is said and keyed."""
        prompt = speak(ctx, self.prompt)
        hint = say_phrase(ctx, KINDS[self.kind].hint) if self.kind != "choice" else ()
        options = say(ctx, say_options(ctx, self.choices)) if self.choices else ()
        named = say(ctx, say_words(ctx, self.choices)) if self.choices else ()
        num_digits = self._num_digits()
        return Inquiry(
            prompts=prompt + options,
            full=prompt + hint + named + options,
            read_keys=lambda keys: read_keys(self, ctx, keys),
            read_speech=lambda text: read_speech(self, ctx, text),
            say_value=lambda reading: say_value(self, ctx, reading),
            phrases=self._phrases(ctx),
            num_digits=num_digits,
            finish_on_key="" if num_digits == 1 else "#",
            confirm=self.confirm,
            confirm_of=lambda reading: certainty_of(self.choices, reading),
            expects=EXPECTS[self.kind],
            groups=groups_of(self, ctx),
            chosen=bool(self.choices),
            # People pause inside numbers; a short pause must not cut them in two.
            speech_end_s=2 if self.kind in ("digits", "tracking", "phone") else None,
        )

    def sample_inputs(self, ctx: Context) -> tuple[str, ...]:
        """Values within the limits of the node: of its length, its range, its days, with a right check digit."""
        return collect_samples(
            min_length=self.min_length or 0,
            max_length=self.max_length or 0,
            low=self.min,
            high=self.max,
            prefix=self.prefix,
            pattern=self.pattern,
            keys=tuple(choice.key for choice in self.choices),
            days=(self.earliest_days, self.latest_days),
            now=ctx.now,
        )

    def answered(self, ctx: Context, taken: Taken) -> Step:
        """Keep the value and go on."""
        return Step(values={self.value: taken.value}, then=Leave(exit="next"))

    def _num_digits(self) -> int | None:
        if self.kind == "choice":
            return 1 if all(len(c.key) == 1 for c in self.choices) else None
        if self.kind in _COUNTED and self.min_length == self.max_length and self.max_length and not self.prefix:
            return self.max_length if self.kind == "digits" else None
        return _FIXED_DIGITS.get(self.kind)

    def _phrases(self, ctx: Context) -> tuple[str, ...]:
        if self.choices:
            return expected_phrases(ctx, self.choices)
        if self.kind == "yes_no":
            return words("yes", ctx.language) + words("no", ctx.language)
        return self._value_words(ctx)

    def _value_words(self, ctx: Context) -> tuple[str, ...]:
        """The words of the values of its kind: those of numbers always, of days and times where they are asked for."""
        dated = words("date_words", ctx.language) if self.kind in ("date", "datetime") else ()
        timed = words("time_words", ctx.language) if self.kind in ("time", "datetime") else ()
        return dated + timed + words("number_words", ctx.language)
