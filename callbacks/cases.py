"""Cases: made once per key, merged per phone, postponed, ended. The door to everything one does with a case."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign, CampaignEntry, CampaignState
from callbacks.case import Case, CaseKind, CaseState, CloseReason
from callbacks.closing import cancel, close, expire, refuse
from callbacks.errors import CampaignError, CaseError
from callbacks.known_people import hold_numbers, people_for
from callbacks.merging import merge_open
from callbacks.new_case import CASE_TABLE, NewCase, check, row_of
from callbacks.variables import variables_of
from storage.insert import insert_once
from telephony.numbers import NumberError, parse

CHUNK = 1_000
TAKES_NO_MORE = (CampaignState.DRAINING, CampaignState.FINISHED, CampaignState.STOPPED)


@dataclass(frozen=True, kw_only=True)
class Created:
    """The case, whether it was made now, and the case it rides along with."""

    case: Case
    made: bool
    merged_into: Case | None = None


@dataclass(frozen=True, kw_only=True)
class CreatedMany:
    """How many were made, were known by their key, and ride along with others."""

    made: int = 0
    known: int = 0
    merged: int = 0


def create_case(session: Session, campaign: Campaign, new: NewCase, now: datetime) -> Created:
    """Make a case, unless its key was used before; several open ones for one phone and purpose become one call.

    Raises CaseError for a wish that cannot be, CampaignError when the campaign takes no more cases.
    """
    takes_cases(campaign)
    check(new)
    people = people_for(session, {new.number: (new.name, new.language)}, now=now, demo=campaign.demo)
    hold_numbers(session, [new.number])
    new = replace(new, person_id=new.person_id or people[new.number])
    values = row_of(campaign, new, now)
    case = insert_once(session, Case, unique="key", **values)
    if case is None:
        return Created(case=session.scalars(select(Case).where(Case.key == values["key"])).one(), made=False)
    lead = merge_open(session, campaign, [new.number], now).get(case.id) if new.kind == CaseKind.NORMAL else None
    return Created(case=case, made=True, merged_into=lead)


def create_cases(session: Session, campaign: Campaign, news: Sequence[NewCase], now: datetime) -> CreatedMany:
    """Make many cases at once, as `create_case` does one; the first of a key counts."""
    takes_cases(campaign)
    for new in news:
        check(new)
    made = known = merged = 0
    for chunk in _chunks(news):
        keys = [new.key for new in chunk if new.key]
        used = set(session.scalars(select(Case.key).where(Case.key.in_(keys))))
        fresh = [new for new in chunk if not _seen(new.key, used)]
        known += len(chunk) - len(fresh)
        if not fresh:
            continue
        wanted = {new.number: (new.name, new.language) for new in fresh}
        people = people_for(session, wanted, now=now, demo=campaign.demo)
        hold_numbers(session, sorted(wanted))
        rows = [row_of(campaign, replace(new, person_id=new.person_id or people[new.number]), now) for new in fresh]
        session.execute(insert(CASE_TABLE), rows)
        made += len(rows)
        merged += len(merge_open(session, campaign, crowded(session, list(wanted)), now))
    return CreatedMany(made=made, known=known, merged=merged)


def takes_cases(campaign: Campaign) -> None:
    """Raise CampaignError when the campaign takes no more cases."""
    if campaign.state in TAKES_NO_MORE:
        raise CampaignError(f"The campaign is {campaign.state} and takes no more cases; copy it to go on.")
    if campaign.is_template:
        raise CampaignError("A template has no cases; copy it to a campaign first.")


def crowded(session: Session, numbers: Sequence[str]) -> list[str]:
    """Those of the numbers that more than one open case waits for."""
    query = select(Case.number).where(Case.number.in_(numbers), Case.state == CaseState.OPEN)
    return list(session.scalars(query.group_by(Case.number).having(func.count() > 1)))


def postpone(session: Session, case: Case, at: datetime, now: datetime) -> bool:
    """Call again when the callee wished to be called; False when that is too late for the matter, or it was cancelled.

    Nothing changes then. The gate still sees to hours and caps at that time.
    """
    session.flush()
    session.refresh(case, with_for_update=True)
    if case.state == CaseState.CLOSED or case.reason:
        return False
    ends_at = session.scalar(select(Campaign.ends_at).where(Campaign.id == case.campaign_id))
    if any(end is not None and at > end for end in (case.not_after, ends_at)):
        return False
    case.state, case.wish_at, case.due_at = CaseState.OPEN, at, max(at, now)
    session.flush()
    return True


def wait_again(session: Session, case: Case, due_at: datetime, now: datetime) -> bool:
    """Let a case whose call is over wait for its next try, together with what came in meanwhile.

    False when nothing may follow: the case is closed, or was cancelled during the call and is closed now.
    """
    session.flush()
    session.refresh(case, with_for_update=True)
    if case.state == CaseState.CLOSED:
        return False
    if case.reason or (case.not_after is not None and due_at > case.not_after):
        close(session, case, CloseReason.EXPIRED, now=now)
        return False
    case.state, case.due_at = CaseState.OPEN, due_at
    session.flush()
    if crowded(session, [case.number]):
        merge_open(session, session.get_one(Campaign, case.campaign_id), [case.number], now)
    return True


def test_case(
    session: Session, campaign: Campaign, number: str, flow: str, language: str, by: str, now: datetime
) -> Case:
    """A case that calls one of us before the launch, with the words of the campaign's first case; counts nowhere."""
    try:
        plain = parse(number, region=campaign.region)
    except NumberError as error:
        raise CaseError(str(error)) from error
    if flow not in ("a", "b") or (flow == "b" and not campaign.flow_b_name):
        raise CaseError("The campaign has no such flow to test.")
    like = session.scalars(
        select(Case).where(Case.campaign_id == campaign.id, Case.kind == CaseKind.NORMAL).order_by(Case.id).limit(1)
    ).first()
    new = NewCase(
        number=plain,
        variables=like.variables if like else {},
        reference=like.reference if like else "",
        name=like.name if like else "",
        language=language or (like.language if like else ""),
        priority=0,
        key=f"test:{campaign.id}:{uuid.uuid4()}",
        source="test",
        kind=CaseKind.TEST,
    )
    case = insert_once(session, Case, unique="key", **(row_of(campaign, new, now) | {"variant": flow}))
    if case is None:
        raise CaseError("The test call could not be made; try it again.")
    entry = CampaignEntry(campaign_id=campaign.id, at=now, by=by, what="test", details={"case": case.id, "flow": flow})
    session.add(entry)
    session.flush()
    return case


def _seen(key: str, used: set[str]) -> bool:
    if not key:
        return False
    known = key in used
    used.add(key)
    return known


def _chunks(news: Sequence[NewCase]) -> Iterator[Sequence[NewCase]]:
    return (news[at : at + CHUNK] for at in range(0, len(news), CHUNK))


__all__ = [
    "Created",
    "CreatedMany",
    "NewCase",
    "cancel",
    "close",
    "create_case",
    "create_cases",
    "expire",
    "postpone",
    "refuse",
    "test_case",
    "variables_of",
    "wait_again",
]
