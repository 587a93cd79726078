"""set_value"""

from tests.flows.nodes.conversation import Conversation


def test_values_are_set_in_order_and_see_each_other():
    text = "{type: set_value, values: {a: 2 * 3, b: a + 1, who: caller.number}, exits: {next: end}}"
    call = Conversation(text)
    assert call.exit == "next"
    assert call.values == {"a": 6, "b": 7, "who": "+8613800138000"}


def test_what_cannot_be_computed_is_nothing():
    call = Conversation("{type: set_value, values: {a: missing + 1}, exits: {next: end}}")
    assert call.values == {"a": None}
