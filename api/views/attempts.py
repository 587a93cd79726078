"""Dials, and what was answered on them."""

from __future__ import annotations

from collections.abc import Iterator

from apiflask import APIBlueprint
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from api.operations import LINES, Listed, Streamed, Work, operation
from api.paging import find, page
from api.reading import number_of
from api.schemas.attempts import AnswerOut, AnswersOut, AnswersQuery, AttemptOut, AttemptsOut, AttemptsQuery
from api.scopes import Scope
from callbacks.answers import AnswerRecord
from callbacks.attempt import Attempt
from callbacks.campaign import Campaign

room = APIBlueprint("attempts", __name__, url_prefix="/v1", tag="Attempts and answers")


@operation(room, "GET", "/attempts", scope=Scope.CASES_READ, query=AttemptsQuery, output=AttemptsOut)
def list_attempts(work: Work, query: AttemptsQuery) -> Listed:
    """List dials, the newest first."""
    wanted = select(Attempt)
    for column, value in (
        (Attempt.campaign_id, query.campaign_id),
        (Attempt.case_id, query.case_id),
        (Attempt.state, query.state),
        (Attempt.carrier_outcome, query.carrier_outcome),
        (Attempt.business_outcome, query.business_outcome),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    if query.number is not None:
        wanted = wanted.where(Attempt.number == number_of(query.number, "query.number", region=work.deps.region))
    return page(work.s, wanted, Attempt.id.expression, query, AttemptOut.model_validate)


@operation(room, "GET", "/attempts/<int:attempt_id>", scope=Scope.CASES_READ, output=AttemptOut, problems=(404,))
def get_attempt(work: Work, attempt_id: int) -> AttemptOut:
    """Read a dial."""
    return AttemptOut.model_validate(find(work.s, Attempt, attempt_id, "attempt"))


@operation(room, "GET", "/answers", scope=Scope.CASES_READ, query=AnswersQuery, output=AnswersOut)
def list_answers(work: Work, query: AnswersQuery) -> Listed:
    """List answers, the newest first.

    An answer is a record of consent: the question as it was spoken, what was answered, how sure we are of it, and where
    in the recording it is heard. Answered again, the later one counts and both stay.
    """
    return page(work.s, _answers(query), AnswerRecord.id.expression, query, AnswerOut.model_validate)


@operation(
    room, "GET", "/campaigns/<int:campaign_id>/answers.jsonl", scope=Scope.CASES_READ, output=AnswerOut, media=LINES,
    problems=(404,),
)  # fmt: skip
def export_answers(work: Work, campaign_id: int) -> Streamed:
    """Export every answer of a campaign.

    One JSON object on each line, the oldest first, each as in the list of answers.
    """
    campaign = find(work.s, Campaign, campaign_id, "campaign")
    wanted = select(AnswerRecord).where(AnswerRecord.campaign_id == campaign.id).order_by(AnswerRecord.id)

    def lines(s: Session) -> Iterator[str]:
        for row in s.scalars(wanted.execution_options(yield_per=500)):
            yield AnswerOut.model_validate(row).model_dump_json()

    return Streamed(lines=lines)


def _answers(query: AnswersQuery) -> Select[AnswerRecord]:
    wanted = select(AnswerRecord)
    for column, value in (
        (AnswerRecord.campaign_id, query.campaign_id),
        (AnswerRecord.case_id, query.case_id),
        (AnswerRecord.reference, query.reference),
        (AnswerRecord.node, query.node),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    return wanted
