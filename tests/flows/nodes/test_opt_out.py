"""opt_out"""

from flows.events import OptedOut
from tests.flows.nodes.conversation import Conversation


def test_the_number_is_taken_off_at_once_and_the_call_ends():
    call = Conversation("{type: opt_out, purpose: delivery, evidence: pressed 8}", language="zh-CN")
    assert call.events == [OptedOut(node="node", purpose="delivery", evidence="pressed 8")]
    assert call.end.outcome == "opted_out"
    assert "不会再" in call.said


def test_the_call_may_go_on():
    call = Conversation("{type: opt_out, then: next, exits: {next: end}}")
    assert call.exit == "next"
    assert call.events[0].purpose == "all"
