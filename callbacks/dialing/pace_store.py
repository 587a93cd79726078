"""The pace rows: whoever holds the account's row hands out slots, and nobody else does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign
from callbacks.dialing.account import AccountPace
from callbacks.dialing.inserting import insert_unless_there
from callbacks.dialing.pacing import Cell, next_gap, slack_of
from callbacks.pace_rows import ACCOUNT, PaceRow

SOON = timedelta(milliseconds=100)
"""A slot taken afresh lies at least so far ahead that it can be kept, on a busy machine as well."""


LONGEST_BACK = timedelta(minutes=1)


def campaign_key(campaign_id: int) -> str:
    """Key of a campaign's own pace."""
    return f"campaign:{campaign_id}"


def least_key(campaign_id: int) -> str:
    """Key of a campaign's guaranteed pace."""
    return f"least:{campaign_id}"


def hold_account(session: Session, now: datetime) -> PaceRow | None:
    """The account's row, held until the transaction ends; None while another dialer holds it."""
    found = session.scalar(select(PaceRow).where(PaceRow.key == ACCOUNT).with_for_update(skip_locked=True))
    if found is not None:
        return found
    if session.scalar(select(PaceRow.key).where(PaceRow.key == ACCOUNT)) is not None:
        return None
    insert_unless_there(session, PaceRow, (PaceRow.key,), [{"key": ACCOUNT, "tat": now, "served": 0.0}])
    return session.scalar(select(PaceRow).where(PaceRow.key == ACCOUNT).with_for_update(skip_locked=True))


def rows_of(session: Session, keys: Iterable[str], now: datetime) -> dict[str, PaceRow]:
    """Rows by key, made where they are missing. Only the holder of the account's row asks for them."""
    wanted = list(keys)
    found = {row.key: row for row in session.scalars(select(PaceRow).where(PaceRow.key.in_(wanted)))}
    for key in wanted:
        if key not in found:
            found[key] = PaceRow(key=key, tat=now, served=0.0)
            session.add(found[key])
    return found


def slot_again(session: Session, account: AccountPace, campaign: Campaign, now: datetime) -> datetime:
    """A new slot for a dial that came too late for its own; the old one stays empty. Waits for the pacer."""
    keys = [ACCOUNT, campaign_key(campaign.id)]
    found = session.scalars(select(PaceRow).where(PaceRow.key.in_(keys)).order_by(PaceRow.key).with_for_update())
    rows = {row.key: row for row in found}
    at = max(rows[ACCOUNT].tat, now + SOON)
    if own := rows.get(campaign_key(campaign.id)):
        cell = Cell(tat=own.tat, slack=slack_of(account.gap))
        at = max(at, cell.ready_at)
        cell.advance(at, next_gap(campaign.pacing, campaign.running_since, at))
        own.tat = cell.tat
    rows[ACCOUNT].tat = at + account.gap
    return at


def hold_back(session: Session, wait: timedelta, now: datetime) -> None:
    """No slot for a while, a minute at most: the provider itself keeps calls back."""
    until = now + min(wait, LONGEST_BACK)
    row = session.scalar(select(PaceRow).where(PaceRow.key == ACCOUNT).with_for_update())
    if row is not None and row.tat < until:
        row.tat = until
