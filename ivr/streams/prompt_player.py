"""The prompts of a live stream on their way to the caller: what is queued, what was sent, what has been heard.

The clock is the caller's own sound: while a second of it comes in, a second of ours is played. Marks before and after
each prompt tell exactly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ivr.streams.commands import SendMark, SendSound
from telephony.media import MULAW_BYTES_A_SECOND
from telephony.verbs import Play, Prompt, Say

FRAME_BYTES = 160
_SILENCE = b"\xff"
_BYTES_A_MS = MULAW_BYTES_A_SECOND // 1000

AHEAD_MS = 2_000
"""Never more sound than this is at the carrier: enough for any jitter, little to throw away."""

FULL_MS = 5_000
"""Voiced sound that waits here before the voice is asked to wait."""

MARK_OVERDUE_MS = 3_000
"""A carrier that has played everything by the clock and still owes the mark has lost it."""

CAPTION_LENGTH = 300


@dataclass(frozen=True, kw_only=True)
class QueuedPrompt:
    """A prompt with its number in the stream. `place` is its place among the turn's prompts, None for a filler."""

    seq: int
    prompt: Prompt
    place: int | None

    @property
    def must_hear(self) -> bool:
        """Whether nothing interrupts it."""
        return isinstance(self.prompt, Say | Play) and self.prompt.must_hear


@dataclass(frozen=True, kw_only=True)
class Interruption:
    """Where a caller interrupted: the prompt's place in its turn, from 0, and how much of it was heard."""

    place: int | None
    after_ms: int


class PromptPlayer:
    """Everything said in one stream. `captions` puts a prompt's text into its first mark."""

    def __init__(self, *, captions: bool = False) -> None:
        self._captions = captions
        self._clock_ms = 0.0
        self._seq = 0
        self._open: dict[int, QueuedPrompt] = {}
        self._waiting: deque[QueuedPrompt] = deque()
        self._voicing: QueuedPrompt | None = None
        self._out: deque[SendSound | SendMark] = deque()
        self._out_bytes = 0
        self._ahead_bytes = 0
        self._sent_bytes = 0
        self._sent_at_mark: dict[str, int] = {}
        self._begun: tuple[int, float] | None = None
        self._overdue_ms = 0.0

    @property
    def is_speaking(self) -> bool:
        """Whether anything queued has not been heard to its end."""
        return bool(self._open)

    @property
    def is_asking(self) -> bool:
        """Like `is_speaking`, fillers left out."""
        return any(queued.place is not None for queued in self._open.values())

    @property
    def current(self) -> QueuedPrompt | None:
        """The prompt that is heard now, or is the next to be."""
        return next(iter(self._open.values()), None)

    @property
    def has_waiting(self) -> bool:
        """Whether a prompt waits for the voice."""
        return bool(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether the voice is far enough ahead."""
        return self._out_bytes >= FULL_MS * _BYTES_A_MS

    def queue(self, prompts: Iterable[tuple[Prompt, int | None]]) -> None:
        """Prompts, each with its place, to be said after what is queued."""
        for prompt, place in prompts:
            self._seq += 1
            queued = QueuedPrompt(seq=self._seq, prompt=prompt, place=place)
            self._open[queued.seq] = queued
            self._waiting.append(queued)

    def next_prompt(self) -> QueuedPrompt | None:
        """The next prompt for the voice, whose sound follows by `sound` until `voiced`."""
        if not self._waiting:
            return None
        self._voicing = self._waiting.popleft()
        caption = getattr(self._voicing.prompt, "text", "")[:CAPTION_LENGTH] if self._captions else ""
        self._out.append(SendMark(name=f"b{self._voicing.seq} {caption}".rstrip()))
        return self._voicing

    def sound(self, seq: int, payload: bytes) -> bool:
        """More sound of the prompt being voiced; False when it is not wanted any more."""
        if self._voicing is None or self._voicing.seq != seq:
            return False
        reply = self._voicing.place is not None
        for at in range(0, len(payload), FRAME_BYTES):
            frame = payload[at : at + FRAME_BYTES].ljust(FRAME_BYTES, _SILENCE)
            self._out.append(SendSound(payload=frame, reply=reply))
            self._out_bytes += FRAME_BYTES
        return True

    def voiced(self, seq: int) -> None:
        """The prompt's sound is complete."""
        if self._voicing is not None and self._voicing.seq == seq:
            self._voicing = None
            self._out.append(SendMark(name=f"e{seq}"))

    def elapsed(self, ms: float) -> None:
        """So much of the caller's sound came in."""
        self._clock_ms += ms
        self._ahead_bytes = max(0, self._ahead_bytes - round(ms * _BYTES_A_MS))
        all_sent = self._open and not (self._waiting or self._voicing or self._out or self._ahead_bytes)
        self._overdue_ms = self._overdue_ms + ms if all_sent else 0.0
        if self._overdue_ms >= MARK_OVERDUE_MS:
            self._forget_all()

    def take(self) -> list[SendSound | SendMark]:
        """What may be sent now."""
        taken: list[SendSound | SendMark] = []
        while self._out:
            first = self._out[0]
            if isinstance(first, SendMark):
                self._sent_at_mark[first.name.partition(" ")[0]] = self._sent_bytes
            elif self._ahead_bytes >= AHEAD_MS * _BYTES_A_MS:
                break
            else:
                for_bytes = len(first.payload)
                self._ahead_bytes += for_bytes
                self._sent_bytes += for_bytes
                self._out_bytes -= for_bytes
            taken.append(self._out.popleft())
        return taken

    def mark(self, name: str) -> None:
        """A mark came back. One of something that was cleared was not heard; one that is not ours means nothing."""
        name = name.partition(" ")[0]
        sent = self._sent_at_mark.pop(name, None)
        if sent is None:
            return
        self._ahead_bytes = min(self._ahead_bytes, self._sent_bytes - sent)
        seq = int(name[1:])
        if name.startswith("b"):
            self._begun = (seq, self._clock_ms)
            return
        for earlier in [other for other in self._open if other <= seq]:
            del self._open[earlier]

    def interrupt(self) -> Interruption | None:
        """Throw away what was not heard yet, but for prompts that must be: they are said again from their beginning.

        None, and nothing happens, while nothing is said or the prompt that is heard now is one of those.
        """
        current = self.current
        if current is None or current.must_hear:
            return None
        begun = self._begun if self._begun is not None and self._begun[0] == current.seq else None
        after_ms = 0 if begun is None else round(self._clock_ms - begun[1])
        left = [queued for queued in self._open.values() if queued.must_hear]
        self._forget_all()
        for queued in left:
            self._seq += 1
            again = replace(queued, seq=self._seq)
            self._open[again.seq] = again
            self._waiting.append(again)
        return Interruption(place=current.place, after_ms=after_ms)

    def _forget_all(self) -> None:
        self._open.clear()
        self._waiting.clear()
        self._voicing = None
        self._out.clear()
        self._out_bytes = self._ahead_bytes = 0
        self._sent_at_mark.clear()
        self._begun = None
        self._overdue_ms = 0.0
