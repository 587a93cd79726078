"""The cells of a list that mean something to a case, each read or refused with a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import phonenumbers

from callbacks.consents import ConsentKind
from callbacks.gate.callee import callee_of
from callbacks.gate.zones import zone_error
from callbacks.importing.moments import impossible_date, read_moment
from telephony.numbers import NumberError, parse

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_LANGUAGES = {"中文": "zh", "汉语": "zh", "普通话": "zh", "chinese": "zh", "英文": "en", "英语": "en", "english": "en"}
_LONGEST_NUMBER = 30
_ROUNDED = re.compile(r"[\d.,]+[eE]\+?\d+")

_CONSENTS: Mapping[str, ConsentKind | None] = {
    **dict.fromkeys(("", "no", "n", "false", "0", "none", "否", "无", "不同意"), None),
    **dict.fromkeys(("implied", "默示"), ConsentKind.IMPLIED),
    **dict.fromkeys(("express", "oral", "yes", "y", "true", "1", "是", "同意", "已同意", "口头"), ConsentKind.EXPRESS),
    **dict.fromkeys(("written", "signed", "书面", "书面同意"), ConsentKind.WRITTEN),
}

_NEVER = {
    "impossible": "The number belongs to no range in use in its country.",
    "premium_rate": "This is a premium-rate number; such numbers are never called.",
    "shared_cost": "This is a shared-cost number; such numbers are never called.",
    "pager": "This is the number of a pager.",
    "voicemail": "This is the number of a mailbox.",
}


def read_number(text: str, region: str) -> str:
    """A telephone number that may be called, as E.164. Raises ValueError with a sentence."""
    if _ROUNDED.fullmatch(text):
        raise ValueError("The spreadsheet has rounded this number; format the column as text and enter it again.")
    number = _quickly(text, region)
    if number is None or callee_of(number).problem:
        try:
            number = parse(text, region=region)
        except NumberError as error:
            raise ValueError(str(error)) from error
    if problem := callee_of(number).problem:
        raise ValueError(_NEVER[problem])
    return number


def _quickly(text: str, region: str) -> str | None:
    """E.164 of what may be a number, None for what needs a closer look.

    Whether it is valid the gate's own reading says, which the list is to be preflighted with anyway; `parse` asks the
    patterns of its country three times for the sake of its sentences, which good numbers do not need.
    """
    if not text or len(text) > _LONGEST_NUMBER:
        return None
    try:
        found = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def read_value(text: str) -> str:
    """A value for a flow. Raises ValueError when it looks like a date that does not exist."""
    if wrong := impossible_date(text):
        raise ValueError(wrong)
    return text


def read_date(text: str) -> str:
    """The text of a date that exists; it is read once the zone is known. Raises ValueError."""
    if text:
        read_moment(text, "UTC")
    return text


def read_zone(text: str) -> str:
    """The name of a zone, "" for none. Raises ValueError."""
    if text and (wrong := zone_error(text)):
        raise ValueError(wrong)
    return text


def read_priority(text: str) -> int | None:
    """0 to 100, None for none. Raises ValueError."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > 100:
        raise ValueError("A priority is a whole number from 0 (first) to 100 (last).")
    return int(text)


def read_consent(text: str) -> ConsentKind | None:
    """The kind of consent, None for none. Raises ValueError."""
    try:
        return _CONSENTS[text.casefold()]
    except KeyError:
        raise ValueError("Write a consent as yes, no, implied, express or written.") from None


def read_language(text: str, spoken: Sequence[str]) -> str:
    """A language tag, as one that the flow speaks where there is one. Raises ValueError."""
    if not text:
        return ""
    tag = _LANGUAGES.get(text.casefold(), text).replace("_", "-")
    if not _LANGUAGE.fullmatch(tag):
        raise ValueError("Write a language as its tag, like zh-CN or en.")
    same = [s for s in spoken if s.casefold() == tag.casefold()]
    alike = [s for s in spoken if s.split("-")[0].casefold() == tag.split("-")[0].casefold()]
    return (same + alike + [tag])[0]
