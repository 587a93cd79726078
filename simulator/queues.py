"""Queues in which callers wait for someone."""

from dataclasses import dataclass, field
from datetime import datetime

from simulator.legs import Leg
from simulator.sids import new_sid

DEFAULT_MAX_SIZE = 100


@dataclass(kw_only=True)
class Member:
    """One waiting call."""

    leg: Leg
    since: datetime


@dataclass(kw_only=True)
class CallQueue:
    """A queue, first come first served. `waits_s` remembers how long those who left had waited."""

    sid: str
    name: str
    created: datetime
    updated: datetime
    max_size: int = DEFAULT_MAX_SIZE
    members: list[Member] = field(default_factory=list)
    waits_s: list[float] = field(default_factory=list)

    def position(self, leg: Leg) -> int:
        """1 for the next in line, 0 when the call is not here."""
        return next((i for i, member in enumerate(self.members, 1) if member.leg is leg), 0)

    def member(self, call_sid: str) -> Member | None:
        return next((member for member in self.members if member.leg.call.sid == call_sid), None)

    def leave(self, leg: Leg, now: datetime) -> int:
        """Take a call out; whole seconds that it waited."""
        member = self.member(leg.call.sid)
        if member is None:
            return 0
        self.members.remove(member)
        waited_s = (now - member.since).total_seconds()
        self.waits_s.append(waited_s)
        return int(waited_s)

    def average_wait_s(self, now: datetime) -> int:
        """Mean wait of those who wait now."""
        waits = [(now - member.since).total_seconds() for member in self.members]
        return int(sum(waits) / len(waits)) if waits else 0


class QueueBook:
    """All queues by SID; an <Enqueue> makes the queue that it names."""

    def __init__(self) -> None:
        self._queues: dict[str, CallQueue] = {}
        self._reserved_waits_s: dict[str, int] = {}

    def reserve(self, queue: CallQueue, leg: Leg, now: datetime) -> None:
        """Take a member out for somebody who dials the queue, so that nobody else takes it too."""
        self._reserved_waits_s[leg.call.sid] = queue.leave(leg, now)

    def reserved_wait_s(self, leg: Leg) -> int:
        """How long a reserved member had waited; asked once."""
        return self._reserved_waits_s.pop(leg.call.sid, 0)

    def named(self, name: str, now: datetime, max_size: int | None = None) -> CallQueue:
        for queue in self._queues.values():
            if queue.name == name:
                return queue
        queue = CallQueue(sid=new_sid("QU"), name=name, created=now, updated=now, max_size=max_size or DEFAULT_MAX_SIZE)
        self._queues[queue.sid] = queue
        return queue

    def find(self, name: str) -> CallQueue | None:
        return next((queue for queue in self._queues.values() if queue.name == name), None)

    def get(self, sid: str) -> CallQueue | None:
        return self._queues.get(sid)

    def remove(self, sid: str) -> None:
        self._queues.pop(sid, None)

    def all(self) -> list[CallQueue]:
        return list(self._queues.values())
