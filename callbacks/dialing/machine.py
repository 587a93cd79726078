"""The life of a dial as data. News that comes late, twice or in another order moves nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Protocol

from transitions import Machine

from callbacks.attempt import LIVE_STATES, AttemptState
from telephony.calls import CallStatus

_S = AttemptState

TRANSITIONS: tuple[tuple[str, tuple[AttemptState, ...], AttemptState], ...] = (
    # step, from, to
    ("dial", (_S.CLAIMED,), _S.DIALING),
    ("miss", (_S.DIALING,), _S.CLAIMED),
    ("release", (_S.CLAIMED, _S.DIALING), _S.RELEASED),
    ("lose", (_S.DIALING,), _S.UNKNOWN),
    ("place", (_S.DIALING, _S.UNKNOWN), _S.PLACED),
    ("ring", (_S.DIALING, _S.UNKNOWN, _S.PLACED), _S.RINGING),
    ("answer", (_S.DIALING, _S.UNKNOWN, _S.PLACED, _S.RINGING), _S.ANSWERED),
    ("end", (_S.DIALING, _S.UNKNOWN, _S.PLACED, _S.RINGING, _S.ANSWERED), _S.ENDED),
)
"""What was asked of the provider is never released: it ends. Released and ended are final.

"miss" is the dialer's own, before it has asked for the call: the slot went by, and the gate is asked once more.
"""

STEPS: dict[CallStatus, str] = {
    CallStatus.QUEUED: "place",
    CallStatus.INITIATED: "place",
    CallStatus.RINGING: "ring",
    CallStatus.IN_PROGRESS: "answer",
    CallStatus.COMPLETED: "end",
    CallStatus.BUSY: "end",
    CallStatus.FAILED: "end",
    CallStatus.NO_ANSWER: "end",
    CallStatus.CANCELED: "end",
}
"""The step that a call's status means."""


class HasState(Protocol):
    """What the machine moves."""

    state: Any


MACHINE = Machine(
    model=None,
    states=[state.value for state in AttemptState],
    initial=AttemptState.CLAIMED.value,
    transitions=[
        {"trigger": step, "source": [state.value for state in sources], "dest": to.value}
        for step, sources, to in TRANSITIONS
    ],
    auto_transitions=False,
    model_attribute="state",
)
"""Built once: a machine per attempt costs fifty times more."""


def may(state: str, step: str) -> bool:
    """Whether an attempt of this state may take the step."""
    return state in MACHINE.events[step].transitions


def move(attempt: HasState, step: str) -> bool:
    """Take a step; False when the state does not allow it, and then nothing changes."""
    if not may(str(attempt.state), step):
        return False
    moved = SimpleNamespace(state=AttemptState(attempt.state).value)
    MACHINE.events[step].trigger(moved)
    attempt.state = AttemptState(moved.state)
    return True


def is_live(attempt: HasState) -> bool:
    """Whether the dial is not over."""
    return attempt.state in LIVE_STATES
