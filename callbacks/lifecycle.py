"""The steps that people and alarms take in the life of a campaign, which `campaign_machine` has as data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign, CampaignState
from callbacks.campaign_machine import MACHINE, TRANSITIONS, check_step, lock, log, move, steps_from
from callbacks.case import Case, CaseKind
from callbacks.errors import Blocker, CampaignError, NotReadyError
from callbacks.launch_checks import checks, flow_versions
from callbacks.merging import leave_foreign_leads, merge_anew
from callbacks.new_case import variant_of
from callbacks.winding_up import CLOSED_AT_ONCE, close_rest, finish
from tickets.texts import clean
from work.jobs import ask


def prepare(session: Session, campaign: Campaign, *, by: str, now: datetime, note: str = "") -> Campaign:
    """Say that everything is set. Raises NotReadyError with everything that is not."""
    lock(session, campaign)
    _refuse_if_blocked(checks(session, campaign, now))
    return move(session, campaign, "prepare", by=by, now=now, note=note)


def launch(session: Session, campaign: Campaign, *, by: str, now: datetime, note: str = "") -> Campaign:
    """Begin to call, with the flow versions that are published now. Raises NotReadyError, CampaignError."""
    lock(session, campaign)
    check_step(campaign, "launch")
    _refuse_if_blocked(checks(session, campaign, now))
    first, second = flow_versions(session, campaign)
    campaign.flow_version_id = first.id if first else None
    campaign.flow_b_version_id = second.id if second else None
    campaign.running_since = now
    _assign_variants(session, campaign)
    merge_anew(session, campaign, now)
    return move(session, campaign, "launch", by=by, now=now, note=note)


def take_new_flow(session: Session, campaign: Campaign, *, by: str, now: datetime, note: str = "") -> Campaign:
    """Let a launched campaign say what is published now; calls that are going on keep their words.

    Raises NotReadyError when the new version lacks something, or nobody has heard it in a test call yet.
    """
    lock(session, campaign)
    if campaign.state not in (CampaignState.RUNNING, CampaignState.PAUSED):
        raise CampaignError(f"A campaign that is {campaign.state} takes no new flow.")
    _refuse_if_blocked(checks(session, campaign, now))
    first, second = flow_versions(session, campaign)
    before = [campaign.flow_version_id, campaign.flow_b_version_id]
    campaign.flow_version_id = first.id if first else None
    campaign.flow_b_version_id = second.id if second else None
    after = [campaign.flow_version_id, campaign.flow_b_version_id]
    if before != after:
        campaign.version += 1
        merge_anew(session, campaign, now)
        log(session, campaign, "flow", by=by, now=now, note=note, details={"flow_versions": [before, after]})
    return campaign


def pause(session: Session, campaign: Campaign, *, by: str, now: datetime, note: str = "") -> Campaign:
    """Dial nobody more until resumed; live calls finish."""
    lock(session, campaign)
    check_step(campaign, "pause")
    campaign.reason, campaign.tripped = clean(note, 2_000) or f"Paused by {by}.", ""
    leave_foreign_leads(session, campaign.id)
    return move(session, campaign, "pause", by=by, now=now, note=note)


def trip(session: Session, campaign: Campaign, signal: str, figures: Mapping[str, Any], now: datetime) -> bool:
    """Pause because an alarm went off; `figures` are kept with it. False when it was not calling."""
    lock(session, campaign)
    if "trip" not in steps_from(campaign.state):
        return False
    campaign.tripped = str(signal)
    campaign.reason = f"It paused itself: the limit of {str(signal).replace('_', ' ')} was passed."
    leave_foreign_leads(session, campaign.id)
    move(session, campaign, "trip", by="system", now=now, note=campaign.reason, details=dict(figures))
    return True


def resume(session: Session, campaign: Campaign, *, by: str, now: datetime, note: str = "") -> Campaign:
    """Call on. After the campaign paused itself a note must say what was found and done."""
    lock(session, campaign)
    check_step(campaign, "resume")
    if campaign.tripped and not note.strip():
        raise CampaignError("The campaign paused itself; write what you found before it calls again.")
    if campaign.ends_at is not None and campaign.ends_at <= now:
        raise CampaignError("The campaign's end has passed; copy it to call the rest.")
    campaign.reason = campaign.tripped = ""
    campaign.running_since = now
    return move(session, campaign, "resume", by=by, now=now, note=note)


def drain(session: Session, campaign: Campaign, *, by: str, now: datetime, note: str = "") -> Campaign:
    """Begin no further case: those that were never called are closed, those that were are brought to their end."""
    lock(session, campaign)
    check_step(campaign, "drain")
    campaign.reason = campaign.tripped = ""
    campaign.running_since = campaign.running_since or now
    leave_foreign_leads(session, campaign.id)
    move(session, campaign, "drain", by=by, now=now, note=note)
    _close_rest(session, campaign, now, untouched_only=True)
    return campaign


def stop(session: Session, campaign: Campaign, *, by: str, now: datetime, note: str = "") -> Campaign:
    """End for good: open cases are closed, live calls finish. The dialer cancels what the provider has queued."""
    lock(session, campaign)
    check_step(campaign, "stop")
    campaign.reason = clean(note, 2_000) or f"Stopped by {by}."
    campaign.finished_at = now
    leave_foreign_leads(session, campaign.id)
    move(session, campaign, "stop", by=by, now=now, note=note)
    _close_rest(session, campaign, now, untouched_only=False)
    return campaign


def note_tested(session: Session, campaign: Campaign, version_id: int, *, by: str = "system", now: datetime) -> None:
    """Keep that a test call of this flow version was answered, which the first launch asks for."""
    lock(session, campaign)
    if version_id not in campaign.tested_version_ids:
        campaign.tested_version_ids = [*campaign.tested_version_ids, version_id]
        log(session, campaign, "test", by=by, now=now, details={"flow_version_id": version_id})


def _refuse_if_blocked(blockers: list[Blocker]) -> None:
    if blockers:
        raise NotReadyError(blockers)


def _assign_variants(session: Session, campaign: Campaign) -> None:
    """Give every waiting case its flow of an A/B test again: the share may have changed since it was made."""
    mine = (Case.campaign_id == campaign.id, Case.kind == CaseKind.NORMAL)
    session.execute(update(Case).where(*mine, Case.variant != "a").values(variant="a"))
    if not campaign.flow_b_name:
        return
    rows = session.execute(select(Case.id, Case.number).where(*mine)).all()
    second = [{"id": case_id, "variant": "b"} for case_id, number in rows if variant_of(campaign, number) == "b"]
    if second:
        session.execute(update(Case), second)


def _close_rest(session: Session, campaign: Campaign, now: datetime, *, untouched_only: bool) -> None:
    if close_rest(session, campaign, now) >= CLOSED_AT_ONCE:
        key = f"close_cases:{campaign.id}:{'drain' if untouched_only else 'stop'}:{campaign.version}"
        ask(session, "close_cases", key=key, payload={"campaign_id": campaign.id}, now=now)


__all__ = [
    "MACHINE",
    "TRANSITIONS",
    "Blocker",
    "checks",
    "close_rest",
    "drain",
    "finish",
    "launch",
    "log",
    "note_tested",
    "pause",
    "prepare",
    "resume",
    "steps_from",
    "stop",
    "take_new_flow",
    "trip",
]
