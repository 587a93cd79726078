"""Calls we make: prepared before they ring, told of in any order, answered by people and machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from callbacks.opt_outs import OptOut
from flows.documents import parse
from flows.requests import CallTimeChecked
from flows.versions import latest, publish
from ivr.begin import store_call
from ivr.calls import Call
from ivr.library import FlowLibrary
from ivr.messages import Message
from ivr.reception import Reception
from ivr.scope import CallScope
from ivr.turns import TurnRow
from storage.database import Database
from telephony.calls import AnsweredBy, CallStatus, Digits, Direction, MessageEvent
from telephony.memory_books import RememberedCall
from telephony.provider import PlacedCall
from tests.ivr.conftest import SERVICE, Desk, Phone, new_desk
from tickets.ticket import Ticket
from work.jobs import Job, ask

EXAMPLES = Path(__file__).resolve().parents[2] / "flows" / "examples"
CALLEE = "+8613800138000"


@pytest.fixture
def news() -> list[dict[str, Any]]:
    """What followers were told, one entry each."""
    return []


@pytest.fixture
def house(db: Database, tmp_path: Path, news: list[dict[str, Any]]) -> Desk:
    """A desk that may call, and a follower that writes down what it hears."""

    def follow(scope: CallScope) -> None:
        news.append({**scope.columns, "was": scope.call.status, "touched": scope.talk.touched})

    made = new_desk(db, tmp_path, followers=(follow,))
    made.publish()
    return made


def prepare(desk: Desk, *, flow: str = "pre_delivery", language: str = "en-US", **values: Any) -> Phone:
    """A call that is stored and not placed yet, and the phone that will ring."""
    document = parse((EXAMPLES / f"{flow}.yaml").read_bytes())
    given = {"parcel": "RB100200", "code": "328841", "ticket": "572400", "case": {"purpose": "delivery"}, **values}
    with desk.db.write() as db:
        publish(db, document, by="test", note="", now=desk.clock())
        call = store_call(
            db,
            sid=None,
            direction=Direction.OUTBOUND,
            from_number=SERVICE,
            to_number=CALLEE,
            status=CallStatus.QUEUED,
            person=None,
            line_id=None,
            flow=FlowLibrary(db, desk.deps.flows).version(latest(db, flow).id),
            language=language,
            given=given,
            now=desk.clock(),
        )
        token = call.token
    phone = desk.phone(caller=SERVICE, to=CALLEE)
    phone.sent.append((f"/voice/calls/{token}/", None))
    return phone


def ours(phone: Phone, **more: Any) -> Any:
    """An event of a call we made."""
    return replace(phone.event(), direction=Direction.OUTBOUND, **more)


def tell(phone: Phone, status: CallStatus, **more: Any) -> int:
    """A status callback on the call's own URL."""
    event = ours(phone, status=status, sequence_number=phone.sequence, **more)
    phone.sequence += 1
    return int(phone.desk.post(f"/voice/calls/{phone.token}/status", event).status_code)


def verdict(phone: Phone, answered_by: AnsweredBy) -> int:
    """What machine detection believes."""
    return int(
        phone.desk.post(f"/voice/calls/{phone.token}/answered-by", ours(phone, answered_by=answered_by)).status_code
    )


def pick_up(phone: Phone) -> Phone:
    """The phone is answered and hears the first document."""
    tell(phone, CallStatus.IN_PROGRESS)
    return phone.ask(f"/voice/calls/{phone.token}/turns/0", ours(phone))


def placed(phone: Phone) -> None:
    """Let the provider know the call, so that it can be moved."""
    call = PlacedCall(
        call_sid=phone.sid, status=CallStatus.IN_PROGRESS, from_number=SERVICE, to_number=CALLEE, created_at=None
    )
    phone.desk.provider.calls[phone.sid] = RememberedCall(placed=call, answer_url="", status_url="", timeout_s=30)


def redirect(phone: Phone, action: str) -> RememberedCall:
    """Let a worker send the call elsewhere; what the provider then knows of it."""
    desk = phone.desk
    call = desk.row(Call)
    with desk.db.write() as db:
        ask(db, "redirect_call", key=f"r:{action}", payload={"call_id": call.id, "action": action}, now=desk.clock())
    desk.work()
    return desk.provider.calls[phone.sid]


