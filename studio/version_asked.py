"""The version that a request asks for by its number, including drafts that test numbers ran."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from flows.errors import UnknownFlow
from flows.versions import FlowVersion, find_flow, latest


def version_asked(s: Session, name: str, number: int | None) -> FlowVersion:
    """The version of this number, below 0 for a draft's snapshot; the one in force for None. Raises UnknownFlow."""
    if number is None:
        return latest(s, name)
    of_flow = FlowVersion.flow_id == find_flow(s, name).id
    found = s.scalar(select(FlowVersion).where(of_flow, FlowVersion.number == number))
    if found is None:
        raise UnknownFlow(f"The flow “{name[:60]}” has no version {number}.")
    return found
