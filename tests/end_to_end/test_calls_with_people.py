"""Calls in which somebody else takes part, and callers who call again."""

from __future__ import annotations

from pathlib import Path

import pytest
from twilio.rest import Client

from callbacks.opt_outs import OptOut
from callbacks.wishes import CallbackWish
from demo.settings import SERVICE_NUMBER
from flows.documents import parse
from flows.versions import find_flow, publish
from ivr.calls import Call
from ivr.lines import Line
from ivr.ratings import Rating
from simulator.handset import Handset
from tests.end_to_end.rehearsal import ACCOUNT, AUTH_TOKEN, Stage, connect, rows
from tickets.ticket import Ticket
from tickets.timeline import Entry, EntryKind

CALLER = "+8613900070001"
OTHER = "+8613900070002"
AGENT = "+8613900060001"
REMINDERS = "+862155550177"
HERE = Path(__file__).parent


def client_of(stage: Stage) -> Client:
    """The official client, pointed at the simulated network."""
    client = Client(ACCOUNT, AUTH_TOKEN)
    client.api.base_url = stage.net.base_url
    return client


def greeted(stage: Stage, caller: str = CALLER) -> Handset:
    """A caller who has chosen English and stands in the main menu."""
    phone = stage.net.call(to=SERVICE_NUMBER, from_=caller)
    phone.hear("For English, press 2")
    phone.press("2")
    phone.hear("How can I help")
    return phone


def complained(stage: Stage, phone: Handset) -> str:
    """The ticket's number, as the caller wrote it down."""
    phone.press("3")
    phone.hear("After the tone")
    phone.say("my parcel is broken")
    phone.wait(4)
    phone.press("#")
    spoken = phone.hear("Your ticket number is")
    phone.hear("anything else")
    return "".join(character for character in spoken if character.isdigit())


def left(stage: Stage, phone: Handset) -> None:
    """The caller is done; everything must have been in order."""
    phone.hangup()
    stage.rest()
    stage.require_valid(phone.call_sid)


def test_an_agent_takes_the_caller_out_of_the_queue(stage: Stage):
    phone = greeted(stage)
    phone.press("0")
    phone.hear("connecting you with a person", "Everybody is busy")
    stage.net.people.set(AGENT, "answers", talk_s=60.0)
    client_of(stage).calls.create(
        to=AGENT, from_=SERVICE_NUMBER, twiml="<Response><Dial><Queue>service</Queue></Dial></Response>"
    )
    phone.hear("How was this call", within_s=300)
    assert phone.of_kind("bridged")
    phone.press("5")
    phone.hear("Goodbye")
    assert phone.wait_for_end()["by"] == "app"
    stage.rest()
    stage.require_valid(phone.call_sid)
    assert [rating.score for rating in rows(stage.db, Rating)] == [5]
    assert rows(stage.db, Ticket) == []
    (call,) = rows(stage.db, Call, Call.sid == phone.call_sid)
    assert (call.status, call.outcome) == ("completed", "completed")


@pytest.fixture
def reminders(sqlite_stage: Stage) -> Stage:
    """The desk with one more line, whose flow rings an agent's own telephone."""
    with sqlite_stage.db.write() as session:
        for name in ("reminder_address", "reminder_line"):
            publish(
                session, parse((HERE / f"{name}.yaml").read_bytes()), by="test", note="", now=sqlite_stage.net.now()
            )
        session.add(Line(number=REMINDERS, flow_id=find_flow(session, "reminder_line").id))
    base = sqlite_stage.web.url
    sqlite_stage.net.add_number(REMINDERS, voice_url=f"{base}/voice/incoming", status_callback=f"{base}/voice/status")
    return sqlite_stage


def test_an_agent_who_presses_1_gets_the_caller(reminders: Stage):
    reminders.net.people.set(AGENT, "agent", talk_s=45.0)
    phone = reminders.net.call(to=REMINDERS, from_=CALLER)
    phone.hear("How can I help")
    phone.say("an agent")
    phone.hear("How was our agent", within_s=300)
    phone.say("five")
    assert phone.wait_for_end()["by"] == "app"
    reminders.rest()
    reminders.require_valid(phone.call_sid)
    assert any("press 1" in document or "按1" in document for document in whispered(reminders))


def whispered(stage: Stage) -> list[str]:
    """What agents heard before they were connected."""
    return [sent.response for sent in stage.net.requests if "/whisper/" in sent.url]


@pytest.mark.parametrize(
    ("behaviour", "hears"),
    [
        ("busy", "Our agent is on another call"),
        ("no-answer", "Nobody took the call"),
        ("unreachable", "Nobody took the call"),
        ("agent-declines", "Nobody took the call"),
        ("machine", "Nobody took the call"),
    ],
)
def test_an_agent_who_cannot_take_the_call_leads_to_the_voicemail(reminders: Stage, behaviour: str, hears: str):
    reminders.net.people.set(AGENT, behaviour)
    phone = reminders.net.call(to=REMINDERS, from_=CALLER)
    phone.hear("How can I help")
    phone.press("1")
    phone.hear(hears, within_s=300)
    phone.hear("after the tone")
    phone.say("please call me back")
    phone.wait(4)
    phone.press("#")
    phone.hear("Your ticket number is", "Goodbye")
    phone.wait_for_end()
    reminders.rest()
    reminders.require_valid(phone.call_sid)
    assert len(rows(reminders.db, Ticket)) == 1


