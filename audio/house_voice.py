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
from dataclasses import replace
from functools import partial
from pathlib import Path

from audio.prompts import PromptCache, PromptFailure, PromptItem, PromptReport, prompt_key
from audio.voices.base import HOUSE, Voice
from audio.voices.book import VoiceBook

log = logging.getLogger(__name__)

REST_S = 60.0
"""How long a voice that failed is left alone; callers hear the provider's voice meanwhile."""


class HouseVoice:
    """Prompts by text, in the house voice or another one of ours. Safe from many threads and processes.

    Args:
        folder: where sounds and the texts they say are kept.
        voice: the house's own.
        clock_s: monotonic seconds.
        book: finds the other voices; what they cannot speak, the house voice does. None when there are no others.
    """

    def __init__(
        self,
        folder: Path,
        voice: Voice,
        clock_s: Callable[[], float] = time.monotonic,
        book: VoiceBook | None = None,
    ) -> None:
        self._cache = PromptCache(folder)
        self._texts = folder / "texts"
        self._book = book or VoiceBook(voice)
        self._clock_s = clock_s
        self._rests_until: dict[str, float] = {}

    def key(self, text: str, language: str, voice: str = HOUSE) -> str | None:
        """The key of a text's sound, made or yet to be made; None while the house voice rests after a failure.

        Args:
            voice: as a flow names it.
        """
        item = _item(text, language, voice)
        key = self._key(item)
        if self._text_file(key).exists():
            return key
        if self._rests(self._book.house.voice):
            return None
        self._write_down(key, item)
        return key

    def sound(self, key: str) -> tuple[Path, str] | None:
        """The file of a sound and the text it says, made now if need be; None for what nobody asked for."""
        asked = self._asked(key)
        if asked is None:
            return None
        path = self._cache.path(key) or self._make(asked)
        return None if path is None else (path, asked.text)

    def text(self, key: str) -> str:
        """The words of a sound, "" for what nobody asked for."""
        asked = self._asked(key)
        return "" if asked is None else asked.text

    def prepare(self, items: Iterable[PromptItem], progress: Callable[[int, int], None] | None = None) -> PromptReport:
        """Make the sounds of a published flow; see `PromptCache.ensure`."""
        wanted = list(dict.fromkeys(items))
        keys: dict[PromptItem, str] = {}
        failures: list[PromptFailure] = []
        made = before = 0
        for voice, own in self._by_voice(wanted):
            told = None if progress is None else partial(_told, progress, before, len(wanted))
            report = self._cache.ensure(own.values(), voice, told)
            keys |= {item: report.keys[spoken] for item, spoken in own.items() if spoken in report.keys}
            failed = {failure.item: failure for failure in report.failures}
            failures += [replace(failed[spoken], item=item) for item, spoken in own.items() if spoken in failed]
            made += report.made
            before += len(own)
        for item, key in keys.items():
            self._write_down(key, item)
        ordered = {item: keys[item] for item in wanted if item in keys}
        return PromptReport(keys=ordered, made=made, failures=tuple(failures))

    def has(self, item: PromptItem) -> bool:
        """Whether the sound of a prompt is there."""
        return self._cache.path(self._key(item)) is not None

    def forget(self, older_than_s: float, keep: Iterable[PromptItem], now_s: float) -> int:
        """Remove sounds and texts older than that, but those of `keep`; gives how many. They may name callers."""
        kept = {self._key(item) for item in keep}
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
        """End the voices' processes."""
        self._book.close()

    def _make(self, item: PromptItem) -> Path | None:
        """The sound by the voice that was asked for, or else by the house voice."""
        voice, own = self._spoken(item)
        house = self._book.house.voice
        for speaker, said in ((voice, own), (house, replace(item, voice="", voice_name=None))):
            if self._rests(speaker) and speaker is not house:
                continue
            report = self._cache.ensure([said], speaker)
            if said in report.keys:
                return self._cache.path(report.keys[said])
            for failure in report.failures:
                log.error("The voice %s failed and rests for %d s: %s", speaker.name, REST_S, failure.reason)
                self._rests_until[speaker.name] = self._clock_s() + REST_S
            if speaker is house:
                break
        return None

    def _rests(self, voice: Voice) -> bool:
        return self._clock_s() < self._rests_until.get(voice.name, 0.0)

    def _spoken(self, item: PromptItem) -> tuple[Voice, PromptItem]:
        """Who speaks a prompt, and the prompt as that voice is asked for it."""
        chosen = self._book.find(item.voice, item.language) or self._book.house
        return chosen.voice, replace(item, voice="", voice_name=chosen.voice_name or item.voice_name)

    def _by_voice(self, items: Iterable[PromptItem]) -> Iterable[tuple[Voice, dict[PromptItem, PromptItem]]]:
        """Items with what is asked for, by who speaks them: a voice may speak one language and not another."""
        found: dict[str, tuple[Voice, dict[PromptItem, PromptItem]]] = {}
        for item in items:
            voice, own = self._spoken(item)
            found.setdefault(voice.name, (voice, {}))[1][item] = own
        return found.values()

    def _key(self, item: PromptItem) -> str:
        voice, own = self._spoken(item)
        return prompt_key(own, voice.name)

    def _asked(self, key: str) -> PromptItem | None:
        if not key.isalnum():
            return None
        try:
            said = json.loads(self._text_file(key).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return PromptItem(text=said["text"], language=said["language"], voice=said.get("voice", ""))

    def _write_down(self, key: str, item: PromptItem) -> None:
        file = self._text_file(key)
        if file.exists():
            return
        self._texts.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
        said = {"text": item.text, "language": item.language, "voice": item.voice}
        part.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        part.replace(file)

    def _text_file(self, key: str) -> Path:
        return self._texts / f"{key}.json"


def _item(text: str, language: str, voice: str) -> PromptItem:
    return PromptItem(text=text, language=language, voice="" if voice == HOUSE else voice)


def _told(progress: Callable[[int, int], None], before: int, total: int, done: int, _of: int) -> None:
    progress(before + done, total)
