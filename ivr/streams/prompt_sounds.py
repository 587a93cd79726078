"""A prompt as sound: a text spoken, a file played, a silence."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path

from audio.errors import AudioError
from audio.speaking.speaker import Speaker
from audio.speaking.waiting_tone import waiting_tone
from ivr.deps import Deps
from ivr.streams.company import TONE
from telephony.media import MULAW_BYTES_A_SECOND
from telephony.verbs import Pause, Play, Prompt, Say

log = logging.getLogger(__name__)

_SILENT_SECOND = b"\xff" * MULAW_BYTES_A_SECOND


class PromptSounds:
    """Where the sound of prompts comes from. `audio_dir` holds the files that flows name themselves."""

    def __init__(self, speaker: Speaker, deps: Deps, audio_dir: Path | None) -> None:
        self._speaker = speaker
        self._deps = deps
        self._audio_dir = audio_dir

    async def of(self, prompt: Prompt, language: str) -> AsyncIterator[bytes]:
        """Mu-law in parts, the first as soon as it is there. `language` is for texts that name none.

        A file that is elsewhere, missing or no sound is replaced by its text.
        """
        match prompt:
            case Pause(seconds=seconds):
                for _ in range(seconds):
                    yield _SILENT_SECOND
            case Say():
                async for payload in self._spoken(prompt.text, prompt.language, prompt.voice):
                    yield payload
            case Play() if prompt == TONE:
                yield waiting_tone()
            case Play():
                async for payload in self._played(prompt, prompt.language or language):
                    yield payload

    def file_of(self, url: str) -> Path | None:
        """The file behind a URL of ours; None for what lies elsewhere, is missing, or leads out of its folder."""
        if url.startswith(("http://", "https://")):
            return None
        kind, _, name = url.lstrip("/").partition("/")
        if kind == "prompts":
            found = self._deps.prompt_file(name.removesuffix(".wav"))
            return found.path if found is not None and found.path.is_file() else None
        if kind != "audio" or self._audio_dir is None:
            return None
        path = (self._audio_dir / name).resolve()
        return path if path.is_relative_to(self._audio_dir.resolve()) and path.is_file() else None

    async def _played(self, prompt: Play, language: str) -> AsyncIterator[bytes]:
        path = self.file_of(prompt.url)
        if path is not None:
            began = False
            try:
                async for part in self._speaker.play(path, prompt.text):
                    began = True
                    yield part.payload
            except AudioError as error:
                log.warning("a prompt's file cannot be played (%s); its text is spoken", type(error).__name__)
            if began:
                return
        async for payload in self._spoken(prompt.text, language, ""):
            yield payload

    async def _spoken(self, text: str, language: str, voice: str) -> AsyncIterator[bytes]:
        if text.strip():
            async for part in self._speaker.say(text, language, voice):
                yield part.payload
