"""Status callbacks: late, shuffled, repeated, and never stronger than a final one."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.calls import Call
from ivr.status import FORWARD, moves, news
from telephony.calls import FINAL_STATUSES, AnsweredBy, CallEvent, CallStatus, Direction

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@dataclass
class Standing:
    status: str = "queued"
    sequence_number: Any = None
    answered_at: Any = None
    answered_by: Any = None
    sip_code: Any = None
    duration_s: Any = None
    ended_at: Any = None


def event(status: CallStatus, sequence: int | None = None, **more: Any) -> CallEvent:
    return CallEvent(
        call_sid="CA1",
        from_number="+442071838750",
        to_number="+8613912345678",
        status=status,
        direction=Direction.OUTBOUND,
        sequence_number=sequence,
        **more,
    )


def told(*events: CallEvent) -> Standing:
    call = Standing()
    for each in events:
        for name, value in news(call, each, NOW).items():
            setattr(call, name, value)
    return call


LIFE = (
    event(CallStatus.INITIATED, 0, occurred_at=NOW),
    event(CallStatus.RINGING, 1, occurred_at=NOW + timedelta(seconds=1)),
    event(CallStatus.IN_PROGRESS, 2, occurred_at=NOW + timedelta(seconds=9)),
    event(CallStatus.COMPLETED, 3, occurred_at=NOW + timedelta(seconds=40), duration_s=31),
)


@pytest.mark.parametrize("order", list(itertools.permutations(LIFE)))
def test_in_whatever_order_callbacks_come_the_call_ends_the_same(order: tuple[CallEvent, ...]) -> None:
    assert told(*order) == told(*LIFE)
    assert told(*order, *order) == told(*LIFE)


def test_a_late_ringing_does_not_undo_an_answer() -> None:
    assert told(LIFE[2], LIFE[1]).status == "in-progress"


def test_the_time_of_the_answer_is_taken_from_a_late_callback() -> None:
    assert told(LIFE[3], LIFE[2]).answered_at == NOW + timedelta(seconds=9)


@given(st.sampled_from(sorted(FINAL_STATUSES)), st.lists(st.sampled_from(list(CallStatus))))
def test_a_final_status_is_never_left(final: CallStatus, later: list[CallStatus]) -> None:
    assert told(event(final), *(event(status) for status in later)).status == final


def test_a_status_only_moves_forward() -> None:
    for before, after in itertools.product(FORWARD, FORWARD):
        assert moves(before.value, after) == (FORWARD.index(before) < FORWARD.index(after))


def test_the_machines_verdict_and_the_sip_code_are_kept_once() -> None:
    call = told(
        event(CallStatus.IN_PROGRESS, answered_by=AnsweredBy.HUMAN),
        event(CallStatus.COMPLETED, answered_by=AnsweredBy.FAX, sip_code=200),
    )
    assert (call.answered_by, call.sip_code) == ("human", 200)


def test_a_callback_of_an_unknown_call_is_accepted_and_stores_nothing(desk: Any) -> None:
    before = desk.dump()
    desk.phone().status(CallStatus.COMPLETED)
    assert desk.dump() == before


def test_callbacks_of_a_live_call_move_its_row(desk: Any) -> None:
    phone = desk.call()
    phone.status(CallStatus.COMPLETED, sequence=3, duration_s=31)
    phone.status(CallStatus.IN_PROGRESS, sequence=2)
    call = desk.row(Call)
    assert (call.status, call.sequence_number, call.duration_s) == ("completed", 3, 31)
    assert call.ended_at == desk.clock()
