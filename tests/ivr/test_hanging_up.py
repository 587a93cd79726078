"""A caller who hangs up in the middle: what the flow's policy makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from ivr.calls import Call
from ivr.recordings import Recording
from ivr.turns import TurnRow
from telephony.calls import CallStatus, Recorded
from tickets.ticket import Ticket
from tickets.timeline import Entry

ASKING = """
format: 1
name: asking
title: {en-US: Asking}
languages: [en-US]
start: story
hang_up: {ticket: POLICY, category: complaint}
nodes:
  story:
    type: listen
    prompt: {en-US: "What happened? Press the hash key to skip."}
    value: story
    exits: {next: number}
  number:
    type: collect
    kind: digits
    prompt: {en-US: "What is your customer number? Then press the hash key."}
    value: customer
    exits: {next: menu}
  menu:
    type: menu
    prompt: {en-US: "What now?"}
    choices:
      - {key: "1", name: again, label: {en-US: all again}}
      - {key: "2", name: bye, label: {en-US: the end}}
    exits: {again: story, bye: bye}
  bye: {type: hang_up, prompt: {en-US: "Goodbye."}}
"""

NUMBER = "+442071838751"


def asking(desk: Any, policy: str) -> Any:
    desk.publish(ASKING.replace("POLICY", policy), NUMBER)
    return desk.call(to=NUMBER)


def test_what_was_said_becomes_a_ticket_when_the_caller_hangs_up(desk: Any) -> None:
    phone = asking(desk, "if_said")
    phone.say("My parcel is wet")
    phone.hang_up()
    ticket = desk.row(Ticket)
    assert ticket.category == "complaint"
    assert ticket.text == "My parcel is wet"
    assert ticket.fields["story"] == "My parcel is wet"
    call = desk.row(Call)
    assert (call.outcome, call.ended_by, call.ticket_id) == ("completed", "caller", ticket.id)
    assert desk.rows(TurnRow)[-1].heard == {"kind": "hangup"}


def test_a_value_that_was_keyed_is_something_said(desk: Any) -> None:
    phone = asking(desk, "if_said")
    phone.press("#")
    phone.press("4711")
    phone.press("1")
    phone.hang_up()
    assert str(desk.row(Ticket).fields["customer"]) == "4711"


def test_a_caller_who_said_nothing_leaves_no_ticket(desk: Any) -> None:
    phone = asking(desk, "if_said")
    phone.silent()
    phone.hang_up()
    assert desk.rows(Ticket) == []
    assert (desk.row(Call).outcome, desk.row(Call).ended_by) == ("abandoned", "caller")


def test_the_way_through_a_menu_alone_is_nothing_said(desk: Any) -> None:
    desk.call("3").hang_up()
    assert desk.rows(Ticket) == []


@pytest.mark.parametrize(("policy", "tickets"), [("never", 0), ("always", 1)])
def test_the_policy_decides_whatever_was_said(desk: Any, policy: str, tickets: int) -> None:
    phone = asking(desk, policy)
    if policy == "never":
        phone.say("My parcel is wet")
    phone.hang_up()
    assert len(desk.rows(Ticket)) == tickets


def test_after_a_ticket_a_hang_up_is_only_noted_on_it(desk: Any) -> None:
    phone = desk.call("0")
    phone.answer_queue("leave")
    desk_ticket = desk.row(Ticket)
    assert phone.last == "Hangup"
    assert desk_ticket.category == "complaint"
    phone.hang_up()
    assert len(desk.rows(Ticket)) == 1


def test_a_second_final_callback_opens_no_second_ticket(desk: Any) -> None:
    phone = asking(desk, "always")
    phone.hang_up()
    phone.hang_up()
    phone.status(CallStatus.FAILED)
    assert len(desk.rows(Ticket)) == 1
    assert desk.row(Call).status == "completed"


def test_a_hang_up_during_a_recording_keeps_the_recording_and_goes_on_to_the_ticket(desk: Any) -> None:
    phone = desk.call("1")
    sid = phone.record(ended_by="hangup", status=CallStatus.COMPLETED)
    ticket = desk.row(Ticket)
    assert desk.row(Recording).ticket_id == ticket.id
    assert desk.row(Recording).sid == sid
    assert desk.row(Call).status == "completed"


def test_the_recording_may_come_after_the_end_of_the_call(desk: Any) -> None:
    phone = desk.call("1")
    phone.hang_up()
    assert desk.rows(Ticket) == []
    phone.record(ended_by="hangup", status=CallStatus.COMPLETED)
    assert desk.row(Recording).ticket_id == desk.row(Ticket).id
    desk.clock.pass_s(60)
    desk.work()
    assert len(desk.rows(Ticket)) == 1


def test_a_recording_that_never_comes_ends_the_call_all_the_same(desk: Any) -> None:
    phone = desk.call("1")
    phone.hang_up()
    assert desk.row(Call).outcome == ""
    desk.clock.pass_s(60)
    desk.work()
    assert desk.row(Call).outcome == "abandoned"


def test_a_recording_that_comes_long_after_the_end_still_opens_the_ticket(desk: Any) -> None:
    phone = desk.call("1")
    target = phone.action
    phone.hang_up()
    desk.clock.pass_s(60)
    desk.work()
    listed = desk.provider.keep_recording(b"", call_sid=phone.sid, duration_s=4, created_at=desk.clock())
    late = Recorded(url=listed.url, sid=listed.recording_sid, duration_s=4, ended_by="hangup")
    for _ in range(2):
        phone.ask(target, phone.event(late, status=CallStatus.COMPLETED))
    assert desk.row(Recording).ticket_id == desk.row(Ticket).id
    assert desk.row(Call).outcome == "completed"
    assert [e.kind for e in desk.rows(Entry)].count("recording") == 1


def test_addresses_given_to_the_flow_are_no_fields_of_a_ticket(sqlite_db: Any, tmp_path: Any, make_desk: Any) -> None:
    desk = make_desk(sqlite_db, tmp_path, flow_values={"parcel_service": "http://parcels.internal"})
    phone = asking(desk, "if_said")
    phone.say("My parcel is wet")
    phone.hang_up()
    assert desk.row(Ticket).fields == {"story": "My parcel is wet"}
