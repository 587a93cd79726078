"""One call of the past, led by the real engine: its turns, events and tickets are those of a call that took place.

Only the telephone is missing. No document is kept with the turns, since none was sent.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from demo.settings import SERVICE_NUMBER
from demo.stories import EVERYWHERE, Act, Story
from flows.requests import LookupReply
from ivr import engine
from ivr.begin import store_call
from ivr.calls import Call
from ivr.conversation import answer, scene_of
from ivr.deps import Deps
from ivr.lookups import LookupRow
from ivr.machine import CompiledFlow
from ivr.notices import apply_status
from ivr.scope import CallScope
from ivr.session import Session as Talk
from ivr.store import read_by_id
from ivr.turn import Turn
from ivr.turns import TurnRow
from simulator.parcels import find_parcel
from telephony.calls import (
    CallEvent,
    CallStatus,
    Digits,
    Direction,
    Heard,
    Nothing,
    QueueEnded,
    Recorded,
    Silence,
    Speech,
)
from tickets.people import Person

TURNS_AT_MOST = 40


@dataclass(kw_only=True)
class PastCall:
    """Plays one caller against the flow, from the greeting to the end."""

    session: Session
    deps: Deps
    flow: CompiledFlow
    line_id: int | None
    chance: random.Random
    at: datetime
    language: str
    story: Story
    reference: str
    text: str
    number: str
    person: Person | None
    rating: int
    sid: str = ""
    call_id: int = 0
    left: dict[str, Iterator[Act]] = field(default_factory=dict)

    def play(self) -> Call:
        """Store the call with its turns, and give it."""
        self.sid = f"CA{self.chance.getrandbits(128):032x}"
        began_at = self.at
        row = store_call(
            self.session,
            sid=self.sid,
            direction=Direction.INBOUND,
            from_number=self.number,
            to_number=SERVICE_NUMBER,
            status=CallStatus.IN_PROGRESS,
            person=self.person,
            line_id=self.line_id,
            flow=self.flow,
            now=self.at,
            answered_at=self.at,
            demo=True,
        )
        self.call_id = row.id
        scope = self._scope()
        self._answer(scope, engine.start(self.flow, scope.talk, scene_of(self.deps, scope)), Nothing())
        for _ in range(TURNS_AT_MOST):
            if not self._next():
                break
        self.at += timedelta(seconds=4)
        self._hang_up(round((self.at - began_at).total_seconds()))
        self.session.execute(update(TurnRow).where(TurnRow.call_id == self.call_id).values(reply=""))
        return self.session.get_one(Call, self.call_id, populate_existing=True)

    def _next(self) -> bool:
        """One turn more; False when the flow is over or the caller has nothing left to say."""
        scope = self._scope()
        talk = scope.talk
        if talk.ended:
            return False
        if talk.pending is not None:
            self.at += timedelta(seconds=2)
            scope = self._scope()
            reply = self._looked_up(scope.talk.pending.id if scope.talk.pending else 0)
            scope.talk.pending = None
            self._answer(scope, engine.resume(scope.talk, reply, scene_of(self.deps, scope)), Nothing())
            return True
        act = self._act(talk)
        if act is None:
            return False
        self.at += timedelta(seconds=9 + self.chance.randrange(16) + act.recorded_s + act.talks_s)
        scope = self._scope()
        heard = self._heard(act, talk)
        self._answer(scope, engine.resume(scope.talk, heard, scene_of(self.deps, scope)), heard)
        return True

    def _act(self, talk: Talk) -> Act | None:
        node = talk.node
        if node == "choose_language":
            return Act(keys="2" if self.language == "en-US" else "1")
        if node == "rating":
            return Act(keys=str(self.rating)) if self.rating else Act()
        known: Mapping[str, tuple[Act, ...]] = {**EVERYWHERE, **self.story.acts}
        return next(self.left.setdefault(node, iter(known.get(node, ()))), None)

    def _heard(self, act: Act, talk: Talk) -> Heard:
        if act.talks_s:
            return QueueEnded(result="bridged", waited_s=12)
        if act.recorded_s:
            sid = f"RE{self.chance.getrandbits(128):032x}"
            url = f"https://demo.invalid/recordings/{sid}"
            return Recorded(url=url, sid=sid, duration_s=act.recorded_s, ended_by="#")
        if act.words is not None:
            words = act.words[talk.language].format(ref=self.reference, text=self.text)
            return Speech(text=words, confidence=act.confidence)
        return Digits(digits=act.keys) if act.keys else Silence()

    def _looked_up(self, lookup_id: int) -> LookupReply:
        """What the demo's parcel service tells of the parcel that the flow asked for."""
        row = self.session.get_one(LookupRow, lookup_id)
        parcel = find_parcel(str(row.request["url"]).rsplit("/", 1)[-1], self.at)
        if parcel is None:
            reply = LookupReply(outcome="not_found", status=404, body={"error": "No parcel has this number."})
        else:
            reply = LookupReply(outcome="ok", status=200, body=asdict(parcel))
        row.reply, row.answered_at = asdict(reply), self.at
        self.session.flush()
        return reply

    def _scope(self) -> CallScope:
        row = read_by_id(self.session, self.call_id)
        if row is None:
            raise LookupError("The call that is being told does not exist.")
        return CallScope(db=self.session, call=row, talk=Talk.from_json(row.state), now=self.at)

    def _answer(self, scope: CallScope, turn: Turn, heard: Heard) -> None:
        answer(self.deps, scope, scene_of(self.deps, scope), turn, self._event(heard), 0.0)
        spent_ms = round(self.chance.uniform(6, 30), 1)
        number = scope.columns["turn"]
        told = update(TurnRow).where(TurnRow.call_id == self.call_id, TurnRow.number == number)
        self.session.execute(told.values(ms=spent_ms))

    def _event(self, heard: Heard) -> CallEvent:
        return CallEvent(
            call_sid=self.sid,
            from_number=self.number,
            to_number=SERVICE_NUMBER,
            status=CallStatus.IN_PROGRESS,
            direction=Direction.INBOUND,
            heard=heard,
        )

    def _hang_up(self, duration_s: int) -> None:
        row = read_by_id(self.session, self.call_id)
        if row is not None:
            over = replace(
                self._event(Nothing()), status=CallStatus.COMPLETED, sequence_number=3, duration_s=duration_s
            )
            apply_status(self.deps, self.session, row, over, self.at)
