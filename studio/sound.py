"""A prompt as it will sound: its holes filled with example words, spoken by the house voice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from audio.house_voice import HouseVoice
from flows.text import split
from studio.deps import Speak
from studio.errors import Refused
from studio.sentences import told

MAX_TEXT = 800
"""Characters of one prompt; some 60 seconds of speech."""

EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "en": {"": "example", "digits": "1, 2, 3, 4", "spell": "A as in Alpha, 1, 2", "phone": "1 3 8, 0 0 1 3, 8 0 0 0",
           "date": "Monday, November 23", "time": "half past two", "money": "twenty dollars", "number": "twelve"},
    "zh": {"": "示例", "digits": "一、二、三、四", "spell": "字母A、一、二", "phone": "一三八，零零一三，八零零零",
           "date": "十一月二十三日星期一", "time": "下午两点半", "money": "二十元", "number": "十二"},
}  # fmt: skip
"""What stands in a hole, by language and filter; "" for any other."""


def example_text(text: str, language: str) -> str:
    """The template with example words in its holes."""
    words = EXAMPLES.get(language.partition("-")[0].lower(), EXAMPLES["en"])
    said = []
    for part in split(text):
        if isinstance(part, str):
            said.append(part)
        elif part.expression:
            said.append(next((words[name] for name, _ in part.filters if name in words), words[""]))
    return " ".join("".join(said).split())


def sound(text: str, language: str, voice: str, speak: Speak | None) -> Path:
    """The WAV file of a prompt. Raises Refused: 422 for no or too long a text, 503 when no voice can speak it."""
    if len(text) > MAX_TEXT:
        raise Refused(told("A prompt to listen to has at most {count} characters.", count=MAX_TEXT))
    said = example_text(text, language)
    if not any(character.isalnum() for character in said):
        raise Refused(told("There is nothing to say in this language yet."))
    path = speak(said, language, voice) if speak is not None else None
    if path is None:
        raise Refused(told("No voice can speak this now; the house voice is not running here."), status=503)
    return path


def spoken_by(voice: HouseVoice) -> Speak:
    """The voices of ours as the editor hears them; what only the phone company can speak, the house voice does.

    The voice should be one of its own beside that of calls: a text that it cannot speak lets it rest for a while.
    """

    def speak(text: str, language: str, name: str) -> Path | None:
        key = voice.key(text, language, name)
        found = None if key is None else voice.sound(key)
        return None if found is None else found[0].resolve()

    return speak
