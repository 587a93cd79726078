"""The house voice: prompts made when a flow is published, and the rest at the moment the carrier fetches them.

A text with values ("your parcel is in Pudong") is only known within a turn. The turn must not wait for a voice, so it
writes down what is asked for and answers with a key; the sound is made when the carrier comes for it, some 20 ms for a
sentence.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from audio.prompts import PromptCache, PromptItem, PromptReport, prompt_key
from audio.voices.base import Voice

log = logging.getLogger(__name__)

REST_S = 60.0
"""How long a voice that failed is left alone; callers hear the provider's voice meanwhile."""


class HouseVoice:
    """Prompts by text. Safe from many threads; many processes may share the folder.

    Args:
        folder: where sounds and the texts they say are kept.
        voice: who speaks.
        clock_s: monotonic seconds.
    """

    def __init__(self, folder: Path, voice: Voice, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._cache = PromptCache(folder)
        self._texts = folder / "texts"
        self._voice = voice
        self._clock_s = clock_s
        self._rests_until = 0.0

    def key(self, text: str, language: str) -> str | None:
        """The key of a text's sound, made or yet to be made; None while the voice rests after a failure."""
        key = prompt_key(PromptItem(text=text, language=language), self._voice.name)
        if self._text_file(key).exists():
            return key
        if self._clock_s() < self._rests_until:
            return None
        self._write_down(key, text, language)
        return key

    def sound(self, key: str) -> tuple[Path, str] | None:
        """The file of a sound and the text it says, made now if need be; None for what nobody asked for."""
        asked = self._asked(key)
        if asked is None:
            return None
        path = self._cache.path(key) or self._make(asked, key)
        return None if path is None else (path, asked.text)

    def text(self, key: str) -> str:
        """The words of a sound, "" for what nobody asked for."""
        asked = self._asked(key)
        return "" if asked is None else asked.text

    def prepare(self, items: Iterable[PromptItem], progress: Callable[[int, int], None] | None = None) -> PromptReport:
        """Make the sounds of a published flow; see `PromptCache.ensure`."""
        report = self._cache.ensure(items, self._voice, progress)
        for item, key in report.keys.items():
            self._write_down(key, item.text, item.language)
        return report

    def has(self, item: PromptItem) -> bool:
        """Whether the sound of a prompt is there."""
        return self._cache.find(item, self._voice.name) is not None

    def forget(self, older_than_s: float, keep: Iterable[PromptItem], now_s: float) -> int:
        """Remove sounds and texts older than that, but those of `keep`; gives how many. They may name callers."""
        kept = {prompt_key(item, self._voice.name) for item in keep}
        old = [
            file
            for file in self._texts.glob("*.json")
            if file.stem not in kept and now_s - file.stat().st_mtime > older_than_s
        ]
        for file in old:
            sound = self._cache.path(file.stem)
            if sound is not None:
                sound.unlink(missing_ok=True)
            file.unlink(missing_ok=True)
        return len(old)

    def close(self) -> None:
        """End the voice's process."""
        self._voice.close()

    def _make(self, item: PromptItem, key: str) -> Path | None:
        report = self._cache.ensure([item], self._voice)
        for failure in report.failures:
            log.error("The house voice failed and rests for %d s: %s", REST_S, failure.reason)
            self._rests_until = self._clock_s() + REST_S
        return self._cache.path(key)

    def _asked(self, key: str) -> PromptItem | None:
        if not key.isalnum():
            return None
        try:
            said = json.loads(self._text_file(key).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return PromptItem(text=said["text"], language=said["language"])

    def _write_down(self, key: str, text: str, language: str) -> None:
        file = self._text_file(key)
        if file.exists():
            return
        self._texts.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
        part.write_text(json.dumps({"text": text, "language": language}, ensure_ascii=False), encoding="utf-8")
        part.replace(file)

    def _text_file(self, key: str) -> Path:
        return self._texts / f"{key}.json"
