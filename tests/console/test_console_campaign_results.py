"""Cases on their pages, what can be done with one, and the files with the results."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from callbacks.answers import AnswerRecord
from callbacks.attempt import Attempt
from callbacks.case import Case, CaseState, CloseReason
from console.deps import Deps
from tests.console.campaign_fixtures import RUNNING, TRIPPED, campaign_desk_file, ops, values
from tests.console.conftest import NOW, csrf_of
from tests.console.seeding import HOSTILE

__all__ = ["campaign_desk_file", "ops", "values"]

LIST = f"/campaigns/{RUNNING}/cases"


def ids(page: str) -> list[int]:
    """The cases a page lists, in order."""
    return [int(x) for x in re.findall(rf'data-row href="{LIST}/(\d+)"', page)]


def where(values: Deps, *conditions: object) -> list[Case]:
    """The running campaign's cases that fit, newest first."""
    with values.db.read() as s:
        query = select(Case).where(Case.campaign_id == RUNNING, *conditions)  # type: ignore[arg-type]
        return list(s.scalars(query.order_by(Case.id.desc())))


def test_pages_of_cases_lead_through_all_of_them_once(ops: FlaskClient, values: Deps) -> None:
    seen: list[int] = []
    url = LIST
    while url:
        page = ops.get(url).get_data(as_text=True)
        seen += ids(page)
        url = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in page else ""
    assert seen == [case.id for case in where(values)]


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("state=open", Case.state == CaseState.OPEN),
        ("state=calling", Case.state == CaseState.CALLING),
        ("reason=goal_met", Case.reason == CloseReason.GOAL_MET),
        ("state=open&rule=calling_hours", Case.rule == "calling_hours"),
        ("state=open&rule=-", (Case.rule == "") & (Case.state == CaseState.OPEN)),
        ("outcome=opted_out", Case.outcome == "opted_out"),
        ("variant=b&state=calling", (Case.variant == "b") & (Case.state == CaseState.CALLING)),
        ("q=SF0099000003", Case.reference == "SF0099000003"),
        ("q=138 9900 0002", Case.number == "+8613899000002"),
        ("q=Grace", Case.name == "Grace Hopper"),
        ("q=%25", Case.name.contains("%", autoescape=True)),
    ],
)
def test_filters_show_just_what_fits(ops: FlaskClient, values: Deps, query: str, condition: object) -> None:
    page = ops.get(f"{LIST}?{query}").get_data(as_text=True)
    wanted = [case.id for case in where(values, condition)]
    assert ids(page) == wanted[:50]
    assert ("No case fits" in page) is (not wanted)


def test_every_case_of_the_list_says_why_it_is_not_being_called(ops: FlaskClient) -> None:
    page = ops.get(LIST).get_data(as_text=True)
    sentences = re.findall(r'<span class="small clamp">([^<]*)</span>', page)
    assert len(sentences) == 50
    assert all(sentences)


def test_a_case_shows_its_attempts_decisions_and_answers(ops: FlaskClient, values: Deps) -> None:
    with values.db.read() as s:
        answer = s.scalars(select(AnswerRecord)).first()
        assert answer is not None
        attempt = s.scalars(select(Attempt).where(Attempt.call_id == answer.call_id)).one()
    page = ops.get(f"{LIST}/{answer.case_id}").get_data(as_text=True)
    assert "您的快件要送到门口，还是放在驿站？" in page
    assert f'href="/calls/{attempt.call_id}"' in page
    assert "The call is allowed." in page
    assert "Over: the goal was reached." in page


def test_a_case_is_only_found_below_its_own_campaign(ops: FlaskClient, values: Deps) -> None:
    case = where(values)[0]
    assert ops.get(f"/campaigns/{TRIPPED}/cases/{case.id}").status_code == 404


def test_hostile_words_of_a_case_are_inert(ops: FlaskClient, values: Deps) -> None:
    with values.db.read() as s:
        case = s.scalars(select(Case).where(Case.name == HOSTILE)).one()
    page = ops.get(f"/campaigns/{TRIPPED}/cases/{case.id}").get_data(as_text=True)
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_a_case_is_cancelled_once(ops: FlaskClient, values: Deps) -> None:
    case = where(values, Case.state == CaseState.OPEN)[0]
    form = {"note": "Picked up by the neighbour", "csrf_token": csrf_of(ops)}
    assert ops.post(f"{LIST}/{case.id}/cancel", data=form).status_code == 303
    (after,) = where(values, Case.id == case.id)
    assert (after.state, after.reason, after.note) == ("closed", "cancelled", "Picked up by the neighbour")
    again = ops.post(f"{LIST}/{case.id}/cancel", data=form)
    assert again.status_code == 409
    assert "over already" in again.get_data(as_text=True)


def test_a_call_is_moved_to_a_time_of_the_readers_zone(ops: FlaskClient, values: Deps) -> None:
    case = where(values, Case.state == CaseState.OPEN)[0]
    form = {"at": "2026-11-21T10:15", "csrf_token": csrf_of(ops)}
    assert ops.post(f"{LIST}/{case.id}/later", data=form).status_code == 303
    (after,) = where(values, Case.id == case.id)
    assert after.wish_at == after.due_at == NOW.replace(day=21, hour=2, minute=15)
    assert "asked to be called at another time: 21 Nov 10:15" in ops.get(f"{LIST}/{case.id}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("at", "says"),
    [("2026-02-30T10:00", "There is no time"), ("", "Say when"), ("2026-11-20T10:00", "This time is over")],
)
def test_a_time_that_cannot_be_is_refused_in_words(ops: FlaskClient, values: Deps, at: str, says: str) -> None:
    case = where(values, Case.state == CaseState.OPEN)[0]
    answer = ops.post(f"{LIST}/{case.id}/later", data={"at": at, "csrf_token": csrf_of(ops)})
    assert answer.status_code == 400
    assert says in answer.get_data(as_text=True)
    assert where(values, Case.id == case.id)[0].due_at == case.due_at


