"""A text in pieces that can be spoken one after the other and still sound whole."""

from __future__ import annotations

import re

LONGEST_SENTENCE = 300

# A sentence ends at Chinese marks, at Western ones before a space, and at line ends.
_SENTENCE_END = re.compile(r"(?<=[。！？；])|(?<=[.!?;])\s+|\n+")
# After these a full stop ends a word, not a sentence: "Mr. Li".
_SHORT_FORM = re.compile(r"(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|Prof)\.$")


def sentences(text: str, longest: int = LONGEST_SENTENCE) -> list[str]:
    """The sentences of a text, none longer than `longest` characters; what has no letter and no digit is left out.

    Longer ones are cut after a comma or a space. Very long ones espeak-ng sometimes speaks as an empty file.
    """
    pieces: list[str] = []
    for sentence in _whole_sentences(text):
        rest = sentence.strip()
        while len(rest) > longest:
            cut = max(rest.rfind(mark, 1, longest) for mark in " ,，、") + 1 or longest
            pieces.append(rest[:cut])
            rest = rest[cut:]
        pieces.append(rest)
    return [piece for piece in pieces if any(letter.isalnum() for letter in piece)]


def _whole_sentences(text: str) -> list[str]:
    found: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        if "\n" not in end[0] and _SHORT_FORM.search(text[start : end.start()]):
            continue
        found.append(text[start : end.start()])
        start = end.end()
    return [*found, text[start:]]
