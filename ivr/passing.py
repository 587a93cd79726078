"""Which calls came by a node, or had something happen to them there: conditions for queries over calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, exists, func, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.orm import Session

from ivr.calls import Call
from ivr.turns import TurnRow

HAPPENINGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "hung_up": ({"type": "CallEnded", "by": "caller"},),
    "failed": ({"type": "FlowFailed"}, {"type": "CallEnded", "by": "flow", "outcome": "failed"}),
    "person": ({"type": "PersonRequested"},),
    "no_match": ({"type": "NotUnderstood", "kind": "no-match"},),
    "no_input": ({"type": "NotUnderstood", "kind": "no-input"},),
}
"""What `ivr.heat` counts at a node besides entering it, and the events that tell."""


def came_by(session: Session, node: str, *, version_id: int | None = None) -> ColumnElement[bool]:
    """Calls that entered a node of their own flow; with `version_id` of that version, also where it ran as a sub-flow.

    The events of a call are searched, so a query should narrow the calls by flow or time as well.
    """
    own = _has(session, {"type": "NodeEntered", "node": node}, 0)
    if version_id is None:
        return own
    stamped = _has(session, {"type": "NodeEntered", "node": node}, version_id)
    return and_(Call.flow_version_id == version_id, own) | stamped


def had_happen(session: Session, node: str, what: str) -> ColumnElement[bool]:
    """Calls to which this happened at a node of that name; `what` is a key of HAPPENINGS."""
    return or_(*(_has(session, {**event, "node": node}, 0) for event in HAPPENINGS[what]))


def _has(session: Session, event: Mapping[str, str], version: int) -> ColumnElement[bool]:
    """A turn of the call has such an event; one of the call's own flow (0) bears no version."""
    of_call = TurnRow.call_id == Call.id
    if session.get_bind().dialect.name == "postgresql":
        bears = "@.version == $version" if version else "!exists(@.version)"
        path = " && ".join([*(f"@.{name} == ${name}" for name in event), bears])
        given: dict[str, Any] = {**event, "version": version}
        has = func.jsonb_path_exists(TurnRow.events, cast(f"$[*] ? ({path})", JSONPATH), cast(given, JSONB))
        return exists(select(1).where(of_call, has))
    each = func.json_each(TurnRow.events).table_valued("value", name="event")
    stamp = func.json_extract(each.c.value, "$.version")
    fields = [func.json_extract(each.c.value, f"$.{name}") == value for name, value in event.items()]
    fields.append(stamp == version if version else stamp.is_(None))
    return exists(select(1).select_from(TurnRow).join(each, true()).where(of_call, *fields))
