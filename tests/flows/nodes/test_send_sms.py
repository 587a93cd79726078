"""send_sms"""

from flows.events import MessageRequested
from tests.flows.nodes.conversation import Conversation

NODE = """
type: send_sms
body: {en-US: "Your code is {{ code }}.", zh-CN: "取件码{{ code }}。"}
prompt: {en-US: Sent.}
exits: {next: end}
"""


def test_the_message_is_asked_for_in_the_language_of_the_call():
    call = Conversation(NODE, language="zh-CN", values={"code": "1234"})
    assert call.events == [MessageRequested(node="node", to="", body="取件码1234。")]
    assert call.exit == "next"


def test_it_can_go_to_another_number():
    call = Conversation(NODE + 'to: "{{ friend }}"\n', values={"code": "1", "friend": "+8613900139000"})
    assert call.events[0].to == "+8613900139000"
    assert call.said == "Sent."


def test_without_a_number_nothing_is_sent():
    call = Conversation(NODE, number="")
    assert (call.events, call.exit, call.said) == ([], "next", "")
    assert Conversation(NODE.replace("next: end", "next: end, no_number: end"), number="").exit == "no_number"
