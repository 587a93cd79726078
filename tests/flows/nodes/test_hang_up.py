"""hang_up"""

from flows.nodes.base import End
from tests.flows.nodes.conversation import Conversation


def test_it_says_goodbye_and_ends():
    call = Conversation("{type: hang_up, prompt: {en-US: Bye.}, outcome: solved, end: known}")
    assert call.said == "Bye."
    assert call.step.then == End(end="known", outcome="solved")
    assert call.node.exit_names() == ()
