"""The carrier: what it knows of its one account, and the beginning and end of every leg."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.calls import Call, CallBook, CallStatus
from simulator.clock import Clock
from simulator.faults import Faults
from simulator.journal import Journal
from simulator.ledger import Ledger, LedgerEvent
from simulator.legs import HungUp, Leg
from simulator.messages import MessageBook
from simulator.notifications import NotificationLog
from simulator.people import People
from simulator.phone_numbers import NumberBook
from simulator.phones import Phone
from simulator.queues import QueueBook
from simulator.recordings import RecordingShelf
from simulator.reports import Reports
from simulator.request_log import RequestLog
from simulator.sids import new_sid
from simulator.sound import KnownSound
from simulator.streams.tickets import Tickets
from simulator.streams.voices import StreamVoice
from simulator.webhooks import Webhooks

if TYPE_CHECKING:
    from simulator.voicemail import Voicemail

# A call may last four hours unless its TimeLimit says less. Source: Calls API, TimeLimit.
LONGEST_CALL_S = 14_400.0
PHONES_KEPT = 5_000


@dataclass(kw_only=True)
class CarrierSettings:
    """What one carrier process is told. `calls_per_second` None: creates are not paced (Twilio's default is 1).

    `stream_voice` is how typed words sound in a stream; `line_noise_db` None: streams do not hiss, else speech is so
    far above the noise.
    """

    account_sid: str
    auth_token: str
    data_dir: Path
    public_url: str = "http://127.0.0.1:8081"
    calls_per_second: float | None = None
    stream_voice: StreamVoice = StreamVoice.SPEECH
    line_noise_db: float | None = None


class Carrier:
    """The whole network of one account. All of it lives in one event loop."""

    def __init__(self, settings: CarrierSettings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.calls = CallBook()
        self.numbers = NumberBook()
        self.messages = MessageBook()
        self.queues = QueueBook()
        self.recordings = RecordingShelf(settings.data_dir / "recordings")
        self.notifications = NotificationLog()
        self.faults = Faults()
        self.people = People()
        self.requests = RequestLog()
        self.webhooks = Webhooks(settings.auth_token, clock, self.faults, self.requests)
        self.reports = Reports(self.webhooks, clock, self.faults, self.notifications, self.spawn)
        self.journal = Journal(settings.data_dir)
        self.ledger = Ledger(settings.data_dir)
        self.voicemails: list[Voicemail] = []
        self.ringing_back: set[str] = set()
        self.legs: dict[str, Leg] = {}
        self.phones: dict[str, Leg] = {}
        self.sounds: dict[str, KnownSound] = {}
        self.stream_lockstep: Callable[[str, int], Awaitable[None]] | None = None
        """Awaited after each frame of a stream on the virtual clock, with its SID and how many frames were sent."""
        self.tickets = Tickets()
        self.next_create_at_s = 0.0
        self._tasks: set[asyncio.Task[Any]] = set()
        self.crashes: list[BaseException] = []
        self.journal.read_numbers(self.numbers)
        self._remember_calls()

    def _remember_calls(self) -> None:
        """Take over the calls of an earlier carrier; those it left live ended with it, and the books say so."""
        now = self.clock.now()
        self.ledger.started(self.clock.book_time())
        for call, was_live in self.journal.read_calls(now):
            self.calls.add(call)
            if was_live:
                self.journal.write_call(call)
                self.note(LedgerEvent.END, call, status=call.status, lost=True)

    def note(self, event: LedgerEvent, call: Call, **more: Any) -> None:
        """Write a line of the ledger."""
        self.ledger.note(event, call, self.clock.book_time(), **more)

    async def close(self) -> None:
        """Stop all calls at once, telling nobody: the plug is pulled."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.webhooks.close()
        self.journal.close()
        self.ledger.close()

    def spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Run `work` beside everything else; a crash in it is kept for whoever asks."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def settled(self) -> None:
        """Wait, in real time, until nothing is on its way any more; whoever holds a phone listens on meanwhile."""
        with self.all_resting():
            while self._tasks:
                await asyncio.sleep(0.005)

    @contextmanager
    def all_resting(self) -> Iterator[None]:
        """For the length of a block, no phone that is held now keeps virtual time from passing.

        One test holds many phones; while it waits at one of them it thinks at none.
        """
        with ExitStack() as resting:
            for leg in list(self.legs.values()):
                resting.enter_context(leg.phone.resting())
            yield

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.crashes.append(error)
            asyncio.get_running_loop().call_exception_handler(
                {"message": "A call of the simulated carrier crashed.", "exception": error, "task": task}
            )

    def open_leg(
        self,
        call: Call,
        *,
        role: str,
        number: str,
        language: str | None = None,
        attended: bool = False,
    ) -> Leg:
        """Register a call and the phone at its end; `role` is caller or callee, `number` whose phone it is."""
        phone = Phone(new_sid("PH"), number, self.clock, language=language, attended=attended)
        phone.call_sid = call.sid
        leg = Leg(call, phone, self.clock, role)
        self.calls.add(call)
        self.legs[call.sid] = leg
        self.phones[phone.id] = leg
        self._forget_old_phones()
        self.note(LedgerEvent.CREATE, call)
        self.journal.write_call(call)
        return leg

    def _forget_old_phones(self) -> None:
        """Keep what was heard on the last phones only: a soak of a million calls must not fill the memory."""
        if len(self.phones) > PHONES_KEPT:
            over = [phone_id for phone_id, leg in self.phones.items() if leg.phone.over]
            for phone_id in over[: PHONES_KEPT // 10]:
                del self.phones[phone_id]

    def limit(self, leg: Leg, seconds: float) -> None:
        """Cut the call off after `seconds` of talk."""
        seconds = min(seconds, LONGEST_CALL_S)
        leg.limit = self.clock.call_later(seconds, lambda: leg.interrupt(HungUp("carrier", "time limit")))

    def answer(self, leg: Leg) -> None:
        """The call is picked up; a second answer changes nothing."""
        call = leg.call
        if call.answered is not None:
            return
        call.answered = call.started = self.clock.now()
        call.status = CallStatus.IN_PROGRESS
        leg.phone.emit("answered")
        self.note(LedgerEvent.ANSWER, call)
        self.journal.write_call(call)
        self.reports.status(call, "answered")

    def finish(self, leg: Leg, end: HungUp, status: CallStatus | None = None) -> None:
        """Give the call its final state and tell who wants to know. A call ends once."""
        call = leg.call
        if call.status.final:
            return
        call.status = CallStatus.COMPLETED if call.answered else status or end.status or CallStatus.NO_ANSWER
        call.ended = self.clock.now()
        call.started = call.started or call.created
        if call.answered is None and call.sip_code == 200:
            call.sip_code = {CallStatus.BUSY: 486, CallStatus.FAILED: 503}.get(call.status, 487)
        self.legs.pop(call.sid, None)
        if leg.limit is not None:
            leg.limit.cancel()
        leg.phone.emit("hangup", by=end.by, reason=end.reason, status=call.status.value)
        for end_with_call in leg.at_end:
            end_with_call()
        self.note(LedgerEvent.END, call, status=call.status)
        self.reports.status(call, "completed")
        self.journal.write_call(call)

    def complain(self, leg: Leg, code: int, detail: str, **request: str) -> None:
        """Note what the app did wrong, where Twilio's debugger would show it."""
        entry = self.notifications.add(code, detail, self.clock.now(), call_sid=leg.call.sid, **request)
        leg.phone.emit("notification", code=code, message=f"{entry.message}: {detail}", warning=entry.log == 1)
