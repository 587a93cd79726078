"""What leaves the house as CSV is only ever text."""

import csv
import io
from datetime import datetime

import pytest

from storage.database import Database
from tickets.desk import NewTicket, TicketFilter, open_or_append
from tickets.exports import COLUMNS, csv_lines, export_tickets, safe_cell


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", "＝1", " =cmd|' /C'!A0"])
def test_a_formula_becomes_text(formula: str):
    assert safe_cell(formula) == f"'{formula}"


@pytest.mark.parametrize("plain", ["", "parcel", "1+1", "a=b", "10023", "投诉"])
def test_other_text_stays_as_it_is(plain: str):
    assert safe_cell(plain) == plain


def test_nothing_is_an_empty_cell():
    assert safe_cell(None) == ""


def test_commas_quotes_and_line_ends_come_back_as_they_were():
    cells = ['a,"b"', "two\nlines", "", "ü"]
    assert list(csv.reader(io.StringIO("".join(csv_lines([cells])), newline=""))) == [cells]


def test_tickets_are_exported_with_safe_cells_and_local_times(db: Database, now: datetime):
    with db.write() as session:
        new = NewTicket(subject='=HYPERLINK("x")', caller_number="+8613812345678", language="zh-CN", reference="-5")
        number = open_or_append(session, new, now).ticket.number
    with db.read() as session:
        text = "".join(export_tickets(session, TicketFilter(), time_zone="Asia/Shanghai"))
        none = list(export_tickets(session, TicketFilter(view="closed")))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == list(COLUMNS)
    assert rows[0] == {
        "number": number,
        "subject": '\'=HYPERLINK("x")',
        "category": "other",
        "priority": "normal",
        "status": "new",
        "caller": "",
        "caller_number": "'+8613812345678",
        "language": "zh-CN",
        "assignee": "",
        "group": "",
        "source": "phone",
        "reference": "'-5",
        "created_at": "2026-11-21T20:00:00+08:00",
        "updated_at": "2026-11-21T20:00:00+08:00",
        "solved_at": "",
        "closed_at": "",
    }
    assert len(none) == 1