def test_a_prepared_call_learns_its_sid_from_the_first_notice_and_goes_on(house: Desk, news: list[Any]) -> None:
    phone = prepare(house)
    assert tell(phone, CallStatus.RINGING) == 204
    assert house.row(Call).sid == phone.sid
    pick_up(phone)
    assert "automated assistant of Ringback Couriers" in phone.heard
    phone.silent()
    phone.press("1")
    assert phone.last == "Hangup"
    tell(phone, CallStatus.COMPLETED, duration_s=20)
    call = house.row(Call)
    assert (call.status, call.outcome, call.answered_by, call.duration_s) == ("completed", "door", "human", 20)
    assert [entry["status"] for entry in news if "status" in entry] == ["ringing", "in-progress", "completed"]
    assert [entry["outcome"] for entry in news if "outcome" in entry] == ["door"]


def test_the_voice_webhook_may_come_before_every_notice(house: Desk) -> None:
    phone = prepare(house)
    phone.ask(f"/voice/calls/{phone.token}/turns/0", ours(phone))
    tell(phone, CallStatus.RINGING)
    tell(phone, CallStatus.IN_PROGRESS)
    call = house.row(Call)
    assert (call.sid, call.status, call.turn) == (phone.sid, "in-progress", 1)
    assert call.answered_at is not None


def test_a_second_sid_for_one_prepared_call_changes_nothing_and_hears_nothing(house: Desk) -> None:
    phone = prepare(house)
    tell(phone, CallStatus.RINGING)
    twin = replace(phone, sid="CA" + "9" * 32, sent=list(phone.sent))
    assert tell(twin, CallStatus.COMPLETED) == 204
    assert verdict(twin, AnsweredBy.MACHINE_START) == 204
    call = house.row(Call)
    assert (call.sid, call.status, call.answered_by) == (phone.sid, "ringing", None)
    assert twin.ask(f"/voice/calls/{phone.token}/turns/0", ours(twin)).verbs == [{"verb": "Hangup"}]


def test_a_sid_that_belongs_to_another_call_is_not_taken(house: Desk) -> None:
    other = house.call("1")
    phone = prepare(house)
    assert tell(replace(phone, sid=other.sid, sent=list(phone.sent)), CallStatus.COMPLETED) == 204
    assert {call.sid for call in house.rows(Call)} == {other.sid, None}


@pytest.mark.parametrize("status", [CallStatus.BUSY, CallStatus.NO_ANSWER, CallStatus.FAILED])
def test_a_call_that_nobody_answers_ends_with_its_status(house: Desk, status: CallStatus) -> None:
    phone = prepare(house)
    tell(phone, CallStatus.RINGING)
    tell(phone, status, sip_code=486)
    call = house.row(Call)
    assert (call.status, call.outcome, call.turn) == (status.value, status.value, 0)


def test_who_hangs_up_before_the_first_word_is_asked_nothing(house: Desk) -> None:
    phone = prepare(house)
    tell(phone, CallStatus.IN_PROGRESS)
    tell(phone, CallStatus.COMPLETED)
    phone.ask(f"/voice/calls/{phone.token}/turns/0", ours(phone))
    assert phone.verbs == [{"verb": "Hangup"}]
    assert house.row(Call).outcome == "abandoned"
    assert house.rows(TurnRow) == []


def test_unsigned_notices_of_our_calls_are_refused(house: Desk) -> None:
    phone = prepare(house)
    for path in ("status", "answered-by", "voicemail"):
        target = f"/voice/calls/{phone.token}/{path}"
        assert house.post(target, ours(phone), forged=True).status_code == 403
    message = MessageEvent(message_sid="SM1", from_number=CALLEE, to_number=SERVICE, status="received", body="STOP")
    assert house.post("/voice/messages/incoming", message, forged=True).status_code == 403
    assert house.row(Call).sid is None


def test_an_unknown_token_is_no_error_for_the_provider(house: Desk) -> None:
    phone = house.phone()
    assert house.post("/voice/calls/nobody/status", ours(phone)).status_code == 204
    assert house.post("/voice/calls/nobody/answered-by", ours(phone)).status_code == 204


def test_who_hangs_up_in_the_middle_leaves_no_ticket(house: Desk) -> None:
    phone = pick_up(prepare(house))
    phone.silent()
    phone.press("4")
    tell(phone, CallStatus.COMPLETED)
    assert house.rows(Ticket) == []
    assert house.row(Call).outcome == "abandoned"


