"""Whole calls through the webhooks: from the first ring to the ticket."""

from __future__ import annotations

from typing import Any

from ivr.calls import Call
from ivr.lines import Line
from ivr.turns import TurnRow
from telephony.calls import CallStatus
from tickets.people import Person
from tickets.ticket import Ticket
from tickets.timeline import Entry


def kinds(desk: Any) -> list[str]:
    return [str(entry.kind) for entry in desk.rows(Entry)]


def test_a_complaint_becomes_a_ticket_with_its_recording_and_transcript(desk: Any) -> None:
    phone = desk.call("1")
    assert phone.last == "Record"
    phone.record()
    ticket = desk.row(Ticket)
    spelled = " ".join(ticket.number)
    assert spelled in phone.heard.replace(",", "")
    assert phone.last == "Hangup"
    phone.hang_up()
    desk.work()
    assert "transcript" in kinds(desk)
    transcripts = [e.payload["text"] for e in desk.rows(Entry) if e.kind == "transcript"]
    assert transcripts == ["it broke"]
    call = desk.row(Call)
    assert (call.status, call.outcome, call.ended_by, call.ticket_id) == ("completed", "completed", "flow", ticket.id)
    assert call.duration_s == 42


def test_what_was_said_in_own_words_stands_in_the_ticket(desk: Any) -> None:
    phone = desk.call("2")
    phone.say("My parcel is wet")
    ticket = desk.row(Ticket)
    speech = [entry.payload for entry in desk.rows(Entry) if entry.kind == "speech"]
    assert [piece["text"] for piece in speech] == ["My parcel is wet"]
    assert speech[0]["confidence"] == 0.95
    assert ticket.call_sid == phone.sid
    assert ticket.source == "phone"


def test_every_turn_is_stored_with_what_was_heard_and_said(desk: Any) -> None:
    phone = desk.call("2")
    phone.say("My parcel is wet")
    turns = desk.rows(TurnRow)
    assert [turn.number for turn in turns] == [1, 2, 3]
    assert [turn.heard["kind"] for turn in turns] == ["nothing", "digits", "speech"]
    assert turns[2].heard["text"] == "My parcel is wet"
    assert [turn.node_before for turn in turns] == ["", "menu", "listen"]
    assert "How can I help you?" in " ".join(line["text"] for line in turns[0].said)
    assert "Understood" in [event["type"] for event in turns[1].events]


def test_a_caller_is_greeted_in_the_language_of_the_last_call(desk: Any) -> None:
    first = desk.call("3", "2")
    assert "请问您要办理什么业务" in first.heard
    assert desk.row(Person).language == "zh-CN"
    assert desk.row(Call).language == "zh-CN"
    assert "请问您要办理什么业务" in desk.call().heard


def test_a_withheld_number_is_served_and_known_to_nobody(desk: Any) -> None:
    phone = desk.call("2", caller="")
    phone.say("My parcel is wet")
    assert desk.rows(Person) == []
    assert desk.row(Ticket).caller_number == ""


def test_a_number_that_is_not_ours_hears_a_polite_sentence_and_nothing_is_stored(desk: Any) -> None:
    phone = desk.call(to="+442071838999")
    assert phone.last == "Hangup"
    assert "not in service" in phone.heard
    assert desk.rows(Call) == []


def test_a_number_without_a_published_flow_hears_the_same_sentence(desk: Any) -> None:
    with desk.db.write() as db:
        db.add(Line(number="+442071838998", label="new"))
    assert "not in service" in desk.call(to="+442071838998").heard
    assert desk.rows(Call) == []


def test_key_0_leads_to_a_person(desk: Any) -> None:
    phone = desk.call("0")
    assert phone.last == "Enqueue"
    assert phone.verbs[-1]["wait"].startswith("https://desk.example/voice/calls/")


def test_a_call_stays_on_the_version_on_which_it_began(desk: Any, hotline: str) -> None:
    phone = desk.call()
    desk.publish(hotline.replace("What happened?", "Tell me all."))
    assert "What happened?" in phone.press("2").heard
    assert "Tell me all." in desk.call("2").heard


def test_a_restart_between_two_webhooks_loses_nothing(desk: Any, restarted: Any) -> None:
    phone = desk.call("2")
    fresh = restarted(desk)
    phone.client = fresh.client
    phone.say("My parcel is wet")
    assert desk.row(Ticket).call_sid == phone.sid


def test_a_text_message_is_sent_by_the_worker_and_not_by_the_webhook(desk: Any) -> None:
    desk.call("4")
    assert desk.provider.messages == []
    desk.work()
    (message,) = desk.provider.messages
    assert (message.to, message.from_, message.body) == ("+8613912345678", "+442071838750", "Thank you.")
    desk.work()
    assert len(desk.provider.messages) == 1


def test_a_call_that_is_refused_before_it_began_leaves_no_ticket(desk: Any) -> None:
    phone = desk.call()
    phone.status(CallStatus.CANCELED)
    assert desk.rows(Ticket) == []
