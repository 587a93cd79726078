"""`<Start><Stream>`: a copy of the call's sound goes to the app while the call goes on; nothing comes back."""

import asyncio

from simulator.carrier import Carrier
from simulator.clock import VirtualClock
from simulator.legs import Leg
from simulator.mu_law import FRAME_S
from simulator.sids import new_sid
from simulator.streams.complaints import Complaints
from simulator.streams.messages import CONNECTED, Writer
from simulator.streams.order import StreamOrder
from simulator.streams.socket import CONGESTED, StreamRefusedError, StreamSocket, open_wire
from simulator.streams.status import tell_status
from simulator.streams.track import Track

PROTOCOL_ERROR = 31924
_VIRTUAL_SPEED = 20
# A bidirectional stream lays its sound down frame by frame, so a copy of it is read a little later.
_BEHIND_S = 0.06


class Fork:
    """One unidirectional stream. It follows the leg's sound as an ear of it, until it is stopped or the call ends."""

    def __init__(self, carrier: Carrier, leg: Leg, order: StreamOrder) -> None:
        self.order = order
        self.stream_sid = new_sid("MZ")
        self._carrier = carrier
        self._leg = leg
        self._clock = carrier.clock
        self._writer = Writer(leg.call.account_sid, leg.call.sid, self.stream_sid)
        self._complaints = Complaints(carrier, leg, order.url)
        self._tracks = {track: Track() for track in order.tracks}
        self._stopped = False

    def begin(self) -> None:
        """Go on beside the call."""
        self._leg.ears.append(self)
        self._leg.at_end.append(self.stop)
        self._carrier.spawn(self._run())

    def stop(self) -> None:
        """`<Stop>`, or the end of the call."""
        self._stopped = True

    @property
    def is_live(self) -> bool:
        return not self._stopped

    def say(self, at_s: float, sound: bytes) -> None:
        if "inbound" in self._tracks:
            self._tracks["inbound"].lay(at_s, sound)

    def hear(self, at_s: float, sound: bytes) -> None:
        if "outbound" in self._tracks:
            self._tracks["outbound"].lay(at_s, sound)

    def cut(self, at_s: float) -> None:
        if "outbound" in self._tracks:
            self._tracks["outbound"].cut(at_s)

    async def _run(self) -> None:
        try:
            wire = await open_wire(self._carrier, self.order.url)
        except StreamRefusedError as refused:
            self._complaints.make(refused.code, str(refused))
            self._tell("failed", "stream-error", str(refused), refused.code)
            self._leave()
            return
        socket = StreamSocket(wire, lambda _text: self._refuse(), self._refuse, lambda: None)
        socket.send(CONNECTED)
        socket.send(self._writer.start(self.order.tracks, self.order.parameters))
        self._tell("began", "stream-started")
        try:
            await self._flow(socket)
            socket.send(self._writer.stop())
            await socket.close()
        finally:
            why = "stopped" if self._stopped else "closed by the app"
            socket.abandon()
            self._leave()
            self._tell("ended", "stream-stopped", why)

    async def _flow(self, socket: StreamSocket) -> None:
        begun_s, number = self._clock.elapsed_s(), 0
        while not self._stopped and not socket.over.done():
            at_s = begun_s + number * FRAME_S
            await self._clock.sleep(at_s + FRAME_S - self._clock.elapsed_s())
            if isinstance(self._clock, VirtualClock):
                with self._clock.busy():
                    await asyncio.sleep(FRAME_S / _VIRTUAL_SPEED)
            if socket.is_congested:
                self._complaints.make(CONGESTED, "The app does not read; sound for it is discarded.")
            else:
                for name, track in self._tracks.items():
                    socket.send(self._writer.media(name, number * 20, track.frame(at_s - _BEHIND_S)))
            number += 1

    def _refuse(self) -> None:
        self._complaints.make(PROTOCOL_ERROR, "A stream that was begun with Start takes no messages.")

    def _leave(self) -> None:
        self._stopped = True
        if self in self._leg.ears:
            self._leg.ears.remove(self)

    def _tell(self, state: str, event: str, why: str = "", code: int | None = None) -> None:
        # The phone's holder does not notice a copy: it is no stream of theirs, only the debugger's and the callback's.
        self._leg.phone.emit("fork", state=state, stream_sid=self.stream_sid, name=self.order.name, code=code, why=why)
        error = why if event == "stream-error" else None
        tell_status(self._carrier, self._leg.call, self.order, self.stream_sid, event, error)
