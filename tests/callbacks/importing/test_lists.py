"""Lists become cases: whole or not at all, each refused row with its reason, and undone again."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from campaign_stage import ANNA, BO, NOW, add_case, make_campaign, reread
from list_desk import ListDesk
from sqlalchemy import func, select

from callbacks.attempt import Attempt
from callbacks.audience import AudienceImport, ColumnMemory, ImportState
from callbacks.campaign import Campaign, CampaignEntry
from callbacks.case import Case, CaseState, CloseReason
from callbacks.cases import cancel, close
from callbacks.consents import Consent
from callbacks.errors import CampaignError, ImportStepError
from callbacks.importing import running
from callbacks.importing.running import import_list, run_import
from callbacks.importing.starting import set_header, set_mapping
from callbacks.launch_checks import checks
from callbacks.opting_out import add_opt_out
from storage.database import Database
from tickets.people import Person, PersonNumber

PARCELS = """phone,name,tracking number,pickup code,latest
13800000001,Anna,YT1,1234,2026-12-01
138 0000 0002,Bo,YT2,2345,2026-12-01 18:00
"""


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> ListDesk:
    return ListDesk.open(db, tmp_path)


@pytest.fixture
def lite(sqlite_db: Database, tmp_path: Path) -> ListDesk:
    return ListDesk.open(sqlite_db, tmp_path)


def test_a_list_becomes_cases_with_everything_it_says(desk: ListDesk) -> None:
    made = desk.upload(PARCELS)
    assert made.mapping == {
        "phone": "number",
        "name": "name",
        "tracking number": "reference",
        "pickup code": "var:code",
        "latest": "not_after",
    }
    done = desk.bring_in(made)
    assert (done.state, done.done_rows, done.total_rows) == (ImportState.DONE, 2, 2)
    anna, bo = desk.cases()
    assert (anna.number, anna.name, anna.reference, anna.variables) == (ANNA, "Anna", "YT1", {"code": "1234"})
    assert anna.not_after == datetime(2026, 12, 1, 16, tzinfo=UTC), "the end of the day in Shanghai"
    assert bo.not_after == datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert (bo.number, bo.state, bo.source, bo.import_id) == (BO, "open", "import", made.id)
    with desk.db.read() as s:
        assert s.get_one(Person, anna.person_id).name == "Anna"
        entry = s.scalars(select(CampaignEntry).where(CampaignEntry.what == "import")).one()
    assert (entry.by, entry.details["accepted"]) == ("ops", 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_lists_are_read_in_every_usual_encoding(lite: ListDesk, encoding: str) -> None:
    text = "收件人手机;收件人;运单号;取件码;驿站\r\n13800000001;张三;YT1;12-3;南门驿站\r\n"
    made = lite.upload(text.encode(encoding))
    lite.bring_in(made)
    (case,) = lite.cases()
    assert (case.name, case.reference, case.variables) == ("张三", "YT1", {"code": "12-3", "station": "南门驿站"})


def test_a_workbook_is_read_cell_by_cell(lite: ListDesk) -> None:
    rows = [
        ["手机号", "姓名", "单号", "派送日期", "件数"],
        [13800000001, "Anna", "YT1", datetime(2026, 12, 1), 2],
        [None, None, None, None, None],
        ["13800000002", "Bo", "YT2", datetime(2026, 12, 1, 9, 30), 1.5],
    ]
    made = lite.upload(workbook(rows), "parcels.xlsx")
    assert (made.kind, made.file_name) == ("xlsx", "parcels.xlsx")
    lite.bring_in(made)
    anna, bo = lite.cases()
    assert (anna.number, anna.variables) == (ANNA, {"派送日期": "2026-12-01", "件数": "2"})
    assert bo.variables == {"派送日期": "2026-12-01 09:30:00", "件数": "1.5"}
    assert bo.key == f"import:{made.id}:4"


def test_a_list_without_a_header_is_seen_as_such_and_a_person_may_say_otherwise(lite: ListDesk) -> None:
    made = lite.upload("YT100000001,13800000001\nYT100000002,13800000002\n")
    assert (made.has_header, made.header) == (False, ["column 1", "column 2"])
    assert made.mapping == {"column 1": "", "column 2": "number"}
    with lite.db.write() as s:
        row = set_header(s, s.get_one(AudienceImport, made.id), has_header=True, data_dir=lite.folder)
        assert row.header == ["YT100000001", "13800000001"]
        set_header(s, row, has_header=False, data_dir=lite.folder)
    lite.bring_in(made, {"column 1": "reference", "column 2": "number"})
    assert [case.reference for case in lite.cases()] == ["YT100000001", "YT100000002"]


def test_what_columns_became_is_remembered_for_the_next_list(desk: ListDesk) -> None:
    text = "Kontakt;Sendung;Bemerkung\n13800000001;YT1;bitte klingeln\n"
    made = desk.upload(text)
    assert made.mapping == {"Kontakt": "number", "Sendung": "var:sendung", "Bemerkung": "var:bemerkung"}
    desk.bring_in(made, {"Kontakt": "number", "Sendung": "reference", "Bemerkung": ""})
    again = desk.upload(text.replace("YT1", "YT2").replace("Kontakt", "KONTAKT"))
    assert again.mapping == {"KONTAKT": "number", "Sendung": "reference", "Bemerkung": ""}
    with desk.db.read() as s:
        assert s.get_one(ColumnMemory, "bemerkung").target == ""


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({}, "Say which column"),
        ({"phone": "number", "name": "number"}, "cannot both become number"),
        ({"phone": "number", "name": "case"}, "cannot become “case”"),
        ({"phone": "number", "name": "var:count"}, "cannot become “var:count”"),
        ({"phone": "number", "nothing": "name"}, "no column “nothing”"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(lite: ListDesk, mapping: dict[str, str], sentence: str) -> None:
    made = lite.upload(PARCELS)
    with lite.db.write() as s, pytest.raises(ImportStepError, match=sentence):
        set_mapping(s, s.get_one(AudienceImport, made.id), mapping)


def test_a_dry_run_counts_everything_and_imports_nothing(desk: ListDesk) -> None:
    with desk.db.write() as s:
        campaign = s.get_one(Campaign, desk.campaign_id)
        add_case(s, campaign, "+8613800000003", reference="YT3")
        add_case(s, make_campaign(s, name="Other"), "+8613800000004", reference="YT4")
        add_case(s, make_campaign(s, name="Asleep", running=False), "+8613800000006", reference="YT6")
        add_opt_out(s, number="+8613800000005", purpose="delivery", how="key", now=NOW)
        before = s.scalar(select(func.count()).select_from(Case))
    rows = [f"1380000000{n},N{n},YT{n},1,2026-12-01" for n in range(1, 8)]
    made = desk.upload("\n".join([PARCELS.splitlines()[0], *rows, rows[0], "12,X,YT9,1,2026-12-01"]))
    checked = desk.check(made)
    assert checked.state == ImportState.CHECKED
    assert checked.counts == {
        "accepted": 4,
        "invalid": 1,
        "duplicate_in_file": 1,
        "duplicate_in_campaign": 1,
        "duplicate_elsewhere": 1,
        "opted_out": 1,
    }
    assert len(desk.cases()) == before
    reasons = {int(error["error_row"]): error["error"] for error in desk.errors(checked)}
    assert reasons[4] == "This campaign has a case for this number and reference already."
    assert reasons[5].startswith("Another campaign is about to call")
    assert reasons[6] == "The owner of this number does not want such calls."
    assert reasons[9].endswith("stands in row 2 already.")
    assert "telephone number" in reasons[10]
    done = desk.bring_in(checked)
    assert done.counts == checked.counts
    assert len(desk.cases()) == before + 4


def test_what_another_campaign_has_open_may_be_allowed(lite: ListDesk) -> None:
    with lite.db.write() as s:
        add_case(s, make_campaign(s, name="Other"), ANNA, reference="YT1")
    skipped = lite.check(lite.upload(PARCELS))
    assert skipped.counts["duplicate_elsewhere"] == 1
    done = lite.bring_in(lite.upload(PARCELS), duplicates="allow")
    assert (done.counts["duplicate_elsewhere"], done.counts["accepted"]) == (0, 2)


def test_two_parcels_of_one_person_are_two_matters_in_one_call(desk: ListDesk) -> None:
    done = desk.bring_in(desk.upload("phone,parcel,code\n13800000001,YT1,1\n13800000001,YT2,2\n"))
    assert done.counts["accepted"] == 2
    lead, rider = desk.cases()
    assert (lead.state, rider.state, rider.merged_into_id) == ("open", "merged", lead.id)


def test_a_parcel_in_a_list_rides_along_with_one_that_waits_already(desk: ListDesk) -> None:
    with desk.db.write() as s:
        waiting = add_case(s, s.get_one(Campaign, desk.campaign_id), ANNA, reference="YT0")
    desk.bring_in(desk.upload(PARCELS))
    _, anna, bo = desk.cases()
    assert (anna.state, anna.merged_into_id) == ("merged", waiting.id)
    assert bo.state == "open"


def test_the_corrected_error_file_can_be_imported_again(lite: ListDesk) -> None:
    done = lite.bring_in(lite.upload("phone,name\n13800000001,Anna\n1380000,Bo\n"))
    assert done.counts["invalid"] == 1
    text = (lite.folder / done.errors_path).read_text(encoding="utf-8-sig")
    again = lite.upload(text.replace("1380000,Bo", "'+8613800000002,Bo"))
    assert [name for name, target in again.mapping.items() if not target] == ["error_row", "error_column", "error"]
    lite.bring_in(again)
    assert [(case.number, case.name) for case in lite.cases()] == [(ANNA, "Anna"), (BO, "Bo")]


def test_consents_of_a_list_are_kept_with_their_row(desk: ListDesk) -> None:
    done = desk.bring_in(desk.upload("phone,consent\n13800000001,written\n13800000002,\n13800000003,是\n"))
    with desk.db.read() as s:
        kept = s.execute(select(Consent.number, Consent.kind, Consent.evidence).order_by(Consent.id)).all()
    assert kept == [
        (ANNA, "written", f"List {done.id}, row 2"),
        ("+8613800000003", "express", f"List {done.id}, row 4"),
    ]
    desk.take_back(done)
    with desk.db.read() as s:
        assert s.scalars(select(Consent)).all() == []


def test_what_the_flow_wants_and_the_list_lacks_blocks_the_launch(lite: ListDesk) -> None:
    lite.bring_in(lite.upload("phone,tracking number\n13800000001,YT1\n13800000002,\n"))
    with lite.db.read() as s:
        found = {b.details.get("variable"): b.details.get("count") for b in checks(s, s.get_one(Campaign, 1), NOW)}
    assert found == {"parcel": 1, "code": 2}


class CrashError(Exception):
    """The process died here."""


def test_a_crash_in_the_middle_leaves_nothing_and_the_next_try_imports_all(
    desk: ListDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callbacks.importing.passing.CHUNK_ROWS", 10)
    rows = [f"139{n:08d},N{n},YT{n},1,yes" for n in range(35)]
    made = desk.upload("\n".join(["phone,name,tracking number,code,consent", *rows]))
    with desk.db.write() as s:
        run_import(s, s.get_one(AudienceImport, made.id), now=NOW)
    staged = 0

    def clock() -> datetime:
        nonlocal staged
        staged += 1
        if staged == 4:
            raise CrashError
        return NOW

    with pytest.raises(CrashError):
        import_list(desk.db, made.id, desk.folder, clock)
    with desk.db.write() as s:
        left = s.execute(select(Case.state, func.count()).group_by(Case.state)).all()
        assert left == [("staged", 20)]
        assert s.get_one(AudienceImport, made.id).done_rows == 20, "the progress bar has moved"
        assert cancel(s, reference="YT3", now=NOW, by="api") == 1, "an event meanwhile counts"
    done = desk.work(made)
    assert (done.state, done.counts["accepted"], done.counts["duplicate_in_campaign"]) == (ImportState.DONE, 34, 1)
    states = [(case.reference, case.state) for case in desk.cases()]
    assert sorted(states) == sorted((f"YT{n}", "closed" if n == 3 else "open") for n in range(35))
    with desk.db.read() as s:
        assert s.scalar(select(func.count()).select_from(Consent)) == 34


def test_an_import_that_fails_for_good_leaves_nothing(lite: ListDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callbacks.importing.passing.CHUNK_ROWS", 1)
    made = lite.upload(PARCELS)

    def broken(*_: object) -> None:
        raise CrashError

    monkeypatch.setattr(running, "_open_all", broken)
    with lite.db.write() as s:
        run_import(s, s.get_one(AudienceImport, made.id), now=NOW)
    for _ in range(4):
        lite.work(made)
        lite.now += timedelta(hours=1)
    failed = lite.work(made)
    assert (failed.state, failed.error) == (
        ImportState.FAILED,
        "The list could not be read because of a fault on our side; try it again.",
    )
    assert lite.cases() == []


def test_a_campaign_that_is_stopped_meanwhile_gets_nothing(lite: ListDesk) -> None:
    made = lite.upload(PARCELS)
    with lite.db.write() as s:
        run_import(s, s.get_one(AudienceImport, made.id), now=NOW)
        s.get_one(Campaign, lite.campaign_id).state = "stopped"
    failed = lite.work(made)
    assert failed.state == ImportState.FAILED
    assert "takes no more cases" in failed.error
    assert lite.cases() == []
    with pytest.raises(CampaignError):
        lite.upload(PARCELS)


def test_undone_nobody_is_called_and_who_was_called_stays_on_record(desk: ListDesk) -> None:
    rows = [f"1380000000{n},N{n},YT{n},1,2026-12-01" for n in range(1, 6)]
    done = desk.bring_in(desk.upload("\n".join([PARCELS.splitlines()[0], *rows])))
    called, answered, ringing, *_ = desk.cases()
    with desk.db.write() as s:
        for case_id in (called.id, answered.id, ringing.id):
            case = s.get_one(Case, case_id)
            ended = case_id != ringing.id
            s.add(
                Attempt(
                    case_id=case_id,
                    campaign_id=case.campaign_id,
                    n=1,
                    purpose="delivery",
                    number=case.number,
                    state="ended" if ended else "ringing",
                    **_times(),
                )
            )
            case.tries = 1
        s.get_one(Case, ringing.id).state = CaseState.CALLING
        s.flush()
        close(s, s.get_one(Case, answered.id), CloseReason.GOAL_MET, now=NOW)
    taken = desk.take_back(done)
    assert (taken.state, taken.counts["removed"], taken.counts["kept"]) == (ImportState.UNDONE, 2, 3)
    found = {case.id: (case.state, case.reason) for case in desk.cases()}
    assert found == {
        called.id: ("closed", "undone"),
        answered.id: ("closed", "goal_met"),
        ringing.id: ("calling", "undone"),
    }
    with desk.db.read() as s:
        assert s.scalar(select(func.count()).select_from(PersonNumber)) == 3
    with desk.db.write() as s, pytest.raises(ImportStepError, match="is undone"):
        running.run_import(s, s.get_one(AudienceImport, done.id), now=NOW)
    again = desk.bring_in(desk.upload("\n".join([PARCELS.splitlines()[0], *rows])))
    assert again.counts["accepted"] == 4


def test_an_undo_lets_go_what_rode_along_from_elsewhere(lite: ListDesk) -> None:
    done = lite.bring_in(lite.upload("phone,parcel,code\n13800000001,YT1,1\n"))
    with lite.db.write() as s:
        rider = add_case(s, s.get_one(Campaign, lite.campaign_id), ANNA, reference="YT2")
        assert rider.state == CaseState.MERGED
    lite.take_back(done)
    assert reread(lite.db, rider).state == CaseState.OPEN
    with lite.db.read() as s:
        assert s.scalars(select(PersonNumber.number)).all() == [ANNA], "somebody else's case still needs the person"


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _times() -> dict[str, datetime]:
    """Whatever moments an attempt must have."""
    wanted = ("claimed_at", "slot_at", "lease_until", "dialled_at", "created_at")
    return {name: NOW for name in wanted if name in Attempt.__table__.columns}
