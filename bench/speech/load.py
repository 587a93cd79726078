"""How many live calls a machine hears at once, and how soon they are answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from audio.codecs import mulaw
from bench.figures import family_cpu_s, percentile
from bench.speech.live_desk import LiveDesk, live_desk
from bench.speech.stream_caller import Heard, StreamCaller
from bench.speech.test_sets import TestSet

LIMIT_S = 1.5
"""p95 from the end of speech to the first sound of the reply that is still good."""

_SPREAD_S = 2.0


@dataclass(frozen=True, kw_only=True)
class Load:
    """One measurement.

    Attributes:
        calls: at once; `left_to_carrier` of them found no room, or were sent back in the middle.
        cpu_per_call: share of a core that the media server and its workers used for each call.
        answers: utterances that were answered, over `seconds`.
        audio_per_s: seconds of speech decoded for each second.
    """

    calls: int
    left_to_carrier: int
    seconds: float
    answers: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    cpu_per_call: float
    audio_per_s: float


def hold(desk: LiveDesk, utterances: list[bytes], calls: int, seconds: float) -> Load:
    """So many calls at once for so long."""
    ways = []
    left = 0
    for _ in range(calls):
        try:
            ways.append(desk.ring())
        except LookupError:
            left += 1
    callers = [
        StreamCaller(way, utterances[n % len(utterances) :] + utterances[: n % len(utterances)], n * _SPREAD_S / calls)
        for n, way in enumerate(ways)
    ]
    before, began = family_cpu_s(desk.pid), time.perf_counter()
    heard = asyncio.run(_together(callers, seconds))
    took_s = time.perf_counter() - began
    cpu_s = family_cpu_s(desk.pid) - before
    replies = [reply for each in heard for reply in each.reply_s]
    spoken_s = len(replies) * sum(len(sound) for sound in utterances) / len(utterances) / 8000
    return Load(
        calls=calls,
        left_to_carrier=left + sum(each.closed for each in heard),
        seconds=round(took_s, 1),
        answers=len(replies),
        p50_ms=_ms(replies, 0.5),
        p95_ms=_ms(replies, 0.95),
        p99_ms=_ms(replies, 0.99),
        cpu_per_call=round(cpu_s / took_s / max(1, len(ways)), 4),
        audio_per_s=round(spoken_s / took_s, 2),
    )


async def _together(callers: Sequence[StreamCaller], seconds: float) -> list[Heard]:
    return await asyncio.gather(*(caller.call(seconds) for caller in callers))


def _ms(values: Sequence[float], share: float) -> float:
    return round(percentile(values, share) * 1000, 1)


def ramp(
    folder: Path, material: TestSet, engines: str, steps: Sequence[int], seconds: float, *, more: Mapping[str, str]
) -> list[dict[str, Any]]:
    """More and more calls until p95 passes the limit; the last row is the first that did."""
    found: list[dict[str, Any]] = []
    utterances = [mulaw.encode(said.sound) for said in material.said]
    with live_desk(
        folder, language=material.question.language, phrases=material.question.phrases[:90], engines=engines, more=more
    ) as desk:
        hold(desk, utterances, 1, 6.0)  # Caches fill, and the first connection of all is made.
        for calls in steps:
            load = hold(desk, utterances, calls, seconds)
            found.append(asdict(load))
            if load.p95_ms > LIMIT_S * 1000 or not load.answers:
                break
    return found
