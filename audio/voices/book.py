"""The voices by the names that flows use: "house", "piper", "piper:joe", "http", "http:NAME".

A provider's voice ("Polly.Zhiyu") is none of ours: the provider speaks it, and where our own sound is wanted the house
voice does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from audio.errors import VoiceMissing
from audio.voices import http, piper
from audio.voices.base import HOUSE, Voice
from audio.voices.espeak_languages import packaged_voices, voice_for

_OWN = frozenset({HOUSE, piper.NAME, http.NAME})
_PROVIDERS = re.compile(r"[A-Z][A-Za-z]+\.[\w.-]+|man|woman|alice")
_HTTP_AT_ONCE = 8


@dataclass(frozen=True, kw_only=True)
class VoiceSettings:
    """What an organisation has set up beside the house voice.

    Attributes:
        folder: Piper voice files; None for none.
        http_url: where the voice `http` posts its texts; "" for none.
        http_token: its bearer token; "" for none.
    """

    folder: Path | None = None
    http_url: str = ""
    http_token: str = ""


@dataclass(frozen=True, kw_only=True)
class ChosenVoice:
    """Who speaks a text.

    Attributes:
        voice_name: the speaker within the voice; None for its usual one.
        at_once: how many texts it speaks side by side.
    """

    voice: Voice
    voice_name: str | None = None
    at_once: int = 1


@dataclass(frozen=True, kw_only=True)
class VoiceRow:
    """One line of `flask speech list`. `problem` is what keeps it from being heard, "" for nothing."""

    name: str
    speaks: str
    problem: str = ""


def is_own(name: str) -> bool:
    """Whether a flow's voice is spoken by us, installed or not; False for a provider's voice and for ""."""
    return name.partition(":")[0] in _OWN


def voice_problem(name: str, language: str, settings: VoiceSettings | None = None) -> str | None:
    """Why a flow's voice for a language will not be heard, as a sentence; None when it will. A provider's is let be.

    Quick enough to be asked as one types: looks at names and folders, starts nothing.
    """
    settings = settings or VoiceSettings()
    engine, _, speaker = name.partition(":")
    if not name or _PROVIDERS.fullmatch(name):
        return None
    if engine == piper.NAME:
        return _missing(lambda: piper.PiperVoice(settings.folder).speaker(language, speaker or None))
    if engine == http.NAME:
        return http.address_problem(settings.http_url)
    if name == HOUSE:
        known = packaged_voices()
        return _missing(lambda: voice_for(language, None, known)) if known else None
    return f"There is no voice called {name[:40]}: house, piper, http, or one of the provider's, such as Polly.Joanna."


class VoiceBook:
    """Finds voices by name. Each is made when it is first asked for. Safe from many threads.

    Args:
        house: the voice that is always there.
    """

    def __init__(self, house: Voice, settings: VoiceSettings | None = None) -> None:
        self.settings = settings or VoiceSettings()
        self._house = ChosenVoice(voice=house)
        self._piper = piper.PiperVoice(self.settings.folder)
        self._http = http.HttpVoice(self.settings.http_url, self.settings.http_token)

    @property
    def house(self) -> ChosenVoice:
        """The voice that is always there."""
        return self._house

    def find(self, name: str, language: str) -> ChosenVoice | None:
        """Who speaks under a name; the house voice for ""; None for a voice that is not ours or not installed."""
        engine, _, speaker = name.partition(":")
        if engine in ("", HOUSE):
            return self._house
        if engine not in _OWN or voice_problem(name, language, self.settings) is not None:
            return None
        if engine == http.NAME:
            return ChosenVoice(voice=self._http, voice_name=speaker or None, at_once=_HTTP_AT_ONCE)
        # The name of the file, so that prompts of another usual speaker are not taken for this one's.
        return ChosenVoice(voice=self._piper, voice_name=self._piper.speaker(language, speaker or None).name)

    def rows(self) -> tuple[VoiceRow, ...]:
        """Every voice of ours as flows name it: those that can be heard, and how to get the others."""
        url_problem = http.address_problem(self.settings.http_url)
        found = [
            VoiceRow(name=f"{piper.NAME}:{speaker.name}", speaks=speaker.language)
            for speaker in (piper.speakers(self.settings.folder) if piper.is_installed() else ())
        ]
        absent = "" if piper.is_installed() else piper.INSTALL
        return (
            VoiceRow(name=HOUSE, speaks=f"{len(packaged_voices()) or 'many'} languages and accents"),
            *(
                found
                or [
                    VoiceRow(
                        name=piper.NAME, speaks="", problem=absent or "No voice files. Put some into DATA_DIR/voices."
                    )
                ]
            ),
            VoiceRow(
                name=http.NAME, speaks="" if url_problem else "what its service speaks", problem=url_problem or ""
            ),
        )

    def close(self) -> None:
        """End the processes of all voices."""
        for voice in (self._house.voice, self._piper, self._http):
            voice.close()


def _missing(find: Callable[[], object]) -> str | None:
    try:
        find()
    except VoiceMissing as missing:
        return str(missing)
    return None
