"""Calls as the carrier keeps them."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class CallStatus(StrEnum):
    """Wire values of CallStatus; `initiated` occurs only in status callbacks."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"

    @property
    def final(self) -> bool:
        """True when the call is over and stays so."""
        return self in FINAL


FINAL = frozenset({CallStatus.COMPLETED, CallStatus.BUSY, CallStatus.FAILED, CallStatus.NO_ANSWER, CallStatus.CANCELED})


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the next TwiML comes from: an address to ask, or a document at hand (`twiml`, with no address)."""

    url: str | None = None
    method: str = "POST"
    twiml: str | None = None


@dataclass(frozen=True, kw_only=True)
class StatusSubscription:
    """Who wants to know of a call's progress, and of which events."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass(kw_only=True)
class Call:
    """One leg of a telephone conversation."""

    sid: str
    account_sid: str
    to: str
    from_: str
    direction: str
    created: datetime
    status: CallStatus = CallStatus.QUEUED
    parent_sid: str | None = None
    number_sid: str | None = None
    started: datetime | None = None
    answered: datetime | None = None
    ended: datetime | None = None
    answered_by: str | None = None
    forwarded_from: str | None = None
    caller_name: str | None = None
    queue_time_ms: int = 0
    sip_code: int = 200
    fallback: Source | None = None
    subscription: StatusSubscription | None = None
    sequence: int = 0
    cookies: dict[str, str] = field(default_factory=dict)
    report_chain: "asyncio.Task[None] | None" = None

    @property
    def duration_s(self) -> int:
        """Whole seconds from answer to end; 0 when it was never answered or goes on."""
        if self.answered is None or self.ended is None:
            return 0
        return max(1, round((self.ended - self.answered).total_seconds()))


class CallBook:
    """All calls of the account, newest last."""

    def __init__(self) -> None:
        self._calls: dict[str, Call] = {}
        self._to: dict[str, dict[str, Call]] = {}

    def add(self, call: Call) -> None:
        self._calls[call.sid] = call
        self._to.setdefault(call.to, {})[call.sid] = call

    def get(self, sid: str) -> Call | None:
        return self._calls.get(sid)

    def remove(self, sid: str) -> None:
        call = self._calls.pop(sid, None)
        if call is not None:
            self._to[call.to].pop(sid, None)

    def to(self, address: str) -> list[Call]:
        """Calls to one address, oldest first."""
        return list(self._to.get(address, {}).values())

    def placed_to(self, address: str) -> int:
        """How many calls the account has made to an address, this one included."""
        return sum(call.direction != "inbound" for call in self._to.get(address, {}).values())

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._calls.values()))

    def __len__(self) -> int:
        return len(self._calls)

    def counts(self) -> dict[str, dict[str, int]]:
        """Direction → status → how many: what the network saw, whatever the app believes."""
        table: dict[str, dict[str, int]] = {}
        for call in self._calls.values():
            row = table.setdefault(call.direction, {})
            row[call.status.value] = row.get(call.status.value, 0) + 1
        return table

    def extend(self, calls: Iterable[Call]) -> None:
        for call in calls:
            self.add(call)
