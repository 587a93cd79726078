"""Pages by key, not by offset: the cursor names the last row shown, so a page costs the same however deep it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import request, url_for
from sqlalchemy import ColumnElement, tuple_
from werkzeug.exceptions import BadRequest

SIZE = 50


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """The place after a row: its moment and id."""

    moment: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.moment.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{self.id}"


def cursor() -> Cursor | None:
    """The cursor in this request's address. Raises BadRequest for one that no page gave out."""
    text = request.args.get("after", "")
    if not text:
        return None
    try:
        moment, _dash, number = text.partition("-")
        return Cursor(moment=datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), id=int(number[:18]))
    except (ValueError, OverflowError) as error:
        raise BadRequest("The address names a place in the list that does not exist.") from error


def below(moment: Any, number: Any, after: Cursor | None) -> list[ColumnElement[bool]]:
    """The condition for rows after the cursor in a list of newest first."""
    return [] if after is None else [tuple_(moment, number) < (after.moment, after.id)]


def next_url(rows: Sequence[Any], moment: str) -> str:
    """Address of the next page, or "" when `rows` (fetched with one more than SIZE) end here."""
    if len(rows) <= SIZE:
        return ""
    last = rows[SIZE - 1]
    return url_with(after=str(Cursor(moment=getattr(last, moment), id=last.id)))


def url_with(**changes: str) -> str:
    """This page's address with some arguments changed; an empty one is left out."""
    values: dict[str, Any] = {k: v for k, v in (request.args.to_dict() | changes).items() if v}
    return url_for(request.endpoint or "console.overview.page", **(request.view_args or {}), **values)
