"""What the dialer of one process needs from outside."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import timedelta

from callbacks.dialing.account import AccountPace
from callbacks.dialing.clocks import DialClock
from callbacks.gate.policy import GatePolicy
from ivr.deps import Deps
from storage.database import Database
from telephony.provider import Provider

PREPARED_AT_ONCE = 3
"""Dials that one process prepares at the same time: more would keep those whose slot has come from the processor."""


@dataclass(frozen=True, kw_only=True)
class DialDeps:
    """Everything the steps of a dial need.

    Attributes:
        calls: what calls need; gives flows, values that every flow starts with, and the public address.
        name: of this dialer among all, at most 80 characters.
        skew: how far our clock may be from the provider's, either way.
        lease_s: how long after its slot a claim is kept for a worker that says nothing.
    """

    db: Database
    provider: Provider
    calls: Deps
    policy: GatePolicy
    account: AccountPace
    clock: DialClock
    name: str
    lease_s: float = 15.0
    skew: timedelta = timedelta(seconds=60)
    preparing: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(PREPARED_AT_ONCE))
