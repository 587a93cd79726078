"""How many streams one core carries when nobody listens: the lag from a key to the prompt that it stops."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.figures import family_cpu_s, percentile
from bench.server import HOST, ROOT, Cores, free_port, wait_ready
from bench.speech.stream_caller import StreamCaller, Way

LIMIT_S = 0.060
KEY_EVERY_S = 1.0
_TOKEN = "plain"


@dataclass(frozen=True, kw_only=True)
class Plain:
    """So many streams at once: lag of a key's answer, and the server's share of its core."""

    streams: int
    keys: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    core: float


def ramp(steps: Sequence[int], seconds: float) -> list[dict[str, Any]]:
    """More and more streams until the lag's p99 passes 60 ms; the last row is the first that did."""
    cores = Cores.of_this_process()
    found: list[dict[str, Any]] = []
    port = free_port()
    command = (sys.executable, "-m", "bench.speech.plain_server", str(port), _TOKEN)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "plain.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=lambda: os.sched_setaffinity(0, {cores.server}),
            )
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {cores.callers})
        try:
            wait_ready(process, f"http://{HOST}:{port}", log)
            for streams in steps:
                plain = hold(f"ws://{HOST}:{port}/voice/stream", process.pid, streams, seconds)
                found.append(asdict(plain))
                if plain.p99_ms > LIMIT_S * 1000:
                    break
        finally:
            os.sched_setaffinity(0, before)
            process.send_signal(signal.SIGTERM)
            process.wait(20)
    return found


_CALLS = itertools.count(1)


def hold(url: str, pid: int, streams: int, seconds: float) -> Plain:
    """So many streams at once for so long, each pressing a key every second."""
    ways = [Way(url=url, auth_token=_TOKEN, call_sid=f"CA{next(_CALLS):032x}", key=f"k{n}") for n in range(streams)]
    callers = [StreamCaller(way, (), n * KEY_EVERY_S / streams, key_every_s=KEY_EVERY_S) for n, way in enumerate(ways)]
    before, began = family_cpu_s(pid), time.perf_counter()
    heard = asyncio.run(_together(callers, seconds))
    took_s = time.perf_counter() - began
    core = round((family_cpu_s(pid) - before) / took_s, 3)
    lags = [lag for each in heard for lag in each.key_s]
    p50, p95, p99 = (round(percentile(lags, share) * 1000, 1) for share in (0.5, 0.95, 0.99))
    return Plain(streams=streams, keys=len(lags), p50_ms=p50, p95_ms=p95, p99_ms=p99, core=core)


async def _together(callers: Sequence[StreamCaller], seconds: float) -> list[Any]:
    return await asyncio.gather(*(caller.call(seconds) for caller in callers))
