"""A voice that carries its words inside the sound, so that a scripted ear can read them without a recogniser.

An utterance is one text frame, repeated end to end for as long as saying the text takes: the header RBW1 between the
bytes 0x01 and its length (16 bits, big-endian), then JSON {"text", "confidence"} in UTF-8, then 0x02. Each byte of it
becomes two of mu-law, its upper half on 0x10 and its lower half on 0x90, so that the sound is loud everywhere. What is
missing to whole frames of 20 ms is 0x10 and 0x90 in turn.
"""

import json

from simulator.mu_law import BYTES_A_SECOND, FRAME_BYTES
from simulator.speech_time import seconds_to_say

_HEADER, _END = b"\x01RBW1", b"\x02"
_PADDING = b"\x10\x90"
SHORTEST_S = 0.4


def _coded(data: bytes) -> bytes:
    return bytes(half for byte in data for half in (0x10 + (byte >> 4), 0x90 + (byte & 15)))


def data_sound(text: str, confidence: float | None, at_least_s: float = SHORTEST_S) -> bytes:
    """Mu-law of an utterance, in whole frames of 20 ms."""
    content = json.dumps({"text": text, "confidence": confidence}, ensure_ascii=False).encode()
    frame = _coded(_HEADER + len(content).to_bytes(2, "big") + content + _END)
    seconds = max(SHORTEST_S, at_least_s, seconds_to_say(text))
    wanted = -(-max(round(seconds * BYTES_A_SECOND), len(frame)) // FRAME_BYTES) * FRAME_BYTES
    sound = frame * (wanted // len(frame))
    missing = wanted - len(sound)
    return sound + (_PADDING * (missing // 2 + 1))[:missing]
