"""What the phone's holder says into a stream, frame by frame: what is queued, else the microphone, else silence."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from simulator.mu_law import FRAME_BYTES, FRAME_S, SILENCE, encode, peak, whole_frames
from simulator.sound import Samples
from simulator.streams.microphone import Microphone

SILENT_FRAME = SILENCE * FRAME_BYTES
# Below this share of an utterance's loudest moment its end counts as silence, so that a file's tail is no speech.
_TAIL = 0.03
_LOUD_MICROPHONE = 1_500
_MICROPHONE_SPEAKS_S, _MICROPHONE_RESTS_S = 0.1, 0.3


@dataclass(frozen=True, kw_only=True)
class SpokenFrame:
    """20 ms. `began` and `ended_ago_s` tell of speech: that it began here, or ended so long before this frame's end.

    `is_live` is sound of the microphone.
    """

    sound: bytes
    is_live: bool = False
    began: bool = False
    ended_ago_s: float | None = None


class _Utterance:
    def __init__(self, samples: Samples) -> None:
        self.sound = whole_frames(encode(samples))
        loud = np.abs(samples.astype(np.int32))
        loudest = int(loud.max()) if len(samples) else 0
        found = (loud > max(1.0, loudest * _TAIL)).nonzero()[0]
        self.speech_end = int(found[-1]) + 1 if len(found) else 0
        self.at = 0


class Mouth:
    """Frames for the app, one every 20 ms of call time."""

    def __init__(self) -> None:
        self._waiting: deque[_Utterance] = deque()
        self._loud_s = 0.0
        self._quiet_s = 0.0

    def say(self, samples: Samples) -> None:
        """Say this after what is still being said."""
        self._waiting.append(_Utterance(samples))

    def next_frame(self, microphone: Microphone | None) -> SpokenFrame:
        """The next 20 ms."""
        if self._waiting:
            return self._speak()
        if microphone is not None:
            return self._pass_on(microphone.take())
        return SpokenFrame(sound=SILENT_FRAME)

    def _speak(self) -> SpokenFrame:
        current = self._waiting[0]
        begin, end = current.at, current.at + FRAME_BYTES
        current.at = end
        if end >= len(current.sound):
            self._waiting.popleft()
        ends_here = begin < current.speech_end <= end
        return SpokenFrame(
            sound=current.sound[begin:end] or SILENT_FRAME,
            began=begin == 0 and current.speech_end > 0,
            ended_ago_s=(end - current.speech_end) / 8000 if ends_here else None,
        )

    def _pass_on(self, sound: bytes) -> SpokenFrame:
        """The microphone's sound; a burst of loudness counts as speech, so that its reply's latency can be told."""
        if peak(sound) >= _LOUD_MICROPHONE:
            before = self._loud_s
            self._loud_s, self._quiet_s = before + FRAME_S, 0.0
            began = before < _MICROPHONE_SPEAKS_S <= self._loud_s + 1e-9
            return SpokenFrame(sound=sound, is_live=True, began=began)
        self._quiet_s += FRAME_S
        if self._quiet_s + 1e-9 < _MICROPHONE_RESTS_S:
            return SpokenFrame(sound=sound, is_live=True)
        spoke, self._loud_s = self._loud_s + 1e-9 >= _MICROPHONE_SPEAKS_S, 0.0
        return SpokenFrame(sound=sound, is_live=True, ended_ago_s=self._quiet_s if spoke else None)
