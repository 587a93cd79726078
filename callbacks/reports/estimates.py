"""How long a call takes, how often people answer and how many tries a case needs: what was counted, else a guess."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign
from callbacks.settings import Result
from callbacks.tallies import Tally
from flows.documents import FlowDocument
from flows.errors import FlowError
from flows.nodes.question import Question
from flows.validation.prompts import seconds_of
from flows.versions import latest, load_document

LEAST = 20
"""Calls that must have been counted before their average is believed."""

ANSWER_RATE = 0.5
"""Taken for a campaign of which nothing is known."""

ANSWER_S = 5.0
"""Hearing, thinking and answering, per question."""

LONGEST_PATH = 8
TALK_S = 40.0
GREETING_S = 4.0
RING_OF_ANSWERED_S = 12.0


class Basis(StrEnum):
    """Where an estimate comes from."""

    CAMPAIGN = "campaign"
    SAME_FLOW = "same_flow"
    """Other campaigns with the same flow."""
    FLOW = "flow"
    """The length of the flow's sentences."""
    GUESS = "guess"


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What one case is expected to take.

    `talk_s` is the length of an answered call. `answer_rate` is 0 to 1 of the calls that ring. `tries` are calls per
    case, 1 or more. `line_s` is how long one dial keeps a line, answered or not.
    """

    basis: Basis
    talk_s: float
    answer_rate: float
    tries: float
    line_s: float

    @property
    def answered(self) -> float:
        """Answered calls per case, at most 1."""
        return min(1.0, self.answer_rate * self.tries)

    @property
    def billed_minutes(self) -> float:
        """Minutes per case, each answered call counted up to full minutes, as telephone companies do."""
        return self.answered * ceil(self.talk_s / 60)


def estimate(session: Session, campaign: Campaign) -> Estimate:
    """Estimate a campaign's cases by what was counted: its own calls, those of the same flow, else by the flow."""
    same_flow = select(Campaign.id).where(Campaign.flow_name == campaign.flow_name, Campaign.flow_name != "")
    counted = _counted(session, Tally.campaign_id == campaign.id)
    basis = Basis.CAMPAIGN
    if counted is None:
        counted, basis = _counted(session, Tally.campaign_id.in_(same_flow)), Basis.SAME_FLOW
    if counted is None:
        length = flow_seconds(session, campaign)
        counted, basis = (length or TALK_S, ANSWER_RATE), Basis.FLOW if length else Basis.GUESS
    talk_s, answer_rate = counted
    unanswered_s = campaign.ring_timeout_s * (1 - answer_rate)
    return Estimate(
        basis=basis,
        talk_s=talk_s,
        answer_rate=answer_rate,
        tries=expected_tries(campaign, answer_rate),
        line_s=max(1.0, unanswered_s + answer_rate * (RING_OF_ANSWERED_S + talk_s)),
    )


def expected_tries(campaign: Campaign, answer_rate: float) -> float:
    """Calls per case when each is answered with this rate and an unanswered one is tried again as the matrix says."""
    matrix = campaign.retries
    row = matrix.rows.get(Result.NO_ANSWER)
    most = min(matrix.max_tries, 1 + (row.tries if row else 0))
    return sum((1 - answer_rate) ** k for k in range(most))


def _counted(session: Session, where: ColumnElement[bool]) -> tuple[float, float] | None:
    """Average length of answered calls and answer rate; None when too few were counted."""
    query = select(func.sum(Tally.rang), func.sum(Tally.answered), func.sum(Tally.talk_s)).where(where)
    rang, answered, talk_s = (int(value or 0) for value in session.execute(query).one())
    if answered < LEAST:
        return None
    return talk_s / answered, answered / rang


def flow_seconds(session: Session, campaign: Campaign) -> float:
    """How long the flow's published version takes on its straight way, seconds; 0.0 when there is none."""
    try:
        document = load_document(latest(session, campaign.flow_name)) if campaign.flow_name else None
    except FlowError:
        return 0.0
    return 0.0 if document is None else GREETING_S + _straight(document, campaign.language or document.languages[0])


def _straight(document: FlowDocument, language: str) -> float:
    """From the start by each node's first exit: what is said, and an answer's time for each question."""
    language = language if language in document.languages else document.languages[0]
    seconds, name, seen = 0.0, document.start, set[str]()
    while name in document.nodes and name not in seen and len(seen) < LONGEST_PATH:
        seen.add(name)
        node = document.nodes[name]
        # Sentences for silence and misunderstanding are not said on the straight way.
        said = [says[language].text for path, says in node.spoken().items() if path == "prompt" and language in says]
        seconds += sum(seconds_of(text, language) for text in said)
        seconds += ANSWER_S if isinstance(node, Question) else 0.0
        name = next(iter(node.exits.values()), "")
    return seconds
