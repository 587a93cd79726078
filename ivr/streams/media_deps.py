"""What a media server needs, as values; whoever starts it fills it in once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from audio.hearing.ears import Ears
from audio.hearing.speech_events import Activity
from audio.speaking.speaker import Speaker
from ivr.deps import Deps
from ivr.streams import doors as house_doors
from ivr.streams.doorway import Doors


def _nobody(_port: int) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class MediaDeps:
    """Everything a media server needs.

    Attributes:
        calls: what the calls of this process need; its provider signs and speaks for the streams.
        make_activity: a new follower of one caller's sound.
        bind: host and port; port 0 takes a free one.
        path: where streams connect, without a query.
        audio_dir: where the sound files lie that flows name themselves; None for none.
        captions: tell the carrier in marks what is said. For a simulated one only.
        name: of this server, among those that beat.
        languages: primary subtags of which the room is told.
        doors: what is asked of the house; `ivr.streams.doors`.
        on_ready: told the port once streams can connect.
        filler_after_s: silence of ours, in the caller's sound, after which one who waits hears something.
        filler_again_s: silence after that until the caller hears something again.
        silent_after_s: wall time without any message after which a stream is given up.
        start_within_s: wall time a connection has to say which stream it is.
    """

    calls: Deps
    ears: Ears
    make_activity: Callable[[], Activity]
    speaker: Speaker
    bind: tuple[str, int] = ("127.0.0.1", 0)
    path: str = "/voice/stream"
    audio_dir: Path | None = None
    captions: bool = False
    name: str = "media"
    languages: tuple[str, ...] = ("en", "zh", "ko")
    doors: Doors = field(default=house_doors)
    on_ready: Callable[[int], None] = _nobody
    filler_after_s: float = 1.5
    filler_again_s: float = 1.8
    silent_after_s: float = 60.0
    start_within_s: float = 10.0
