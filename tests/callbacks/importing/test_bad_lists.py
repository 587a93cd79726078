"""Every kind of bad input in a list is an error at its row and column, and nothing is half imported."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from campaign_stage import NOW
from list_desk import ListDesk

from callbacks.audience import ImportState
from callbacks.errors import ImportFileError
from callbacks.importing.checking import Checker, Columns
from callbacks.importing.rows import SourceRow
from storage.database import Database

GOOD = "13800000009,Good,,,,,"
HEADER = "phone,name,latest,timezone,priority,language,note"


@pytest.fixture
def desk(sqlite_db: Database, tmp_path: Path) -> ListDesk:
    return ListDesk.open(sqlite_db, tmp_path, zone="Asia/Shanghai")


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        (",Anna", "phone", "The telephone number is empty."),
        ("call me,Anna", "phone", "is not a telephone number"),
        ("138000000,Anna", "phone", "too short for its country|no range in use in its country"),
        ("+999138000000,Anna", "phone", "has no country code|country code that does not exist"),
        ("+8610000000001,Anna", "phone", "no range in use|too short|wrong number of digits|too long"),
        ("1.38E+10,Anna", "phone", "The spreadsheet has rounded this number"),
        ("+449098790000,Anna", "phone", "This is a premium-rate number"),
        ("13800000001,Anna,2026-02-30", "latest", "2026-02-30 does not exist in the calendar."),
        ("13800000001,Anna,tomorrow", "latest", "Write a date as 2026-11-30"),
        ("13800000001,Anna,2026-11-22", "latest", "This time has passed already."),
        ("13800000001,Anna,2026-12-01 25:00", "latest", "does not exist in the calendar"),
        ("13800000001,Anna,,Mars/Olympus", "timezone", "This time zone does not exist"),
        ("13800000001,Anna,,,first", "priority", "A priority is a whole number"),
        ("13800000001,Anna,,,101", "priority", "A priority is a whole number"),
        ("13800000001,Anna,,,,?!", "language", "Write a language as its tag"),
        ("13800000001,Anna,,,,,2026-02-30", "note", "2026-02-30 does not exist"),
        ("13800000001,Anna,,,,,=HYPERLINK(1)", "note", "The cell holds a formula"),
        ("13800000001,Anna,,,,,x,too,much", "", "The row has more cells than the header has columns."),
    ],
)
def test_a_bad_cell_is_an_error_at_its_row_and_column(desk: ListDesk, row: str, column: str, sentence: str) -> None:
    made = desk.bring_in(desk.upload("\n".join([HEADER, GOOD, row])))
    assert made.counts["invalid"] == 1
    assert made.counts["accepted"] == 1
    (error,) = desk.errors(made)
    assert (error["error_row"], error["error_column"]) == ("3", column)
    assert re.search(sentence, error["error"]), error["error"]
    assert [case.name for case in desk.cases()] == ["Good"]


def test_numbers_without_a_country_need_the_campaigns_country(sqlite_db: Database, tmp_path: Path) -> None:
    desk = ListDesk.open(sqlite_db, tmp_path, region="", zone="")
    made = desk.bring_in(desk.upload("phone,name\n13800000001,Anna\n+8613800000002,Bo\n"))
    (error,) = desk.errors(made)
    assert "has no country code" in error["error"]
    assert [case.number for case in desk.cases()] == ["+8613800000002"]


def test_several_faults_of_a_row_are_all_named(desk: ListDesk) -> None:
    made = desk.check(desk.upload("\n".join([HEADER, "12,Anna,2026-02-30,Mars/Olympus", GOOD])))
    (error,) = desk.errors(made)
    assert error["error_column"] == "phone; latest; timezone"


def test_a_cell_of_ten_megabytes_is_refused_and_its_text_is_not_kept(desk: ListDesk) -> None:
    made = desk.check(desk.upload(f"{HEADER}\n{GOOD}\n13800000001,{'x' * 10_485_760}\n"))
    (error,) = desk.errors(made)
    assert (error["error_row"], error["error_column"]) == ("3", "name")
    assert error["error"] == "The cell has 10,485,760 characters; 10,000 are the most."
    assert (desk.folder / made.errors_path).stat().st_size < 2_000


def test_formulas_errors_and_rounded_numbers_of_a_workbook_are_named_by_their_cell(desk: ListDesk) -> None:
    book = openpyxl.Workbook()
    for row in [
        ["phone", "name", "parcel"],
        ["13800000001", "=A2", "YT1"],
        ["13800000002", "Bo", 123456789012345678],
        ["13800000003", "Cy", "YT3"],
    ]:
        book.active.append(row)
    book.active["C4"] = "#N/A"
    book.active["C4"].data_type = "e"
    buffer = io.BytesIO()
    book.save(buffer)
    made = desk.check(desk.upload(buffer.getvalue(), "x.xlsx"))
    assert [(error["error_column"], error["error"]) for error in desk.errors(made)] == [
        ("name", "Cell B2: The cell holds a formula; paste its value instead."),
        ("parcel", "Cell C3: The number has more than 15 digits and was rounded; format the column as text."),
        ("parcel", "Cell C4: The cell holds an error of the spreadsheet."),
    ]


def test_texts_that_spreadsheets_dress_as_formulas_are_texts(desk: ListDesk) -> None:
    desk.bring_in(desk.upload('phone,parcel,name\n="13800000001","=""00123""","\'=x"\n'))
    (case,) = desk.cases()
    assert (case.number, case.reference, case.name) == ("+8613800000001", "00123", "=x")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n\n\n", "The list has no rows."),
        (b"phone,name,phone\n1,2,3\n", "The header “phone” stands twice, in columns 1 and 3"),
        ("电话,姓名,电话\n1,2,3\n".encode(), "The header “电话” stands twice"),
        ("phone,name\n13800000001,张三\n".encode() + "13800000002,李四\n".encode("gb18030"), "line 2 and line 3"),
        (b"phone,name\n13800000001,\xff\xfe\xff\n", "Line 2 is written neither in UTF-8 nor in GB18030"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "old .xls or a workbook with a password"),
        (b"PK\x03\x04 broken", "The workbook is damaged"),
        ((",".join(f"c{n}" for n in range(600)) + "\n").encode(), "more than 500 columns"),
    ],
    ids=["empty", "blank", "twice", "twice in Chinese", "mixed", "neither", "xls", "damaged", "too wide"],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(desk: ListDesk, content: bytes, sentence: str) -> None:
    with pytest.raises(ImportFileError, match=sentence):
        desk.upload(content)
    assert not list((desk.folder / "audience").iterdir()), "nothing is kept"


