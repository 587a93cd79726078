"""From dialled to the goal: how many calls got how far."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from callbacks.attempt import BusinessOutcome
from callbacks.tallies import Tally

MACHINES = ("machine", "fax")


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """Ended calls of a campaign. Each is also counted in every earlier step, but for goals that ask nothing.

    `human`: somebody picked up and it was not found to be a machine; without detection that is everybody who did.
    `heard`: the opening was heard to its end. `replied`: a question was answered. `talk_s`: of all answered calls.
    """

    dialled: int = 0
    rang: int = 0
    answered: int = 0
    human: int = 0
    heard: int = 0
    replied: int = 0
    goal: int = 0
    talk_s: int = 0

    @property
    def steps(self) -> tuple[tuple[str, int], ...]:
        """The steps by name, in order."""
        names = ("dialled", "rang", "answered", "human", "heard", "replied", "goal")
        return tuple((name, getattr(self, name)) for name in names)


def funnel(session: Session, campaign_id: int) -> Funnel:
    """Add up a campaign's tallies."""
    is_person = Tally.answered_by.not_in(MACHINES)
    is_goal = Tally.business_outcome == BusinessOutcome.GOAL
    sums = (
        func.sum(Tally.attempts),
        func.sum(Tally.rang),
        func.sum(Tally.answered),
        func.sum(case((is_person, Tally.answered), else_=0)),
        func.sum(case((is_person, Tally.heard), else_=0)),
        func.sum(Tally.replied),
        func.sum(case((is_goal, Tally.attempts), else_=0)),
        func.sum(Tally.talk_s),
    )
    row = session.execute(select(*sums).where(Tally.campaign_id == campaign_id)).one()
    dialled, rang, answered, human, heard, replied, goal, talk_s = (int(value or 0) for value in row)
    return Funnel(
        dialled=dialled,
        rang=rang,
        answered=answered,
        human=human,
        heard=heard,
        replied=replied,
        goal=goal,
        talk_s=talk_s,
    )