def test_a_flow_may_ask_for_that_ticket(house: Desk) -> None:
    text = (EXAMPLES / "pre_delivery.yaml").read_text(encoding="utf-8")
    document = parse(text.replace("variables:\n", "hang_up: {ticket: always}\nvariables:\n", 1))
    phone = prepare(house)
    with house.db.write() as db:
        version = publish(db, document, by="test", note="", now=house.clock()).id
        row = db.query(Call).one()
        row.flow_version_id = version
        row.state = {**row.state, "f": [{**row.state["f"][0], "v": version}]}
    pick_up(phone)
    phone.silent()
    tell(phone, CallStatus.COMPLETED)
    assert len(house.rows(Ticket)) == 1
    assert house.row(Call).outcome == "ticket"


def test_what_was_reached_before_the_callee_hung_up_counts(house: Desk) -> None:
    phone = pick_up(prepare(house, flow="overdue_pickup"))
    phone.silent()
    phone.press("1")
    tell(phone, CallStatus.COMPLETED)
    assert house.row(Call).outcome == "code_told"


# ---- machines


def test_a_verdict_is_kept_once_and_told_to_followers(house: Desk, news: list[Any]) -> None:
    phone = pick_up(prepare(house))
    for answered_by in (AnsweredBy.MACHINE_START, AnsweredBy.HUMAN):
        assert verdict(phone, answered_by) == 204
    assert house.row(Call).answered_by == "machine_start"
    assert [entry["answered_by"] for entry in news if "answered_by" in entry] == ["machine_start"]


def test_a_verdict_may_come_before_everything_else(house: Desk) -> None:
    phone = prepare(house)
    verdict(phone, AnsweredBy.MACHINE_END_BEEP)
    call = house.row(Call)
    assert (call.sid, call.answered_by, call.status) == (phone.sid, "machine_end_beep", "queued")
    assert "automated assistant" in pick_up(phone).heard


def test_the_verdict_that_it_is_a_human_changes_nothing(house: Desk) -> None:
    phone = pick_up(prepare(house))
    before = house.row(Call)
    verdict(phone, AnsweredBy.HUMAN)
    after = house.row(Call)
    assert (after.state, after.turn, after.status) == (before.state, before.turn, before.status)
    phone.silent()
    phone.press("2")
    assert house.row(Call).outcome == "station"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_key_overrides_the_verdict_whichever_comes_first(house: Desk, when: str) -> None:
    phone = pick_up(prepare(house))
    placed(phone)
    phone.silent()
    if when == "before":
        verdict(phone, AnsweredBy.MACHINE_START)
    phone.press("4")
    if when == "after":
        verdict(phone, AnsweredBy.MACHINE_START)
    assert house.row(Call).answered_by == "human"
    assert redirect(phone, "hang_up").placed.status is CallStatus.IN_PROGRESS
    phone.say("tomorrow").say("yes")
    assert house.row(Call).outcome == "another_day"


def test_what_a_machine_says_after_its_verdict_is_no_answer_and_no_reason_to_think_it_a_person(house: Desk) -> None:
    phone = pick_up(prepare(house))
    placed(phone)
    phone.silent()
    verdict(phone, AnsweredBy.MACHINE_END_BEEP)
    phone.say("I am not at home, please leave a message at the door")
    call = house.row(Call)
    assert (call.answered_by, call.node, call.state.get("a")) == ("machine_end_beep", "ask_where", None)
    assert redirect(phone, "voicemail").answer_url.endswith("/voicemail")
    phone.ask(f"/voice/calls/{phone.token}/voicemail", ours(phone))
    assert house.row(Call).outcome == "voicemail"


def test_a_machine_is_hung_up_on_and_that_is_how_the_call_went(house: Desk) -> None:
    phone = pick_up(prepare(house))
    placed(phone)
    verdict(phone, AnsweredBy.MACHINE_START)
    assert redirect(phone, "hang_up").placed.status is CallStatus.COMPLETED
    tell(phone, CallStatus.COMPLETED)
    assert house.row(Call).outcome == "machine"


