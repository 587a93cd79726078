"""`<Connect><Stream>`: the call's sound goes both ways through the app until the app closes the socket."""

import asyncio
from collections import deque
from typing import Any

from simulator.carrier import Carrier
from simulator.clock import VirtualClock
from simulator.errors import SimulatorError
from simulator.faults import FaultKind
from simulator.legs import Input, Key, Leg, Signal, Sound, Speech
from simulator.mu_law import FRAME_S, decode
from simulator.sids import new_sid
from simulator.streams.complaints import Complaints
from simulator.streams.hearing import Hearing
from simulator.streams.line_trouble import Frame, LineTrouble
from simulator.streams.messages import CONNECTED, Writer
from simulator.streams.mouth import SILENT_FRAME, Mouth, SpokenFrame
from simulator.streams.noise import LineNoise
from simulator.streams.order import StreamOrder
from simulator.streams.playing import Playing
from simulator.streams.socket import CONGESTED, StreamRefusedError, StreamSocket, open_wire
from simulator.streams.status import tell_status

CLOSE_ERROR, BROKEN_PIPE = 31921, 31903
_WELL_CLOSED = frozenset({1000, 1001, 1005})
KEY_EVERY_S = 0.1
_LATE_FRAMES = 5
# Where no test sets the pace, virtual time passes at this many times real time while a stream is open.
_VIRTUAL_SPEED = 20
# In real time: a media server that is stuck must not hang a test for ever.
_LOCKSTEP_PATIENCE_S = 60.0
_INSTANT_S = 1e-6


