"""A campaign, its dialers and a phone company that rings nobody, for tests of dialling."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from callbacks.attempt import Attempt
from callbacks.campaign import Campaign, CampaignState
from callbacks.cases import NewCase, create_case
from callbacks.dialing.account import AccountPace
from callbacks.dialing.answer_versions import version_at_answer
from callbacks.dialing.clocks import DialClock, LocalClock
from callbacks.dialing.dialer import Dialer
from callbacks.dialing.following import follow
from callbacks.effects import EFFECTS
from callbacks.gate.policy import GatePolicy
from callbacks.purposes import Purpose
from callbacks.settings import DAYS, CallingHours, MachineMode, Pacing, RetryMatrix
from flows.documents import parse
from flows.versions import publish
from ivr.deps import Deps
from ivr.effects import with_effects
from ivr.webhooks import create_blueprint
from storage.database import Database
from telephony.calls import AnsweredBy, CallEvent, CallStatus, Digits, Direction
from telephony.memory import MemoryProvider
from telephony.provider import Provider
from work.transport import MemoryTransport

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday, ten in the morning in Shanghai."""

CALLER = "+862155550100"
ALWAYS = CallingHours(week=dict.fromkeys(DAYS, ((0, 1440),)), skip_holidays=False)
FREE = GatePolicy(zone="Asia/Shanghai", caps=(), none_allowed=True)
FAST = AccountPace(calls_per_second=1000, max_live=10_000, inbound_reserve=0)

DELIVERY = """
format: 1
name: delivery
title: {en-US: Delivery}
languages: [en-US]
start: hello
outbound:
  purpose: delivery
  organisation: {en-US: Courier}
  goals: [door]
nodes:
  hello:
    type: opening
    about: {en-US: "parcel {{ parcel }}"}
    exits: {next: where, wrong_person: wrong, later: later}
  where:
    type: menu
    prompt: {en-US: "Where shall we leave it?"}
    choices:
      - {key: "1", name: door, label: {en-US: at the door}}
      - {key: "2", name: nothing, label: {en-US: nothing}}
    exits: {door: door, nothing: nothing}
  door: {type: hang_up, outcome: door}
  nothing: {type: hang_up, outcome: nothing}
  wrong: {type: hang_up, outcome: wrong_person}
  later: {type: hang_up, outcome: callback}
"""


