"""ticket_status"""

from datetime import UTC, datetime

import pytest

from flows.requests import FindTickets, TicketsFound, TicketSummary
from tests.flows.nodes.conversation import Conversation

NODE = "{type: ticket_status, exits: {found: end, none: end}}"
AT = datetime(2026, 11, 20, tzinfo=UTC)
RIGHT, WRONG = "572400", "572401"


def found(*pairs):
    return TicketsFound(tickets=tuple(TicketSummary(number=n, subject="s", status=s, updated_at=AT) for n, s in pairs))


@pytest.fixture(autouse=True)
def _the_number_is_right():
    from stdnum import damm

    assert damm.is_valid(RIGHT)
    assert not damm.is_valid(WRONG)


def test_a_known_caller_hears_the_newest_tickets_without_asking():
    call = Conversation(NODE)
    assert call.request == FindTickets()
    call.hear(found(("123458", "open"), ("123466", "solved"), ("123474", "new")))
    assert call.said == "Ticket 1 2 3, 4 5 8 is being worked on. Ticket 1 2 3, 4 6 6 is solved."
    assert call.exit == "found"
    assert call.values["ticket"]["number"] == "123458"


def test_a_number_is_given_by_keys_alone():
    call = Conversation(NODE, number="").press(RIGHT)
    assert call.request == FindTickets(number=RIGHT)
    assert call.hear(found((RIGHT, "waiting_customer"))).exit == "found"


def test_a_number_is_given_by_speech_alone():
    call = Conversation(NODE, number="", language="zh-CN").say("五七二四零零")
    assert call.request == FindTickets(number=RIGHT)
    assert call.hear(found((RIGHT, "open"))).said == "工单5 7 2，4 0 0，正在处理。"


def test_a_caller_without_tickets_is_asked_for_a_number():
    call = Conversation(NODE).hear(found())
    assert call.said.startswith("What is the number of your ticket?")
    assert call.press(RIGHT).request == FindTickets(number=RIGHT)


def test_a_slip_is_noticed_by_the_check_digit():
    call = Conversation(NODE, number="").press(WRONG)
    assert call.said.startswith("That is not a ticket number.")
    assert call.say("five seven two four double zero", 0.5).request == FindTickets(number=RIGHT)


def test_an_unknown_number_leaves_by_none():
    call = Conversation(NODE, number="").press(RIGHT).hear(found())
    assert (call.exit, call.said) == ("none", "I could not find a ticket.")


@pytest.mark.parametrize("how", ["key", "words"])
def test_without_a_number_it_goes_on(how):
    call = Conversation(NODE, number="")
    call = call.press("#") if how == "key" else call.say("I don't know")
    assert call.exit == "none"


def test_zero_leads_to_a_person():
    assert Conversation(NODE, number="").press("0").exit == "person"
