"""Machines that answer: what the provider is asked to find out, and what happens when it says "machine"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callbacks.attempt import Attempt
from callbacks.campaign import Campaign
from callbacks.settings import MachineMode
from ivr.scope import CallScope
from telephony.provider import DetectionMode, MachineDetection
from work.jobs import ask

_MODES: Mapping[MachineMode, DetectionMode] = {
    MachineMode.HANG_UP: DetectionMode.ENABLE,
    MachineMode.SMS: DetectionMode.ENABLE,
    MachineMode.LEAVE_MESSAGE: DetectionMode.DETECT_MESSAGE_END,
}


def detection_for(mode: MachineMode, call_url: str) -> MachineDetection | None:
    """What to ask for with a call; None when nobody wants to know."""
    wanted = _MODES.get(MachineMode(mode))
    return None if wanted is None else MachineDetection(mode=wanted, callback_url=f"{call_url}/answered-by")


def is_machine(answered_by: str) -> bool:
    """Whether the verdict is that no person answered."""
    return answered_by.startswith("machine") or answered_by == "fax"


def replied(scope: CallScope) -> bool:
    """Whether a person has pressed a key or answered: then no verdict counts."""
    return bool(scope.talk.answers)


def machine_answered(scope: CallScope, attempt: Attempt, campaign: Campaign) -> None:
    """Let the call speak to the machine or end, unless a person has answered meanwhile; asked for once."""
    if campaign.machine == MachineMode.OFF or replied(scope):
        return
    leaves_message = campaign.machine == MachineMode.LEAVE_MESSAGE and attempt.answered_by != "fax"
    redirect(scope, attempt, "voicemail" if leaves_message else "hang_up")


def redirect(scope: CallScope, attempt: Attempt, action: str) -> None:
    """Ask the worker to send the live call elsewhere: "voicemail" or "hang_up"."""
    payload: dict[str, Any] = {"call_id": scope.call.id, "action": action}
    ask(scope.db, "redirect_call", key=f"redirect:{attempt.id}:{action}", payload=payload, now=scope.now)
