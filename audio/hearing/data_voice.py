"""A voice for tests that carries its words inside the sound, so that no recogniser is needed to hear them.

An utterance is one text frame, repeated end to end for as long as saying the text takes: the header RBW1 between the
bytes 0x01 and its length (16 bits, big-endian), then JSON {"text", "confidence"} in UTF-8, then 0x02. Each byte of it
becomes two of mu-law, its upper half on 0x10 and its lower half on 0x90, so that the sound is loud everywhere. What is
missing to whole frames of 20 ms is 0x10 and 0x90 in turn. Silence is 0xFF.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

_HEADER = b"\x01RBW1"
_END = b"\x02"
_FRAME_BYTES = 160
_SHORTEST_MS = 400
_MS_A_LETTER = 65
_MS_A_CHARACTER = 200  # Chinese, Japanese, Korean: a syllable each.
_PADDING = b"\x10\x90"


@dataclass(frozen=True, kw_only=True)
class DataWords:
    """What one utterance says. `confidence` is that of the recogniser it stands for, or None."""

    text: str
    confidence: float | None = 0.9


def _coded(data: bytes) -> bytes:
    return bytes(half for byte in data for half in (0x10 + (byte >> 4), 0x90 + (byte & 15)))


_CODED_HEADER = _coded(_HEADER)


def saying_ms(text: str) -> int:
    """How long a person takes to say it, roughly; whole frames of 20 ms."""
    spoken = sum(_MS_A_CHARACTER if letter >= "\u2e80" else _MS_A_LETTER for letter in text)
    return -(-max(_SHORTEST_MS, spoken) // 20) * 20


def encode(words: DataWords) -> bytes:
    """Mu-law of an utterance, 8000 bytes a second, whole frames of 20 ms."""
    content = json.dumps({"text": words.text, "confidence": words.confidence}, ensure_ascii=False).encode()
    frame = _coded(_HEADER + len(content).to_bytes(2, "big") + content + _END)
    wanted = max(saying_ms(words.text) * 8, -(-len(frame) // _FRAME_BYTES) * _FRAME_BYTES)
    sound = frame * (wanted // len(frame))
    return sound + (_PADDING * _FRAME_BYTES * (1 + len(frame) // _FRAME_BYTES))[: wanted - len(sound)]


def decode(sound: bytes) -> tuple[DataWords, ...]:
    """What was said in a sound, in order; repetitions that follow each other are one utterance. Broken frames are
    left out, as a recogniser leaves out what it did not understand."""
    said: list[DataWords] = []
    last_end = -1
    for start, end, words in _frames(sound):
        if not said or words != said[-1] or start != last_end:
            said.append(words)
        last_end = end
    return tuple(said)


def _frames(sound: bytes) -> Iterator[tuple[int, int, DataWords]]:
    """Start, end and words of each row of equal frames."""
    start = sound.find(_CODED_HEADER)
    while start >= 0:
        at = start + len(_CODED_HEADER)
        length = int.from_bytes(_plain(sound[at : at + 4]), "big")
        end = at + 4 + 2 * length + 2
        words = _words(_plain(sound[at + 4 : end])) if end <= len(sound) else None
        if words is None:
            start = sound.find(_CODED_HEADER, start + 1)
            continue
        frame = sound[start:end]
        while sound.startswith(frame, end):  # The usual case: the same once more.
            end += len(frame)
        yield start, end, words
        start = sound.find(_CODED_HEADER, end)


def _plain(coded: bytes) -> bytes:
    """Bytes of their halves; those of something else are nonsense that `_words` refuses."""
    return bytes((high & 15) << 4 | low & 15 for high, low in zip(coded[::2], coded[1::2], strict=False))


def _words(content: bytes) -> DataWords | None:
    if not content.endswith(_END):
        return None
    try:
        said = json.loads(content[:-1])
        confidence = said.get("confidence")
        return DataWords(text=str(said["text"]), confidence=None if confidence is None else float(confidence))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
