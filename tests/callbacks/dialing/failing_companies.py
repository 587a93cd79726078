"""Phone companies, queues and clocks that fail in a process's worst moment."""

from __future__ import annotations

from typing import Any

from dial_stage import Queue

from callbacks.dialing.clocks import LocalClock
from telephony.memory import MemoryProvider
from telephony.provider import PlacedCall


class KilledError(BaseException):
    """The process is gone."""


class Lost(Queue):
    """A queue that loses what it is given."""

    def send(self, job_id: int) -> None:
        return

    def take(self) -> list[int]:
        return []


class Fatal(LocalClock):
    """The process dies while it waits for its slot."""

    def wait_until(self, moment: Any) -> None:
        raise KilledError


class DiesBefore:
    """The process dies as it asks."""

    def __init__(self, company: MemoryProvider) -> None:
        self._company = company

    def __getattr__(self, name: str) -> Any:
        return getattr(self._company, name)

    def place_call(self, **_: Any) -> PlacedCall:
        raise KilledError


class DiesAfter(DiesBefore):
    """The process dies when the phone rings already."""

    def place_call(self, **wishes: Any) -> PlacedCall:
        self._company.place_call(**wishes)
        raise KilledError


class InvalidNumbers(DiesBefore):
    """A company that knows no number."""

    def place_call(self, **wishes: Any) -> PlacedCall:
        return self._company.place_call(**{**wishes, "to": "+1"})
