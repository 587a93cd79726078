"""Killing at random moments, and starting again."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from soak.house import Houseful
from soak.processes import Member, wait_ready

BURST = 12
LULL_S = 8.0
"""After so many kills everybody may be at work together for so long, or nothing would ever be called."""
DOWN_S = (0.0, 0.0, 0.2, 1.5)
"""How long a killed process stays dead, one of these at random."""


@dataclass(kw_only=True)
class Havoc:
    """Kills processes of a house. `kills` counts them by the first word of their names."""

    house: Houseful
    chance: random.Random
    kills: dict[str, int] = field(default_factory=dict)
    _since_lull: int = 0
    _dead: list[tuple[float, Member]] = field(default_factory=list)

    def rage(self, seconds: float, tell: Callable[[float], None]) -> None:
        """Kill for so long; `tell` is called about every two seconds with the seconds that are left."""
        ends_at = time.monotonic() + seconds
        next_kill_at = time.monotonic() + LULL_S
        told_at = 0.0
        while (now := time.monotonic()) < ends_at:
            self._bring_back(now)
            if now >= next_kill_at:
                next_kill_at = now + (self._pause() if self._kill_one(now) else 0.2)
            if self._since_lull >= BURST and not self._dead and all(m.ready for m in self.house.everybody):
                self._since_lull = 0
                next_kill_at = now + LULL_S
            if now - told_at > 2:
                told_at = now
                tell(ends_at - now)
            time.sleep(0.05)

    def end(self) -> None:
        """Bring everybody back, and let the carrier be good."""
        self._bring_back(float("inf"))
        for member in self.house.everybody:
            if not member.alive:
                member.start()
            wait_ready(member)
        self.house.end_trouble()

    def _pause(self) -> float:
        return self.chance.expovariate(1 / self.house.plan.kill_every_s)

    def _kill_one(self, now: float) -> bool:
        """Kill somebody who is at work; False when the one that fate chose is not, or when it is time for a lull."""
        if self._since_lull >= BURST:
            return False
        house = self.house
        # Dialers most often: theirs are the moments between intent, request and answer. A carrier that dies takes all
        # live calls with it, and with a web process their ends get lost; too often, and nothing would be left to lose.
        groups = ([*house.dialers], [house.web], [house.carrier], [*house.workers])
        victim = self.chance.choice(self.chance.choices(groups, (14, 3, 1, 2))[0])
        down_s = self.chance.choice(DOWN_S)
        if any(member is victim for _at, member in self._dead) or not victim.ready:
            return False
        victim.kill()
        self._since_lull += 1
        kind = victim.name.partition("-")[0]
        self.kills[kind] = self.kills.get(kind, 0) + 1
        self._dead.append((now + down_s, victim))
        return True

    def _bring_back(self, now: float) -> None:
        for at, member in list(self._dead):
            if at > now:
                continue
            self._dead.remove((at, member))
            member.start()
            if member is self.house.carrier:
                wait_ready(member)
                with contextlib.suppress(OSError):
                    self.house.make_trouble()
