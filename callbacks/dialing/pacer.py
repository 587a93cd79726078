"""One tick: hold the pace, find what is due, ask the gate, share the slots, store the claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from callbacks.campaign import Campaign
from callbacks.case import Case
from callbacks.dialing.claiming import Batch, Grant
from callbacks.dialing.deps import DialDeps
from callbacks.dialing.due import due_cases, due_tests, running_campaigns
from callbacks.dialing.durable import hasty_write
from callbacks.dialing.lines import count_lines
from callbacks.dialing.pace_store import LONGEST_BACK, campaign_key, hold_account, least_key, rows_of
from callbacks.dialing.pacing import AHEAD, BATCH, LEAD, Cell, next_gap, pick, slack_of
from callbacks.pace_rows import PaceRow
from callbacks.settings import Pacing

ROUNDS = 4
"""How often a tick looks for cases of one campaign while the gate denies all it finds, each time for more of them."""

MOST_AT_ONCE = 100

REST = timedelta(seconds=0.25)
"""A campaign that had nothing due is not asked again for so long."""


@dataclass(kw_only=True, eq=False)
class Lane:
    """A campaign in one tick. `room` is how many more calls it may have on the line."""

    campaign: Campaign
    pacing: Pacing
    own: PaceRow
    least_row: PaceRow | None
    cell: Cell
    least: Cell | None
    room: int
    weight: int
    served: float
    found: list[Case] = field(default_factory=list)

    def give(self, at: datetime) -> None:
        """Take note of a slot given."""
        self.cell.advance(at, next_gap(self.pacing, self.campaign.running_since, at))
        if self.least is not None:
            self.least.advance(at, timedelta(seconds=1 / self.pacing.min_calls_per_second))
        self.served += 1 / self.weight
        self.room -= 1

    def store(self) -> None:
        """Write the pace back."""
        self.own.tat, self.own.served = self.cell.tat, self.served
        if self.least_row is not None and self.least is not None:
            self.least_row.tat = self.least.tat


class Pacer:
    """Hands out slots. Any number of dialers may run one; the one that holds the account's row works."""

    def __init__(self, deps: DialDeps) -> None:
        self._deps = deps
        self._idle_until: dict[int, datetime] = {}
        self.next_at: datetime | None = None
        """When another tick is worth it, by the dialer's clock; None for at once."""

    def tick(self) -> list[int]:
        """Claim what may be dialled within the next moment; gives the attempts' ids, committed."""
        with hasty_write(self._deps.db) as session:
            now = self._deps.clock.read(session)
            account = hold_account(session, now)
            if account is None:
                self.next_at = None
                return []
            return _Tick(self._deps, session, account, now, self._idle_until).run(self)


class _Tick:
    def __init__(
        self, deps: DialDeps, session: Session, account: PaceRow, now: datetime, idle_until: dict[int, datetime]
    ) -> None:
        self._deps = deps
        self._session = session
        self._account = account
        self._now = now
        self._idle_until = idle_until
        self._batch = Batch(session, deps, now)
        # A moment further ahead than any pacing is left from a clock that was set back.
        ahead = account.tat if account.tat <= now + AHEAD + deps.account.gap + LONGEST_BACK else now
        self._at = max(ahead, now + LEAD)
        self._grants: list[Grant] = []
        self._live: dict[int, int] = {}
        self._free = 0

    def run(self, pacer: Pacer) -> list[int]:
        if self._at <= self._now + AHEAD - BATCH:
            lines = count_lines(self._session, self._deps.account)
            self._live, self._free = lines.live, lines.free
            if self._free > 0:
                self._claim_tests()
                self._share()
        if self._grants:
            self._account.tat = self._at
        pacer.next_at = None if self._in_time() else self._at - AHEAD + BATCH
        return self._batch.claim(self._grants)

    def _in_time(self) -> bool:
        return self._at <= self._now + AHEAD

    def _slots_left(self) -> int:
        """How many slots this tick can still give at most."""
        left = (self._now + AHEAD - self._at) / self._deps.account.gap
        return max(0, min(self._free, int(left) + 1))

    def _claim_tests(self) -> None:
        cases = due_tests(self._session, self._now, self._slots_left())
        campaigns = {case.campaign_id: self._session.get_one(Campaign, case.campaign_id) for case in cases}
        for case in self._batch.allowed(cases, campaigns):
            self._grant(case, campaigns[case.campaign_id], self._at)

    def _grant(self, case: Case, campaign: Campaign, at: datetime) -> None:
        self._grants.append(Grant(case=case, campaign=campaign, slot_at=at))
        self._at = at + self._deps.account.gap
        self._free -= 1

    def _share(self) -> None:
        lanes = self._lanes()
        every = list(lanes)
        while lanes and self._free > 0:
            chosen = pick(lanes, self._at)
            if chosen is None or chosen[1] > self._now + AHEAD:
                break
            lane, at = chosen
            case = self._next_case(lane)
            if case is None:
                lanes.remove(lane)
                continue
            self._grant(case, lane.campaign, at)
            self._account.served = max(self._account.served, lane.served)
            lane.give(at)
            if lane.room <= 0:
                lanes.remove(lane)
        for lane in every:
            lane.store()

    def _lanes(self) -> list[Lane]:
        """The campaigns that take part: running, with room, and not known to have nothing due."""
        campaigns = [c for c in running_campaigns(self._session) if self._idle_until.get(c.id, self._now) <= self._now]
        keys = [key(c.id) for c in campaigns for key in (campaign_key, least_key)]
        rows = rows_of(self._session, keys, self._now)
        lanes = (self._lane(campaign, rows) for campaign in campaigns)
        return [lane for lane in lanes if lane.room > 0]

    def _lane(self, campaign: Campaign, rows: dict[str, PaceRow]) -> Lane:
        pacing, slack = campaign.pacing, slack_of(self._deps.account.gap)
        own, least_row = rows[campaign_key(campaign.id)], rows[least_key(campaign.id)]
        gap = next_gap(pacing, campaign.running_since, self._now)
        guaranteed = pacing.min_calls_per_second > 0
        return Lane(
            campaign=campaign,
            pacing=pacing,
            own=own,
            least_row=least_row if guaranteed else None,
            # Never further ahead than one gap, so that a pace that was raised holds at once.
            cell=Cell(tat=min(own.tat, self._now + AHEAD + gap), slack=slack),
            least=Cell(tat=least_row.tat, slack=slack) if guaranteed else None,
            room=pacing.max_live - self._live.get(campaign.id, 0),
            weight=pacing.weight,
            # Whoever was idle does not get what it left to others; whoever waited keeps its turn.
            served=max(own.served, self._account.served),
        )

    def _next_case(self, lane: Lane) -> Case | None:
        """The lane's next case that may be dialled; None when it has none at the moment."""
        limit = max(1, min(lane.room, self._slots_left()))
        for _ in range(ROUNDS):
            if lane.found:
                return lane.found.pop(0)
            cases = due_cases(self._session, lane.campaign.id, self._now, limit)
            if not cases:
                break
            lane.found = self._batch.allowed(cases, {lane.campaign.id: lane.campaign})
            limit = min(limit * 4, MOST_AT_ONCE)
        else:
            return lane.found.pop(0) if lane.found else None
        self._idle_until[lane.campaign.id] = self._now + REST
        return None
