"""The app's side of a bidirectional stream: what it sends is played, marked and cleared."""

from collections.abc import Callable

from simulator.clock import Clock
from simulator.mu_law import FRAME_S
from simulator.streams.complaints import Complaints
from simulator.streams.hearing import Hearing
from simulator.streams.messages import (
    BINARY_MESSAGE,
    ClearBuffer,
    MarkToReturn,
    MediaToPlay,
    StreamMessageError,
    Writer,
    read,
)
from simulator.streams.play_buffer import LONGEST_S, PlayBuffer
from simulator.streams.socket import CONGESTED


class Playing:
    """Takes the app's messages as they come, and plays 20 ms at a time."""

    def __init__(self, hearing: Hearing, writer: Writer, complaints: Complaints, clock: Clock) -> None:
        self._hearing = hearing
        self._writer = writer
        self._complaints = complaints
        self._clock = clock
        self._buffer = PlayBuffer()
        self.send: Callable[[str], None] = lambda _message: None
        """Where marks go back to; set when the socket is open."""

    def play(self, begin_s: float) -> None:
        """The 20 ms of call time that began at `begin_s`."""
        played = self._buffer.play()
        self._hearing.play(played.sound, begin_s)
        for name in played.reached:
            self._hearing.reach(name, begin_s + FRAME_S)
            self.send(self._writer.mark(name))

    def take_text(self, text: str) -> None:
        """A message of the app."""
        try:
            message = read(text, self._writer.stream_sid)
        except StreamMessageError as error:
            self._complaints.make(error.code, str(error))
            return
        match message:
            case MediaToPlay(payload=payload):
                if not self._buffer.add(payload):
                    sentence = f"More than {LONGEST_S:g} s of sound wait to be played; what is above is discarded."
                    self._complaints.make(CONGESTED, sentence)
            case MarkToReturn(name=name):
                for reached in self._buffer.mark(name):
                    self._hearing.reach(reached, self._clock.elapsed_s())
                    self.send(self._writer.mark(reached))
            case ClearBuffer():
                for thrown_away in self._buffer.clear():
                    self.send(self._writer.mark(thrown_away))
                self._hearing.clear(self._clock.elapsed_s())

    def take_binary(self) -> None:
        """A message that is none."""
        self._complaints.make(BINARY_MESSAGE, "The app sent a binary message; text is wanted.")
