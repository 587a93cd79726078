"""Who listens to the calls of a flow."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from flows.versions import Flow
from ivr.lines import Line


def heard_by_house(session: Session, name: str) -> bool:
    """Whether our own ear listens on a number that the flow answers, by the number's own setting."""
    answers = or_(Line.flow_id == Flow.id, Line.closed_flow_id == Flow.id)
    return session.scalar(select(Line.id).join(Flow, answers).where(Flow.name == name, Line.ear == "house")) is not None
