"""Whole calls we make, through the real dialer, the real webhooks and the pretended network: one YAML file each.

A file says whom we call (`person`, attended by the steps when it is missing), what happens, and what must be true then:
the call's outcome, the case, the answers kept, the opt-out, the ticket, messages and voicemails.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from callbacks.answers import AnswerRecord
from callbacks.attempt import Attempt
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case
from callbacks.cases import NewCase, create_case
from callbacks.dialing.account import AccountPace
from callbacks.dialing.clocks import LocalClock
from callbacks.dialing.dialer import Dialer
from callbacks.opt_outs import OptOut
from callbacks.settings import DAYS, CallingHours, Pacing
from demo.settings import SERVICE_NUMBER
from flows.versions import latest
from ivr.calls import Call
from ivr.messages import Message
from simulator.handset import Handset
from simulator.scenario import HangUp, Hear, Press, Say, Silence, Step, Wait, parse_steps
from tests.callbacks.dialing.dial_stage import FREE, Queue
from tests.conftest import KINDS, fresh_database
from tests.end_to_end.rehearsal import Stage, rehearse, rows, url_of
from tickets import desk
from tickets.new_ticket import NewTicket
from tickets.ticket import Ticket
from tickets.timeline import Entry, EntryKind

FOLDER = Path(__file__).parent / "scenarios" / "outbound"
FILES = sorted(FOLDER.glob("*/*.yaml"))
PURPOSES = {"follow_up": "follow_up"}
NUMBERS = (f"+86138{n:08d}" for n in itertools.count(1))


@dataclass
class Caller:
    """A stage with a dialer that a test drives by hand."""

    stage: Stage
    queue: Queue = field(default_factory=Queue)

    @property
    def dialer(self) -> Dialer:
        house, net = self.stage.house, self.stage.net
        account = AccountPace(calls_per_second=1000, max_live=100, inbound_reserve=0)
        clock = LocalClock(net.now, lambda _s: None)
        return Dialer(house.db, house.provider, self.queue, house.calls, FREE, account, clock, "rehearsal")

    def prepare(self, spec: dict[str, Any], flow: str, number: str) -> int:
        """A campaign with one case; gives the case's id."""
        now = self.stage.net.now()
        with self.stage.db.write() as session:
            variables = {"parcel": "RB100200", "code": "328841", "ticket": "000000"}
            if spec.get("ticket") == "solved":
                new = NewTicket(subject="A box", text="please look into it", caller_number=number, key=number)
                ticket = desk.open_or_append(session, new, now).ticket
                desk.change_status(session, ticket, "solve", by="agent", now=now)
                variables["ticket"] = ticket.number
            campaign = Campaign(
                name=str(spec["name"])[:120],
                state=CampaignState.RUNNING,
                standing=True,
                purpose=PURPOSES.get(flow, "delivery"),
                flow_name=flow,
                flow_version_id=latest(session, flow).id,
                caller_numbers=[SERVICE_NUMBER],
                zone="Asia/Shanghai",
                law="none",
                language=spec["language"],
                machine=spec.get("machine", "off"),
                running_since=now,
                created_at=now,
            )
            campaign.hours = CallingHours(week=dict.fromkeys(DAYS, ((540, 1200),)), skip_holidays=False)
            campaign.pacing = Pacing(calls_per_second=100, max_live=100)
            session.add(campaign)
            session.flush()
            new_case = NewCase(number=number, variables=variables, reference=number, key=number, source="test")
            return create_case(session, campaign, new_case, now).case.id

    def dial(self) -> None:
        """Dial what is due."""
        dialer = self.dialer
        while dialer.tick():
            for attempt_id in self.queue.take():
                dialer.dial(attempt_id)


