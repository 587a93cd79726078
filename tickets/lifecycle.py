"""The life of a ticket as data: states, steps, and what a state means."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Protocol

from transitions import Machine, MachineError

from tickets.errors import TransitionRefusedError
from tickets.ticket import Status

TRANSITIONS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    # step, from, to
    ("open", ("new", "waiting_customer", "waiting_third"), "open"),
    ("wait_customer", ("new", "open", "waiting_third"), "waiting_customer"),
    ("wait_third", ("new", "open", "waiting_customer"), "waiting_third"),
    ("solve", ("new", "open", "waiting_customer", "waiting_third"), "solved"),
    ("reopen", ("solved",), "open"),
    ("close", ("new", "open", "waiting_customer", "waiting_third", "solved"), "closed"),
)
"""Closed is final. Solved is a promise that the caller may still take back."""


@dataclass(frozen=True, kw_only=True)
class StatusMeaning:
    """What a status does to clocks and loads: whether the caller waits for us, whether somebody is busy with it."""

    pauses_clock: bool
    counts_as_load: bool


MEANINGS: dict[Status, StatusMeaning] = {
    Status.NEW: StatusMeaning(pauses_clock=False, counts_as_load=True),
    Status.OPEN: StatusMeaning(pauses_clock=False, counts_as_load=True),
    Status.WAITING_CUSTOMER: StatusMeaning(pauses_clock=True, counts_as_load=False),
    Status.WAITING_THIRD: StatusMeaning(pauses_clock=True, counts_as_load=False),
    Status.SOLVED: StatusMeaning(pauses_clock=True, counts_as_load=False),
    Status.CLOSED: StatusMeaning(pauses_clock=True, counts_as_load=False),
}

UNDONE: tuple[Status, ...] = (Status.NEW, Status.OPEN, Status.WAITING_CUSTOMER, Status.WAITING_THIRD)
"""The states in which there is still something to do."""


class HasStatus(Protocol):
    """What the machine moves."""

    status: Status


STATUS = Machine(
    model=None,
    states=[status.value for status in Status],
    initial=Status.NEW.value,
    transitions=[{"trigger": step, "source": list(sources), "dest": to} for step, sources, to in TRANSITIONS],
    auto_transitions=False,
    model_attribute="status",
)
"""Built once; steps are taken by `step`, since a machine per ticket costs fifty times more."""


def step(thing: HasStatus, trigger: str) -> None:
    """Take a step. Raises TransitionRefusedError when the status does not allow it or there is no such step."""
    event = STATUS.events.get(trigger)
    if event is None:
        raise TransitionRefusedError(f"A ticket cannot “{trigger[:40]}”; it can {', '.join(STATUS.events)}.")
    moved = SimpleNamespace(status=Status(thing.status).value)
    try:
        event.trigger(moved)
    except MachineError as error:
        raise TransitionRefusedError(f"A ticket that is {thing.status} cannot {trigger.replace('_', ' ')}.") from error
    thing.status = Status(moved.status)


def steps_from(status: str) -> list[str]:
    """The steps that a status allows, in the order of the table."""
    return [trigger for trigger, sources, _ in TRANSITIONS if status in sources]