def test_a_machine_hears_the_flow_s_voicemail_with_a_number_to_call(house: Desk) -> None:
    phone = pick_up(prepare(house))
    placed(phone)
    phone.say("Hello, nobody is in. Please leave a message.")
    verdict(phone, AnsweredBy.MACHINE_END_BEEP)
    address = redirect(phone, "voicemail").answer_url
    path = address.removeprefix("https://desk.example")
    assert path == f"/voice/calls/{phone.token}/voicemail"
    phone.ask(path, ours(phone))
    assert "We have a parcel for you today. Please call 0 2 0, 7 1 8 3, 8 7 5 0 and tell us" in phone.heard
    assert phone.last == "Hangup"
    said = phone.heard
    assert phone.ask(path, ours(phone)).heard == said
    tell(phone, CallStatus.COMPLETED)
    call = house.row(Call)
    assert (call.outcome, call.ended_by, call.answered_by) == ("voicemail", "flow", "machine_end_beep")


def test_a_flow_without_a_voicemail_leaves_a_message_of_the_house(house: Desk) -> None:
    text = (EXAMPLES / "pre_delivery.yaml").read_text(encoding="utf-8").replace("  voicemail: machine\n", "")
    phone = prepare(house)
    with house.db.write() as db:
        version = publish(db, parse(text), by="test", note="", now=house.clock(), override_reason="a test").id
        row = db.query(Call).one()
        row.flow_version_id = version
        row.state = {**row.state, "f": [{**row.state["f"][0], "v": version}]}
    pick_up(phone)
    phone.ask(f"/voice/calls/{phone.token}/voicemail", ours(phone))
    assert "automated assistant of Ringback Couriers. Please call us back on" in phone.heard
    assert house.row(Call).outcome == "voicemail"


def test_who_answered_while_the_message_was_on_its_way_hears_the_question_again(house: Desk) -> None:
    phone = pick_up(prepare(house))
    phone.silent()
    phone.press("4")
    question = phone.heard
    phone.ask(f"/voice/calls/{phone.token}/voicemail", ours(phone))
    assert phone.heard == question
    assert phone.answer(Digits(digits="1122")).last == "Hangup"
    assert house.row(Call).outcome == "another_day"


def test_redirecting_a_call_that_is_over_does_nothing(house: Desk) -> None:
    phone = pick_up(prepare(house))
    placed(phone)
    tell(phone, CallStatus.COMPLETED)
    assert redirect(phone, "voicemail").answer_url == ""
    assert [job.last_error for job in house.rows(Job) if job.state == "failed"] == []


# ---- sub-flows

ASKING = """
format: 1
name: asking
title: {en-US: Asking}
languages: [en-US]
start: ask
nodes:
  ask:
    type: confirm
    prompt: {en-US: Is it you?}
    exits: {"yes": bye, "no": bye, person: bye, failed: bye}
  bye: {type: hang_up}
"""
CALLING = """
format: 1
name: pre_delivery
title: {en-US: Calling}
languages: [en-US]
start: opening
outbound: {purpose: survey, organisation: {en-US: Ringback}, goals: [completed]}
nodes:
  opening:
    type: opening
    about: {en-US: a survey}
    exits: {next: sub, wrong_person: bye}
  sub:
    type: subflow
    flow: asking
    exits: {done: bye, failed: bye}
  bye: {type: hang_up}
"""


@pytest.mark.parametrize("how", ["key", "words"])
def test_an_opt_out_inside_a_sub_flow_ends_the_whole_call(house: Desk, how: str) -> None:
    phone = prepare(house)
    with house.db.write() as db:
        publish(db, parse(ASKING), by="test", note="", now=house.clock(), override_reason="a test")
        version = publish(db, parse(CALLING), by="test", note="", now=house.clock(), override_reason="a test").id
        row = db.query(Call).one()
        row.flow_version_id = version
        row.state = {**row.state, "f": [{**row.state["f"][0], "v": version, "x": {"case": {"purpose": "survey"}}}]}
    pick_up(phone)
    assert "Is it you?" in phone.silent().heard
    phone.press("8") if how == "key" else phone.say("stop calling me")
    assert phone.verbs[-1] == {"verb": "Hangup"}
    assert house.row(Call).outcome == "opted_out"
    assert (house.row(OptOut).purpose, house.row(OptOut).how) == ("survey", how)


# ---- call later, receptions, texts