class LiveStream:
    """One bidirectional stream of one leg."""

    def __init__(self, carrier: Carrier, leg: Leg, order: StreamOrder) -> None:
        self._carrier = carrier
        self._leg = leg
        self._order = order
        self._clock = carrier.clock
        self.stream_sid = new_sid("MZ")
        self._writer = Writer(leg.call.account_sid, leg.call.sid, self.stream_sid)
        self._mouth = Mouth()
        self._hearing = Hearing(leg=leg)
        self._complaints = Complaints(carrier, leg, order.url)
        self._playing = Playing(self._hearing, self._writer, self._complaints, carrier.clock)
        self._trouble = LineTrouble(carrier.faults, leg.call)
        noise_db = carrier.settings.line_noise_db
        self._noise = LineNoise(noise_db) if noise_db is not None else None
        self._keys: deque[str] = deque()
        self._next_key_s = 0.0
        self._frames_sent = 0
        self._begun_s = 0.0
        self._abandoned = False
        self._socket: StreamSocket

    async def run(self) -> None:
        """Stay until the app closes the socket. Raises Signal when the call ends or moves on."""
        try:
            self._socket = await self._leg.until(self._open())
        except StreamRefusedError as refused:
            self._complaints.make(refused.code, str(refused))
            self._tell("failed", "stream-error", str(refused), refused.code)
            return
        except Signal:
            self._abandoned = True
            raise
        await self._talk()

    async def _open(self) -> StreamSocket:
        if self._carrier.faults.take(FaultKind.STREAM_REFUSED, self._leg.call, url=self._order.url) is not None:
            raise StreamRefusedError(31920, "The app answered 503 to the upgrade (pretended).")
        wire = await open_wire(self._carrier, self._order.url)
        opened = StreamSocket(wire, self._playing.take_text, self._playing.take_binary, self._leg.wake)
        self._playing.send = opened.send
        if self._abandoned:
            await opened.close()
        return opened

    async def _talk(self) -> None:
        self._begun_s = self._clock.elapsed_s()
        self._socket.send(CONNECTED)
        self._socket.send(self._writer.start(["inbound"], self._order.parameters))
        self._leg.stream = self
        self._tell("began", "stream-started")
        why = "the call went on"
        try:
            why = await self._flow()
            await self._socket.close()
        except Signal:
            await self._stop()
            raise
        finally:
            self._socket.abandon()
            self._leg.stream = None
            self._hearing.close(self._clock.elapsed_s())
            self._tell("ended", "stream-stopped", why)

    def _tell(self, state: str, event: str, why: str = "", code: int | None = None) -> None:
        self._leg.phone.emit("stream", state=state, stream_sid=self.stream_sid, code=code, why=why)
        error = why if event == "stream-error" else None
        tell_status(self._carrier, self._leg.call, self._order, self.stream_sid, event, error)

    async def _flow(self) -> str:
        """20 ms after 20 ms; says why it ended."""
        cut = self._carrier.faults.take(FaultKind.STREAM_CUT, self._leg.call, url=self._order.url)
        number = 0
        while not self._socket.over.done():
            number += 1
            begin_s = self._begun_s + (number - 1) * FRAME_S
            await self._pass_until(begin_s + FRAME_S)
            if cut is not None and number * FRAME_S > cut.seconds:
                await self._socket.cut()
                return "cut"
            self._playing.play(begin_s)
            self._speak(number, begin_s)
            await self._keep_step()
        return self._closed_by_app()

    def _closed_by_app(self) -> str:
        code = self._socket.over.result()
        if code == 1006:
            self._complaints.make(BROKEN_PIPE, "The socket broke without a word.")
            return "broken"
        if code not in _WELL_CLOSED:
            self._complaints.make(CLOSE_ERROR, f"The app closed the socket with {code}.")
        return "closed by the app"

    async def _pass_until(self, deadline_s: float) -> None:
        """Let call time pass, taking what the phone's holder does meanwhile; at once when the socket closes."""
        left_s = deadline_s - self._clock.elapsed_s()
        if left_s <= 0:
            # Behind the clock: still let the socket's tasks have their turn.
            await asyncio.sleep(0)
        while not self._socket.over.done():
            item = await self._leg.wait(max(0.0, left_s))
            left_s = deadline_s - self._clock.elapsed_s()
            if item is not None:
                self._take_input(item)
            elif left_s <= _INSTANT_S:
                return

    def _take_input(self, item: Input) -> None:
        if isinstance(item, Key):
            self._keys.append(item.digit)
        elif isinstance(item, Sound):
            self._mouth.say(item.samples)
        elif isinstance(item, Speech):
            self._mouth.say(item.sound)

    def _speak(self, number: int, begin_s: float) -> None:
        spoken = self._mouth.next_frame(self._leg.microphone)
        end_s = begin_s + FRAME_S
        if spoken.began:
            self._hearing.phone_speaks()
        if spoken.ended_ago_s is not None:
            self._hearing.phone_spoke(end_s - spoken.ended_ago_s)
        self._let_follow(spoken, begin_s)
        sound = self._noise.over(spoken.sound) if self._noise is not None else spoken.sound
        for frame in self._trouble.carry(Frame(sound=sound, at_ms=(number - 1) * 20)):
            self._send_sound(frame)
        if self._keys and self._clock.elapsed_s() >= self._next_key_s - _INSTANT_S:
            self._next_key_s = self._clock.elapsed_s() + KEY_EVERY_S
            self._hearing.phone_presses()
            self._socket.send(self._writer.key(self._keys.popleft()))

    def _let_follow(self, spoken: SpokenFrame, begin_s: float) -> None:
        if spoken.sound == SILENT_FRAME:
            return
        for ear in self._leg.ears:
            ear.say(begin_s, spoken.sound)
        if spoken.is_live:
            # What was queued lies on the tapes since it was pushed; a live voice is laid as it comes.
            for tape in self._leg.tapes:
                tape.say(begin_s, decode(spoken.sound))

    def _send_sound(self, frame: Frame) -> None:
        if self._socket.is_congested:
            self._complaints.make(CONGESTED, "The app does not read; sound for it is discarded.")
            return
        self._frames_sent += 1
        self._socket.send(self._writer.media("inbound", frame.at_ms, frame.sound))

    async def _keep_step(self) -> None:
        """On the virtual clock: as fast as the app works, where a test can tell; else at a pace that it can keep."""
        if not isinstance(self._clock, VirtualClock):
            return
        keep_step = self._carrier.stream_lockstep
        with self._clock.busy():
            if keep_step is None:
                await asyncio.sleep(FRAME_S / _VIRTUAL_SPEED)
                return
            done = asyncio.ensure_future(keep_step(self.stream_sid, self._frames_sent))
            either: set[asyncio.Future[Any]] = {done, self._socket.over}
            await asyncio.wait(either, timeout=_LOCKSTEP_PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
            if done.done():
                done.result()
                return
            done.cancel()
            if not self._socket.over.done():
                raise SimulatorError(f"The app did not finish frame {self._frames_sent} of a stream; it is stuck.")

    async def _stop(self) -> None:
        """The call is over or moves on: say so, and close."""
        self._socket.send(self._writer.stop())
        if self._carrier.faults.take(FaultKind.STREAM_LATE_MEDIA, self._leg.call) is not None:
            at_ms = round((self._clock.elapsed_s() - self._begun_s) * 1000)
            for number in range(_LATE_FRAMES):
                self._socket.send(self._writer.media("inbound", at_ms + 20 * number, SILENT_FRAME))
        with self._clock.busy():
            await self._socket.close()
