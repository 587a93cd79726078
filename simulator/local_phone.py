"""A phone in the hands of somebody in the same process."""

from simulator.carrier import Carrier
from simulator.errors import PhoneStateError
from simulator.legs import HungUp, Key, Leg, PickUp, Sound, Speech
from simulator.phones import Event
from simulator.sound import RATE_HZ, Samples, from_wav
from simulator.speech_time import seconds_to_say
from simulator.streams.voices import sound_of

KEYS = frozenset("0123456789*#")


class LocalPhone:
    """What one can do with a phone. Everything must be called in the carrier's event loop."""

    def __init__(self, carrier: Carrier, leg: Leg) -> None:
        self._carrier = carrier
        self._leg = leg

    @property
    def id(self) -> str:
        return self._leg.phone.id

    @property
    def call_sid(self) -> str:
        return self._leg.call.sid

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self._leg.phone.over

    @property
    def t(self) -> float:
        """Seconds since the phone was made, as events tell them."""
        return self._leg.phone.age_s

    async def events_after(self, seq: int, wait_s: float) -> list[Event]:
        return await self._leg.phone.events_after(seq, wait_s)

    async def answer(self) -> None:
        """Pick up a ringing phone."""
        self._must_be_up()
        self._leg.push(PickUp())

    async def press(self, digits: str) -> None:
        """Press keys; raises PhoneStateError for what is no key."""
        self._must_be_up()
        strange = sorted(set(digits) - KEYS)
        if strange or not digits:
            raise PhoneStateError(f"'{''.join(strange)}' is not on the keypad; keys are 0-9, * and #.")
        self._leg.phone.emit("pressed", digits=digits)
        for digit in digits:
            self._leg.push(Key(digit=digit))

    async def say(self, text: str, confidence: float | None = 0.9, wav: bytes | None = None) -> None:
        """Say words; the carrier's recogniser will report them with this confidence (0 to 1).

        `wav` is how they sound, in a stream or on a recording of the call, and how long they take. Without it a
        stream has the carrier's voice for phones. Raises SoundError when it is none.
        """
        self._must_be_up()
        if not text.strip():
            raise PhoneStateError("Nothing was said; give a text, or stay silent.")
        samples = from_wav(wav) if wav is not None else None
        if self._leg.stream is not None:
            samples = self._live_sound(text, confidence, samples)
        seconds = len(samples) / RATE_HZ if samples is not None else seconds_to_say(text)
        self._leg.phone.emit("said", text=text, confidence=confidence, duration_s=round(seconds, 2))
        self._leg.push(Speech(text=text, confidence=confidence, seconds=seconds, samples=samples))

    def say_later(self, text: str, after_s: float) -> None:
        """Say words `after_s` from now, if the call goes on."""

        async def later() -> None:
            await self._carrier.clock.sleep(after_s)
            if not self.over:
                await self.say(text)

        self._carrier.spawn(later())

    async def speak(self, wav: bytes, text: str = "", confidence: float | None = 0.9) -> None:
        """Speak a WAV file into the stream or the recording that runs.

        `text` is what it says: without stream and recording the carrier's recogniser understands that. Raises
        SoundError, and PhoneStateError when nobody would hear it.
        """
        self._must_be_up()
        samples = from_wav(wav)
        if self._leg.stream is not None:
            if text:
                samples = self._live_sound(text, confidence, samples)
        elif not self._recording():
            if text:
                await self.say(text, confidence, wav)
                return
            raise PhoneStateError("Nobody records at this moment; wait for the beep, or tell what the file says.")
        seconds = len(samples) / RATE_HZ
        self._leg.phone.emit("spoke", duration_s=round(seconds, 2), **({"text": text} if text else {}))
        self._leg.push(Sound(samples=samples, seconds=seconds))

    def _live_sound(self, text: str, confidence: float | None, like: Samples | None) -> Samples:
        voice = self._carrier.settings.stream_voice
        return sound_of(voice, text, self._leg.phone.language, confidence, like)

    async def hang_up(self) -> None:
        """Put the phone down; on a phone that is down already, nothing happens."""
        if not self._leg.phone.over:
            self._leg.interrupt(HungUp(self._leg.role, "hung up"))

    async def pause(self, seconds: float) -> None:
        """Do nothing for so long."""
        await self._leg.phone.idle(seconds)

    async def wait_until(self, t: float) -> None:
        """Do nothing until the phone is so old, as events count."""
        await self._leg.phone.idle_until(t)

    async def let_go(self) -> None:
        """Nobody holds this phone any more."""
        self._leg.phone.let_go()

    def _must_be_up(self) -> None:
        if self._leg.phone.over:
            raise PhoneStateError("The call is over.")

    def _recording(self) -> bool:
        """True between the beep (or the start, without one) and the end of a recording."""
        for event in reversed(self._leg.phone.events):
            if event["kind"] in ("record_end", "hangup"):
                return False
            if event["kind"] == "beep" or (event["kind"] == "record_start" and not event["beep"]):
                return True
        return False
