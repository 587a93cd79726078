"""Sounds of the last minutes, in memory and nowhere else: fresh ones may name a caller."""

from __future__ import annotations

from collections import OrderedDict

_OVERHEAD_BYTES = 200


class SoundMemory:
    """The most recently used sounds by key, as many as fit. For one thread.

    Args:
        limit_bytes: more than this is never kept; a minute of speech takes 480,000.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._sounds: OrderedDict[str, bytes] = OrderedDict()
        self.size_bytes = 0

    def get(self, key: str) -> bytes | None:
        """The sound, now the most recently used one; None when it is not there."""
        sound = self._sounds.get(key)
        if sound is not None:
            self._sounds.move_to_end(key)
        return sound

    def put(self, key: str, sound: bytes) -> None:
        """Keep a sound; the ones unused for longest go. One that would take half of the memory is not kept."""
        if len(sound) > self._limit_bytes // 2:
            return
        self._drop(key)
        self._sounds[key] = sound
        self.size_bytes += len(sound) + _OVERHEAD_BYTES
        while self.size_bytes > self._limit_bytes:
            self._drop(next(iter(self._sounds)))

    def __len__(self) -> int:
        return len(self._sounds)

    def _drop(self, key: str) -> None:
        sound = self._sounds.pop(key, None)
        if sound is not None:
            self.size_bytes -= len(sound) + _OVERHEAD_BYTES
