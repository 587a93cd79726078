"""The life of a live stream, as data. A trigger that does not fit the state is late news and changes nothing."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from transitions import Machine


class StreamState(StrEnum):
    """OFFERED: the carrier was told of it. LIVE: sound goes both ways. LEFT: we sent the call back to the webhooks.

    FAILED: it never came to be, was cut, or our side broke. OVER: the call ended in it. SUPERSEDED: a newer stream of
    the call took its place. Only the first two are ever left.
    """

    OFFERED = "offered"
    LIVE = "live"
    LEFT = "left"
    FAILED = "failed"
    OVER = "over"
    SUPERSEDED = "superseded"


TRANSITIONS: list[dict[str, Any]] = [
    {"trigger": "begin", "source": "offered", "dest": "live"},
    {"trigger": "leave", "source": "live", "dest": "left"},
    {"trigger": "fail", "source": ["offered", "live"], "dest": "failed"},
    {"trigger": "hang_up", "source": ["offered", "live"], "dest": "over"},
    {"trigger": "supersede", "source": ["offered", "live"], "dest": "superseded"},
]

_MACHINE = Machine(
    model=None,
    states=[state.value for state in StreamState],
    transitions=TRANSITIONS,
    initial=None,
    auto_transitions=False,
    model_attribute="state",
)


class Standing(Protocol):
    """The columns of a stream that its life is about."""

    state: Any
    why: Any
    ended_at: Any
    hearing: Any


def move(stream: Standing, trigger: str, now: datetime, why: str = "") -> bool:
    """Take a step; False when it does not fit where the stream stands, which then stays as it is."""
    event = _MACHINE.events[trigger]
    if stream.state not in event.transitions:
        return False
    event.trigger(stream)
    if stream.state != StreamState.LIVE:
        stream.ended_at, stream.hearing, stream.why = now, "", why
    return True
