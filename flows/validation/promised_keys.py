"""Which keys a prompt tells the caller to press: “press 1 or 2”, “请按一”, “1번을 누르세요”."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

WORDS: Mapping[str, str] = {
    **dict(zip("零〇一二三四五六七八九", "00123456789", strict=True)),
    **dict(zip("０１２３４５６７８９", "0123456789", strict=True)),
    "两": "2",
    "＊": "*",
    "星": "*",
    "星号": "*",
    "米字": "*",
    "米": "*",
    "＃": "#",
    "井": "#",
    "井号": "#",
    "zero": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "star": "*",
    "asterisk": "*",
    "pound": "#",
    "hash": "#",
    "null": "0",
    "eins": "1",
    "zwei": "2",
    "drei": "3",
    "vier": "4",
    "fünf": "5",
    "sechs": "6",
    "sieben": "7",
    "acht": "8",
    "neun": "9",
    "stern": "*",
    "raute": "#",
    "zéro": "0",
    "un": "1",
    "deux": "2",
    "trois": "3",
    "quatre": "4",
    "cinq": "5",
    "sept": "7",
    "huit": "8",
    "neuf": "9",
    "étoile": "*",
    "dièse": "#",
    "cero": "0",
    "uno": "1",
    "dos": "2",
    "tres": "3",
    "cuatro": "4",
    "cinco": "5",
    "seis": "6",
    "siete": "7",
    "ocho": "8",
    "nueve": "9",
    "asterisco": "*",
    "estrella": "*",
    "almohadilla": "#",
    "별표": "*",
    "우물정자": "#",
    "샵": "#",
    "米印": "*",
    "シャープ": "#",
}
"""How keys are called, by what people write."""

_NAMES = sorted((word for word in WORDS if word[0] < "\u0250" and word.isalpha()), key=len, reverse=True)
_LATIN = "[0-9*#]|" + "|".join(_NAMES)
_CHINESE = "[0-9０-９*＊#＃零〇一二三四五六七八九]|星号|米字|井号|星|井"
_QUOTE = "[“”\"「」『』']?"

_NOT_A_COUNT = r"(?!\w|\.\d)(?![\s-]*(?:digits?|numbers?|letters?|times?|of\b|ziffern?|chiffres?|dígitos?|cifras?))"
_MORE = r"(?:\s*(?:,|or|and|oder|und|ou|et|o|y)\s*)"

PATTERNS: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        rf"\b(?:press|dial|hit|push|enter|key in)\s+(?:the\s+)?(?:keys?\s+|numbers?\s+|buttons?\s+|digits?\s+)?{_QUOTE}"
        rf"((?:{_LATIN}){_NOT_A_COUNT}(?:{_QUOTE}{_MORE}+{_QUOTE}(?:{_LATIN}){_NOT_A_COUNT})*)",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        rf"(?:按下?|拨)\s*(?:数字|号码)?\s*键?\s*{_QUOTE}((?:{_CHINESE})(?![位个次下遍])"
        rf"(?:\s*{_QUOTE}\s*键?\s*(?:、|或者?|和)\s*{_QUOTE}(?:{_CHINESE})(?![位个次下遍]))*)"
    ),
    "de": re.compile(
        rf"\b(?:drücken|wählen|tippen)\s+Sie\s+(?:bitte\s+)?(?:die\s+)?(?:Taste\s+)?{_QUOTE}((?:{_LATIN})){_NOT_A_COUNT}",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        rf"\b(?:appuyez sur|tapez|faites)\s+(?:la touche\s+|le\s+)?{_QUOTE}((?:{_LATIN})){_NOT_A_COUNT}", re.IGNORECASE
    ),
    "es": re.compile(
        rf"\b(?:pulse|marque|oprima|presione)\s+(?:la tecla\s+|el\s+)?{_QUOTE}((?:{_LATIN})){_NOT_A_COUNT}",
        re.IGNORECASE,
    ),
    "ko": re.compile(r"([0-9]|별표|우물정자|샵)\s*(?:번|버튼|키)*\s*(?:을|를)?\s*(?:누르|눌러)"),
    "ja": re.compile(r"([0-9０-９]|米印|シャープ)\s*(?:番|キー)*\s*を?\s*(?:お?押)"),
}
"""How a language tells to press a key; the group holds the key, or several joined by “or”."""

_KEY = re.compile(rf"{_CHINESE}|\b(?:{_LATIN})\b|{_LATIN}|별표|우물정자|샵|米印|シャープ", re.IGNORECASE)


@lru_cache(maxsize=4096)
def promised_keys(text: str, language: str) -> frozenset[str] | None:
    """The keys (0-9, *, #) the text tells to press; None when the language's way of saying so is not known."""
    pattern = PATTERNS.get(language.partition("-")[0].lower())
    if pattern is None:
        return None
    found = set()
    for match in pattern.finditer(text):
        for key in _KEY.findall(match[1]):
            found.add(WORDS.get(key.lower(), key))
    return frozenset(key for key in found if key in "0123456789*#")