def test_the_house_is_asked_whether_a_time_is_allowed(db: Database, tmp_path: Path) -> None:
    asked: list[str] = []

    def check(scope: CallScope, at: str) -> CallTimeChecked:
        asked.append(at)
        return CallTimeChecked(allowed=len(asked) > 1, next_at="2026-11-23T01:00:00+00:00")

    desk = new_desk(db, tmp_path, call_time=check)
    phone = pick_up(prepare(desk))
    phone.say("call me later").press("11212330")
    assert "We may not call at that time. The next possible time is Monday, November 23 9:00 AM" in phone.heard
    phone.press("11230930")
    assert "we will call you again" in phone.heard.lower()
    assert phone.last == "Hangup"
    assert asked == ["2026-11-21T23:30:00+08:00", "2026-11-23T09:30:00+08:00"]
    assert desk.row(Call).outcome == "callback"
    assert desk.rows(Ticket) == []


def reception_of(desk: Desk, met: Callable[..., None]) -> None:
    def receive(db: Any, caller: str, service_number: str, now: Any) -> Reception | None:
        if caller != CALLEE:
            return None
        case = {"id": 7, "purpose": "delivery", "inbound": True}
        version = latest(db, "pre_delivery").id
        return Reception(flow_version_id=version, values={"parcel": "7788", "case": case}, language="en", met=met)

    object.__setattr__(desk.deps, "receptions", (receive,))


def test_a_caller_whom_somebody_knows_is_met_by_another_flow(house: Desk) -> None:
    met: list[int] = []
    reception_of(house, lambda _db, call_id: met.append(call_id))
    prepare(house)
    phone = house.call(caller=CALLEE)
    assert "Thank you for calling back. You are calling about parcel 7 7 8 8, which" in phone.heard
    call = next(call for call in house.rows(Call) if call.direction == "inbound")
    assert (met, call.flow_name, call.line_id is not None) == ([call.id], "pre_delivery", True)
    assert phone.silent().press("1").last == "Hangup"


def test_others_and_withheld_numbers_meet_the_line_s_own_flow(house: Desk) -> None:
    reception_of(house, lambda _db, _call_id: None)
    assert "How can I help you?" in house.call().heard
    assert "How can I help you?" in house.call(caller="").heard


def text(body: str, sid: str = "SM" + "1" * 32) -> MessageEvent:
    return MessageEvent(message_sid=sid, from_number=CALLEE, to_number=SERVICE, status="received", body=body)


def test_a_text_message_is_kept_and_answered_once(db: Database, tmp_path: Path) -> None:
    desk = new_desk(db, tmp_path, text_received=lambda _db, event: f"You wrote {event.body}.")
    for _ in range(2):
        assert desk.post("/voice/messages/incoming", text("STOP")).status_code == 204
    received, sent = desk.rows(Message)
    assert (received.direction, received.body, received.from_number) == ("inbound", "STOP", CALLEE)
    assert (sent.direction, sent.body, sent.to_number, sent.from_number) == (
        "outbound",
        "You wrote STOP.",
        CALLEE,
        SERVICE,
    )
    desk.work()
    assert [message.body for message in desk.provider.messages] == ["You wrote STOP."]


def test_a_text_message_that_nobody_answers_is_kept(db: Database, tmp_path: Path) -> None:
    desk = new_desk(db, tmp_path)
    assert desk.post("/voice/messages/incoming", text("hello")).status_code == 204
    assert [message.status for message in desk.rows(Message)] == ["received"]


def test_a_prepared_call_that_nobody_speaks_for_takes_the_version_in_force_when_it_is_answered(house: Desk) -> None:
    phone = prepare(house)
    text = (EXAMPLES / "pre_delivery.yaml").read_text(encoding="utf-8")
    one_language = parse(text).model_copy(update={"description": "New."})
    with house.db.write() as s:
        new = publish(s, one_language, by="test", note="", now=house.clock())
        assert new.number == 2
        version_id = new.id
    pick_up(phone)
    assert house.row(Call).flow_version_id == version_id


def test_a_prepared_call_speaks_another_language_when_the_new_version_lost_its_own(house: Desk) -> None:
    phone = prepare(house, flow="pre_delivery", language="zh-CN")
    with house.db.write() as s:
        document = parse((EXAMPLES / "pre_delivery.yaml").read_bytes())
        publish(s, document.model_copy(update={"languages": ("en-US",)}), by="test", note="", now=house.clock(),
                override_reason="test")  # fmt: skip
    pick_up(phone)
    assert house.row(Call).language == "en-US"
