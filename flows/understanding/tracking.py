"""Numbers with letters, such as tracking numbers: "S F one two three", "A as in Alpha 7", 字母B一二三."""

from __future__ import annotations

import re

from flows.phrases import primary
from flows.understanding import asian_numbers, english_numbers
from flows.understanding.normal import normal, without_number_sign
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
_KO_IGNORED = re.compile("(번호는|번호|입니다|이에요|예요|이요|숫자|글자|요$)")
_ZH_EXAMPLE = re.compile(r"[a-z]+\s*的\s*([a-z])\b")
"""“boy 的 B”, as Chinese call centres spell."""
_KO_LETTERS = dict(
    zip(
        (
            *("에이치", "에이", "비", "씨", "시", "디", "에프", "지", "아이", "제이", "케이", "엘", "엠", "엔", "피"),
            *("큐", "알", "에스", "티", "유", "브이", "더블유", "엑스", "와이", "제트"),
        ),
        "habccdfgijklmnpqrstuvwxyz",
        strict=True,
    )
)
"""Names of the letters but O and E, which sound like five and two."""
_ZH_IGNORED = re.compile("(我的|快递|单号|运单|号码|字母|大写|小写|数字|是|杠|横线|空格|号|呃|嗯)")


def spoken_code(text: str, language: str) -> Reading | None:
    """The letters (upper case) and digits somebody spelled; None when something else was said."""
    plain = (
        normal(without_number_sign(text)).replace("x-ray", "xray").replace("double u", "w").replace("double you", "w")
    )
    if primary(language) in ("zh", "ko"):
        if primary(language) == "ko":
            plain = _korean_letters(_KO_IGNORED.sub(" ", plain))
        else:
            plain = _ZH_IGNORED.sub(
                " ", _ZH_EXAMPLE.sub(lambda found: f" {_sure(found[1])} ", asian_numbers.repeated(plain))
            )
        plain = _digits_only(plain, language)
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


def is_spelled(text: str) -> bool:
    """Whether a text is letters said one by one ("R B", "romeo bravo") or written in capitals, as "RB" is."""
    compact = text.strip()
    if re.fullmatch(r"[A-Z]{1,4}", compact):
        return True
    words = _without_examples(re.sub(r"[-.]", " ", normal(text)).split())
    return bool(words) and all(len(word) == 1 or word in LETTER_WORDS or word in _IGNORED for word in words)


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
            out[-1], skip = _sure(out[-1]), 2
        elif (
            out
            and re.fullmatch(r"[a-z]", out[-1])
            and word in ("for", "like")
            and words[at + 1 : at + 2]
            and words[at + 1][0] == out[-1]
        ):
            out[-1], skip = _sure(out[-1]), 1
        else:
            out.append(word)
    return out


def _sure(letter: str) -> str:
    """A letter that an example belongs to: an o without one is a zero."""
    return "oscar" if letter == "o" else letter


def _korean_letters(text: str) -> str:
    """Korean names of letters as letters; the longer names first, since 에이치 begins with 에이."""
    for name in sorted(_KO_LETTERS, key=len, reverse=True):
        text = text.replace(name, f" {_KO_LETTERS[name]} ")
    return text


def _digits_only(text: str, language: str) -> str:
    """Chinese or Korean digit words within a text as figures."""
    table = asian_numbers.table(language)
    text = asian_numbers.plain_korean(text) if primary(language) == "ko" else text
    run = "".join({*table.digits, *table.units})
    return re.sub(rf"[{run}]+", lambda found: f" {asian_numbers.digits(found[0], table) or found[0]} ", text)
