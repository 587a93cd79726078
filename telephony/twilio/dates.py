"""Dates as Twilio writes them: RFC 2822 in webhooks and in the REST API, ISO 8601 in stream events."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def read_date(text: str) -> datetime | None:
    """Read "Fri, 17 Mar 2023 11:28:31 +0000" or "2023-03-17T11:28:31Z" as an aware UTC time; None if neither."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(text.strip())
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return None
