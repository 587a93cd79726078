"""open_ticket"""

from flows.events import TicketOpened
from flows.requests import OpenTicket, TicketNumber
from telephony.calls import Nothing
from tests.flows.nodes.conversation import Conversation

NODE = """
type: open_ticket
subject: "Parcel {{ tracking }}"
category: complaint
text: "{{ story }}"
reference: "{{ tracking }}"
urgency: high
fields: {day: day, heavy: weight > 20, broken: story + 1}
reason: complaint
exits: {next: end}
"""
VALUES = {"tracking": "RB1", "story": "It is broken.", "day": "2026-12-05", "weight": 21}


def test_the_desk_is_asked_with_what_is_known():
    assert Conversation(NODE, values=VALUES).request == OpenTicket(
        subject="Parcel RB1",
        category="complaint",
        text="It is broken.",
        reference="RB1",
        urgency="high",
        fields={"day": "2026-12-05", "heavy": True, "broken": None},
        reason="complaint",
        node="node",
    )


def test_the_number_is_said_twice_digit_by_digit():
    call = Conversation(NODE, values=VALUES).hear(TicketNumber(number="123458", appended=False))
    assert call.said == "Your ticket number is 1 2 3, 4 5 8. Once more: 1 2 3, 4 5 8."
    assert call.exit == "next"
    assert call.seen(TicketOpened) == [TicketOpened(node="node", number="123458", appended=False)]
    assert call.values["ticket"] == {"number": "123458", "appended": False}


def test_an_appended_ticket_is_told():
    call = Conversation(NODE, language="zh-CN").hear(TicketNumber(number="123458", appended=True))
    assert call.said.startswith("已经补充到您之前的工单里。")


def test_the_flow_may_say_it_in_its_own_words_or_not_at_all():
    own = NODE + 'prompt: {en-US: "Note {{ ticket.number | digits }}."}\n'
    assert Conversation(own).hear(TicketNumber(number="123458", appended=False)).said == "Note 1 2 3, 4 5 8."
    silent = NODE + "say_number: false\n"
    assert Conversation(silent).hear(TicketNumber(number="123458", appended=False)).said == ""


def test_without_an_answer_the_call_goes_on():
    assert Conversation(NODE).hear(Nothing()).exit == "next"
