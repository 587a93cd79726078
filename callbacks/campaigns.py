"""Campaigns: made, changed, copied, deleted. What changes is logged with both values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign, CampaignState
from callbacks.campaign_fields import SETTINGS, put
from callbacks.campaign_machine import lock, log, move
from callbacks.case import Case, CaseState
from callbacks.errors import CampaignError
from tickets.texts import clean_line

WHILE_CALLING = frozenset({"hours", "retries", "pacing", "breaker"})
"""What may still be changed after the launch; anything else would be another campaign."""

_COPIED = (
    *("standing", "purpose", "flow_name", "flow_b_name", "share_b", "caller_numbers", "region", "zone", "language"),
    *("law", "hours_json", "retries_json", "pacing_json", "breaker_json", "machine", "ring_timeout_s", "defaults"),
    *("sms_text", "cost_per_minute", "priority", "demo"),
)


def create(session: Session, *, name: str, by: str, now: datetime, **fields: Any) -> Campaign:
    """A new draft. `fields` are columns of Campaign; hours, retries, pacing and breaker as models or plain data.

    Raises CampaignError with the field that cannot be used.
    """
    campaign = Campaign(name="", created_at=now, created_by=clean_line(by, 120))
    for key, value in SETTINGS.items():
        setattr(campaign, key, value())
    demo = bool(fields.pop("demo", False))
    put(campaign, {"name": name, **fields})
    campaign.demo = demo
    session.add(campaign)
    session.flush()
    log(session, campaign, "create", by=by, now=now)
    return campaign


def edit(
    session: Session,
    campaign: Campaign,
    changes: Mapping[str, Any],
    *,
    by: str,
    now: datetime,
    note: str = "",
    expected_version: int | None = None,
) -> dict[str, list[Any]]:
    """Change fields; gives what changed as field to [before, after].

    After the launch only hours, retries, pacing and breaker may change. A campaign that was ready becomes a draft.
    Raises CampaignError for a field that cannot be used, or when somebody else changed it since `expected_version`.
    """
    lock(session, campaign)
    if expected_version is not None and expected_version != campaign.version:
        raise CampaignError("Somebody else changed this campaign meanwhile; load it again.")
    if campaign.state in (CampaignState.FINISHED, CampaignState.STOPPED):
        raise CampaignError(f"The campaign is {campaign.state}; copy it to change it.")
    if campaign.state not in (CampaignState.DRAFT, CampaignState.READY) and (late := set(changes) - WHILE_CALLING):
        raise CampaignError(f"After the launch {', '.join(sorted(late))} cannot change any more; copy the campaign.")
    before = {name: _plain(campaign, name) for name in changes}
    put(campaign, changes)
    changed = {n: [before[n], after] for n in changes if (after := _plain(campaign, n)) != before[n]}
    if not changed:
        return {}
    _follow(session, campaign, changed)
    if campaign.state == CampaignState.READY:
        move(session, campaign, "revise", by=by, now=now, note=note)
    else:
        campaign.version += 1
    log(session, campaign, "edit", by=by, now=now, note=note, details=changed)
    return changed


def copy(
    session: Session, campaign: Campaign, *, by: str, now: datetime, as_template: bool = False, name: str = ""
) -> Campaign:
    """A new draft (or template) with the same settings, without cases, dates and test calls."""
    made = Campaign(
        name=clean_line(name or campaign.name, 120),
        created_at=now,
        created_by=clean_line(by, 120),
        copied_from_id=campaign.id,
        is_template=as_template,
        **{column: getattr(campaign, column) for column in _COPIED},
    )
    session.add(made)
    session.flush()
    log(session, made, "copy", by=by, now=now, details={"from": campaign.id})
    return made


def delete(session: Session, campaign: Campaign) -> None:
    """Remove a campaign that never called anybody, with its cases and lists; the files are the caller's to remove."""
    lock(session, campaign)
    if campaign.state not in (CampaignState.DRAFT, CampaignState.READY):
        raise CampaignError("Only a campaign that was never launched can be deleted; what has called stays on record.")
    session.delete(campaign)
    session.flush()


def find(session: Session, campaign_id: int) -> Campaign:
    """The campaign. Raises CampaignError."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise CampaignError("There is no such campaign.")
    return campaign


def _follow(session: Session, campaign: Campaign, changed: Mapping[str, list[Any]]) -> None:
    """Waiting cases that had the campaign's own value take the new one."""
    for column in {"purpose", "priority"} & set(changed):
        waiting = (Case.campaign_id == campaign.id, Case.state.in_((CaseState.OPEN, CaseState.MERGED)))
        statement = update(Case).where(*waiting, getattr(Case, column) == changed[column][0])
        session.execute(statement.values({column: changed[column][1]}))


def _plain(campaign: Campaign, name: str) -> Any:
    value = getattr(campaign, f"{name}_json" if name in SETTINGS else name)
    return value.isoformat() if isinstance(value, datetime) else value
