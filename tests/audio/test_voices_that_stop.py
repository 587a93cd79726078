"""A voice's process that hangs or dies at a text is replaced, and the text is given up before callers lose patience."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from audio.child import Child
from audio.errors import VoiceFailed
from audio.voices.base import VoiceGone
from audio.voices.pyttsx3 import Pyttsx3Voice, Speech
from audio.voices.speaking_child import SpeakingChild

MODULE = "tests.audio.speaking.stubborn_voice_child"


@pytest.fixture(scope="module")
def voice() -> Iterator[Pyttsx3Voice]:
    voice = Pyttsx3Voice(Child(module=MODULE, set_up=None, name="The stubborn voice"), answer_s=0.2)
    yield voice
    voice.close()


@pytest.mark.parametrize("text", ["please hang", "please die"])
def test_a_text_at_which_it_stops_is_given_up_and_the_next_one_is_spoken(voice: Pyttsx3Voice, text: str) -> None:
    assert voice.synthesize("hello", "en-US").duration_s > 0.3
    before = voice.child.pid
    with pytest.raises(VoiceFailed, match="failed again and again") as failed:
        voice.synthesize(text, "en-US")
    assert not isinstance(failed.value, VoiceGone)
    assert voice.synthesize("hello again", "en-US").duration_s > 0.3
    assert voice.child.pid not in (None, before)


def test_a_process_that_never_starts_is_a_voice_that_is_gone() -> None:
    child = Child(module=MODULE, set_up="never start", name="The stubborn voice")
    first = Speech(text="one", language="en-US", voice_name=None)
    speaking = SpeakingChild(child, start_s=0.1, answer_s=0.1, character_s=0)
    with pytest.raises(VoiceGone, match="The stubborn voice does not start"):
        speaking.sound(first, first, text="one", language="en-US")
    assert child.pid is None
