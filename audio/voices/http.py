"""A voice that a web service speaks: POST {"text", "language", "voice"} → a WAV file.

One try of two seconds: a caller waits. Whatever goes wrong is told as an error, and the house voice speaks instead.
"""

from __future__ import annotations

import time

import requests

from audio.errors import NotAudio, VoiceFailed
from audio.pcm import Pcm
from audio.voices.base import VoiceGone, checked_text, house_sound
from audio.wav import read_wav

NAME = "http"
TIMEOUT_S = 2.0
LARGEST_BYTES = 8 << 20
"""Three minutes of speech at 22,050 Hz."""

_BLOCK_BYTES = 1 << 15
_THIS_TEXT = frozenset({400, 413, 415, 422})
"""Answers that are about the text; any other error will meet the next text too."""


def address_problem(url: str) -> str | None:
    """Why a voice cannot be asked there, as a sentence; None when it can."""
    if not url:
        return "No voice service is set up: HTTP_VOICE_URL is empty."
    if not url.startswith(("http://", "https://")):
        return "HTTP_VOICE_URL must begin with https:// or http://."
    return None


class HttpVoice:
    """Speaks whatever its service speaks. Safe from many threads, which are served side by side.

    Args:
        url: where texts are posted, https or http.
        token: sent as a bearer token; "" for none.
        timeout_s: for the whole answer.
    """

    name = NAME

    def __init__(self, url: str, token: str = "", timeout_s: float = TIMEOUT_S) -> None:
        self._url = url
        self._headers = {"Accept": "audio/wav"} | ({"Authorization": f"Bearer {token}"} if token else {})
        self._timeout_s = timeout_s

    def synthesize(self, text: str, language: str, voice_name: str | None = None) -> Pcm:
        """See `Voice`. `voice_name` is passed on to the service."""
        clean = checked_text(text)
        problem = address_problem(self._url)
        if problem is not None:
            raise VoiceGone(problem)
        question = {"text": clean, "language": language, "voice": voice_name or ""}
        try:
            sound = read_wav(self._answer(question))
        except requests.RequestException as error:
            raise VoiceGone(f"The voice service cannot be reached ({type(error).__name__}).") from error
        except NotAudio as error:
            raise VoiceFailed(f"What the voice service answered is no sound: {error}") from error
        return house_sound(sound, clean, language)

    def close(self) -> None:
        """Holds nothing."""

    def _answer(self, question: dict[str, str]) -> bytes:
        ends_s = time.monotonic() + self._timeout_s
        with requests.post(
            self._url,
            json=question,
            headers=self._headers,
            timeout=self._timeout_s,
            stream=True,
            allow_redirects=False,
        ) as response:
            if response.status_code != requests.codes.ok:
                kind = VoiceFailed if response.status_code in _THIS_TEXT else VoiceGone
                raise kind(f"The voice service answered {response.status_code}.")
            body = bytearray()
            for block in response.iter_content(_BLOCK_BYTES):
                body += block
                if len(body) > LARGEST_BYTES:
                    raise VoiceFailed(f"The voice service answered more than {LARGEST_BYTES >> 20} MB.")
                if time.monotonic() > ends_s:
                    raise VoiceGone(f"The voice service took longer than {self._timeout_s:.0f} s.")
            return bytes(body)
