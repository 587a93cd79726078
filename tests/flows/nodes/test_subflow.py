"""subflow"""

import pytest

from flows.nodes.base import CallFlow
from flows.requests import SubflowEnded
from telephony.calls import Nothing
from tests.flows.nodes.conversation import Conversation

NODE = """
type: subflow
flow: identify
give: {number: caller.number, twice: "2 * n"}
take: {customer: id}
ends: [done, unknown]
exits: {done: end, unknown: end}
"""


def test_the_other_flow_is_called_with_its_values():
    call = Conversation(NODE, values={"n": 4})
    assert call.step.then == CallFlow(flow="identify", values={"number": "+8613800138000", "twice": 8})


def test_it_goes_on_by_the_end_with_values_taken():
    call = Conversation(NODE, values={"n": 4}).hear(SubflowEnded(end="unknown", values={"id": 7, "other": 1}))
    assert call.exit == "unknown"
    assert call.values == {"n": 4, "customer": 7}


@pytest.mark.parametrize("answer", [SubflowEnded(end="strange", values={}), Nothing()])
def test_an_unknown_end_is_a_failure(answer):
    assert Conversation(NODE).hear(answer).exit == "failed"


def test_a_goodbye_in_it_ends_the_whole_call():
    assert Conversation(NODE).hear(SubflowEnded(end="goodbye", values={})).end.outcome == "goodbye"
