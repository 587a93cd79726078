"""Numbers with letters, such as tracking numbers: "S F one two three", "A as in Alpha 7", 字母B一二三."""

from __future__ import annotations

import re

from flows.phrases import primary
from flows.understanding import asian_numbers, english_numbers
from flows.understanding.normal import normal
from flows.understanding.reading import Reading

_NATO = (
    *("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo", "lima"),
    *("mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor", "whiskey"),
    *("xray", "yankee", "zulu"),
)
LETTER_WORDS = {w: w[0] for w in _NATO} | {"alfa": "a", "juliett": "j", "whisky": "w"}
LETTER_SOUNDS = {
    "are": "r",
    "you": "u",
    "why": "y",
    "tea": "t",
    "tee": "t",
    "see": "c",
    "sea": "c",
    "bee": "b",
    "be": "b",
    "pee": "p",
    "queue": "q",
    "cue": "q",
    "ex": "x",
    "jay": "j",
    "kay": "k",
    "el": "l",
    "em": "m",
    "en": "n",
    "ess": "s",
    "eff": "f",
    "gee": "g",
    "aitch": "h",
    "eye": "i",
    "dee": "d",
    "zee": "z",
    "zed": "z",
    "vee": "v",
}
"""What recognisers write for a spoken letter; never without doubt."""
_IGNORED = {
    "dash",
    "hyphen",
    "minus",
    "space",
    "letter",
    "capital",
    "number",
    "digit",
    "tracking",
    "its",
    "is",
    "it",
    "the",
    "my",
    "um",
    "uh",
    "and",
}
_ZH_IGNORED = re.compile("(我的|快递|单号|运单|号码|字母|大写|小写|数字|是|杠|横线|空格|号|呃|嗯)")


def spoken_code(text: str, language: str) -> Reading | None:
    """The letters (upper case) and digits somebody spelled; None when something else was said."""
    plain = normal(text).replace("x-ray", "xray").replace("double u", "w").replace("double you", "w")
    if primary(language) in ("zh", "ko"):
        plain = _digits_only(_ZH_IGNORED.sub(" ", plain), language)
    words = _without_examples(re.sub(r"[-.]", " ", plain).split())
    out, exact = "", True
    run: list[str] = []
    for word in [*words, ""]:
        letters = _letters(word)
        if letters is None and word:
            run.append(word)
            continue
        if run:
            digits = english_numbers.digits(run)
            if digits is None:
                return None
            out, exact, run = out + digits[0], exact and digits[1], []
        out += letters or ""
        exact = exact and word not in LETTER_SOUNDS
    return Reading(value=out.upper(), exact=exact) if out else None


def _letters(word: str) -> str | None:
    """The letters or letters with digits that a word stands for; "" for one to pass over, None for one of a number."""
    if word in _IGNORED:
        return ""
    if word in LETTER_WORDS:
        return LETTER_WORDS[word]
    if word in LETTER_SOUNDS:
        return LETTER_SOUNDS[word]
    if re.fullmatch(r"[a-z]", word) and word != "o":
        return word
    return word if re.fullmatch(r"[a-z]{0,4}\d+[a-z]{0,4}\d*", word) and not word.isdigit() else _short_code(word)


def _short_code(word: str) -> str | None:
    known = word in english_numbers.DIGITS or word in english_numbers.SMALL or word in english_numbers.SOUNDS_LIKE
    known = known or word in english_numbers.REPEATS or word in english_numbers.FILLERS or word == "hundred"
    return word if re.fullmatch(r"[a-z]{2,3}", word) and not known else None


def _without_examples(words: list[str]) -> list[str]:
    """Drop the example of a letter: "a as in alpha", "a for apple", "A like 苹果"."""
    out: list[str] = []
    skip = 0
    for at, word in enumerate(words):
        if skip:
            skip -= 1
        elif out and re.fullmatch(r"[a-z]", out[-1]) and words[at : at + 2] == ["as", "in"]:
            skip = 2
        elif (
            out
            and re.fullmatch(r"[a-z]", out[-1])
            and word in ("for", "like")
            and words[at + 1 : at + 2]
            and words[at + 1][0] == out[-1]
        ):
            skip = 1
        else:
            out.append(word)
    return out


def _digits_only(text: str, language: str) -> str:
    """Chinese or Korean digit words within a text as figures."""
    table = asian_numbers.table(language)
    text = asian_numbers.plain_korean(text) if primary(language) == "ko" else text
    run = "".join({*table.digits, *table.units})
    return re.sub(rf"[{run}]+", lambda found: f" {asian_numbers.digits(found[0], table) or found[0]} ", text)
