"""Text on its way into XML and out of a loudspeaker: only what may stand there, in pieces that may be sent."""

from __future__ import annotations

import re
from functools import lru_cache

# XML 1.0 §2.2 leaves out most control characters, surrogates, U+FFFE and U+FFFF. U+007F to U+009F may stand in XML but
# mean nothing to a voice.
_NOT_SPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SENTENCE_END = re.compile(r"[.!?;:](?=\s)|[。！？；：…]")
_WORD_END = re.compile(r"[\s，、,]")


def clean(text: str) -> str:
    """Take out what may not stand in an XML document, and make every run of white space one space."""
    return " ".join(_NOT_SPEAKABLE.sub("", text).split())


def pieces(text: str, limit: int) -> list[str]:
    """Cut a cleaned text into pieces of at most `limit` characters: after a sentence, else a word, else anywhere."""
    found = []
    while len(text) > limit:
        cut = _last_end(_SENTENCE_END, text, limit) or _last_end(_WORD_END, text, limit) or limit
        found.append(text[:cut].strip())
        text = text[cut:].strip()
    return [piece for piece in (*found, text) if piece]


@lru_cache(maxsize=1024)
def hints(words: tuple[str, ...], *, most: int, longest: int, most_bytes: int) -> str:
    """Join hints for a recogniser: cleaned, without commas, each once, inside all three limits; the first ones stay.

    Args:
        most: number of hints.
        longest: characters of one hint; longer ones are cut.
        most_bytes: length of the result in UTF-8.
    """
    kept: dict[str, None] = {}
    size = 0
    for word in words:
        hint = " ".join(clean(word).replace(",", " ").split())[:longest].strip()
        cost = len(hint.encode()) + 1
        if not hint or hint in kept or size + cost > most_bytes:
            continue
        kept[hint] = None
        size += cost
        if len(kept) == most:
            break
    return ",".join(kept)


def _last_end(pattern: re.Pattern[str], text: str, limit: int) -> int:
    """Index just after the last match that ends within `limit`; 0 when there is none."""
    return max((match.end() for match in pattern.finditer(text, 0, limit)), default=0)
