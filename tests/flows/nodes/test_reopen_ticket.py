"""reopen_ticket."""

from flows.events import ReopenRequested
from tests.flows.nodes.conversation import Conversation

NODE = """
type: reopen_ticket
number: "{{ ticket }}"
comment: "{{ story }}"
prompt: {en-US: It is open again., zh-CN: 已经重新打开。}
exits: {next: end}
"""


def test_it_asks_the_house_to_reopen_the_ticket_says_so_and_goes_on():
    call = Conversation(NODE, values={"ticket": "572400", "story": "still broken"})
    assert call.events == [ReopenRequested(node="node", number="572400", comment="still broken")]
    assert call.said == "It is open again."
    assert call.exit == "next"


def test_it_speaks_chinese():
    assert Conversation(NODE, language="zh-CN").said == "已经重新打开。"