@pytest.mark.parametrize("way", ["keys", "speech"])
def test_who_wants_no_more_calls_is_kept_as_such(reminders: Stage, way: str):
    phone = reminders.net.call(to=REMINDERS, from_=CALLER)
    phone.hear("How can I help")
    phone.press("2") if way == "keys" else phone.say("please stop calling me")
    phone.hear("We will not call you again")
    assert phone.wait_for_end()["by"] == "app"
    reminders.rest()
    reminders.require_valid(phone.call_sid)
    (opt_out,) = rows(reminders.db, OptOut)
    # The words hold at any question of any call; the key is a choice of this menu.
    said = ("menu", "please stop calling me") if way == "speech" else ("stop", "asked in the menu")
    assert (opt_out.number, opt_out.purpose, opt_out.node, opt_out.evidence) == (CALLER, "all", *said)
    (call,) = rows(reminders.db, Call)
    assert call.outcome == "opted_out"


def test_a_flow_within_a_flow_gives_back_what_it_heard(reminders: Stage):
    phone = reminders.net.call(to=REMINDERS, from_=CALLER)
    phone.hear("How can I help")
    phone.say("address")
    phone.hear("What is your address")
    phone.say("5 Elm Street")
    phone.hear("We send it to 5 Elm Street", "Goodbye")
    left(reminders, phone)


def test_who_calls_again_is_greeted_in_their_language_and_adds_to_their_ticket(stage: Stage):
    first = greeted(stage)
    number = complained(stage, first)
    left(stage, first)
    again = stage.net.call(to=SERVICE_NUMBER, from_=CALLER)
    again.hear("press keys or simply speak", "How can I help")
    assert not any("For English" in heard for heard in again.transcript)
    again.press("3")
    again.hear("After the tone")
    again.say("it is still broken and nobody called")
    again.wait(4)
    again.press("#")
    again.hear("added this to your open ticket", "anything else")
    left(stage, again)
    (ticket,) = rows(stage.db, Ticket)
    assert ticket.number == number
    entries = rows(stage.db, Entry, Entry.ticket_id == ticket.id)
    assert [entry.kind for entry in entries].count(EntryKind.CALL) == 2
    assert [entry.kind for entry in entries].count(EntryKind.RECORDING) == 2
    assert [entry.kind for entry in entries].count(EntryKind.TRANSCRIPT) == 2


@pytest.mark.parametrize("way", ["keys", "speech"])
def test_a_ticket_is_found_from_another_telephone_by_its_number(stage: Stage, way: str):
    first = greeted(stage)
    number = complained(stage, first)
    left(stage, first)
    other = greeted(stage, OTHER)
    other.press("4")
    other.hear("number of your ticket")
    other.press(number) if way == "keys" else other.say(" ".join(number))
    other.hear("Ticket", "nobody has started on it yet", "anything else")
    left(stage, other)


def test_a_wish_to_be_called_back_stands_beside_its_ticket(stage: Stage):
    phone = greeted(stage)
    phone.press("0")
    phone.hear("Everybody is busy")
    phone.press("1")
    phone.hear("call you back")
    phone.press("1")
    phone.hear("When shall we call you")
    phone.say("tomorrow at three in the afternoon")
    phone.hear("Shall we call you on")
    phone.press("1")
    phone.hear("We will call you on", "anything else")
    left(stage, phone)
    (wish,), (ticket,) = rows(stage.db, CallbackWish), rows(stage.db, Ticket)
    assert (wish.number, wish.ticket_id) == (CALLER, ticket.id)
    assert wish.wanted_at is not None
    assert wish.wanted_at.isoformat() == "2026-11-24T07:00:00+00:00"


def test_the_carrier_may_lose_the_first_request_of_a_call(sqlite_stage: Stage):
    stage = sqlite_stage
    connect(stage.net, stage.web.url, fallback_url=f"{stage.web.url}/voice/fallback")
    stage.net.fault("webhook_status", url_contains="/voice/incoming", status=502, times=1)
    phone = stage.net.call(to=SERVICE_NUMBER, from_=CALLER)
    phone.hear("系统出了点问题", "请在提示音后留言")
    phone.say("请给我回电")
    phone.wait(4)
    phone.press("#")
    phone.hear("已经收到您的留言")
    phone.wait_for_end()
    stage.rest()
    (ticket,) = rows(stage.db, Ticket)
    assert (ticket.caller_number, ticket.call_sid) == (CALLER, phone.call_sid)
