"""How many cases of a campaign stand where, and why they were closed: one scan of one index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks.case import Case, CaseKind, CaseState, CloseReason

NEVER_CALLED_FOR = (
    CloseReason.CANCELLED,
    CloseReason.UNDONE,
    CloseReason.CAMPAIGN_STOPPED,
    CloseReason.NOT_ALLOWED,
    CloseReason.INVALID_NUMBER,
)
"""Reasons that say nothing about how well a flow works: the matter was taken away before it could."""


@dataclass(frozen=True, kw_only=True)
class CaseCounts:
    """Cases of a campaign by (state, reason, variant), without test calls and without a list that is being written."""

    cells: Mapping[tuple[str, str, str], int]

    def of(self, *, state: str = "", reason: str = "", variant: str = "") -> int:
        """The cases that fit all that is given."""
        wanted = (state, reason, variant)
        return sum(n for key, n in self.cells.items() if all(w in ("", k) for w, k in zip(wanted, key, strict=True)))

    @property
    def total(self) -> int:
        """All cases that were not undone with their list."""
        return sum(self.cells.values()) - self.of(reason=CloseReason.UNDONE)

    @property
    def closed(self) -> int:
        """Cases that are over, without those that were undone."""
        return self.of(state=CaseState.CLOSED) - self.of(reason=CloseReason.UNDONE)

    @property
    def waiting(self) -> int:
        """Cases that wait for a call of their own."""
        return self.of(state=CaseState.OPEN)

    @property
    def progress(self) -> float:
        """The part that is over, 0 to 1."""
        return self.closed / self.total if self.total else 0.0

    @property
    def by_reason(self) -> dict[str, int]:
        """Closed cases by reason, the most frequent first."""
        found: dict[str, int] = {}
        for (state, reason, _variant), n in self.cells.items():
            if state == CaseState.CLOSED:
                found[reason] = found.get(reason, 0) + n
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))

    def decided(self, variant: str) -> tuple[int, int]:
        """Cases of a variant whose goal was met, and those that came to any end of their own."""
        left_out = sum(self.of(state=CaseState.CLOSED, reason=r, variant=variant) for r in NEVER_CALLED_FOR)
        goals = self.of(state=CaseState.CLOSED, reason=CloseReason.GOAL_MET, variant=variant)
        return goals, self.of(state=CaseState.CLOSED, variant=variant) - left_out


def case_counts(session: Session, campaign_id: int) -> CaseCounts:
    """Count a campaign's cases; answered from the index ix_cases_counts alone."""
    rows = session.execute(
        select(Case.state, Case.reason, Case.variant, func.count())
        .where(Case.campaign_id == campaign_id, Case.kind == CaseKind.NORMAL, Case.state != CaseState.STAGED)
        .group_by(Case.state, Case.reason, Case.variant)
    )
    return CaseCounts(cells={(str(state), str(reason), str(variant)): n for state, reason, variant, n in rows})
