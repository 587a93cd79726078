"""Values that many models share, and what all models refuse."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from api.errors import FieldError, InvalidError

LARGEST_ID = 2**31 - 1
DEEPEST = 8
MOST_VARIABLES = 200
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _moment(value: Any) -> Any:
    """Only what RFC 3339 writes, between 2000 and 2100: further away, a change of zone may leave the calendar."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or _RFC_3339.fullmatch(value) is None:
        raise ValueError("Write a time as 2026-11-21T18:30:00+08:00, with its zone or Z.")
    try:
        at = datetime.fromisoformat(value.upper())
    except ValueError as error:
        raise ValueError("There is no such date or time.") from error
    if not 2000 <= at.year < 2100:
        raise ValueError("The time must lie between the years 2000 and 2100.")
    return at.astimezone(UTC)


Moment = Annotated[datetime, BeforeValidator(_moment), Field(examples=["2026-11-21T18:30:00+08:00"])]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Line = Annotated[str, StringConstraints(max_length=200)]
Words = Annotated[str, StringConstraints(max_length=20_000)]
Number = Annotated[
    str,
    StringConstraints(min_length=3, max_length=64),
    Field(
        description="E.164 (+8613812345678), or national where a country is known.",
        examples=["+8613812345678"],
        json_schema_extra={"format": "phone-number"},
    ),
]
Variables = Annotated[dict[str, JsonValue], Field(max_length=MOST_VARIABLES)]


class In(BaseModel):
    """What comes in: unknown fields are refused, and so is text that cannot be stored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, data: Any) -> Any:
        if errors := tuple(unstorable(data, "body")):
            raise InvalidError("A value cannot be used.", errors=errors)
        return data


class Query(BaseModel):
    """What a list is asked by."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, data: Any) -> Any:
        if errors := tuple(unstorable(data, "query")):
            raise InvalidError("A value cannot be used.", errors=errors)
        return data


class Paged(Query):
    """What every list may be asked by."""

    limit: Annotated[int, Field(ge=1, le=500, description="Items on one page.")] = 50
    after: Annotated[int | None, Field(ge=1, le=LARGEST_ID, description="`next` of the page before.")] = None


class Out(BaseModel):
    """What goes out."""

    model_config = ConfigDict(from_attributes=True)


def unstorable(value: Any, path: str, depth: int = 0) -> list[FieldError]:
    """Text with NUL or half a surrogate pair, numbers that are none, and values nested without end."""
    if depth > DEEPEST:
        return [FieldError(field=path, detail=f"Values may be nested {DEEPEST} deep.")]
    match value:
        case str() if not _is_storable(value):
            return [FieldError(field=path, detail="The text has a character that cannot be stored.")]
        case float() if not math.isfinite(value):
            return [FieldError(field=path, detail="The number is not finite.")]
        case dict():
            names = [FieldError(field=path, detail="A name cannot be stored.") for n in value if not _is_storable(n)]
            return names + [e for n, v in value.items() for e in unstorable(v, f"{path}.{n}", depth + 1)]
        case list():
            return [e for n, v in enumerate(value) for e in unstorable(v, f"{path}.{n}", depth + 1)]
        case _:
            return []


def _is_storable(text: object) -> bool:
    return isinstance(text, str) and "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
