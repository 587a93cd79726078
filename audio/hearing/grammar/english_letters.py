"""How an English word sounds that no dictionary holds: letter by letter when it is spelled, by rule when it is read.

Phones are those of the CMU dictionary without stress: "AA" … "ZH".
"""

from __future__ import annotations

import re

LETTERS: dict[str, str] = {
    "a": "EY",
    "b": "B IY",
    "c": "S IY",
    "d": "D IY",
    "e": "IY",
    "f": "EH F",
    "g": "JH IY",
    "h": "EY CH",
    "i": "AY",
    "j": "JH EY",
    "k": "K EY",
    "l": "EH L",
    "m": "EH M",
    "n": "EH N",
    "o": "OW",
    "p": "P IY",
    "q": "K Y UW",
    "r": "AA R",
    "s": "EH S",
    "t": "T IY",
    "u": "Y UW",
    "v": "V IY",
    "w": "D AH B AH L Y UW",
    "x": "EH K S",
    "y": "W AY",
    "z": "Z IY",
}
"""Each letter's name; `SECOND_NAMES` has those that have two."""

SECOND_NAMES = {"z": "Z EH D", "w": "D AH B Y UW", "h": "HH EY CH"}

# Tried in order at each place of the word: what is written (a regular expression), what must come after it, its sound.
# "^" in front of a rule means at the beginning of the word only.
_RULES: tuple[tuple[str, str, str], ...] = (
    ("^kn", "", "N"),
    ("^wr", "", "R"),
    ("^ps", "", "S"),
    ("^x", "", "Z"),
    ("^y", "[aeiou]", "Y"),
    ("tch", "", "CH"),
    ("sch", "", "SH"),
    ("igh", "", "AY"),
    ("eigh", "", "EY"),
    ("ough", "", "AO"),
    ("augh", "", "AO"),
    ("tion", "", "SH AH N"),
    ("ssion", "", "SH AH N"),
    ("sion", "", "ZH AH N"),
    ("cial", "", "SH AH L"),
    ("ture", "$", "CH ER"),
    ("ous", "$", "AH S"),
    ("ing", "$", "IH NG"),
    ("ies", "$", "IY Z"),
    ("oo", "", "UW"),
    ("ee", "", "IY"),
    ("ea", "", "IY"),
    ("ai", "", "EY"),
    ("ay", "", "EY"),
    ("ei", "", "EY"),
    ("ey", "$", "IY"),
    ("ie", "", "IY"),
    ("oa", "", "OW"),
    ("oi", "", "OY"),
    ("oy", "", "OY"),
    ("ou", "", "AW"),
    ("ow", "$", "OW"),
    ("ow", "", "AW"),
    ("au", "", "AO"),
    ("aw", "", "AO"),
    ("ew", "", "UW"),
    ("ue", "$", "UW"),
    ("ar", "", "AA R"),
    ("er", "", "ER"),
    ("ir", "", "ER"),
    ("ur", "", "ER"),
    ("or", "", "AO R"),
    ("a(?=[bcdfgklmnpstvz]e$)", "", "EY"),
    ("i(?=[bcdfgklmnpstvz]e$)", "", "AY"),
    ("o(?=[bcdfgklmnpstvz]e$)", "", "OW"),
    ("u(?=[bcdfgklmnpstvz]e$)", "", "UW"),
    ("y", "$", "IY"),
    ("y", "", "IH"),
    ("e", "$", ""),
    ("es", "$", "Z"),
    ("o", "$", "OW"),
    ("a", "$", "AH"),
    ("i", "$", "IY"),
    ("u", "$", "UW"),
    ("a", "", "AE"),
    ("e", "", "EH"),
    ("i", "", "IH"),
    ("o", "", "AA"),
    ("u", "", "AH"),
    ("ch", "", "CH"),
    ("ck", "", "K"),
    ("c", "[eiy]", "S"),
    ("cc", "", "K"),
    ("c", "", "K"),
    ("dge", "", "JH"),
    ("dd|d", "", "D"),
    ("gh", "", "G"),
    ("ge", "$", "JH"),
    ("g", "[eiy]", "JH"),
    ("gg|g", "", "G"),
    ("ph", "", "F"),
    ("ff|f", "", "F"),
    ("qu", "", "K W"),
    ("q", "", "K"),
    ("sh", "", "SH"),
    ("ss", "", "S"),
    ("s", "$", "Z"),
    ("s", "", "S"),
    ("th", "", "TH"),
    ("tt|t", "", "T"),
    ("wh", "", "W"),
    ("x", "", "K S"),
    ("zz|z", "", "Z"),
    ("bb|b", "", "B"),
    ("h", "", "HH"),
    ("j", "", "JH"),
    ("kk|k", "", "K"),
    ("ll|l", "", "L"),
    ("mm|m", "", "M"),
    ("ng", "$", "NG"),
    ("nn|n", "", "N"),
    ("pp|p", "", "P"),
    ("rr|r", "", "R"),
    ("vv|v", "", "V"),
    ("w", "", "W"),
)
_COMPILED = tuple(
    (written.startswith("^"), re.compile(written.lstrip("^") + (f"(?={after})" if after else "")), tuple(sound.split()))
    for written, after, sound in _RULES
)


def spelled(letters: str) -> tuple[str, ...]:
    """Phones of letters said one after the other ("usb"); what is no letter is passed over."""
    return tuple(phone for letter in letters.lower() if letter in LETTERS for phone in LETTERS[letter].split())


def read_by_rule(word: str) -> tuple[str, ...]:
    """Phones of a word (a to z) as somebody would read it who never saw it. Empty for no letters."""
    word = re.sub("[^a-z]", "", word.lower())
    phones: list[str] = []
    at = 0
    while at < len(word):
        at, sound = _next(word, at)
        phones += sound
    return tuple(phones)


def _next(word: str, at: int) -> tuple[int, tuple[str, ...]]:
    for only_first, pattern, sound in _COMPILED:
        if only_first and at:
            continue
        found = pattern.match(word, at)
        if found and found.end() > at:
            return found.end(), sound
    return at + 1, ()
