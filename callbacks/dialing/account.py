"""What the account at the phone company allows for all campaigns together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class AccountPace:
    """Limits of the account.

    Attributes:
        calls_per_second: dials of all workers together; Twilio's default is 1, and what is faster it queues.
        max_live: calls of both directions at one moment.
        inbound_reserve: lines that calls of ours never take.

    Raises:
        ValueError: a pace or a number of lines that nobody could call with.
    """

    calls_per_second: float = 1.0
    max_live: int = 50
    inbound_reserve: int = 5

    def __post_init__(self) -> None:
        if not 0 < self.calls_per_second <= 1000:
            raise ValueError("The account's pace must be above 0 and at most 1,000 calls a second.")
        if self.max_live < 1 or not 0 <= self.inbound_reserve < self.max_live:
            raise ValueError("The account needs at least one line beside those that are kept for callers.")

    @property
    def gap(self) -> timedelta:
        """Time between two dials."""
        return timedelta(seconds=1 / self.calls_per_second)
