"""How many more calls may be on the line: counted from live rows while the account's pace row is held."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from callbacks.attempt import Attempt
from callbacks.dialing.account import AccountPace
from ivr.calls import Call
from telephony.calls import FINAL_STATUSES

LIVE = text("attempts.state NOT IN ('ended', 'released')")
"""Written out as in the index."""

_LIVE_CALLS = text("calls.status NOT IN ({})".format(", ".join(f"'{status}'" for status in sorted(FINAL_STATUSES))))


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Live attempts by campaign, and the lines that calls of ours may still take."""

    live: dict[int, int]
    free: int


def count_lines(session: Session, account: AccountPace) -> Lines:
    """Count. An attempt takes a line from its claim to its end, an unknown one included."""
    rows = session.execute(select(Attempt.campaign_id, func.count()).where(LIVE).group_by(Attempt.campaign_id))
    live = {row[0]: row[1] for row in rows}
    inbound = session.scalar(select(func.count()).select_from(Call).where(_LIVE_CALLS, Call.direction == "inbound"))
    free = account.max_live - account.inbound_reserve - (inbound or 0) - sum(live.values())
    return Lines(live=live, free=max(free, 0))
