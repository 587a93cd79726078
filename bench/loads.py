"""How work is sent to a server: so many callers at once, each with the next piece as soon as one is done."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from bench.calls import DEMO_CALLS, Exchange, Ledger, Script, place_call, report_end
from bench.figures import family_cpu_s
from bench.peer import Peer
from bench.server import Server

Unit = Callable[[Peer, Ledger], Awaitable[None]]
"""A whole piece of work: one request, or one call with all its turns."""

TURNS_OF_A_FLOOR_CALL = 7
"""Turns of one session of the stored floor; the demo's calls have six to nine."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One repetition: what its callers saw, how long it took, and the CPU that the server spent."""

    ledger: Ledger
    elapsed_s: float
    cpu_s: float

    @property
    def per_second(self) -> float:
        """Turns a second."""
        return self.ledger.turns / self.elapsed_s

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds of the web process a turn."""
        return 1000 * self.cpu_s / max(self.ledger.turns, 1)


async def saturate(
    server: Server, token: str, unit: Unit, *, at_once: int, seconds: float, ledger: Ledger, spread_s: float = 0.0
) -> Run:
    """Let `at_once` callers work for so long; each finishes what it has begun, so that only whole calls count.

    They begin within `spread_s` seconds, evenly, as callers who know nothing of each other do.
    """
    until = time.perf_counter() + seconds
    gap_s = spread_s / at_once
    return await _run(
        server, token, unit, at_once=at_once, go_on=lambda: time.perf_counter() < until, ledger=ledger, gap_s=gap_s
    )


async def complete(server: Server, token: str, unit: Unit, *, at_once: int, count: int, ledger: Ledger) -> Run:
    """Let `at_once` callers do `count` pieces of work between them."""
    left = iter(range(count))
    return await _run(server, token, unit, at_once=at_once, go_on=lambda: next(left, None) is not None, ledger=ledger)


async def _run(
    server: Server,
    token: str,
    unit: Unit,
    *,
    at_once: int,
    go_on: Callable[[], bool],
    ledger: Ledger,
    gap_s: float = 0.0,
) -> Run:
    peers = [Peer(server.url, token) for _ in range(at_once)]
    for peer in peers:
        await peer.open()

    async def work(peer: Peer, after_s: float) -> None:
        await peer.wait(after_s)
        while go_on():
            await unit(peer, ledger)

    cpu_before, began = family_cpu_s(server.pid), time.perf_counter()
    await asyncio.gather(*(work(peer, n * gap_s) for n, peer in enumerate(peers)))
    elapsed_s, cpu_s = time.perf_counter() - began, family_cpu_s(server.pid) - cpu_before
    for peer in peers:
        await peer.close()
    return Run(ledger=ledger, elapsed_s=elapsed_s, cpu_s=cpu_s)


def bare(exchange: Exchange) -> Unit:
    """One request to the bare floor."""

    async def unit(peer: Peer, ledger: Ledger) -> None:
        ledger.add(await peer.post("/floor/bare", exchange.caller().form("in-progress") | {"Digits": "1"}))

    return unit


def stored(exchange: Exchange, target: str = "/floor/stored") -> Unit:
    """One session of the stored floor."""

    async def unit(peer: Peer, ledger: Ledger) -> None:
        form = exchange.caller().form("in-progress") | {"Digits": "1"}
        for _turn in range(TURNS_OF_A_FLOOR_CALL):
            ledger.add(await peer.post(target, form))

    return unit


def demo_calls(exchange: Exchange, scripts: tuple[Script, ...] = DEMO_CALLS, *, listen_s: float = 0.0) -> Unit:
    """One call of the demo flow, the next script each time; `listen_s` seconds pass, more or less, before an answer."""
    turn = iter(range(2**62))
    chance = random.Random(7)

    def pauses() -> Iterator[float]:
        while True:
            yield listen_s * chance.uniform(0.5, 1.5)

    async def unit(peer: Peer, ledger: Ledger) -> None:
        script = scripts[next(turn) % len(scripts)]
        await place_call(peer, ledger, exchange.caller(), script, pause_s=pauses() if listen_s else None)

    return unit


def ended_calls(exchange: Exchange, script: Script) -> Unit:
    """One call by a script with the status callback at its end."""

    async def unit(peer: Peer, ledger: Ledger) -> None:
        caller = exchange.caller()
        await place_call(peer, ledger, caller, script)
        await report_end(peer, ledger, caller)

    return unit
