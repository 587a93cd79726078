"""The life of a dial: what leads where, and what leads nowhere."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.attempt import LIVE_STATES, AttemptState
from callbacks.dialing.machine import MACHINE, STEPS, TRANSITIONS, is_live, may, move
from telephony.calls import CallStatus

ORDER = [
    AttemptState.CLAIMED,
    AttemptState.DIALING,
    AttemptState.UNKNOWN,
    AttemptState.PLACED,
    AttemptState.RINGING,
    AttemptState.ANSWERED,
    AttemptState.ENDED,
    AttemptState.RELEASED,
]


def test_every_status_of_a_call_is_a_step() -> None:
    assert set(STEPS) == set(CallStatus)
    assert set(STEPS.values()) <= set(MACHINE.events)


def test_a_missed_slot_leads_back_only_before_the_provider_was_asked() -> None:
    assert [state for state in AttemptState if may(state, "miss")] == [AttemptState.DIALING]


@pytest.mark.parametrize("final", [AttemptState.ENDED, AttemptState.RELEASED])
def test_a_final_state_is_never_left(final: AttemptState) -> None:
    assert not any(may(final, step) for step, _, _ in TRANSITIONS)
    assert final not in LIVE_STATES


def test_what_was_asked_of_the_provider_is_never_released() -> None:
    for state in (AttemptState.UNKNOWN, AttemptState.PLACED, AttemptState.RINGING, AttemptState.ANSWERED):
        assert not may(state, "release")


@given(st.lists(st.sampled_from(sorted(set(MACHINE.events) - {"miss"}))))
def test_whatever_comes_in_whatever_order_moves_only_forward(steps: list[str]) -> None:
    attempt = SimpleNamespace(state=AttemptState.CLAIMED)
    seen = [attempt.state]
    for step in steps:
        allowed = may(attempt.state, step)
        assert move(attempt, step) is allowed
        seen.append(attempt.state)
    assert [ORDER.index(state) for state in seen] == sorted(ORDER.index(state) for state in seen)
    assert is_live(attempt) is (attempt.state in LIVE_STATES)
