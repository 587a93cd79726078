"""The sound of somebody at work."""

from __future__ import annotations

from audio.codecs import mulaw
from audio.loudness import peak_dbfs
from audio.speaking.frames import FRAME_BYTES
from audio.speaking.waiting_tone import waiting_tone


def test_the_tone_is_short_soft_and_whole_frames() -> None:
    tone = waiting_tone()
    assert len(tone) % FRAME_BYTES == 0
    assert 0.3 <= len(tone) / 8000 <= 0.5
    assert -32 < peak_dbfs(mulaw.decode(tone)) < -20
