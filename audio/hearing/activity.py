"""When a caller speaks, pauses, goes on and is done, told by the sound itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from audio.hearing.silero import WINDOW_MS, WINDOW_SAMPLES, SpeechLikelihood
from audio.hearing.speech_events import Patience, SpeechBegan, SpeechEnded, SpeechEvent, SpeechPaused, SpeechResumed

_BYTES_A_MS = 8
# Speech is sure of itself: most windows of words score above 0.9, pauses below 0.1. Within an utterance a weak window
# still counts, so that the end of a word is not a pause.
_SPEECH_AT = 0.5
_GOES_ON_AT = 0.35
# The surest three windows of four (96 ms) begin an utterance when their mean is 0.85. Of 139 single words, digits and
# letters all begin so, clean and with noise at 20 and 10 dB; plucked strings pass it once in six minutes.
_WINDOWS_TO_BEGIN = 3
_WINDOWS_WATCHED = 4
_SURE = 0.85 * _WINDOWS_TO_BEGIN
# After a pause two windows of three, so that one click does not keep a caller waiting for the whole patience again.
_WINDOWS_TO_RESUME = 2
# Sound from before the first sure window: speech is noticed up to 136 ms late, and begins with what is weakest.
_BEFORE_MS = 320


@dataclass(kw_only=True)
class _Spoken:
    """The utterance under way, in milliseconds of the sound."""

    began_ms: int
    last_speech_ms: int
    speech_ms: int
    is_paused: bool = False
    recent: int = 0


class SpeechActivity:
    """Follows one caller's sound; see `Activity`. The clock is the sound, in windows of 32 ms.

    Events are told when the window that decides them is complete, and `at_ms` is that window's end, counted from the
    first sound ever fed. However the sound is cut into frames, the same things happen at the same times. The sound of
    `SpeechBegan` reaches to the end of the frame with which it is told: the caller of `feed` gives it to the ear in
    place of that frame.
    """

    def __init__(self, likelihood: Callable[[bytes], float], patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self._likelihood = likelihood
        self._pending = bytearray()
        self._before = bytearray()
        self._at_ms = 0
        self._recent: deque[float] = deque(maxlen=_WINDOWS_WATCHED)
        self._spoken: _Spoken | None = None

    @property
    def is_speaking(self) -> bool:
        """Whether an utterance is under way (between began and ended)."""
        return self._spoken is not None

    @property
    def spoken_ms(self) -> int:
        """Speech of the utterance under way, pauses left out; 0 when there is none."""
        return self._spoken.speech_ms if self._spoken else 0

    def feed(self, payload: bytes) -> list[SpeechEvent]:
        """Take the next sound, mu-law of any length; what happened in it, in order."""
        self._pending += payload
        events: list[SpeechEvent] = []
        while len(self._pending) >= WINDOW_SAMPLES:
            window = bytes(self._pending[:WINDOW_SAMPLES])
            del self._pending[:WINDOW_SAMPLES]
            self._at_ms += WINDOW_MS
            self._before += window
            event = self._after(self._likelihood(window))
            if event is not None:
                events.append(event)
        if self._spoken is None:
            del self._before[: -(_BEFORE_MS + _WINDOWS_WATCHED * WINDOW_MS) * _BYTES_A_MS]
        return events

    def reset(self) -> None:
        """Forget the utterance under way and what was just heard, not the level of noise."""
        self._spoken = None
        self._recent.clear()
        self._before.clear()

    def _after(self, likelihood: float) -> SpeechEvent | None:
        """What one more window means."""
        if self._spoken is None:
            return self._listening(likelihood)
        return self._speaking(self._spoken, likelihood)

    def _listening(self, likelihood: float) -> SpeechEvent | None:
        self._recent.append(likelihood)
        if likelihood < _SPEECH_AT or sum(sorted(self._recent)[-_WINDOWS_TO_BEGIN:]) < _SURE:
            return None
        windows = next(len(self._recent) - at for at, each in enumerate(self._recent) if each >= _SPEECH_AT)
        self._recent.clear()
        self._spoken = _Spoken(
            began_ms=self._at_ms - windows * WINDOW_MS,
            last_speech_ms=self._at_ms,
            speech_ms=_WINDOWS_TO_BEGIN * WINDOW_MS,
        )
        sound = bytes(self._before[-(_BEFORE_MS + windows * WINDOW_MS) * _BYTES_A_MS :]) + bytes(self._pending)
        self._before.clear()
        return SpeechBegan(at_ms=self._at_ms, sound=sound)

    def _speaking(self, spoken: _Spoken, likelihood: float) -> SpeechEvent | None:
        self._before.clear()  # The ear has it; a next utterance does not begin with the end of this one.
        is_speech = likelihood >= (_SPEECH_AT if spoken.is_paused else _GOES_ON_AT)
        spoken.recent = (spoken.recent << 1 | is_speech) & 0b111
        if is_speech:
            spoken.speech_ms += WINDOW_MS
        if is_speech and (not spoken.is_paused or spoken.recent.bit_count() >= _WINDOWS_TO_RESUME):
            spoken.last_speech_ms = self._at_ms
            if spoken.is_paused:
                spoken.is_paused = False
                return SpeechResumed(at_ms=self._at_ms)
        silence_ms = self._at_ms - spoken.last_speech_ms
        if silence_ms >= self.patience.end_ms or self._at_ms - spoken.began_ms >= self.patience.longest_ms:
            self._spoken = None
            return SpeechEnded(at_ms=self._at_ms, speech_ms=spoken.speech_ms)
        if silence_ms >= self.patience.pause_ms and not spoken.is_paused:
            spoken.is_paused = True
            return SpeechPaused(at_ms=self._at_ms)
        return None


class SileroActivity(SpeechActivity):
    """The one for real callers: Silero judges each window."""

    def __init__(self, patience: Patience | None = None) -> None:
        super().__init__(SpeechLikelihood().of, patience)
