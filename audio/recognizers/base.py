"""What every recogniser of whole recordings does.

Recognition of a live stream is another protocol with another life cycle (partial results, grammars, pooled decoders);
it gets a file of its own beside this one, and an engine may keep both promises.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from audio.pcm import Pcm
from audio.resample import Upsampling
from audio.transcript import Transcript


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What differs between recognisers.

    Attributes:
        word_times: words carry start and end.
        confidence: words carry a confidence.
        own_process: a crash of the engine leaves the caller alive.
    """

    word_times: bool
    confidence: bool
    own_process: bool


@dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """A model that lies ready on this machine, and the language it is to hear.

    Attributes:
        engine: the file of this folder that runs it: "vosk" or "whisper".
        name: the model's name, as stored with each transcript.
        path: its folder.
        language: BCP-47, as asked for.
        upsampling: how telephone sound is brought to the model's rate.
    """

    engine: str
    name: str
    path: Path
    language: str
    upsampling: Upsampling = Upsampling.CLEAN


@runtime_checkable
class Recognizer(Protocol):
    """Turns a whole recording into words, in one language."""

    @property
    def capabilities(self) -> Capabilities:
        """What this one can tell."""
        ...

    def transcribe(self, sound: Pcm) -> Transcript:
        """The words of a recording of any rate.

        Silence, tones and music give a transcript with status `no_speech`, never words.

        Raises:
            RecognizerFailed: the engine stopped, hung or refused.
        """
        ...

    def close(self) -> None:
        """Give back memory and processes. The recogniser may be used again; it loads anew."""
        ...