def test_an_archive_that_is_no_workbook_is_refused(desk: ListDesk) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("letter.txt", "dear sirs")
    with pytest.raises(ImportFileError, match="The workbook cannot be read"):
        desk.upload(buffer.getvalue(), "x.xlsx")


def test_a_workbook_that_unpacks_to_a_bomb_is_not_opened(desk: ListDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callbacks.importing.spreadsheet.MAX_UNPACKED_BYTES", 10_000)
    book = openpyxl.Workbook()
    book.active.append(["phone"] + ["x" * 2_000] * 10)
    buffer = io.BytesIO()
    book.save(buffer)
    with pytest.raises(ImportFileError, match="far too large when unpacked"):
        desk.upload(buffer.getvalue(), "x.xlsx")


def test_a_quotation_mark_that_is_never_closed_imports_nothing(desk: ListDesk) -> None:
    rows = [f"139{n:08d},N{n}" for n in range(2500)]
    rows[2400] = '13912345678,"Anna'
    made = desk.bring_in(desk.upload("\n".join(["phone,name", *rows])))
    assert made.state == ImportState.FAILED
    assert made.error.startswith("Row 2402 cannot be read: a quotation mark is wrong or never closed")
    assert desk.cases() == []


def test_a_list_of_which_nobody_can_be_called_fails_with_its_reasons(desk: ListDesk) -> None:
    made = desk.bring_in(desk.upload("phone,name\n12,Anna\n13,Bo\n"))
    assert (made.state, made.error) == (
        ImportState.FAILED,
        "No row of the list can be called; the error file says why.",
    )
    assert len(desk.errors(made)) == 2


def test_a_header_without_rows_is_said_to_be_one(desk: ListDesk) -> None:
    made = desk.check(desk.upload("phone,name\n"))
    assert (made.state, made.error) == (ImportState.FAILED, "The list has a header but no rows.")


def test_the_latest_time_must_not_lie_before_the_earliest() -> None:
    columns = Columns(
        header=("phone", "from", "to"),
        mapping={"phone": "number", "from": "not_before", "to": "not_after"},
        region="CN",
        zone="Asia/Shanghai",
    )
    checker = Checker(columns, import_id=1, now=NOW)
    checked = checker.check(SourceRow(n=2, cells=("13800000001", "2026-12-02", "2026-12-01")))
    assert [(fault.column, fault.sentence) for fault in checked.faults] == [
        ("to", "The latest time lies before the earliest.")
    ]
