"""The kinds of value that can be collected: how each is keyed, said, limited and read back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flows.nodes.base import Context
from flows.nodes.choice import read_choice_key, read_choice_words
from flows.nodes.long_values import code_groups, digit_groups, may_begin, phone_groups
from flows.nodes.speaking import read_out, text_of
from flows.nodes.spoken_groups import Groups
from flows.phrases import phrase
from flows.understanding.amounts import keyed_amount, spoken_amount
from flows.understanding.check_digits import check_digit_fits
from flows.understanding.dates import keyed_date, spoken_date
from flows.understanding.numbers import spoken_digits, spoken_number
from flows.understanding.phone_numbers import phone_from_digits, region, spoken_phone
from flows.understanding.reading import Reading
from flows.understanding.times import keyed_datetime, keyed_time, spoken_datetime, spoken_time
from flows.understanding.tracking import spoken_code
from flows.understanding.yes_no import yes_or_no
from flows.understanding.zones import zone_for
from telephony.verbs import Expects

if TYPE_CHECKING:
    from flows.nodes.collect import Collect

Read = Callable[["Collect", Context, str], Reading | None]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How a kind of value is read from keys and words, checked, and said. `hint` is the phrase that explains it."""

    keys: Read
    speech: Read
    say: Callable[[Collect, Context, Any], str]
    fits: Callable[[Collect, Context, Any], str] = lambda node, ctx, value: ""
    hint: str = ""


def read_keys(node: Collect, ctx: Context, keys: str) -> Reading | None:
    """The value of pressed keys, with its problem when it breaks a limit of the node."""
    return _checked(node, ctx, KINDS[node.kind].keys(node, ctx, keys.rstrip("#") or keys))


def read_speech(node: Collect, ctx: Context, text: str) -> Reading | None:
    """The value of words, with its problem when it breaks a limit of the node."""
    return _checked(node, ctx, KINDS[node.kind].speech(node, ctx, text))


def groups_of(node: Collect, ctx: Context) -> Groups | None:
    """How a value of many characters is said in groups and corrected in part; None for other kinds."""
    if node.kind == "phone":
        return phone_groups(ctx, region(ctx.service_number, ctx.language))
    made = {"digits": digit_groups, "tracking": code_groups}.get(node.kind)
    if made is None:
        return None

    def with_prefix(characters: str) -> str:
        return node.prefix + characters if node.kind == "tracking" and characters.isdigit() else characters

    def may_go_on(characters: str) -> bool:
        value = with_prefix(characters)
        unfinished = node.min_length is not None and len(value) < node.min_length
        fits_later = node.max_length is not None and len(value) < node.max_length
        unfit = fits_later and not check_digit_fits(value, node.check)
        return (unfinished or unfit) and may_begin(node.pattern, value)

    return made(ctx, lambda characters: _checked(node, ctx, Reading(value=with_prefix(characters))), may_go_on)


def say_value(node: Collect, ctx: Context, reading: Reading) -> str:
    """The value as it is read back."""
    return KINDS[node.kind].say(node, ctx, reading.value)


def _checked(node: Collect, ctx: Context, reading: Reading | None) -> Reading | None:
    if reading is None or reading.problem:
        return reading
    problem = KINDS[node.kind].fits(node, ctx, reading.value)
    return replace(reading, problem=problem) if problem else reading


def _today(node: Collect, ctx: Context) -> date:
    return ctx.now.astimezone(zone_for(node.zone, ctx.service_number)).date()


def _fits_text(node: Collect, ctx: Context, value: str) -> str:
    too_short = node.min_length is not None and len(value) < node.min_length
    too_long = node.max_length is not None and len(value) > node.max_length
    wrong_form = bool(node.pattern) and not re.fullmatch(node.pattern, value)
    return "rejected_check" if too_short or too_long or wrong_form or not check_digit_fits(value, node.check) else ""


def _fits_number(node: Collect, ctx: Context, value: float) -> str:
    low, high = node.min is not None and value < node.min, node.max is not None and value > node.max
    return "rejected_range" if low or high else ""


def _fits_date(node: Collect, ctx: Context, value: str) -> str:
    ahead = (datetime.fromisoformat(value).date() - _today(node, ctx)).days
    early = node.earliest_days is not None and ahead < node.earliest_days
    late = node.latest_days is not None and ahead > node.latest_days
    return "rejected_range" if early or late else ""


def _fits_datetime(node: Collect, ctx: Context, value: str) -> str:
    if node.earliest_days is not None and node.earliest_days >= 0 and datetime.fromisoformat(value) < ctx.now:
        return "callback_past"
    return _fits_date(node, ctx, value)


def _digits(node: Collect, ctx: Context, keys: str) -> Reading | None:
    return Reading(value=keys) if keys.isdigit() else None


def _number_keys(node: Collect, ctx: Context, keys: str) -> Reading | None:
    return Reading(value=int(keys)) if keys.isdigit() and len(keys) <= 15 else None


