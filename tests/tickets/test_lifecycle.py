"""What a ticket can do from where."""

import itertools
from types import SimpleNamespace

import pytest

from tickets.errors import TransitionRefusedError
from tickets.lifecycle import MEANINGS, STATUS, TRANSITIONS, step, steps_from
from tickets.ticket import Status


def test_every_status_and_step_together_do_what_the_table_says():
    table = {(source, trigger): to for trigger, sources, to in TRANSITIONS for source in sources}
    for status, trigger in itertools.product(Status, STATUS.events):
        thing = SimpleNamespace(status=status)
        if (status.value, trigger) in table:
            step(thing, trigger)
            assert thing.status == table[(status.value, trigger)]
            assert trigger in steps_from(status)
        else:
            with pytest.raises(TransitionRefusedError, match="cannot"):
                step(thing, trigger)
            assert thing.status == status


def test_closed_is_final():
    assert steps_from("closed") == []


def test_a_solved_ticket_can_be_reopened_and_nothing_else_but_closed():
    assert steps_from("solved") == ["reopen", "close"]


def test_a_step_that_does_not_exist_is_refused():
    with pytest.raises(TransitionRefusedError, match="cannot “explode”"):
        step(SimpleNamespace(status="new"), "explode")


def test_every_status_has_a_meaning():
    assert set(MEANINGS) == set(Status)
