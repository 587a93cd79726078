"""What people say on calls we make, and when they ring back: opt-outs, wrong numbers, times, answers, tickets."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from callbacks.answers import AnswerRecord
from callbacks.attempt import Attempt, BusinessOutcome
from callbacks.call_backs import CaseCall, recogniser
from callbacks.call_times import call_time
from callbacks.case import Case, CaseState, CloseReason
from callbacks.opt_outs import OptOut
from callbacks.opting_out import add_opt_out, revoke_opt_out
from callbacks.settings import DAYS, CallingHours
from callbacks.wishes import CallbackWish
from flows.documents import parse
from flows.versions import publish
from ivr.calls import Call
from ivr.lines import Line
from storage.database import Database
from telephony.calls import CallEvent, CallStatus, Digits, Direction, Heard, Nothing, Silence, Speech
from tests.callbacks.dialing.dial_stage import CALLER, FREE, DialStage, new_stage
from tickets import desk
from tickets.new_ticket import NewTicket
from tickets.ticket import Priority, Status, Ticket
from tickets.timeline import Entry, EntryKind
from work.happenings import Happening

EXAMPLES = Path(__file__).resolve().parents[2] / "flows" / "examples"
ANNA = "+8613800000001"


@pytest.fixture
def stage(db: Database) -> DialStage:
    """A dialer, a follower, and a house that knows who rings back and when people may be called."""
    made = new_stage(db)
    object.__setattr__(made.deps, "receptions", (recogniser(),))
    object.__setattr__(made.deps, "call_time", call_time(FREE))
    return made


def campaign(stage: DialStage, flow: str = "pre_delivery", **fields: Any) -> int:
    """A running campaign with one of the example flows, in English."""
    document = parse((EXAMPLES / f"{flow}.yaml").read_bytes())
    with stage.db.write() as session:
        version = publish(session, document, by="t", note="", now=stage.clock()).id
    given = {"flow_name": flow, "flow_version_id": version, "language": "en-US"}
    return stage.campaign(**{**given, **fields})


def case(stage: DialStage, campaign_id: int, **fields: Any) -> int:
    """A case about a parcel for Anna."""
    values = {"parcel": "RB100200", "code": "328841", "ticket": "000000"}
    given = {"number": ANNA, "variables": values, "reference": "RB100200"}
    return stage.case(campaign_id, **{**given, **fields})


class Talk:
    """One call, on either side of it: every answer is a webhook, and what is heard is kept."""

    def __init__(self, stage: DialStage, sid: str, base: str, direction: Direction) -> None:
        self.stage, self.sid, self.base, self.direction, self.turn = stage, sid, base, direction, 0
        self.heard = ""
        self.over = False

    def event(self, heard: Heard | None = None, status: CallStatus = CallStatus.IN_PROGRESS, **more: Any) -> CallEvent:
        outbound = self.direction is Direction.OUTBOUND
        return CallEvent(
            call_sid=self.sid,
            from_number=CALLER if outbound else ANNA,
            to_number=ANNA if outbound else CALLER,
            status=status,
            direction=self.direction,
            heard=heard or Nothing(),
            **more,
        )

    def send(self, target: str, event: CallEvent) -> None:
        sent = self.stage.provider.request(target, event)
        answer = self.stage.client.post(target, data=dict(sent.form), headers=dict(sent.headers))
        assert answer.status_code in (200, 204), answer.data
        if answer.status_code == 200:
            verbs = json.loads(answer.data)
            prompts = [prompt for verb in verbs for prompt in (verb, *verb.get("prompts", ()))]
            self.heard = " ".join(prompt["text"] for prompt in prompts if prompt.get("text"))
            self.over = verbs[-1]["verb"] == "Hangup"
            action = verbs[-1].get("action") or ""
            self.base = action.removeprefix("https://desk.example").partition("/turns/")[0] or self.base
            self.turn += 1

    def answer(self, heard: Heard) -> Talk:
        self.stage.clock.pass_s(4)
        self.send(f"{self.base}/turns/{self.turn}", self.event(heard))
        return self

    def press(self, *keys: str) -> Talk:
        for key in keys:
            self.answer(Digits(digits=key))
        return self

    def say(self, *texts: str) -> Talk:
        for text in texts:
            self.answer(Speech(text=text, confidence=0.9))
        return self

    def listen(self) -> Talk:
        """Hear the opening out."""
        return self.answer(Silence())

    def hang_up(self) -> None:
        target = f"{self.base}/status" if self.direction is Direction.OUTBOUND else "/voice/status"
        self.send(target, self.event(status=CallStatus.COMPLETED, duration_s=20, sequence_number=9))


def ring(stage: DialStage) -> Talk:
    """Dial what is due; the one phone that rings is picked up."""
    (sid,) = stage.dial_due()
    url = stage.provider.calls[sid].answer_url.removeprefix("https://desk.example")
    talk = Talk(stage, sid, url.partition("/turns/")[0], Direction.OUTBOUND)
    talk.send(f"{talk.base}/status", talk.event(sequence_number=2))
    talk.send(f"{talk.base}/turns/0", talk.event())
    return talk


def missed(stage: DialStage) -> None:
    """Dial what is due; it rings and nobody answers."""
    (sid,) = stage.dial_due()
    stage.phone(sid).ends(CallStatus.NO_ANSWER)


def ring_back(stage: DialStage, *, to: str = CALLER, caller: str = ANNA, sid: str = "CA" + "b" * 32) -> Talk:
    """Anna calls one of our numbers."""
    talk = Talk(stage, sid, "", Direction.INBOUND)
    event = replace(talk.event(status=CallStatus.RINGING), to_number=to, from_number=caller)
    talk.send("/voice/incoming", event)
    return talk


def told(stage: DialStage, kind: str) -> list[Happening]:
    return stage.rows(Happening, Happening.kind == kind)


# ---- opt-outs


@pytest.mark.parametrize("how", ["key", "words"])
def test_an_opt_out_holds_at_once_with_its_evidence_and_for_other_campaigns(stage: DialStage, how: str) -> None:
    first, second = campaign(stage), campaign(stage, name="Other parcels", state="paused")
    mine, other = case(stage, first), case(stage, second, key="other", reference="RB2")
    talk = ring(stage).listen()
    talk.press("8") if how == "key" else talk.say("please never call me again")
    assert talk.over
    assert talk.heard == "Done. We will not call you about this again."
    (kept,) = stage.rows(OptOut)
    evidence = "8" if how == "key" else "please never call me again"
    assert (kept.number, kept.purpose, kept.how, kept.evidence, kept.node) == (
        ANNA,
        "delivery",
        how,
        evidence,
        "ask_where",
    )
    assert kept.audio_offset_ms == 8000
    assert kept.call_id == stage.rows(Call)[0].id
    talk.hang_up()
    assert [(c.state, c.reason) for c in stage.rows(Case)] == [("closed", "opted_out")] * 2
    assert stage.attempt(mine).business_outcome == BusinessOutcome.OPTED_OUT
    assert other != mine
    assert [happening.payload["how"] for happening in told(stage, "opt_out.added")] == [how]
    assert stage.dial_due() == []


@pytest.mark.parametrize("answers", [[], ["4"], ["5"]])
def test_every_question_of_a_call_takes_the_opt_out(stage: DialStage, answers: list[str]) -> None:
    case(stage, campaign(stage))
    talk = ring(stage).listen().press(*answers, "8")
    assert talk.over
    assert len(stage.rows(OptOut)) == 1


def test_the_opening_takes_it_too(stage: DialStage) -> None:
    case(stage, campaign(stage))
    assert ring(stage).say("stop calling").over
    assert stage.rows(OptOut)[0].node == "opening"


def test_an_opt_out_given_twice_is_one_row_and_closes_what_came_since(stage: DialStage) -> None:
    parcels = campaign(stage)
    for n in range(2):
        case(stage, parcels, key=f"k{n}", reference=f"r{n}")
        with stage.db.write() as session:
            add_opt_out(session, number=ANNA, purpose="all", how="agent", now=stage.clock(), evidence=f"{n}")
    assert [(row.purpose, row.evidence) for row in stage.rows(OptOut)] == [("all", "0")]
    assert {c.reason for c in stage.rows(Case)} == {CloseReason.OPTED_OUT}
    assert len(told(stage, "opt_out.added")) == 1


def test_two_who_opt_a_number_out_at_the_same_moment_make_one_row(stage: DialStage) -> None:
    at_once = threading.Barrier(2)
    failed: list[Exception] = []

    def opt_out(how: str) -> None:
        try:
            at_once.wait(10)
            with stage.db.write() as session:
                add_opt_out(session, number=ANNA, purpose="all", how=how, now=stage.clock())
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=opt_out, args=(how,)) for how in ("agent", "sms")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    assert len(stage.rows(OptOut)) == len(told(stage, "opt_out.added")) == 1


def test_a_revoked_opt_out_can_be_given_again(stage: DialStage) -> None:
    for how in ("agent", "sms"):
        with stage.db.write() as session:
            row = add_opt_out(session, number=ANNA, purpose="all", how=how, now=stage.clock())
            assert row.revoked_at is None
            if how == "agent":
                revoke_opt_out(session, row, by="somebody", now=stage.clock())
    (kept,) = stage.rows(OptOut)
    assert (kept.how, kept.revoked_at, kept.revoked_by) == ("sms", None, "")
    assert len(told(stage, "opt_out.added")) == 2


def test_the_words_alone_count_on_a_call_that_comes_in_for_all_calls(stage: DialStage) -> None:
    with stage.db.write() as session:
        document = parse((EXAMPLES / "ticket_line_ko.yaml").read_bytes())
        flow = publish(session, document, by="t", note="", now=stage.clock()).flow_id
        session.add(Line(number=CALLER, label="line", flow_id=flow))
    talk = ring_back(stage)
    while "stop" not in talk.heard and not talk.over and talk.turn < 4:
        talk.say("전화하지 마세요")
    assert talk.over
    (kept,) = stage.rows(OptOut)
    assert (kept.purpose, kept.how) == ("all", "words")


# ---- wrong person, call later


def test_the_wrong_person_is_not_called_again_and_the_number_is_flagged(stage: DialStage) -> None:
    case_id = case(stage, campaign(stage))
    talk = ring(stage).press("7")
    assert talk.over
    talk.hang_up()
    found = stage.get(Case, case_id)
    assert (found.state, found.reason, found.flagged, found.outcome) == ("closed", "wrong_person", True, "wrong_person")


def test_call_me_later_puts_the_case_off_without_a_ticket(stage: DialStage) -> None:
    case_id = case(stage, campaign(stage))
    talk = ring(stage).say("I am driving, call me later", "tomorrow at three in the afternoon", "yes")
    assert talk.over
    assert "We will call you again Tuesday, November 24" in talk.heard
    talk.hang_up()
    found = stage.get(Case, case_id)
    at = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    assert (found.state, found.wish_at, found.due_at) == (CaseState.OPEN, at, at)
    (wish,) = stage.rows(CallbackWish)
    assert (wish.wanted_at, wish.state, wish.ticket_id) == (at, "planned", None)
    assert stage.rows(Ticket) == []
    assert stage.attempt(case_id).business_outcome == BusinessOutcome.CALL_LATER
    assert stage.dial_due() == []
    stage.clock.moment = at + timedelta(seconds=1)
    assert len(stage.dial_due()) == 1


def test_a_time_outside_the_calling_hours_is_refused_with_the_next_one(stage: DialStage) -> None:
    hours = CallingHours(week=dict.fromkeys(DAYS, ((540, 1200),)), skip_holidays=False)
    case_id = case(stage, campaign(stage, hours=hours))
    talk = ring(stage).say("call me later").press("11232330")
    assert "We may not call at that time. The next possible time is Tuesday, November 24 9:00 AM" in talk.heard
    assert talk.press("11240930").over
    assert stage.get(Case, case_id).wish_at == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


def test_a_time_at_which_the_matter_is_out_of_date_is_refused(stage: DialStage) -> None:
    case(stage, campaign(stage), not_after=stage.clock() + timedelta(hours=20))
    talk = ring(stage).say("call me later").press("11260930")
    assert "choose an earlier one" in talk.heard
    assert talk.press("11231700").over


# ---- answers


def test_an_answer_is_kept_as_a_record_with_the_question_as_it_was_spoken(stage: DialStage) -> None:
    case_id = case(stage, campaign(stage))
    ring(stage).listen().press("1")
    (record,) = stage.rows(AnswerRecord)
    assert record.question.startswith("Where shall it go? For your door, press 1.")
    assert (record.answer, record.heard, record.mode, record.confidence) == ("door", "1", "keys", None)
    assert (record.case_id, record.reference, record.number, record.node) == (case_id, "RB100200", ANNA, "ask_where")
    assert (record.audio_offset_ms, record.language) == (8000, "en-US")
    assert record.flow_version_id == stage.attempt(case_id).flow_version_id
    (happening,) = told(stage, "consent.given")
    assert (happening.reference, happening.payload["answer"]) == ("RB100200", "door")


def test_a_value_that_was_read_back_is_kept_with_both_questions_and_the_words(stage: DialStage) -> None:
    case(stage, campaign(stage))
    ring(stage).listen().say("another day", "next Monday", "yes")
    choice, day = stage.rows(AnswerRecord)
    assert (choice.answer, choice.mode, choice.confidence) == ("another_day", "speech", 0.9)
    assert day.question.startswith("Which day suits you?")
    assert "Is that right?" in day.question
    assert (day.answer, day.heard) == ("2026-11-30", "next Monday")


def test_calls_about_no_case_leave_no_records(stage: DialStage) -> None:
    with stage.db.write() as session:
        document = parse((EXAMPLES / "ticket_line_ko.yaml").read_bytes())
        flow = publish(session, document, by="t", note="", now=stage.clock()).flow_id
        session.add(Line(number=CALLER, label="line", flow_id=flow))
    ring_back(stage).press("1")
    assert stage.rows(AnswerRecord) == []


# ---- who rings back


def test_who_rings_back_is_met_with_the_case_and_closes_it(stage: DialStage) -> None:
    case_id = case(stage, campaign(stage))
    missed(stage)
    stage.clock.pass_s(3600)
    talk = ring_back(stage)
    assert "Thank you for calling back. You are calling about parcel" in talk.heard
    waiting = stage.get(Case, case_id)
    assert waiting.due_at >= stage.clock() + timedelta(minutes=29)
    talk.listen().press("1")
    assert talk.over
    talk.hang_up()
    found = stage.get(Case, case_id)
    assert (found.state, found.reason, found.outcome) == ("closed", "goal_met", "door")
    with stage.db.read() as session:
        (met,) = session.scalars(select(CaseCall)).all()
        assert met.case_id == case_id
    (record,) = stage.rows(AnswerRecord)
    assert record.case_id == case_id
    assert len(stage.rows(Attempt)) == 1


def test_a_call_back_takes_opt_out_wrong_number_and_later_as_the_call_does(stage: DialStage) -> None:
    parcels = campaign(stage)
    case_id = case(stage, parcels)
    missed(stage)
    talk = ring_back(stage).say("call me later").press("11241500")
    assert talk.over
    talk.hang_up()
    assert stage.get(Case, case_id).wish_at == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    talk = ring_back(stage, sid="CA" + "c" * 32).listen().press("8")
    talk.hang_up()
    assert stage.get(Case, case_id).reason == CloseReason.OPTED_OUT


@pytest.mark.parametrize("why", ["too late", "closed", "another number", "never rang", "withheld"])
def test_others_are_met_by_the_line_s_own_flow(stage: DialStage, why: str) -> None:
    with stage.db.write() as session:
        document = parse((EXAMPLES / "ticket_line_ko.yaml").read_bytes())
        flow = publish(session, document, by="t", note="", now=stage.clock()).flow_id
        session.add(Line(number=CALLER, label="line", flow_id=flow))
    case_id = case(stage, campaign(stage))
    if why == "never rang":
        (sid,) = stage.dial_due()
        stage.phone(sid).status(CallStatus.FAILED, sip_code=503)
        stage.change(Attempt, stage.attempt(case_id).id, rang_at=None)
    else:
        missed(stage)
    if why == "too late":
        stage.clock.pass_s(3.1 * 86400)
    if why == "closed":
        stage.change(Case, case_id, state=CaseState.CLOSED, reason=CloseReason.CANCELLED)
    caller = {"another number": "+8613800000002", "withheld": ""}.get(why, ANNA)
    talk = ring_back(stage, caller=caller)
    assert "calling back" not in talk.heard


# ---- a solved ticket


def solved_ticket(stage: DialStage, *, closed: bool = False) -> str:
    with stage.db.write() as session:
        opened = desk.open_or_append(
            session,
            NewTicket(subject="Broken box", category="", text="my box is broken", caller_number=ANNA, key="t1"),
            stage.clock(),
        ).ticket
        desk.change_status(session, opened, "solve", by="agent", now=stage.clock())
        if closed:
            desk.change_status(session, opened, "close", by="agent", now=stage.clock())
        return opened.number


def test_no_in_the_follow_up_reopens_the_ticket_more_urgent_with_what_was_said(stage: DialStage) -> None:
    number = solved_ticket(stage)
    before = stage.rows(Ticket)[0].priority
    parcels = campaign(stage, "follow_up", purpose="follow_up")
    case_id = case(stage, parcels, variables={"ticket": number}, reference=number)
    talk = ring(stage).listen().press("2")
    assert "I have opened your ticket again" in talk.heard
    assert talk.say("the box is still broken").over
    talk.hang_up()
    (ticket,) = stage.rows(Ticket)
    assert (ticket.status, ticket.solved_at) == (Status.OPEN, None)
    ranks = list(Priority)
    assert ranks.index(Priority(ticket.priority)) == ranks.index(Priority(before)) + 1
    spoken = stage.rows(Entry, Entry.kind == EntryKind.SPEECH)
    assert "the box is still broken" in [entry.payload["text"] for entry in spoken]
    assert [happening.payload for happening in told(stage, "ticket.reopened")]
    found = stage.get(Case, case_id)
    assert (found.reason, found.outcome) == ("goal_met", "reopened")


def test_yes_and_a_rating_leave_the_ticket_solved(stage: DialStage) -> None:
    number = solved_ticket(stage)
    case_id = case(stage, campaign(stage, "follow_up", purpose="follow_up"), variables={"ticket": number})
    ring(stage).listen().press("1", "5").hang_up()
    assert stage.rows(Ticket)[0].status == Status.SOLVED
    assert stage.get(Case, case_id).outcome == "solved"


def test_who_hangs_up_at_the_rating_is_not_called_again(stage: DialStage) -> None:
    number = solved_ticket(stage)
    case_id = case(stage, campaign(stage, "follow_up", purpose="follow_up"), variables={"ticket": number})
    ring(stage).listen().press("1").hang_up()
    found = stage.get(Case, case_id)
    assert (found.state, found.reason, found.outcome) == ("closed", "goal_met", "solved")


def test_a_ticket_that_was_closed_meanwhile_gets_a_successor(stage: DialStage) -> None:
    number = solved_ticket(stage, closed=True)
    case(stage, campaign(stage, "follow_up", purpose="follow_up"), variables={"ticket": number})
    ring(stage).listen().press("2").say("still broken").hang_up()
    old, new = stage.rows(Ticket)
    assert (old.status, new.status) == (Status.CLOSED, Status.NEW)
    assert new.subject == "Not solved: Broken box"
