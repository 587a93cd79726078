"""People come into a campaign: a file or pasted rows, its columns, the check, the import, and back out again."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import func, select

from callbacks.audience import AudienceImport, ImportState
from callbacks.campaign import Campaign
from callbacks.case import Case
from callbacks.importing.running import check_list, import_list
from callbacks.importing.undoing import undo_list
from tests.console.conftest import NOW, CampaignDesk

ROWS = "手机号,收件人,单号,备注\n138 1390 0001,王小明,SF001,门口\n12,太短,SF002,\n13813900003,Grace,SF003,\n"
PASTED = "phone\tname\tparcel\n+44 20 7946 0958\tGrace\tSF9\n"


def start(desk: CampaignDesk, text: str | bytes = ROWS, key: str = "empty", name: str = "parcels.csv") -> str:
    """Upload a list; gives the address of its page."""
    data = {"file": (io.BytesIO(text if isinstance(text, bytes) else text.encode()), name), "region": "CN"}
    answer = desk.post(f"/campaigns/{desk.ids[key]}/audience", data)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location


def made(desk: CampaignDesk) -> AudienceImport:
    with desk.values.db.read() as s:
        found = s.scalars(select(AudienceImport).order_by(AudienceImport.id.desc())).first()
        assert found is not None
        s.expunge(found)
        return found


def cases(desk: CampaignDesk, key: str = "empty") -> int:
    with desk.values.db.read() as s:
        return s.scalar(select(func.count()).where(Case.campaign_id == desk.ids[key])) or 0


def work(desk: CampaignDesk) -> None:
    """Do what the worker would do with the latest list."""
    found, values = made(desk), desk.values
    if found.state == ImportState.CHECKING:
        check_list(values.db, found.id, values.data_dir, lambda: NOW)
    elif found.state == ImportState.IMPORTING:
        import_list(values.db, found.id, values.data_dir, lambda: NOW)


def test_a_list_is_uploaded_mapped_checked_imported_and_taken_back(campaign_desk: CampaignDesk) -> None:
    page = start(campaign_desk)
    text = campaign_desk.page(page)
    assert '<option value="number" selected>' in text.split(">手机号<")[1].split("</tr>")[0]
    assert "138 1390 0001" in text
    mapped = {"column_0": "number", "column_1": "name", "column_2": "reference", "column_3": "own"}
    campaign_desk.post(page, {**mapped, "deed": "check"})
    assert "Every row is being checked" in campaign_desk.page(page)
    work(campaign_desk)
    text = campaign_desk.page(page)
    assert "Import 2 rows" in text
    assert "too short" in text.split("Rows left out")[1].split("</table>")[0]
    errors = campaign_desk.ops.get(f"{page}/errors.csv")
    assert errors.headers["Content-Disposition"].endswith("parcels-errors.csv")
    assert len(errors.get_data(as_text=True).strip().splitlines()) == 2
    assert cases(campaign_desk) == 0, "a check imports nothing"
    campaign_desk.post(page, {"deed": "import"})
    work(campaign_desk)
    assert cases(campaign_desk) == 2
    assert "What was imported" in campaign_desk.page(page)
    with campaign_desk.values.db.read() as s:
        case = s.scalars(select(Case).where(Case.reference == "SF001")).one()
    assert (case.number, case.name, case.variables) == ("+8613813900001", "王小明", {"备注": "门口"})
    campaign_desk.post(page, {"deed": "undo"})
    undo_list(campaign_desk.values.db, made(campaign_desk).id, lambda: NOW)
    assert cases(campaign_desk) == 0
    assert "Undone" in campaign_desk.page(page)


def test_a_mapping_is_remembered_for_the_next_list(campaign_desk: CampaignDesk) -> None:
    page = start(campaign_desk, "who,what\n13813900001,SF1\n")
    campaign_desk.post(page, {"column_0": "number", "column_1": "var:parcel", "deed": "check"})
    text = campaign_desk.page(start(campaign_desk, "what,who\nSF2,13813900002\n", key="draft"))
    assert '<option value="var:parcel" selected>' in text.split(">what<")[1].split("</tr>")[0]


def test_rows_may_be_pasted(campaign_desk: CampaignDesk) -> None:
    answer = campaign_desk.post(f"/campaigns/{campaign_desk.ids['empty']}/audience", {"pasted": PASTED})
    assert '<option value="number" selected>' in campaign_desk.page(answer.location)
    assert made(campaign_desk).header == ["phone", "name", "parcel"]


def test_the_country_of_the_form_becomes_the_campaigns(campaign_desk: CampaignDesk) -> None:
    campaign_desk.post(f"/campaigns/{campaign_desk.ids['empty']}/audience", {"pasted": PASTED, "region": "GB"})
    with campaign_desk.values.db.read() as s:
        assert s.get_one(Campaign, campaign_desk.ids["empty"]).region == "GB"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Choose a file, or paste some rows."),
        ("phone,phone\n1,2\n", "stands twice"),
        ('phone\n"138', "cannot be read"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_with_its_reason(
    campaign_desk: CampaignDesk, text: str, sentence: str
) -> None:
    before = made(campaign_desk).id if text is None else None
    answer = campaign_desk.post(f"/campaigns/{campaign_desk.ids['empty']}/audience", {"pasted": text})
    assert sentence in campaign_desk.page(answer.location)
    assert before is None
    with campaign_desk.values.db.read() as s:
        assert s.scalar(select(func.count()).select_from(AudienceImport)) == 0


def test_two_columns_cannot_become_one_thing(campaign_desk: CampaignDesk) -> None:
    page = start(campaign_desk)
    answer = campaign_desk.post(page, {"column_0": "number", "column_2": "number", "deed": "check"})
    assert answer.status_code == 422
    assert "cannot both become number" in answer.get_data(as_text=True)
    answer = campaign_desk.post(page, {"column_0": "", "column_1": "name", "deed": "import"})
    assert "which column holds the telephone number" in answer.get_data(as_text=True)
    assert made(campaign_desk).state == ImportState.UPLOADED


def test_errors_are_told_in_chinese(campaign_desk: CampaignDesk) -> None:
    campaign_desk.post("/language", {"language": "zh"})
    page = start(campaign_desk)
    answer = campaign_desk.post(page, {"column_1": "name", "deed": "check"})
    assert "请指明哪一列是电话号码" in answer.get_data(as_text=True)
    campaign_desk.post(page, {"column_0": "number", "deed": "check"})
    work(campaign_desk)
    assert "电话号码太短" in campaign_desk.page(page)


def test_the_first_row_can_be_said_to_be_no_header(campaign_desk: CampaignDesk) -> None:
    page = start(campaign_desk, "name,138 1390 0007\nGrace,13813900008\n")
    before = made(campaign_desk).has_header
    campaign_desk.post(page, {"deed": "header"})
    assert made(campaign_desk).has_header is not before


def test_progress_is_a_fragment_that_ends_by_itself(campaign_desk: CampaignDesk) -> None:
    page = start(campaign_desk)
    campaign_desk.post(page, {"column_0": "number", "deed": "check"})
    part = campaign_desk.ops.get(page, headers={"HX-Request": "true"})
    assert "<progress" in part.get_data(as_text=True)
    work(campaign_desk)
    assert campaign_desk.ops.get(page, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_lists_of_others_are_not_found_here(campaign_desk: CampaignDesk) -> None:
    page = start(campaign_desk)
    number = page.rpartition("/")[2]
    assert campaign_desk.ops.get(f"/campaigns/{campaign_desk.ids['draft']}/audience/{number}").status_code == 404
    assert campaign_desk.ops.get(f"{page}/errors.csv").status_code == 404


def test_an_error_file_outside_of_the_data_folder_is_never_sent(campaign_desk: CampaignDesk) -> None:
    page = start(campaign_desk)
    (campaign_desk.values.data_dir.parent / "secret.csv").write_text("x")
    with campaign_desk.values.db.write() as s:
        s.get_one(AudienceImport, made(campaign_desk).id).errors_path = "../secret.csv"
    assert campaign_desk.ops.get(f"{page}/errors.csv").status_code == 404


def test_a_single_person_is_added(campaign_desk: CampaignDesk) -> None:
    path = f"/campaigns/{campaign_desk.ids['draft']}/audience/person"
    sent = {"person_number": "139 1234 5678", "person_name": "Lin", "var_parcel": "SF77", "person_language": "zh-CN"}
    answer = campaign_desk.post(path, sent)
    assert "The person was added." in campaign_desk.page(answer.location)
    with campaign_desk.values.db.read() as s:
        case = s.scalars(select(Case).where(Case.name == "Lin")).one()
    assert (case.number, case.variables, case.source) == ("+8613912345678", {"parcel": "SF77"}, "manual")
    answer = campaign_desk.post(path, {"person_number": "999"})
    assert "This is not a telephone number that exists" in campaign_desk.page(answer.location)
