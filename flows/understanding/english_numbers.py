"""English number words: digit by digit ("double three, oh"), cardinals ("one hundred and five"), ordinals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SMALL = {w: n for n, w in enumerate(_ONES + _TEENS)} | {w: (n + 2) * 10 for n, w in enumerate(_TENS)}
SCALES = {"thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
DIGITS = {w: str(n) for n, w in enumerate(_ONES)} | {"oh": "0", "o": "0", "nought": "0", "nil": "0", "niner": "9"}
SOUNDS_LIKE = {"to": "2", "too": "2", "for": "4", "fore": "4", "ate": "8", "won": "1", "tree": "3", "sex": "6"}
"""What recognisers write for a digit; taken only inside a run of digits and never without doubt."""
REPEATS = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_IRREGULAR = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
FILLERS = frozenset(
    (
        *("a", "an", "um", "uh", "er", "well", "its", "it", "is", "was", "my", "the", "number", "please", "about"),
        *("around", "maybe", "thats", "that", "i", "think", "said", "have", "want", "like", "code", "id", "so", "and"),
        *("would", "say", "then", "ok", "okay", "yes"),
    )
)


def tokens(text: str) -> list[str]:
    """Words of a normal text; hyphens between words separate ("twenty-one"), those inside numbers vanish."""
    return re.sub(r"-", " ", text).split()


def ordinal(word: str) -> int | None:
    """1 to 31 for "first" … "thirty first" as one word ("first", "21st", "twentieth"), else None."""
    if found := re.fullmatch(r"(\d{1,2})(st|nd|rd|th)", word):
        return int(found[1])
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ieth"):
        return SMALL.get(word[:-4] + "y")
    return SMALL.get(word[:-2]) if word.endswith("th") else None


def _plain(word: str) -> Decimal | None:
    if word in SMALL:
        return Decimal(SMALL[word])
    if not re.fullmatch(r"\d+(\.\d+)?", word):
        return None
    try:
        return Decimal(word)
    except InvalidOperation:
        return None


def _fraction(words: Sequence[str]) -> Decimal | None:
    """The digits after "point"."""
    digits = ""
    for word in words:
        digit = DIGITS.get(word, word if word.isdigit() else None)
        if digit is None:
            return None
        digits += digit
    return Decimal(f"0.{digits}") if digits else None


def cardinal(words: Sequence[str]) -> Decimal | None:
    """The number that these words are, all of them; None when they are none ("one two three" is no cardinal)."""
    words = [w for w in words if w != "and"]
    if words and words[0] in ("minus", "negative"):
        rest = cardinal(words[1:])
        return None if rest is None else -rest
    if "point" in words:
        at = words.index("point")
        whole, part = (cardinal(words[:at]) if at else Decimal(0)), _fraction(words[at + 1 :])
        return None if whole is None or part is None else whole + part
    return _whole(words)


def _whole(words: Sequence[str]) -> Decimal | None:
    total, group, last = Decimal(0), None, Decimal(10**12)
    for word in words:
        if word in ("a", "an") and group is None:
            group, last = Decimal(1), Decimal(1)
        elif word == "hundred" and group is not None and group < 100:
            group, last = group * 100, Decimal(100)
        elif word in SCALES and group is not None:
            total, group, last = total + group * SCALES[word], None, Decimal(SCALES[word])
        else:
            value = _plain(word)
            if value is None or not _fits(group, last, value):
                return None
            group, last = (group or Decimal(0)) + value, value
    if group is None and total == 0:
        return None
    return total + (group or 0)


def _fits(group: Decimal | None, last: Decimal, value: Decimal) -> bool:
    """True when the value can follow what the group holds: "twenty" "one", "hundred" "five", not "one" "two"."""
    if group is None:
        return value < last
    if last == 100:
        return value < 100
    return last in range(20, 100, 10) and 0 < value < 10


def digits(words: Sequence[str]) -> tuple[str, bool] | None:
    """The digits these words spell and whether without doubt; None when some word is no digit.

    "double three" is 33, "twenty one" 21, "one hundred and five" 105, "oh" 0, "12 34" 1234.
    """
    out, exact, at = "", True, 0
    while at < len(words):
        word = words[at]
        if word in REPEATS and at + 1 < len(words) and len(one := _digit(words[at + 1], inside=True)) == 1:
            out, at = out + one * REPEATS[word], at + 2
            continue
        length = _longest_cardinal(words, at)
        if length:
            out, at = out + str(_whole([w for w in words[at : at + length] if w != "and"])), at + length
            continue
        one = _digit(word, inside=bool(out))
        if one:
            exact, out = exact and word not in SOUNDS_LIKE, out + one
        elif word not in FILLERS:
            return None
        at += 1
    return (out, exact) if out else None


def _digit(word: str, *, inside: bool) -> str:
    if word.isdigit():
        return word
    return DIGITS.get(word) or (SOUNDS_LIKE.get(word, "") if inside else "")


def _longest_cardinal(words: Sequence[str], at: int) -> int:
    """How many words from `at` make one cardinal of ten or more; 0 when single digits begin here."""
    best = 0
    for end in range(at + 1, min(len(words), at + 9) + 1):
        part = words[at:end]
        if part[-1] == "and" or part[0] == "and" or (len(part) == 1 and part[0].isdigit()):
            continue
        value = _whole([w for w in part if w != "and"])
        if value is not None and part[0] not in ("a", "an") and value >= 10 and value == int(value):
            best = end - at
    return best
