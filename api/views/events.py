"""What happens outside: a parcel arrived, was picked up."""

from __future__ import annotations

from apiflask import APIBlueprint
from sqlalchemy import select

from api.errors import invalid
from api.operations import Answer, Work, operation
from api.schemas.events import EventIn, EventOut
from api.scopes import Scope
from callbacks import cases
from callbacks.event_rules import EventRule
from work.happenings import tell

room = APIBlueprint("events", __name__, url_prefix="/v1", tag="Events")

OURS = frozenset(
    {"ticket", "case", "campaign", "attempt", "call", "opt_out", "consent", "webhook", "message", "import", "key"}
)
"""Nouns of happenings that only the house itself tells."""


@operation(room, "POST", "/events", scope=Scope.EVENTS_WRITE, body=EventIn, output=EventOut, status=202, creates=True)
def report_event(work: Work, body: EventIn) -> Answer:
    """Report that something happened.

    Rules that wait for this kind make cases from it a moment later. Where a rule names it as what ends a matter, open
    cases with the reference are cancelled at once.
    """
    if body.kind.split(".")[0] in OURS:
        raise invalid("body.kind", "Events with this noun are told by the house itself; choose another noun.")
    tell(work.s, body.kind, dict(body.payload), now=work.now, reference=body.reference)
    cancelled = 0
    for campaign_id in _ended_by(work, body.kind) if body.reference else ():
        cancelled += cases.cancel(
            work.s, reference=body.reference, now=work.now, by=work.by, kind=body.kind, campaign_id=campaign_id
        )
    return Answer(value=EventOut(kind=body.kind, reference=body.reference, cancelled=cancelled), status=202)


def _ended_by(work: Work, kind: str) -> list[int]:
    """The campaigns in which a rule ends a matter when this happens."""
    rules = work.s.scalars(select(EventRule).where(EventRule.active))
    return sorted({rule.campaign_id for rule in rules if kind in rule.cancelled_by})
