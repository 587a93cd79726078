"""Which rows are known already: twice in the file, in the campaign, open elsewhere, or refused by the callee."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseKind, CaseState, CloseReason
from callbacks.importing.checking import Checked
from callbacks.new_case import NewCase
from callbacks.opt_outs import OptOut
from callbacks.purposes import ALL_PURPOSES, Purpose

Matter = tuple[str, str]
"""Number and reference, lower case: several parcels of one person are several matters."""

_ALIVE = (CampaignState.READY, CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.DRAINING)
_ACTIVE = (CaseState.OPEN, CaseState.CALLING, CaseState.MERGED)


class RowResult(StrEnum):
    """What became of a row; the keys of an import's counts."""

    ACCEPTED = "accepted"
    INVALID = "invalid"
    DUPLICATE_IN_FILE = "duplicate_in_file"
    DUPLICATE_IN_CAMPAIGN = "duplicate_in_campaign"
    DUPLICATE_ELSEWHERE = "duplicate_elsewhere"
    OPTED_OUT = "opted_out"


SENTENCES = {
    RowResult.DUPLICATE_IN_FILE: "The same number with the same reference stands in row {row} already.",
    RowResult.DUPLICATE_IN_CAMPAIGN: "This campaign has a case for this number and reference already.",
    RowResult.DUPLICATE_ELSEWHERE: "Another campaign is about to call this number about the same matter.",
    RowResult.OPTED_OUT: "The owner of this number does not want such calls.",
}


class KnownMatters:
    """Looks a chunk of rows up; remembers the matters of the whole file as hashes, so that memory stays flat."""

    def __init__(self, campaign_id: int, purpose: Purpose, *, skip_elsewhere: bool) -> None:
        self._campaign_id = campaign_id
        self._purpose = purpose
        self._skip_elsewhere = skip_elsewhere
        self._rows: dict[int, int] = {}

    def look_up(self, session: Session, chunk: Sequence[Checked]) -> list[tuple[RowResult, str]]:
        """What becomes of each row, and the sentence about it, "" for accepted and invalid ones."""
        numbers = sorted({checked.new.number for checked in chunk if checked.new})
        refused = self._opted_out(session, numbers)
        here = self._matters(session, numbers, here=True)
        elsewhere = self._matters(session, numbers, here=False) if self._skip_elsewhere else set()
        results: list[tuple[RowResult, str]] = []
        for checked in chunk:
            if checked.new is None:
                results.append((RowResult.INVALID, ""))
                continue
            matter = matter_of(checked.new)
            first = self._rows.setdefault(hash(matter), checked.row.n)
            result = RowResult.ACCEPTED
            if first != checked.row.n:
                result = RowResult.DUPLICATE_IN_FILE
            elif matter[0] in refused:
                result = RowResult.OPTED_OUT
            elif matter in here:
                result = RowResult.DUPLICATE_IN_CAMPAIGN
            elif matter in elsewhere or (not matter[1] and (matter[0], None) in elsewhere):
                result = RowResult.DUPLICATE_ELSEWHERE
            results.append((result, SENTENCES.get(result, "").format(row=first)))
        return results

    def _opted_out(self, session: Session, numbers: Sequence[str]) -> set[str]:
        query = select(OptOut.number).where(
            OptOut.number.in_(numbers), OptOut.purpose.in_((self._purpose, ALL_PURPOSES)), OptOut.revoked_at.is_(None)
        )
        return set(session.scalars(query))

    def _matters(self, session: Session, numbers: Sequence[str], *, here: bool) -> set[tuple[str, str | None]]:
        query = select(Case.number, Case.reference).where(Case.number.in_(numbers), Case.kind == CaseKind.NORMAL)
        if here:
            query = query.where(
                Case.campaign_id == self._campaign_id,
                Case.state != CaseState.STAGED,
                Case.reason != CloseReason.UNDONE,
            )
        else:
            query = query.join(Campaign, Campaign.id == Case.campaign_id).where(
                Case.campaign_id != self._campaign_id,
                Case.state.in_(_ACTIVE),
                Case.purpose == self._purpose,
                Campaign.state.in_(_ALIVE),
            )
        found: set[tuple[str, str | None]] = set()
        for number, reference in session.execute(query):
            found |= {(number, reference.casefold()), (number, None)}
        return found


def matter_of(new: NewCase) -> Matter:
    """What a wish is about."""
    return new.number, new.reference.casefold()
