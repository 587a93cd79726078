"""The life of a call as the provider tells it: a machine as data that late, shuffled and repeated news cannot harm.

Status callbacks are fired in order but may arrive in any order, or twice. So a status only ever moves forward, a final
one is never left, and what a late notice still knows (when the call was answered) is taken without moving anything.

Source: https://www.twilio.com/docs/voice/api/call-resource#statuscallback
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from transitions import Machine

from telephony.calls import FINAL_STATUSES, CallEvent, CallStatus

FORWARD = (CallStatus.QUEUED, CallStatus.INITIATED, CallStatus.RINGING, CallStatus.IN_PROGRESS)
"""The statuses of a call that is going on, in order. Each may be reached from any before it, since news may be lost."""

TRANSITIONS: list[dict[str, Any]] = [
    *(
        {"trigger": status.value, "source": [before.value for before in FORWARD[:at]], "dest": status.value}
        for at, status in enumerate(FORWARD)
        if at
    ),
    *(
        {"trigger": status.value, "source": [before.value for before in FORWARD], "dest": status.value}
        for status in sorted(FINAL_STATUSES)
    ),
]

MACHINE = Machine(
    model=None,
    states=[status.value for status in CallStatus],
    transitions=TRANSITIONS,
    initial=None,
    auto_transitions=False,
    model_attribute="status",
)


class Standing(Protocol):
    """The columns of a call that the provider's news is about."""

    status: Any
    sequence_number: Any
    answered_at: Any
    answered_by: Any
    sip_code: Any
    duration_s: Any


@dataclass
class _Life:
    status: str


def moves(status: str, to: CallStatus) -> bool:
    """Whether a call of this status may come to the other."""
    event = MACHINE.events.get(to.value)
    return event is not None and status in event.transitions


def news(call: Standing, event: CallEvent, now: datetime) -> dict[str, Any]:
    """The columns that an event changes: none for a repeated one; no status for a late one."""
    columns: dict[str, Any] = {}
    if event.sequence_number is not None and event.sequence_number > (
        -1 if call.sequence_number is None else call.sequence_number
    ):
        columns["sequence_number"] = event.sequence_number
    at = event.occurred_at or now
    if moves(call.status, event.status):
        life = _Life(status=str(call.status))
        MACHINE.events[event.status.value].trigger(life)
        columns["status"] = life.status
        if event.status.is_final:
            columns["ended_at"] = at
    if event.status is CallStatus.IN_PROGRESS and call.answered_at is None:
        columns["answered_at"] = at
    known = {"duration_s": event.duration_s, "sip_code": event.sip_code, "answered_by": event.answered_by}
    for name, value in known.items():
        if value is not None and getattr(call, name) is None:
            columns[name] = str(value) if name == "answered_by" else value
    return columns