@pytest.fixture(scope="module", params=KINDS)
def caller(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """The whole house, which calls all the people of this file, on each kind of database."""
    folder = tmp_path_factory.mktemp("calls")
    with fresh_database(request, request.param, folder) as db, rehearse(url_of(db), folder) as stage:
        yield Caller(stage=stage)


def play(phone: Handset, steps: list[Step]) -> None:
    """Do the steps with a phone in hand, then listen to the end."""
    for step in steps:
        match step.action:
            case Hear(words=words):
                phone.hear(*words)
            case Press(digits=digits, early=early):
                phone.press(digits, early=early)
            case Say(text=text, confidence=confidence, early=early):
                phone.say(text, confidence, early=early)
            case Silence(seconds=seconds):
                phone.silence(seconds)
            case Wait(seconds=seconds):
                phone.wait(seconds)
            case HangUp():
                phone.hangup()
            case other:
                raise AssertionError(f"A callee cannot do {other!r}.")
    if not any(event["kind"] == "hangup" for event in phone.events):
        phone.wait_for_end()


@pytest.mark.parametrize("file", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_call_we_make_goes_as_its_scenario_says(caller: Caller, file: Path) -> None:
    spec = yaml.safe_load(file.read_text(encoding="utf-8"))
    stage, flow, number = caller.stage, file.parent.name, next(NUMBERS)
    person = dict(spec.get("person", {"behaviour": "attended"}))
    stage.net.people.set(number, person.pop("behaviour"), **person)
    case_id = caller.prepare(spec, flow, number)
    caller.dial()
    if "steps" in spec:
        phone = stage.net.next_ring(number)
        phone.answer()
        play(phone, parse_steps(spec["steps"], file.stem))
    stage.rest()
    if "calls_back" in spec:
        phone = stage.net.call(to=SERVICE_NUMBER, from_=number)
        play(phone, parse_steps(spec["calls_back"], file.stem))
        stage.rest()
    require(stage, case_id, number, spec["expect"])


def require(stage: Stage, case_id: int, number: str, expect: dict[str, Any]) -> None:
    """Compare what is stored with what the scenario expects."""
    (case,) = rows(stage.db, Case, Case.id == case_id)
    calls = rows(stage.db, Call, (Call.to_number == number) | (Call.from_number == number))
    found: dict[str, Any] = {"outcome": calls[-1].outcome, "answered_by": calls[-1].answered_by}
    assert calls[-1].error == ""
    stage.require_valid(calls[-1].sid or "")
    wish = f"{case.wish_at:%Y-%m-%d %H:%M}" if case.wish_at else None
    found["case"] = {"state": case.state, "reason": case.reason, "flagged": case.flagged, "wish_at": wish}
    answers = rows(stage.db, AnswerRecord, AnswerRecord.case_id == case_id)
    found["answers"] = [answer.answer for answer in answers]
    found["mode"] = answers[-1].mode if answers else None
    assert all(answer.question and answer.audio_offset_ms is not None for answer in answers)
    opt_outs = rows(stage.db, OptOut, OptOut.number == number)
    found["opt_out"] = {name: getattr(opt_outs[0], name) for name in ("purpose", "how", "node")} if opt_outs else None
    tickets = rows(stage.db, Ticket, Ticket.caller_number == number)
    found["tickets"] = len(tickets)
    if "ticket" in expect:
        found["ticket"] = {"status": tickets[0].status, "priority": tickets[0].priority}
        spoken = rows(stage.db, Entry, Entry.ticket_id == tickets[0].id, Entry.kind == EntryKind.SPEECH)
        found["ticket"]["said"] = spoken[-1].payload["text"] if spoken else None
    for name in ("case", "ticket"):
        if name in expect:
            found[name] = {key: found[name][key] for key in expect[name]}
    if "sms" in expect:
        (message,) = rows(stage.db, Message, Message.to_number == number)
        assert expect["sms"] in message.body
    if "voicemail" in expect:
        left = [voicemail for voicemail in stage.net.voicemails if voicemail.number == number]
        assert expect["voicemail"] in left[-1].text
    checked = {name: found[name] for name in expect if name not in ("sms", "voicemail")}
    assert checked == {name: value for name, value in expect.items() if name not in ("sms", "voicemail")}
    assert len(rows(stage.db, Attempt, Attempt.case_id == case_id)) == 1
