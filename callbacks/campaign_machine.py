"""The life of a campaign as data, and a step in it: moved, logged and told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy.orm import Session
from transitions import Machine, MachineError

from callbacks.campaign import Campaign, CampaignEntry, CampaignState
from callbacks.errors import CampaignError
from tickets.texts import clean, clean_line
from work.happenings import tell

TRANSITIONS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    # step, from, to
    ("prepare", ("draft",), "ready"),
    ("revise", ("ready",), "draft"),
    ("launch", ("draft", "ready"), "running"),
    ("pause", ("running", "draining"), "paused"),
    ("trip", ("running", "draining"), "paused"),
    ("resume", ("paused",), "running"),
    ("drain", ("running", "paused"), "draining"),
    ("stop", ("ready", "running", "paused", "draining"), "stopped"),
    ("finish", ("running", "paused", "draining"), "finished"),
)
"""Draining takes no new case and ends what was begun. Finished and stopped are final."""

MACHINE = Machine(
    model=None,
    states=[state.value for state in CampaignState],
    initial=CampaignState.DRAFT.value,
    transitions=[{"trigger": step, "source": list(sources), "dest": to} for step, sources, to in TRANSITIONS],
    auto_transitions=False,
    model_attribute="state",
)


def steps_from(state: str) -> list[str]:
    """The steps that a state allows, in the order of the table."""
    return [step for step, sources, _ in TRANSITIONS if state in sources]


def lock(session: Session, campaign: Campaign) -> Campaign:
    """Let nobody else change the campaign until the transaction ends, and see what it is now."""
    session.flush()
    session.refresh(campaign, with_for_update=True)
    return campaign


def log(
    session: Session,
    campaign: Campaign,
    what: str,
    *,
    by: str,
    now: datetime,
    note: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write into the campaign's log."""
    entry = CampaignEntry(campaign_id=campaign.id, at=now, by=clean_line(by, 120), what=what, note=clean(note, 5_000))
    entry.details = dict(details or {})
    session.add(entry)
    session.flush()


def move(
    session: Session,
    campaign: Campaign,
    step: str,
    *,
    by: str,
    now: datetime,
    note: str,
    details: Mapping[str, Any] | None = None,
) -> Campaign:
    """Take a step of a locked campaign, log it and tell it."""
    before = check_step(campaign, step)
    moved = SimpleNamespace(state=before)
    MACHINE.events[step].trigger(moved)
    campaign.state = CampaignState(moved.state)
    campaign.version += 1
    log(session, campaign, step, by=by, now=now, note=note, details=details)
    payload = {
        "campaign_id": campaign.id,
        "name": campaign.name,
        "step": step,
        "from": before,
        "state": str(campaign.state),
        "tripped": campaign.tripped,
        "reason": campaign.reason,
        "by": by,
    }
    tell(session, "campaign.changed", payload, now=now, reference=f"campaign:{campaign.id}")
    return campaign


def check_step(campaign: Campaign, step: str) -> str:
    """The state as a plain word. Raises CampaignError when it does not allow the step."""
    state = CampaignState(campaign.state).value
    if campaign.is_template:
        raise CampaignError("A template is only there to be copied.")
    try:
        MACHINE.events[step].trigger(SimpleNamespace(state=state))
    except MachineError as error:
        able = ", ".join(s for s in steps_from(state) if s not in ("trip", "finish", "revise")) or "only be copied"
        raise CampaignError(f"A campaign that is {state} cannot {step}; it can {able}.") from error
    return state
