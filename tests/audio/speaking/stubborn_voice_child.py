"""A voice's process that hums, but hangs or dies at some words."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from audio.child import serve
from audio.pcm import Pcm
from audio.voices.pyttsx3 import Speech
from audio.voices.scripted import ScriptedVoice


def begin(set_up: str | None) -> Callable[[Speech], Pcm]:
    voice = ScriptedVoice()

    def say(speech: Speech) -> Pcm:
        if "hang" in speech.text or set_up == "never start":
            time.sleep(60)
        if "die" in speech.text:
            os.kill(os.getpid(), signal.SIGSEGV)
        return voice.synthesize(speech.text, speech.language)

    return say


if __name__ == "__main__":
    serve(begin)
