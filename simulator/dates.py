"""Dates on the wire: RFC 2822 in answers and callbacks, ISO 8601 in filters."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime


def rfc2822(moment: datetime | None) -> str | None:
    """`Fri, 17 Mar 2023 11:28:31 +0000`; None stays None."""
    return None if moment is None else format_datetime(moment.astimezone(UTC))


def parse_filter(text: str) -> datetime:
    """A date or date-time of a list filter as an aware UTC moment.

    Raises:
        ValueError: when it is neither ISO 8601 nor RFC 2822.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = parsedate_to_datetime(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def iso8601(moment: datetime) -> str:
    """`2023-03-17T11:28:31.123Z`, as callbacks of streams write it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
