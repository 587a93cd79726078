"""Many cases in one request: each is checked by itself, all good ones are written together."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import ValidationError
from sqlalchemy import select

from api.errors import FieldError, InvalidError, invalid
from api.operations import Work
from api.reading import callable_number, checked_zone
from api.schemas.cases import AppendedCase, BulkItemOut
from callbacks import cases
from callbacks.campaign import Campaign
from callbacks.case import Case
from callbacks.cases import NewCase


def new_case(body: AppendedCase, campaign: Campaign, *, now: datetime, region: str) -> NewCase:
    """A checked wish for a call. Raises InvalidError with the field.

    `region` is the country of numbers written without one where the campaign has none.
    """
    if body.not_before is not None and body.not_after is not None and body.not_after <= body.not_before:
        raise invalid("body.not_after", "The case would expire before it begins.")
    if body.not_after is not None and body.not_after <= now:
        raise invalid("body.not_after", "The case would have expired already.")
    return NewCase(
        number=callable_number(body.number, "body.number", region=campaign.region or region),
        purpose=body.purpose,
        variables=dict(body.variables),
        reference=body.reference,
        name=body.name,
        language=body.language,
        zone=checked_zone(body.zone, "body.zone"),
        not_before=body.not_before,
        not_after=body.not_after,
        priority=body.priority,
        key=f"api:{body.key or uuid.uuid4().hex}",
        source="api",
    )


def create_many(work: Work, campaign: Campaign, raws: Sequence[Mapping[str, Any]]) -> list[BulkItemOut]:
    """Create what is good of `raws`; gives one item for each, in order."""
    read = [_read(work, campaign, index, raw) for index, raw in enumerate(raws)]
    good = [new for new in read if isinstance(new, NewCase)]
    before = _by_key(work, good)
    cases.create_cases(work.s, campaign, [new for new in good if new.key not in before], work.now)
    after = _by_key(work, good)
    items: list[BulkItemOut] = []
    seen = set(before)
    for index, new in enumerate(read):
        if isinstance(new, BulkItemOut):
            items.append(new)
            continue
        case_id, campaign_id = after[new.key]
        if campaign_id != campaign.id:
            items.append(_refused(index, [FieldError(field="key", detail="A case of another campaign has this key.")]))
            continue
        status: Literal["known", "created"] = "known" if new.key in seen else "created"
        seen.add(new.key)
        items.append(BulkItemOut(index=index, status=status, case_id=case_id, errors=[]))
    return items


def _by_key(work: Work, news: Sequence[NewCase]) -> dict[str, tuple[int, int]]:
    """Id and campaign of the cases that have these keys."""
    rows = work.s.execute(select(Case.key, Case.id, Case.campaign_id).where(Case.key.in_([new.key for new in news])))
    return {key: (case_id, campaign_id) for key, case_id, campaign_id in rows}


def _read(work: Work, campaign: Campaign, index: int, raw: Mapping[str, Any]) -> NewCase | BulkItemOut:
    try:
        return new_case(AppendedCase.model_validate(raw), campaign, now=work.now, region=work.deps.region)
    except ValidationError as error:
        found = [(".".join(map(str, e["loc"])), e["msg"].removeprefix("Value error, ")) for e in error.errors()]
        return _refused(index, [FieldError(field=name, detail=detail) for name, detail in found])
    except InvalidError as error:
        return _refused(index, error.errors)


def _refused(index: int, errors: Sequence[FieldError]) -> BulkItemOut:
    """An item with its faults; fields are named as they stand in the whole request."""
    shown = [
        {"field": f"body.cases.{index}.{e.field.removeprefix('body.')}".rstrip("."), "detail": e.detail} for e in errors
    ]
    return BulkItemOut(index=index, status="invalid", case_id=None, errors=shown)
