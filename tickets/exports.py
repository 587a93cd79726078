"""Tickets as CSV that spreadsheets show and never execute."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session, joinedload

from tickets.listing import TicketFilter, filtered
from tickets.ticket import Ticket

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins like this is a formula to some spreadsheet; OWASP, CSV Injection. Full-width forms count too."""

COLUMNS = (
    "number",
    "subject",
    "category",
    "priority",
    "status",
    "caller",
    "caller_number",
    "language",
    "assignee",
    "group",
    "source",
    "reference",
    "created_at",
    "updated_at",
    "solved_at",
    "closed_at",
)


def safe_cell(value: object) -> str:
    """`value` as the text of a cell; an apostrophe goes before what a spreadsheet could take for a formula."""
    text = "" if value is None else str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text


def csv_lines(rows: Iterator[list[object]] | list[list[object]]) -> Iterator[str]:
    """Rows as lines of CSV (RFC 4180), each with its line end, every cell safe."""
    for row in rows:
        buffer = io.StringIO()
        csv.writer(buffer).writerow([safe_cell(cell) for cell in row])
        yield buffer.getvalue()


def export_tickets(session: Session, filters: TicketFilter, *, time_zone: str = "UTC") -> Iterator[str]:
    """The tickets of a filter as lines of CSV, oldest first, a header before them, times in `time_zone` (ISO 8601)."""
    zone = ZoneInfo(time_zone)
    query = filtered(session, filters).order_by(Ticket.id).execution_options(yield_per=500)
    loaded = query.options(joinedload(Ticket.person), joinedload(Ticket.assignee), joinedload(Ticket.group))
    yield from csv_lines([list(COLUMNS)])
    yield from csv_lines(_row(ticket, zone) for ticket in session.scalars(loaded))


def _row(ticket: Ticket, zone: ZoneInfo) -> list[object]:
    values: dict[str, object] = {name: getattr(ticket, name, None) for name in COLUMNS}
    values["caller"] = ticket.person.name if ticket.person else ""
    values["assignee"] = ticket.assignee.name if ticket.assignee else ""
    values["group"] = ticket.group.key if ticket.group else ""
    return [v.astimezone(zone).isoformat(timespec="seconds") if isinstance(v, datetime) else v for v in values.values()]