@dataclass
class SteppedClock:
    """Stands until it is moved; whoever sleeps on it moves it."""

    moment: datetime = NOW

    def __call__(self) -> datetime:
        return self.moment

    def pass_s(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class DialStage:
    """What a test has in hand. Dialers run step by step; `rounds` lets one tick, dial and look."""

    db: Database
    clock: SteppedClock
    provider: MemoryProvider
    deps: Deps
    client: FlaskClient
    policy: GatePolicy = FREE
    dials: DialClock | None = None
    account: AccountPace = FAST
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def campaign(self, **fields: Any) -> int:
        """A running campaign; gives its id."""
        pacing = fields.pop("pacing", Pacing(calls_per_second=100, max_live=1000))
        hours, retries = fields.pop("hours", ALWAYS), fields.pop("retries", RetryMatrix())
        given: dict[str, Any] = {
            "name": "Parcels",
            "state": CampaignState.RUNNING,
            "purpose": Purpose.DELIVERY,
            "flow_name": "delivery",
            "caller_numbers": [CALLER],
            "zone": "Asia/Shanghai",
            "law": "none",
            "machine": MachineMode.OFF,
            "running_since": self.clock() - timedelta(days=1),
            "created_at": self.clock(),
            "standing": True,
        }
        with self.db.write() as session:
            version = publish(session, parse(DELIVERY), by="t", note="", now=self.clock(), override_reason="a test")
            campaign = Campaign(**{**given, "flow_version_id": version.id, **fields})
            campaign.pacing, campaign.hours, campaign.retries = pacing, hours, retries
            session.add(campaign)
            session.flush()
            return campaign.id

    def case(self, campaign_id: int, number: str = "", **fields: Any) -> int:
        """An open case; gives its id."""
        n = next(self.numbers)
        new = NewCase(number=number or f"+861380{n:07d}", variables={"parcel": f"P{n}"}, key=f"case-{n}", source="test")
        with self.db.write() as session:
            campaign = session.get_one(Campaign, campaign_id)
            return create_case(session, campaign, replace(new, **fields), self.clock()).case.id

    def cases(self, campaign_id: int, count: int) -> list[int]:
        """Open cases of as many phones."""
        return [self.case(campaign_id) for _ in range(count)]

    def dialer(self, name: str = "one", provider: Provider | None = None, **more: Any) -> Dialer:
        """A dialer of its own queue; ticks send to `queue_of`."""
        clock = self.dials or LocalClock(self.clock, self.clock.pass_s)
        return Dialer(
            self.db,
            provider or self.provider,
            more.pop("transport", None) or Queue(),
            replace(self.deps, provider=provider or self.provider),
            more.pop("policy", self.policy),
            more.pop("account", self.account),
            clock,
            name,
            **more,
        )

    def dial_due(self, dialer: Dialer | None = None) -> list[str]:
        """Tick until nothing is claimed, dial all; the sids that the phone company made of it."""
        dialer = dialer or self.dialer()
        before = set(self.provider.calls)
        while dialer.tick():
            for attempt_id in queue_of(dialer).take():
                dialer.dial(attempt_id)
        return [sid for sid in self.provider.calls if sid not in before]

    def rows(self, model: type[Any], *conditions: Any) -> list[Any]:
        """Rows in order."""
        with self.db.read() as session:
            return list(session.scalars(select(model).where(*conditions).order_by(model.id)))

    def attempt(self, case_id: int) -> Attempt:
        """The latest attempt of a case."""
        return self.rows(Attempt, Attempt.case_id == case_id)[-1]  # type: ignore[no-any-return]

    def get(self, model: type[Any], row_id: int) -> Any:
        """A row."""
        with self.db.read() as session:
            return session.get_one(model, row_id)

    def change(self, model: type[Any], row_id: int, **fields: Any) -> None:
        """Change columns of a row."""
        with self.db.write() as session:
            row = session.get_one(model, row_id)
            for name, value in fields.items():
                setattr(row, name, value)

    def phone(self, sid: str) -> Callee:
        """The telephone that a call rings."""
        return Callee(stage=self, sid=sid)

    def call_of(self, case_id: int) -> Callee:
        """The telephone of a case's latest attempt."""
        sid = self.attempt(case_id).sid
        assert sid is not None
        return self.phone(sid)


@dataclass
class Callee:
    """Somebody who is called: makes the webhooks that the phone company would send."""

    stage: DialStage
    sid: str
    sequence: int = 0

    @property
    def base(self) -> str:
        url = self.stage.provider.calls[self.sid].answer_url
        return url.removeprefix("https://desk.example").split("/turns/")[0]

    def event(self, status: CallStatus, **more: Any) -> CallEvent:
        placed = self.stage.provider.calls[self.sid].placed
        return CallEvent(
            call_sid=self.sid,
            from_number=placed.from_number,
            to_number=placed.to_number,
            status=status,
            direction=Direction.OUTBOUND,
            **more,
        )

    def status(self, status: CallStatus, *, sequence: int | None = None, **more: Any) -> None:
        """A status callback."""
        number = self.sequence if sequence is None else sequence
        self.sequence = max(self.sequence, number) + 1
        self.stage.provider.end_call(self.sid, status, duration_s=more.get("duration_s"))
        self.post("status", self.event(status, sequence_number=number, **more))

    def post(self, path: str, event: CallEvent) -> str:
        sent = self.stage.provider.request(f"{self.base}/{path}", event)
        answer = self.stage.client.post(f"{self.base}/{path}", data=dict(sent.form), headers=dict(sent.headers))
        assert answer.status_code in (200, 204), (path, answer.status_code, answer.data)
        return answer.text

    def answer(self, *keys: str) -> Callee:
        """Pick up, and press keys at the menu."""
        self.status(CallStatus.IN_PROGRESS)
        self.post("turns/0", self.event(CallStatus.IN_PROGRESS))
        if keys:
            self.post("turns/1", self.event(CallStatus.IN_PROGRESS))
        for turn, key in enumerate(keys, start=2):
            self.post(f"turns/{turn}", self.event(CallStatus.IN_PROGRESS, heard=Digits(digits=key)))
        return self

    def verdict(self, answered_by: AnsweredBy) -> None:
        """Machine detection has made up its mind."""
        self.post("answered-by", self.event(CallStatus.IN_PROGRESS, answered_by=answered_by))

    def hang_up(self, duration_s: int = 20) -> None:
        self.status(CallStatus.COMPLETED, duration_s=duration_s)

    def ends(self, status: CallStatus, **more: Any) -> None:
        """Rings, and comes to nothing."""
        self.status(CallStatus.RINGING)
        self.status(status, **more)


class Queue(MemoryTransport):
    """A queue that a test empties by hand."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._sent: list[int] = []

    def send(self, job_id: int) -> None:
        with self._lock:
            self._sent.append(job_id)

    def take(self) -> list[int]:
        with self._lock:
            taken, self._sent = self._sent, []
        return taken


def queue_of(dialer: Dialer) -> Queue:
    """The queue of a dialer made by `DialStage.dialer`."""
    transport = dialer._transport
    assert isinstance(transport, Queue)
    return transport


def new_stage(db: Database, **more: Any) -> DialStage:
    """A desk on a database, with webhooks that tell the dialer's follower."""
    clock = SteppedClock()
    provider = MemoryProvider("secret", clock=clock)
    deps = Deps(
        db=db,
        provider=provider,
        public_base_url="https://desk.example",
        clock=clock,
        effects=with_effects(EFFECTS),
        migrated=lambda _db: True,
        followers=(follow,),
        versions_at_answer=(version_at_answer,),
    )
    app = Flask("dialing")
    app.register_blueprint(create_blueprint(deps))
    return DialStage(db=db, clock=clock, provider=provider, deps=deps, client=app.test_client(), **more)
