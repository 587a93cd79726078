"""What a flow is given about a case, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, func, or_, select
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign
from callbacks.case import Case, CaseKind, CaseState
from callbacks.spoken_flow import spoken_flow
from flows.documents import FlowDocument
from storage.database import connection_of

OWN_NAMES = {"name": Case.name, "reference": Case.reference, "number": Case.number, "language": Case.language}
"""Columns of a case that a flow may read like variables."""

REFERENCE_WORDS = ("parcel", "ticket", "order", "waybill", "tracking_number", "appointment")
"""What flows call the matter itself: a case without such a variable gives its reference, and the other way round."""

MERGED_NAMES = ("count", "others")
"""Given when other cases ride along: how many matters there are, and the variables of the others. A flow that names
neither among its variables can only speak of one matter in a call."""

_CASES = cast(Table, Case.__table__)
_RIDER = select(_CASES.c.id).where(_CASES.c.merged_into_id == bindparam("lead"), _CASES.c.state == "merged").limit(1)

_RESERVED = frozenset({*MERGED_NAMES, "case"})


def variables_of(session: Session, case: Case, document: FlowDocument | None = None) -> dict[str, Any]:
    """The values that the flow of a case begins with: the campaign's defaults, above them the case's own.

    With others riding along come "count" (this one included) and "others", their values in a list. `document` is the
    flow, for whoever has it at hand.
    """
    campaign = session.get_one(Campaign, case.campaign_id)
    document = document or spoken_flow(session, campaign, case.variant)
    wanted = frozenset(document.variables) if document else frozenset()
    values = _values(case, campaign.defaults, wanted)
    if has_riders(session, case):
        riders = session.scalars(
            select(Case).where(Case.merged_into_id == case.id, Case.state == CaseState.MERGED).order_by(Case.id)
        ).all()
        others = [_values(rider, campaign.defaults, wanted) for rider in riders]
        values |= {"count": 1 + len(riders), "others": others}
    return values


def has_riders(session: Session, case: Case) -> bool:
    """Whether any case rides along with this one: a cheap look before they are loaded, since with most none does."""
    return connection_of(session).execute(_RIDER, {"lead": case.id}).first() is not None


def reference_in(variables: Mapping[str, Any]) -> str:
    """What the variables say the matter is about, "" for nothing."""
    return next((str(variables[word]) for word in REFERENCE_WORDS if variables.get(word) not in (None, "")), "")


def tells_several(document: FlowDocument) -> bool:
    """Whether the flow can speak of several matters in one call."""
    return any(name in document.variables for name in MERGED_NAMES)


def required_by(document: FlowDocument) -> tuple[str, ...]:
    """Variables that the flow wants from outside and has no default for."""
    return tuple(
        name for name, wanted in document.variables.items() if wanted.default is None and name not in _RESERVED
    )


def missing_variables(session: Session, campaign: Campaign, wanted: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """How many waiting cases lack each variable, only those that any lacks.

    `wanted` are the variables required by the flow of each variant ("a", "b").
    """
    missing: dict[str, int] = {}
    for variant, names in wanted.items():
        names = tuple(name for name in names if campaign.defaults.get(name) in (None, ""))
        if not names:
            continue
        columns = [func.count().filter(_lacks(name)) for name in names]
        query = select(*columns).where(*_waiting(campaign), Case.variant == variant)
        for name, count in zip(names, session.execute(query).one(), strict=True):
            if count:
                missing[name] = missing.get(name, 0) + count
    return missing


def _waiting(campaign: Campaign) -> list[ColumnElement[bool]]:
    states = (CaseState.OPEN, CaseState.MERGED)
    return [Case.campaign_id == campaign.id, Case.state.in_(states), Case.kind == CaseKind.NORMAL]


def _lacks(name: str) -> ColumnElement[bool]:
    value = Case.variables[name].as_string()
    empty: ColumnElement[bool] = or_(value.is_(None), value == "")
    own = Case.reference if name in REFERENCE_WORDS else OWN_NAMES.get(name)
    return empty if own is None else empty & (own == "")


def _values(case: Case, defaults: Mapping[str, Any], wanted: frozenset[str]) -> dict[str, Any]:
    own = {name: getattr(case, name) for name in OWN_NAMES if getattr(case, name)}
    about = {word: case.reference for word in REFERENCE_WORDS if word in wanted} if case.reference else {}
    given = {name: value for name, value in case.variables.items() if value not in (None, "")}
    return {**defaults, **own, **about, **given}
