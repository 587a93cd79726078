"""The table of what calls can cause."""

from __future__ import annotations

from typing import Any

from callbacks.effects import EFFECTS as WISHES
from flows.events import EVENT_TYPES, CallbackRequested, MessageRequested
from ivr.effects import EFFECTS, message_requested, with_effects


def test_every_line_of_the_table_is_an_event_that_flows_report() -> None:
    assert set(with_effects(WISHES)) <= set(EVENT_TYPES)


def test_other_rooms_add_to_the_table_and_take_nothing_away() -> None:
    def noted(_scope: Any, _event: Any) -> None:
        """Do nothing."""

    merged = with_effects(WISHES, {MessageRequested: (noted,)})
    assert merged[MessageRequested] == (message_requested, noted)
    assert merged[CallbackRequested] == WISHES[CallbackRequested]
    assert EFFECTS[MessageRequested] == (message_requested,)


def test_a_table_given_twice_causes_nothing_twice() -> None:
    assert with_effects(EFFECTS, WISHES, WISHES) == with_effects(WISHES)
