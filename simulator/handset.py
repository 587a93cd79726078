"""A phone held by a test: the conversation as plain function calls."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from simulator.carrier import Carrier
from simulator.conversation import PATIENCE_S, Conversation
from simulator.legs import Leg
from simulator.local_phone import LocalPhone
from simulator.phones import Event
from simulator.telling import audible

T = TypeVar("T")


class Handset:
    """What a person does with a phone. Every method waits in call time, never in real time, on the virtual clock."""

    def __init__(self, carrier: Carrier, leg: Leg, run: Callable[..., Any]) -> None:
        self._carrier = carrier
        self._leg = leg
        self._phone = LocalPhone(carrier, leg)
        self._conversation = Conversation(self._phone)
        self._run = run

    @property
    def call_sid(self) -> str:
        return self._leg.call.sid

    @property
    def events(self) -> list[Event]:
        """Everything that happened so far."""
        return list(self._leg.phone.events)

    @property
    def transcript(self) -> list[str]:
        """Every prompt heard so far."""
        return [audible(event) for event in self.events if event["kind"] in ("say", "play", "voice", "greeting")]

    @property
    def documents(self) -> list[str]:
        """Every TwiML document so far."""
        return [event["document"] for event in self.events if event["kind"] == "twiml"]

    @property
    def notifications(self) -> list[int]:
        """The codes of the carrier's complaints so far."""
        return [event["code"] for event in self.events if event["kind"] == "notification"]

    def of_kind(self, kind: str) -> list[Event]:
        return [event for event in self.events if event["kind"] == kind]

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` in the carrier's loop, however long it takes; the test's other phones rest meanwhile."""

        async def resting() -> T:
            with self._carrier.all_resting():
                return await work

        done: T = self._run(resting(), None)
        return done

    def answer(self) -> None:
        """Pick up a ringing phone."""
        self._run(self._phone.answer())

    def hear(self, *wanted: str, within_s: float = PATIENCE_S) -> str:
        """Wait until all of `wanted` was heard, in order; the text of the last prompt."""
        found = self._wait(self._conversation.hear(list(wanted), within_s))
        return audible(found[-1])

    def press(self, digits: str, *, early: bool = False) -> None:
        """Press keys when somebody listens for keys, or at once."""
        self._wait(self._conversation.press(digits, early=early))

    def say(
        self, text: str, confidence: float | None = 0.9, *, early: bool = False, wav: bytes | Path | None = None
    ) -> None:
        """Say words when somebody listens for speech, or at once; `wav` is how they sound on a recording."""
        data = wav.read_bytes() if isinstance(wav, Path) else wav
        self._wait(self._conversation.say(text, confidence, early=early, wav=data))

    def speak(self, wav: bytes | Path, text: str = "", *, early: bool = False) -> None:
        """Speak a WAV file into a stream or a recording; with `text`, what it says, also to a question."""
        data = wav.read_bytes() if isinstance(wav, Path) else wav
        self._wait(self._conversation.speak(data, text, early=early))

    def interrupt(self, after_s: float, *, say: str | None = None, press: str | None = None) -> None:
        """Say or press something once so much of the current (or next) prompt was heard."""

        async def cut_in() -> None:
            await self._conversation.hear_out(after_s)
            if press is not None:
                await self._conversation.press(press, early=True)
            if say is not None:
                await self._conversation.say(say, early=True)

        self._wait(cut_in())

    @property
    def latencies_ms(self) -> list[int]:
        """How long each reply in a stream took, from the end of the phone's speech to its first sound, call time."""
        return [event["ms"] for event in self.of_kind("latency")]

    def record_wav(self, wav: bytes | Path) -> None:
        """Speak a WAV file after the beep."""
        data = wav.read_bytes() if isinstance(wav, Path) else wav
        self._wait(self._conversation.speak(data))

    def silence(self, seconds: float | None = None) -> None:
        """Say nothing: until the question is given up, or for so long."""
        self._wait(self._conversation.silence(seconds))

    def wait(self, seconds: float) -> None:
        self._wait(self._phone.pause(seconds))

    def hangup(self) -> Event:
        """Put the phone down; the hangup event."""

        async def down() -> Event:
            await self._phone.hang_up()
            return await self._conversation.ended()

        return self._wait(down())

    def wait_for_end(self, within_s: float = 600.0) -> Event:
        """Listen until the call ends; the hangup event."""
        return self._wait(self._conversation.ended(within_s))

    def let_go(self) -> None:
        """Leave the phone lying: virtual time goes on without its holder."""
        self._run(self._phone.let_go())
