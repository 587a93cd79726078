"""The network for tests: a carrier in a thread of its own, driven by plain function calls."""

import asyncio
import tempfile
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from simulator.calls import Call
from simulator.carrier import Carrier, CarrierSettings
from simulator.clock import Clock, make_clock, new_loop
from simulator.errors import SimulatorError
from simulator.expectations import Expectations
from simulator.faults import Fault, Faults
from simulator.handset import Handset
from simulator.incoming import dial_in
from simulator.ledger_counts import LedgerCounts, count, read
from simulator.local_line import LocalLine
from simulator.notifications import Notification
from simulator.people import People
from simulator.phone_numbers import PhoneNumber
from simulator.request_log import RequestLog
from simulator.runner import Result, play
from simulator.scenario import Scenario, as_scenario
from simulator.server import CarrierServer, ServerSettings
from simulator.streams.voices import StreamVoice
from simulator.texting import receive
from simulator.voicemail import Voicemail

T = TypeVar("T")
PATIENCE_S = 60.0


class SimulatedNetwork:
    """A pretended telephone network.

        with SimulatedNetwork("AC" + "1" * 32, "token") as net:
            net.add_number("+862155550100", voice_url="http://127.0.0.1:5000/voice")
            phone = net.call(to="+862155550100", from_="+8613800138000")
            phone.hear("welcome")
            phone.press("1")

    With the virtual clock, call time passes only while the test waits in a method of a phone. It begins at `starts_at`
    (aware), by default now. Typed words are written into the sound of streams (`stream_voice="data"`) or synthesized.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        clock: str = "virtual",
        data_dir: Path | None = None,
        port: int = 0,
        calls_per_second: float | None = None,
        bins: dict[str, Path] | None = None,
        starts_at: datetime | None = None,
        stream_voice: str = "data",
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self._clock: Clock = make_clock(clock, starts_at=starts_at)
        self._temporary = tempfile.TemporaryDirectory(prefix="network-") if data_dir is None else None
        folder = data_dir if data_dir is not None else Path(self._temporary.name if self._temporary else ".")
        self._carrier_settings = CarrierSettings(
            account_sid=account_sid,
            auth_token=auth_token,
            data_dir=folder,
            calls_per_second=calls_per_second,
            stream_voice=StreamVoice(stream_voice),
        )
        self._server_settings = ServerSettings(port=port, bins=bins or {})
        self._loop = new_loop(self._clock)
        self._thread = threading.Thread(target=self._loop.run_forever, name="simulated-network", daemon=True)
        self.carrier: Carrier
        self._server: CarrierServer
        self.base_url = ""

    def __enter__(self) -> "SimulatedNetwork":
        self._thread.start()
        self.base_url = self._run(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._run(self._server.stop())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)
            self._loop.close()
            if self._temporary is not None:
                self._temporary.cleanup()

    async def _start(self) -> str:
        self.carrier = Carrier(self._carrier_settings, self._clock)
        self._server = CarrierServer(self.carrier, self._server_settings)
        address = await self._server.start()
        self.carrier.settings.public_url = address
        return address

    def _run(self, work: Coroutine[Any, Any, T], timeout_s: float | None = PATIENCE_S) -> T:
        """Run `work` in the carrier's loop and wait for its result; `timeout_s` is real time."""
        done: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return done.result(timeout_s)
        except TimeoutError:
            done.cancel()
            raise SimulatorError(f"The simulated network did not answer within {timeout_s} s.") from None

    def keep_step(self, hook: Callable[[str, int], Awaitable[None]] | None) -> None:
        """The virtual clock waits in streams: `hook(stream_sid, frames_sent)` is awaited after every 20 ms.

        `simulator.streams.lockstep.in_step_with` makes one for a media server that counts.
        """
        self.carrier.stream_lockstep = hook

    def now(self) -> datetime:
        """The present moment of call time, aware, UTC; an application may take it for its clock."""
        return self._clock.now()

    @contextmanager
    def time_standing(self) -> Iterator[None]:
        """No call time passes while the block runs; for work beside the calls that a test waits for. Any thread."""
        self._loop.call_soon_threadsafe(self._clock.hold)
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._clock.release)

    @property
    def faults(self) -> Faults:
        return self.carrier.faults

    @property
    def people(self) -> People:
        return self.carrier.people

    @property
    def requests(self) -> RequestLog:
        """Every webhook that was sent, with address, parameters and headers."""
        return self.carrier.requests

    @property
    def notifications(self) -> list[Notification]:
        return list(self.carrier.notifications)

    @property
    def calls(self) -> list[Call]:
        return list(self.carrier.calls)

    @property
    def ledger(self) -> LedgerCounts:
        """What the carrier has counted so far."""
        return count(read(self.carrier.ledger.path))

    @property
    def voicemails(self) -> list[Voicemail]:
        """What was left on answering machines."""
        return list(self.carrier.voicemails)

    def fault(self, kind: str, **settings: Any) -> Fault:
        """Set a fault; the kinds are those of FaultKind."""
        return self.carrier.faults.add(kind, **settings)

    def add_number(self, phone_number: str, **settings: Any) -> PhoneNumber:
        """Own a number: voice_url, voice_fallback_url (or fallback_url), status_callback, sms_url and the methods."""
        if "fallback_url" in settings:
            settings["voice_fallback_url"] = settings.pop("fallback_url")
        number = self.carrier.numbers.add(phone_number, self._clock.now(), **settings)
        self.carrier.journal.write_numbers(self.carrier.numbers)
        return number

    def call(self, *, to: str, from_: str = "+8613800138000", language: str | None = None) -> Handset:
        """Dial, and hold the phone."""

        async def dial() -> Handset:
            leg = dial_in(self.carrier, to=to, from_=from_, language=language, attended=True)
            return Handset(self.carrier, leg, self._run)

        return self._run(dial())

    def next_ring(self, number: str, within_s: float = PATIENCE_S) -> Handset:
        """Wait (real time) for the phone of an `attended` person to ring, and hold it."""

        async def wait() -> Handset:
            while True:
                for leg in self.carrier.legs.values():
                    ringing = leg.phone.summary()["state"] == "ringing" and leg.phone.events
                    if leg.phone.number == number and leg.role == "callee" and ringing:
                        return Handset(self.carrier, leg, self._run)
                await asyncio.sleep(0.005)

        return self._run(wait(), within_s)

    def play(self, scenario: Scenario | dict[str, Any] | str | Path, inside: Expectations | None = None) -> Result:
        """Play a scenario: a Scenario, a mapping, YAML text or the path of a file."""
        return self._run(play(as_scenario(scenario), LocalLine(self.carrier), inside), timeout_s=None)

    def run_many(
        self,
        count: int,
        scenario: Scenario | dict[str, Any] | str | Path,
        *,
        at_once: int = 50,
        inside: Expectations | None = None,
        caller: str = "+8613{:09d}",
    ) -> list[Result]:
        """Play a scenario `count` times, `at_once` of them at a time, each from a caller number of its own."""
        parsed = as_scenario(scenario)

        async def one(number: int, gate: asyncio.Semaphore) -> Result:
            async with gate:
                spec = parsed.call.model_copy(update={"from_": caller.format(number)})
                own = Scenario(name=f"{parsed.name} #{number}", call=spec, steps=parsed.steps, expect=parsed.expect)
                return await play(own, LocalLine(self.carrier), inside)

        async def all_of_them() -> list[Result]:
            gate = asyncio.Semaphore(at_once)
            return list(await asyncio.gather(*(one(number, gate) for number in range(1, count + 1))))

        return self._run(all_of_them(), timeout_s=None)

    def text(self, *, to: str, from_: str, body: str) -> str:
        """A person texts one of our numbers; the message's SID."""

        async def send() -> str:
            return receive(self.carrier, to=to, from_=from_, body=body).sid

        return self._run(send())

    def settle(self, within_s: float = PATIENCE_S) -> None:
        """Wait (real time) until no call, callback or message is on its way. Live calls keep a network unsettled."""
        self._run(self.carrier.settled(), within_s)

    @contextmanager
    def in_trouble(self, kind: str, **settings: Any) -> Iterator[Fault]:
        """A fault for the length of a block."""
        fault = self.fault(kind, **settings)
        try:
            yield fault
        finally:
            self.carrier.faults.remove(fault.id)
