"""How many calls the processor can listen to.

An estimate that costs nothing; `make bench-speech` measures, and what is late is told by the lag of decisions
(`HouseEars.room`), whatever the estimate says. On two cores it allows Vosk and Whisper what they were measured to hold,
and pocketsphinx alone more (docs/speech_engines.md, "Live calls at once").
"""

from __future__ import annotations

from collections.abc import Iterable

from audio.hearing.engine import EngineCapabilities

# Of the time of a call in which it is listened to: a stream is decoded while the caller speaks and in the pauses of it;
# in the worst minute all callers speak at once.
_SHARE_STREAMED = 1.0
# Whole utterances: a caller speaks a second or two, then hears a prompt.
_SHARE_WHOLE = 0.3
_USED_OF_ALL_CORES = 0.8
# Utterances come when they like and wait for each other: a process that is busy more than half of the time is late.
_USED_OF_A_PROCESS = 0.5
_LEAST_CORES = 0.001


def cores_for_call(capabilities: EngineCapabilities) -> float:
    """Processor cores that one call keeps busy."""
    share = _SHARE_STREAMED if capabilities.streaming else _SHARE_WHOLE
    return max(_LEAST_CORES, capabilities.cost * share)


def calls_more(
    capabilities: EngineCapabilities, *, processes: int, cores: int, used: Iterable[float], used_of_engine: float
) -> int:
    """Calls that fit beside those that are listened to already.

    Args:
        processes: workers of this engine.
        cores: of the machine.
        used: cores that each open ear keeps busy, whichever engine it has.
        used_of_engine: of these, the sum of those on this engine.
    """
    free = cores * _USED_OF_ALL_CORES - sum(used)
    if not capabilities.streaming:
        free = min(free, min(processes, cores) * _USED_OF_A_PROCESS - used_of_engine)
    return max(0, int(free / cores_for_call(capabilities) + 1e-9))
