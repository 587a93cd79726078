"""The dialer of one process: a pacer, workers that dial, and a look at what was left behind. Any number may run."""

from __future__ import annotations

import logging
import math
import threading
from datetime import timedelta

from sqlalchemy import select

from callbacks.campaign import Campaign
from callbacks.case import Case
from callbacks.dialing import reconcile as reconciling
from callbacks.dialing.account import AccountPace
from callbacks.dialing.clocks import DialClock
from callbacks.dialing.deps import DialDeps
from callbacks.dialing.due import DIALS, OPEN, TEST
from callbacks.dialing.pacer import Pacer
from callbacks.dialing.placing import dial
from callbacks.gate.laws import law_packs
from callbacks.gate.policy import GatePolicy
from ivr.deps import Deps
from storage.database import Database
from telephony.provider import Provider
from work.heartbeats import beat
from work.transport import Transport

log = logging.getLogger(__name__)

TICK_S = 0.04
"""Between two ticks while there is something to dial."""

IDLE_TICK_S = 0.25
SLEEP_TICK_S = 0.5
"""Between two looks while no campaign runs."""

RECONCILE_EVERY_S = 2.0
BUSY_FOR_S = 2.0
SECONDS_PER_DIAL = 0.9


def workers_for(account: AccountPace) -> int:
    """Threads that keep the account's pace: a dial waits half a second for its slot, and then for the answer."""
    return min(max(4, math.ceil(account.calls_per_second * SECONDS_PER_DIAL)), 64)


class Dialer:
    """Dials what is due.

    Args:
        provider: asked for calls; the same as `calls.provider` unless a test stands between.
        transport: carries attempts' ids to the threads that dial, here or on other machines; it may lose and repeat.
        calls: what calls need.
        policy: of the organisation, for the gate.
        account: limits of the account at the provider.
        clock: `clocks.clock_for(db, now)`.
        name: of this dialer among all, for people who look for what a dead one left, and of its heartbeat.
        workers: threads that dial; None for as many as the account's whole pace needs.
        lease_s: how long after its slot a claim is kept for a worker that says nothing.
        skew: how far our clock may be from the provider's, either way.
    """

    def __init__(
        self,
        db: Database,
        provider: Provider,
        transport: Transport,
        calls: Deps,
        policy: GatePolicy,
        account: AccountPace,
        clock: DialClock,
        name: str,
        *,
        workers: int | None = None,
        lease_s: float = 15.0,
        skew: timedelta = timedelta(seconds=60),
    ) -> None:
        self._deps = DialDeps(
            db=db,
            provider=provider,
            calls=calls,
            policy=policy,
            account=account,
            clock=clock,
            name=name,
            lease_s=lease_s,
            skew=skew,
        )
        self._transport = transport
        self._pacer = Pacer(self._deps)
        self._workers = workers or workers_for(account)

    def tick(self) -> int:
        """Claim what may be dialled within the next moment and send it to the workers; gives how many."""
        claimed = self._pacer.tick()
        for attempt_id in claimed:
            try:
                self._transport.send(attempt_id)
            except Exception as error:
                log.warning(
                    "Attempt %d waits for its lease: the queue failed with %s.", attempt_id, type(error).__name__
                )
        return len(claimed)

    def dial(self, attempt_id: int) -> None:
        """Dial a claimed attempt in its slot; nothing happens to one that is not claimed any more."""
        dial(self._deps, attempt_id)

    def reconcile(self) -> int:
        """Settle what crashes and lost news left behind; gives how many attempts and cases were moved."""
        return reconciling.reconcile(self._deps)

    def run_forever(self, stop: threading.Event) -> None:
        """Work until `stop` is set, then end what is in hand and return."""
        law_packs()
        self._deps.provider.get_ready()
        threads = [
            threading.Thread(target=self._pace, args=(stop,), name="pacer"),
            threading.Thread(target=self._look, args=(stop,), name="reconciler"),
            threading.Thread(target=self._end, args=(stop,), name="dialer-end"),
        ]
        for thread in threads:
            thread.start()
        try:
            self._transport.consume(self.dial, workers=self._workers)
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def _end(self, stop: threading.Event) -> None:
        stop.wait()
        self._transport.stop()

    def _pace(self, stop: threading.Event) -> None:
        busy_until = self._deps.clock.now()
        while not stop.is_set():
            wait_s = SLEEP_TICK_S
            try:
                now = self._deps.clock.now()
                if now < busy_until or self._anything_running():
                    busy_until = now + timedelta(seconds=BUSY_FOR_S) if self.tick() else busy_until
                    wait_s = self._until_next_tick(busy=now < busy_until)
            except Exception as error:
                log.exception("A tick of the dialer failed with %s.", type(error).__name__)
            stop.wait(wait_s)

    def _until_next_tick(self, *, busy: bool) -> float:
        wait_s = TICK_S if busy else IDLE_TICK_S
        if self._pacer.next_at is None:
            return wait_s
        return max(wait_s, min((self._pacer.next_at - self._deps.clock.now()).total_seconds(), IDLE_TICK_S))

    def _anything_running(self) -> bool:
        """Whether a tick could find anything; a read, since a tick holds the pace of all dialers."""
        with self._deps.db.read() as session:
            running = select(Campaign.id).where(Campaign.state.in_(DIALS))
            if session.scalar(running.limit(1)) is not None:
                return True
            return session.scalar(select(Case.id).where(OPEN, TEST).limit(1)) is not None

    def _look(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                with self._deps.db.write() as session:
                    beat(session, f"dialer {self._deps.name}"[:64], self._deps.calls.clock())
                self.reconcile()
            except Exception as error:
                log.exception("The dialer could not look for what was left behind: %s.", type(error).__name__)
            stop.wait(RECONCILE_EVERY_S)