def test_a_time_after_the_cases_end_is_too_late(ops: FlaskClient, values: Deps) -> None:
    with values.db.write() as s:
        case = s.scalars(select(Case).where(Case.campaign_id == RUNNING, Case.state == CaseState.OPEN)).first()
        assert case is not None
        case.not_after = NOW + timedelta(hours=1)
    answer = ops.post(f"{LIST}/{case.id}/later", data={"at": "2026-11-22T10:00", "csrf_token": csrf_of(ops)})
    assert answer.status_code == 400
    assert "too late" in answer.get_data(as_text=True)


def test_a_case_added_by_hand_is_a_case_like_others(ops: FlaskClient, values: Deps) -> None:
    form = {"number": "138 0013 8000", "name": "Lin", "reference": "SF-1", "csrf_token": csrf_of(ops)}
    answer = ops.post(LIST, data=form)
    assert answer.status_code == 303
    newest = where(values)[0]
    assert answer.location == f"{LIST}/{newest.id}"
    assert (newest.number, newest.name, newest.reference, newest.source) == ("+8613800138000", "Lin", "SF-1", "manual")


@pytest.mark.parametrize("number", ["", "12", "+999 123", "=1+1", "x" * 40])
def test_a_case_without_a_real_number_is_refused_and_what_was_typed_stays(
    ops: FlaskClient, values: Deps, number: str
) -> None:
    before = len(where(values))
    answer = ops.post(LIST, data={"number": number, "name": "Stays here", "csrf_token": csrf_of(ops)})
    assert answer.status_code == 400
    assert 'value="Stays here"' in answer.get_data(as_text=True)
    assert len(where(values)) == before


def test_the_three_files_hold_the_same_rows_in_three_kinds(ops: FlaskClient, values: Deps) -> None:
    for subject, model in (("cases", Case), ("attempts", Attempt), ("answers", AnswerRecord)):
        with values.db.read() as s:
            wanted = [
                str(x) for x in s.scalars(select(model.id).where(model.campaign_id == RUNNING).order_by(model.id))
            ]
        base = f"/campaigns/{RUNNING}/results/{subject}"
        rows = list(csv.DictReader(io.StringIO(ops.get(f"{base}.csv").data.decode("utf-8-sig"))))
        lines = [json.loads(line) for line in ops.get(f"{base}.jsonl").data.splitlines()]
        book = load_workbook(io.BytesIO(ops.get(f"{base}.xlsx").data), read_only=True)
        sheet = list(book.worksheets[0].iter_rows(values_only=True))
        assert [row["id"] for row in rows] == wanted, subject
        assert [str(line["id"]) for line in lines] == wanted
        assert [str(row[0]) for row in sheet[1:]] == wanted
        assert list(rows[0]) == list(lines[0]) == list(sheet[0])


def test_files_say_what_happened_with_times_of_the_reader(ops: FlaskClient, values: Deps) -> None:
    rows = list(
        csv.DictReader(io.StringIO(ops.get(f"/campaigns/{RUNNING}/results/attempts.csv").data.decode("utf-8-sig")))
    )
    answered = next(row for row in rows if row["carrier_outcome"] == "answered")
    assert answered["decision_rule"] == "allowed"
    assert answered["decision_law"] == "cn"
    assert answered["dialled_at"].endswith("+08:00")
    assert answered["flow_version"] == "courier 1"
    cases = [json.loads(line) for line in ops.get(f"/campaigns/{RUNNING}/results/cases.jsonl").data.splitlines()]
    assert cases[0]["var:station"] == "幸福路驿站"
    answers = [json.loads(line) for line in ops.get(f"/campaigns/{RUNNING}/results/answers.jsonl").data.splitlines()]
    assert (answers[0]["question"][:4], answers[0]["answer"], answers[0]["audio_offset_ms"]) == (
        "您的快件",
        "station",
        14200,
    )


def test_no_cell_of_any_file_is_a_formula(ops: FlaskClient, values: Deps) -> None:
    with values.db.write() as s:
        case = s.scalars(select(Case).where(Case.name == HOSTILE)).one()
        case.name, case.reference = '=HYPERLINK("http://x")', "@SUM(1)\x07"
        case.variables = {"=evil": "+1+cmd|' /C calc'!A0", "ok": -5}
    data = ops.get(f"/campaigns/{TRIPPED}/results/cases.csv").data.decode("utf-8-sig")
    for row in csv.reader(io.StringIO(data)):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
    book = load_workbook(io.BytesIO(ops.get(f"/campaigns/{TRIPPED}/results/cases.xlsx").data))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert '=HYPERLINK("http://x")' in [cell.value for cell in cells]


@pytest.mark.parametrize("name", ["cases.pdf", "people.csv", "cases", ".csv"])
def test_a_file_that_does_not_exist_is_not_found(ops: FlaskClient, name: str) -> None:
    assert ops.get(f"/campaigns/{RUNNING}/results/{name}").status_code == 404