def _code_keys(node: Collect, ctx: Context, keys: str) -> Reading | None:
    return Reading(value=node.prefix + keys) if keys.isdigit() else None


def _code_speech(node: Collect, ctx: Context, text: str) -> Reading | None:
    found = spoken_code(text, ctx.language)
    if found is None or not node.prefix or not found.value.isdigit():
        return found
    return replace(found, value=node.prefix + found.value)


def _past(node: Collect) -> bool:
    """True when the node asks for a day that is over (a birthday, a delivery date)."""
    return node.latest_days is not None and node.latest_days <= 0


def _datetime_keys(node: Collect, ctx: Context, keys: str) -> Reading | None:
    return keyed_datetime(keys, _today(node, ctx), zone_for(node.zone, ctx.service_number)) if keys.isdigit() else None


def _datetime_speech(node: Collect, ctx: Context, text: str) -> Reading | None:
    return spoken_datetime(text, ctx.language, ctx.now.astimezone(zone_for(node.zone, ctx.service_number)))


def _yes_no_speech(node: Collect, ctx: Context, text: str) -> Reading | None:
    said = yes_or_no(text, ctx.language)
    return None if said is None else Reading(value=said)


def _say_amount(node: Collect, ctx: Context, value: Any) -> str:
    return read_out(ctx, value, f'money("{node.currency}")' if node.currency else "number")


def _say_datetime(node: Collect, ctx: Context, value: Any) -> str:
    return f"{read_out(ctx, value, 'date')} {read_out(ctx, value, 'time')}"


def _say_choice(node: Collect, ctx: Context, value: Any) -> str:
    return next((text_of(ctx, c.label) for c in node.choices if c.name == value), str(value))


EXPECTS: Mapping[str, Expects] = {
    "digits": Expects.DIGITS,
    "number": Expects.NUMBER,
    "amount": Expects.NUMBER,
    "date": Expects.DATE,
    "time": Expects.TIME,
    "datetime": Expects.DATE,
    "yes_no": Expects.YES_NO,
    "phone": Expects.DIGITS,
    "tracking": Expects.CODE,
    "choice": Expects.PHRASES,
}
"""What is spoken for each kind; a day with a time is said in words of both, which the phrases name."""

KINDS: Mapping[str, Kind] = {
    "digits": Kind(
        keys=_digits,
        speech=lambda node, ctx, text: spoken_digits(text, ctx.language),
        say=lambda node, ctx, value: read_out(ctx, value, "digits"),
        fits=_fits_text,
        hint="keys_digits",
    ),
    "number": Kind(
        keys=_number_keys,
        speech=lambda node, ctx, text: spoken_number(text, ctx.language),
        say=lambda node, ctx, value: read_out(ctx, value, "number"),
        fits=_fits_number,
        hint="keys_number",
    ),
    "amount": Kind(
        keys=lambda node, ctx, keys: keyed_amount(keys),
        speech=lambda node, ctx, text: spoken_amount(text, ctx.language),
        say=_say_amount,
        fits=_fits_number,
        hint="keys_amount",
    ),
    "date": Kind(
        keys=lambda node, ctx, keys: keyed_date(keys, _today(node, ctx), past=_past(node)),
        speech=lambda node, ctx, text: spoken_date(text, ctx.language, _today(node, ctx), past=_past(node)),
        say=lambda node, ctx, value: read_out(ctx, value, "date"),
        fits=_fits_date,
        hint="keys_date",
    ),
    "time": Kind(
        keys=lambda node, ctx, keys: keyed_time(keys),
        speech=lambda node, ctx, text: spoken_time(text, ctx.language),
        say=lambda node, ctx, value: read_out(ctx, value, "time"),
        hint="keys_time",
    ),
    "datetime": Kind(
        keys=_datetime_keys,
        speech=_datetime_speech,
        say=_say_datetime,
        fits=_fits_datetime,
        hint="keys_datetime",
    ),
    "yes_no": Kind(
        keys=lambda node, ctx, keys: {"1": Reading(value=True), "2": Reading(value=False)}.get(keys),
        speech=_yes_no_speech,
        say=lambda node, ctx, value: phrase("yes" if value else "no", ctx.language),
        hint="yes_no",
    ),
    "phone": Kind(
        keys=lambda node, ctx, keys: phone_from_digits(keys, region(ctx.service_number, ctx.language)),
        speech=lambda node, ctx, text: spoken_phone(text, ctx.language, region(ctx.service_number, ctx.language)),
        say=lambda node, ctx, value: read_out(ctx, value, "phone"),
        hint="keys_phone",
    ),
    "tracking": Kind(
        keys=_code_keys,
        speech=_code_speech,
        say=lambda node, ctx, value: read_out(ctx, value, "digits"),
        fits=_fits_text,
        hint="keys_tracking",
    ),
    "choice": Kind(
        keys=lambda node, ctx, keys: read_choice_key(node.choices, keys),
        speech=lambda node, ctx, text: read_choice_words(ctx, node.choices, text),
        say=_say_choice,
    ),
}
