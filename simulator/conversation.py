"""Following a call as a person does: hear something, and answer when somebody listens."""

import re
from dataclasses import dataclass
from typing import Any, Protocol

from simulator.errors import SimulatorError
from simulator.phones import Event
from simulator.telling import audible, describe

PATIENCE_S = 120.0
_AUDIBLE = frozenset({"say", "play", "greeting", "voice"})


class TalkingPhone(Protocol):
    """A phone in a call, here or in another process."""

    @property
    def id(self) -> str: ...
    @property
    def call_sid(self) -> str: ...
    async def events_after(self, seq: int, wait_s: float) -> list[Event]: ...
    async def press(self, digits: str) -> None: ...
    async def say(self, text: str, confidence: float | None = 0.9, wav: bytes | None = None) -> None: ...
    async def speak(self, wav: bytes, text: str = "", confidence: float | None = 0.9) -> None: ...
    async def hang_up(self) -> None: ...
    async def pause(self, seconds: float) -> None: ...
    async def wait_until(self, t: float) -> None: ...
    async def let_go(self) -> None: ...


class UnexpectedError(SimulatorError):
    """The call did not go as the person at the phone expected."""


class Conversation:
    """A phone and what has happened on it so far. `events` holds everything that was seen.

    Somebody listens when a Gather or a recording runs, or when in a stream the app has fallen quiet after a prompt.
    """

    def __init__(self, phone: TalkingPhone) -> None:
        self.phone = phone
        self.events: list[Event] = []
        self.listening: dict[str, Any] | None = None
        self.end: Event | None = None
        self.sounding: Sounding | None = None
        self._heard_up_to = 0
        self._keys_given = ""

    async def hear(self, wanted: str | list[str], within_s: float = PATIENCE_S) -> list[Event]:
        """Wait until each of `wanted` was heard, in this order; two may be in one prompt.

        Plain words match anywhere in a prompt, whatever the case and spacing; `/…/` is a regular expression.
        """
        found = []
        rest: str | None = None
        for piece in [wanted] if isinstance(wanted, str) else wanted:
            if rest is not None and (cut := find(piece, rest)) is not None:
                rest = rest[cut:]
                continue
            event = await self._await_prompt(piece, within_s)
            text = audible(event)
            rest = text[find(piece, text) or 0 :]
            found.append(event)
        return found

    async def press(self, digits: str, *, early: bool = False, within_s: float = PATIENCE_S) -> None:
        """Press keys once somebody listens for keys; `early`: at once."""
        if not early:
            await self._await_ear("keys", within_s)
        await self.phone.press(digits)
        if self._in_stream():
            self.listening = None
        elif self.listening is not None and not early:
            self._keys_given += digits
            wanted = self.listening.get("num_digits")
            finish = self.listening.get("finish_on_key") or ""
            if (wanted and len(self._keys_given) >= wanted) or any(digit in finish for digit in digits):
                self.listening = None

    async def say(
        self,
        text: str,
        confidence: float | None = 0.9,
        *,
        early: bool = False,
        within_s: float = PATIENCE_S,
        wav: bytes | None = None,
    ) -> None:
        """Say words once somebody listens for speech (or records it); `early`: at once; `wav`: how they sound."""
        if not early:
            await self._await_ear("speech", within_s)
        await self.phone.say(text, confidence, wav)
        if self.listening is not None and self.listening["kind"] != "record":
            self.listening = None

    async def speak(
        self,
        wav: bytes,
        text: str = "",
        confidence: float | None = 0.9,
        *,
        early: bool = False,
        within_s: float = PATIENCE_S,
    ) -> None:
        """Speak a WAV file once the beep has sounded, or once a stream has fallen quiet; `early`: at once.

        With `text`, which is what it says, also where the carrier's own recogniser listens for speech.
        """
        if not early:
            await self._await_ear("words" if text else "sound", within_s)
        await self.phone.speak(wav, text, confidence)
        if self.listening is not None and self.listening["kind"] != "record":
            self.listening = None

    async def hear_out(self, seconds: float, within_s: float = PATIENCE_S) -> None:
        """Wait until so much of the prompt that sounds now (or comes next) has been heard.

        Raises:
            UnexpectedError: the prompt was over before.
        """
        await self.catch_up()
        while self.sounding is None:
            if self.end is not None or not await self._more(within_s):
                raise UnexpectedError(f"No prompt was there to interrupt.\n{self.story()}")
        prompt = self.sounding
        if prompt.seconds is not None and prompt.seconds < seconds:
            raise UnexpectedError(f"The prompt lasts {prompt.seconds:g} s, less than {seconds:g} s.\n{self.story()}")
        await self.phone.wait_until(prompt.begun_t + seconds)
        await self.catch_up()
        if self.sounding is not prompt:
            raise UnexpectedError(f"The prompt ended before {seconds:g} s of it were heard.\n{self.story()}")

    async def silence(self, seconds: float | None = None, within_s: float = PATIENCE_S) -> None:
        """Say nothing: for so many seconds, or until the question that is asked (or comes next) is given up."""
        if seconds is not None:
            await self.phone.pause(seconds)
            return
        await self._await_ear("anything", within_s)
        asked = self.listening
        while self.listening is asked and self.end is None:
            if not await self._more(within_s):
                raise UnexpectedError(f"The question did not end within {within_s:g} s of silence.")

    async def ended(self, within_s: float = PATIENCE_S) -> Event:
        """Wait for the end of the call; the hangup event."""
        while self.end is None:
            if not await self._more(within_s):
                raise UnexpectedError(f"The call did not end within {within_s:g} s.\n{self.story()}")
        return self.end

    async def catch_up(self) -> None:
        """Take in what has happened, without waiting."""
        for event in await self.phone.events_after(len(self.events), 0):
            self._take(event)

    def story(self, last: int = 12) -> str:
        """What was heard and done last, one line each."""
        lines = [line for event in self.events if (line := describe(event))]
        return "\n".join(["The call so far:", *("  " + line for line in lines[-last:])])

    async def _await_prompt(self, piece: str, within_s: float) -> Event:
        while True:
            for event in self.events[self._heard_up_to :]:
                if event["kind"] in _AUDIBLE and find(piece, audible(event)) is not None:
                    self._heard_up_to = event["seq"]
                    return event
            if self.end is not None or not await self._more(within_s):
                heard = [audible(event) for event in self.events[self._heard_up_to :] if event["kind"] in _AUDIBLE]
                instead = "".join(f"\n  + {text}" for text in heard) or "\n  + (nothing)"
                why = "before the call ended" if self.end is not None else f"within {within_s:g} s"
                raise UnexpectedError(f"Not heard {why}:\n  - {piece}\nHeard instead:{instead}\n{self.story()}")

    async def _await_ear(self, kind: str, within_s: float) -> None:
        await self.catch_up()
        while not self._has_ear(kind):
            if self.end is not None:
                raise UnexpectedError(f"The call ended before anybody listened for {kind}.\n{self.story()}")
            if not await self._more(within_s):
                raise UnexpectedError(f"Nobody listened for {kind} within {within_s:g} s.\n{self.story()}")

    def _has_ear(self, kind: str) -> bool:
        state = self.listening
        if state is None:
            return False
        if state["kind"] == "record" or (state["kind"] == "stream" and kind == "sound"):
            return True
        wanted = {"keys": "dtmf", "speech": "speech", "words": "speech", "sound": "never"}.get(kind)
        return wanted is None or wanted in state["input"]

    def _in_stream(self) -> bool:
        return self.listening is not None and self.listening["kind"] == "stream"

    async def _more(self, within_s: float) -> bool:
        """Wait for the next events; False when none came."""
        fresh = await self.phone.events_after(len(self.events), within_s)
        for event in fresh:
            self._take(event)
        return bool(fresh)

    def _take(self, event: Event) -> None:
        self.events.append(event)
        kind = event["kind"]
        if kind == "gather":
            self.listening, self._keys_given = {**event, "kind": "gather"}, ""
        elif kind == "beep" or (kind == "record_start" and not event["beep"]):
            start = next(past for past in reversed(self.events) if past["kind"] == "record_start")
            self.listening, self._keys_given = {**start, "kind": "record"}, ""
        elif kind in ("gather_end", "record_end"):
            self.listening = self.sounding = None
        elif kind == "hangup":
            self.listening, self.sounding, self.end = None, None, event
        elif kind == "quiet" and event["asked"]:
            self.listening, self._keys_given = {**event, "kind": "stream"}, ""
        elif kind in ("speaking", "pressed", "said", "spoke", "stream") and self._in_stream():
            self.listening = None
        self._follow_sound(event)

    def _follow_sound(self, event: Event) -> None:
        kind = event["kind"]
        if kind in ("quiet", "stream"):
            self.sounding = None
        elif kind == "speaking" or (kind in ("say", "play") and event.get("stream")):
            self.sounding = Sounding(begun_t=event["t"])
        elif kind in ("say", "play"):
            self.sounding = Sounding(begun_t=event["t"], seconds=float(event.get("duration_s") or 0.0))


@dataclass(frozen=True, kw_only=True)
class Sounding:
    """A prompt that began at `begun_t`, and how long it is where that is known."""

    begun_t: float
    seconds: float | None = None


def find(piece: str, text: str) -> int | None:
    """Where in `text` the match of `piece` ends; None without a match."""
    if len(piece) > 2 and piece.startswith("/") and piece.endswith("/"):
        match = re.search(piece[1:-1], text, re.IGNORECASE)
        return match.end() if match else None
    wanted = " ".join(piece.split()).casefold()
    at = text.casefold().find(wanted)
    return None if at < 0 else at + len(wanted)
