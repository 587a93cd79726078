"""How the phone's holder sounds when words were typed."""

from enum import StrEnum

from simulator.mu_law import decode
from simulator.sound import Samples
from simulator.streams.data_voice import data_sound
from simulator.streams.espeak import synthesized


class StreamVoice(StrEnum):
    """DATA writes the words into the sound for scripted ears; SPEECH is synthesized, for real ones."""

    DATA = "data"
    SPEECH = "speech"


def sound_of(
    voice: StreamVoice, text: str, language: str | None, confidence: float | None, like: Samples | None = None
) -> Samples:
    """What goes into a stream for `text`.

    Args:
        like: how it was really spoken; the data voice takes its length from it, speech is just that.

    Raises:
        NoVoiceError: nothing can be synthesized here.
    """
    if voice is StreamVoice.DATA:
        return decode(data_sound(text, confidence, len(like) / 8000 if like is not None else 0.0))
    return like if like is not None else synthesized(text, language)
