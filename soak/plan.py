"""How long, how much, and how rough a soak is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One soak.

    Attributes:
        minutes: how long processes are killed; afterwards the house may come to rest.
        cases: people to call, each with a number of their own.
        kill_every_s: mean time between two kills; they come at random moments.
        calls_per_second, max_live: limits of the account.
        dialers, workers: how many of each run.
        settle_s: how long the house may take to come to rest after the last kill.
        tries: calls of one case that ring; a further try comes a minute after the one before, no sooner.
        seed: the same seed kills the same processes after the same times.
    """

    minutes: float = 10.0
    cases: int = 4_000
    kill_every_s: float = 2.0
    calls_per_second: float = 12.0
    max_live: int = 500
    dialers: int = 2
    workers: int = 2
    settle_s: float = 420.0
    tries: int = 2
    seed: int = 1

    @property
    def kill_for_s(self) -> float:
        """Seconds during which processes are killed."""
        return self.minutes * 60


QUICK = Plan(
    minutes=0.5, cases=120, kill_every_s=3.0, calls_per_second=8.0, max_live=150, dialers=2, workers=1, tries=1
)
"""About a minute and a half, for the tests: nobody is called twice, and few processes die."""

TOO_SOON_S = 50.0
"""Retries wait a minute; a call that follows sooner is a double."""

SERVICE_NUMBER = "+12025550123"
FLOW = Path(__file__).parent / "flow.yaml"
PEOPLE = Path(__file__).parent / "people.yaml"


def number_of(case: int) -> str:
    """The number of the n-th person."""
    return f"+861380{case:07d}"
