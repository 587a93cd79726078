"""Heat for the canvas: which versions there are, which calls count, and where a number leads."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from flows.versions import FlowVersion, find_flow
from ivr.heat import heat_of
from studio.version_asked import version_asked

DAYS_AT_MOST = 366


def heat_for(s: Session, name: str, *, now: datetime, version: int | None = None, days: int = 7) -> dict[str, Any]:
    """The editor's Heat of a version (the one in force unless numbered) over the last `days` days.

    A number below 0 is a draft as a test number ran it. Raises UnknownFlow.
    """
    chosen = version_asked(s, name, version)
    days = min(max(days, 1), DAYS_AT_MOST)
    since = now - timedelta(days=days)
    heat = heat_of(s, chosen.id, since=since, until=now)
    return {
        "version": chosen.number,
        "versions": _numbers(s, find_flow(s, name).id),
        "from": since.isoformat(),
        "to": now.isoformat(),
        "calls": heat.calls,
        "nodes": {node: asdict(counts) for node, counts in heat.nodes.items()},
        "exits": {node: dict(exits) for node, exits in heat.exits.items()},
        "calls_url": f"/calls?{urlencode({'flow': name, 'version': chosen.number, 'days': days})}&node={{node}}",
    }


def _numbers(s: Session, flow_id: int) -> list[int]:
    """Published versions, newest first, then drafts that were called, the latest first."""
    found = list(s.scalars(select(FlowVersion.number).where(FlowVersion.flow_id == flow_id)))
    published = sorted((number for number in found if number > 0), reverse=True)
    return published + sorted(number for number in found if number < 0)
