"""branch"""

import pytest

from tests.flows.nodes.conversation import Conversation

NODE = """
type: branch
conditions:
  - {when: parcel.weight > 20, exit: heavy}
  - {when: "parcel.status == 'held'", exit: held}
exits: {heavy: end, held: end, else: end}
"""


@pytest.mark.parametrize(
    ("parcel", "exit_name"),
    [
        ({"weight": 21, "status": "held"}, "heavy"),
        ({"weight": 2, "status": "held"}, "held"),
        ({"weight": 2, "status": "sent"}, "else"),
        ({"weight": "many", "status": "held"}, "held"),
        (None, "else"),
    ],
)
def test_the_first_condition_that_holds_decides(parcel, exit_name):
    assert Conversation(NODE, values={"parcel": parcel}).exit == exit_name
