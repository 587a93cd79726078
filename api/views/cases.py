"""Cases: create one or many, read, cancel, postpone."""

from __future__ import annotations

from apiflask import APIBlueprint
from sqlalchemy import select

from api.errors import ConflictError, invalid
from api.operations import Answer, Listed, Work, operation
from api.paging import find, page
from api.reading import number_of
from api.schemas.cases import (
    AppendedCase,
    BulkOut,
    CancelIn,
    CaseOut,
    CasesIn,
    CasesOut,
    CasesQuery,
    CreatedCaseOut,
    NewCaseIn,
    PostponeIn,
    show_case,
)
from api.scopes import Scope
from api.views.bulk import create_many, new_case
from callbacks import cases
from callbacks.campaign import Campaign
from callbacks.case import Case, CaseState, CloseReason
from callbacks.closing import end_all

room = APIBlueprint("cases", __name__, url_prefix="/v1", tag="Cases")


@operation(
    room, "POST", "/cases", scope=Scope.CASES_WRITE, body=NewCaseIn, output=CreatedCaseOut, status=201,
    also={200: "A case with this key was there already"}, creates=True, problems=(404, 409),
)  # fmt: skip
def create_case(work: Work, body: NewCaseIn) -> Answer:
    """Create a case.

    A draft's cases wait for its launch; a campaign that drains, is finished or stopped takes no more.
    """
    return _create(work, _campaign(work, body.campaign_id), body)


@operation(
    room, "POST", "/campaigns/<int:campaign_id>/cases", scope=Scope.CASES_WRITE, body=AppendedCase,
    output=CreatedCaseOut, status=201, also={200: "A case with this key was there already"}, creates=True,
    problems=(404, 409),
)  # fmt: skip
def append_case(work: Work, campaign_id: int, body: AppendedCase) -> Answer:
    """Append a case to a campaign, also while it runs."""
    return _create(work, _campaign(work, campaign_id), body)


@operation(
    room, "POST", "/cases/bulk", scope=Scope.CASES_WRITE, body=CasesIn, output=BulkOut, status=200, creates=True,
    problems=(404, 409),
)  # fmt: skip
def create_cases(work: Work, body: CasesIn) -> BulkOut:
    """Create up to 1,000 cases of one campaign.

    Each is checked by itself: the answer tells for every index whether it was created, known by its key, or invalid
    and why.
    """
    campaign = _campaign(work, body.campaign_id)
    items = create_many(work, campaign, body.cases)
    count = {status: sum(item.status == status for item in items) for status in ("created", "known", "invalid")}
    return BulkOut(items=items, **count)


@operation(room, "GET", "/cases", scope=Scope.CASES_READ, query=CasesQuery, output=CasesOut)
def list_cases(work: Work, query: CasesQuery) -> Listed:
    """List cases, the newest first. Test calls are left out."""
    wanted = select(Case).where(Case.kind == "normal")
    if query.campaign_id is not None:
        wanted = wanted.where(Case.campaign_id == query.campaign_id)
    if query.state is not None:
        wanted = wanted.where(Case.state == query.state)
    if query.reason is not None:
        wanted = wanted.where(Case.reason == query.reason)
    if query.reference is not None:
        wanted = wanted.where(Case.reference == query.reference)
    if query.number is not None:
        wanted = wanted.where(Case.number == number_of(query.number, "query.number", region=work.deps.region))
    return page(work.s, wanted, Case.id.expression, query, show_case)


@operation(room, "GET", "/cases/<int:case_id>", scope=Scope.CASES_READ, output=CaseOut, problems=(404,))
def get_case(work: Work, case_id: int) -> CaseOut:
    """Read a case."""
    return show_case(find(work.s, Case, case_id, "case"))


@operation(
    room, "POST", "/cases/<int:case_id>/cancel", scope=Scope.CASES_WRITE, body=CancelIn, output=CaseOut,
    problems=(404, 409),
)  # fmt: skip
def cancel_case(work: Work, case_id: int, body: CancelIn) -> CaseOut:
    """Cancel a case: it is not called again.

    A call that goes on is not ended; the case then closes with it. Cancelled again, nothing changes; closed for another
    reason, it is a conflict.
    """
    case = find(work.s, Case, case_id, "case", lock=True)
    if case.state == CaseState.CLOSED and case.reason != CloseReason.CANCELLED:
        raise ConflictError(f"The case is closed already: {case.reason}.")
    note = body.note or f"Cancelled by {work.key.name}."
    end_all(work.s, [Case.id == case.id], CloseReason.CANCELLED, now=work.now, note=note)
    return show_case(case)


@operation(
    room, "POST", "/cases/<int:case_id>/postpone", scope=Scope.CASES_WRITE, body=PostponeIn, output=CaseOut,
    problems=(404, 409),
)  # fmt: skip
def postpone_case(work: Work, case_id: int, body: PostponeIn) -> CaseOut:
    """Call later: not before this time, within the hours that are allowed."""
    case = find(work.s, Case, case_id, "case", lock=True)
    if case.state != CaseState.OPEN:
        raise ConflictError(f"Only an open case can be postponed; this one is {case.state}.")
    if body.at <= work.now:
        raise invalid("body.at", "The time lies in the past.")
    if case.not_after is not None and body.at > case.not_after:
        raise invalid("body.at", "The case expires before this time.")
    if not cases.postpone(work.s, case, body.at, work.now):
        raise ConflictError("The case cannot wait that long: it, or its campaign, is over before.")
    return show_case(case)


def _campaign(work: Work, campaign_id: int) -> Campaign:
    campaign = find(work.s, Campaign, campaign_id, "campaign")
    cases.takes_cases(campaign)
    return campaign


def _create(work: Work, campaign: Campaign, body: AppendedCase) -> Answer:
    created = cases.create_case(
        work.s, campaign, new_case(body, campaign, now=work.now, region=work.deps.region), work.now
    )
    if created.case.campaign_id != campaign.id:
        raise ConflictError("A case of another campaign has this key.")
    shown = CreatedCaseOut(**show_case(created.case).model_dump(), made=created.made)
    return Answer(value=shown, status=201 if created.made else 200, location=f"/v1/cases/{created.case.id}")
