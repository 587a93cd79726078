"""Cases as programs see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, StringConstraints, model_validator

from api.errors import InvalidError
from api.schemas.base import Id, In, Line, Moment, Number, Out, Paged, Variables, unstorable
from callbacks.case import Case, CaseKind, CaseState, CloseReason
from callbacks.purposes import Purpose

MOST_AT_ONCE = 1_000
Key = Annotated[str, StringConstraints(min_length=1, max_length=150)]
Priority = Annotated[int, Field(ge=0, le=100, strict=True, description="0 first, 100 last.")]


class AppendedCase(In):
    """A matter to be told or asked."""

    number: Number
    purpose: Purpose | None = Field(default=None, description="The campaign's, when left out.")
    variables: Variables = Field(default_factory=dict, description="What the call flow says and asks by.")
    reference: Line = Field(default="", description="Tracking or ticket number; events cancel by it.")
    name: Line = ""
    language: Annotated[str, StringConstraints(max_length=16)] = Field(default="", examples=["zh-CN"])
    zone: Annotated[str, StringConstraints(max_length=64)] = Field(default="", description="IANA zone of the callee.")
    not_before: Moment | None = None
    not_after: Moment | None = None
    priority: Priority = 50
    key: Key | None = Field(default=None, description="Yours, unique for ever: the same key never makes a second case.")


class NewCaseIn(AppendedCase):
    """A matter to be told or asked, in a campaign."""

    campaign_id: Id


class CasesIn(In):
    """Several cases at once; each is checked by itself."""

    campaign_id: Id

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, data: Any) -> Any:
        """Each case is looked at by itself, so that one that cannot be stored does not stop the others."""
        rest = {name: value for name, value in data.items() if name != "cases"} if isinstance(data, dict) else data
        if errors := tuple(unstorable(rest, "body")):
            raise InvalidError("A value cannot be used.", errors=errors)
        return data

    cases: Annotated[list[dict[str, JsonValue]], Field(min_length=1, max_length=MOST_AT_ONCE)] = Field(
        description="Each like the body of POST /v1/campaigns/{id}/cases; a wrong one does not stop the others."
    )


class CaseOut(Out):
    """A case."""

    id: int
    key: str
    campaign_id: int
    kind: CaseKind
    purpose: Purpose
    state: CaseState
    reason: str = Field(description="Why it is closed; empty before.")
    note: str
    number: str
    name: str
    reference: str
    variables: dict[str, Any]
    language: str
    zone: str
    priority: int
    not_before: datetime | None
    not_after: datetime | None
    due_at: datetime
    wish_at: datetime | None
    tries: int
    outcome: str = Field(description="The flow's word for how the last conversation ended.")
    rule: str = Field(description="The rule that kept it from being dialled last; empty for none.")
    merged_into_id: int | None
    ticket_id: int | None
    source: str
    created_at: datetime
    closed_at: datetime | None


class CreatedCaseOut(CaseOut):
    """A case, and whether this request made it."""

    made: bool = Field(description="False when a case with this key was there already.")


class BulkItemOut(Out):
    """What became of one of several cases."""

    index: int
    status: Literal["created", "known", "invalid"]
    case_id: int | None
    errors: list[dict[str, str]]


class BulkOut(Out):
    """What became of each."""

    created: int
    known: int
    invalid: int
    items: list[BulkItemOut]


class CasesOut(Out):
    """A page of cases, the newest first."""

    items: list[CaseOut]
    next: int | None


class CasesQuery(Paged):
    """Which cases."""

    campaign_id: Id | None = None
    state: CaseState | None = None
    reason: CloseReason | None = None
    reference: Annotated[str | None, StringConstraints(min_length=1, max_length=200)] = None
    number: Number | None = None


class CancelIn(In):
    """Why it is cancelled."""

    note: Annotated[str, StringConstraints(max_length=500)] = ""


class PostponeIn(In):
    """When it may be called next."""

    at: Moment


def show_case(case: Case) -> CaseOut:
    """A case as it goes out."""
    return CaseOut.model_validate(case)
