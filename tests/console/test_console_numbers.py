"""The numbers page: what answers now, and administrators who change it, on the record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from console.line_changes import NumberTaken, put
from console.line_form import LineValues, shown
from flows.documents import from_json
from flows.drafts import save_draft
from flows.versions import find_flow, publish
from ivr.lines import Line
from storage.database import Database
from tests.console.conftest import NOW, csrf_of, sign_in
from tests.studio.studio_desk import small_flow, studio_app
from tickets.audit import AuditRow

NUMBER = "+442071838750"


@pytest.fixture
def desk(sqlite_db: Database, tmp_path: Path) -> Flask:
    """Two published flows and no number yet."""
    app = studio_app(sqlite_db, tmp_path)
    with sqlite_db.write() as s:
        publish(s, from_json(small_flow()), by="Ada", note="", now=NOW)
        publish(s, from_json(small_flow("night", title={"en": "Night line"})), by="Ada", note="", now=NOW)
    return app


def flow_id(db: Database, name: str) -> str:
    with db.read() as s:
        return str(find_flow(s, name).id)


def send(app: Flask, path: str, data: dict[str, Any], role: str = "admin") -> Any:
    """A form sent by somebody, with the forgery token."""
    client = sign_in(app.test_client(), role)
    return client.post(path, data={"csrf_token": csrf_of(client), **data}, follow_redirects=True)


def the_line(db: Database) -> Line:
    with db.read() as s:
        return s.scalars(select(Line)).one()


def test_an_admin_adds_changes_and_removes_a_number_and_each_is_recorded(desk: Flask, sqlite_db: Database) -> None:
    hotline, night = flow_id(sqlite_db, "hotline"), flow_id(sqlite_db, "night")
    page = send(
        desk, "/numbers/new", {"number": "+44 20 7183 8750", "label": "Main", "flow": hotline, "when": "always"}
    )
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert "Now open: Hotline, version 1." in text
    line = the_line(sqlite_db)
    assert (line.number, line.label, line.hours, line.closed_flow_id) == (NUMBER, "Main", {}, None)

    week = {f"week_{day}": "08:00-21:00" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    form = {"number": NUMBER, "label": "Main", "flow": hotline, "closed_flow": night, "when": "hours", **week,
            "zone": "Europe/London", "language": "en-US"}  # fmt: skip
    text = send(desk, f"/numbers/{line.id}", form).get_data(as_text=True)
    assert "Now closed: Night line, version 1. Opens Friday 08:00 with Hotline." in text
    line = the_line(sqlite_db)
    assert (line.hours, line.zone, line.language) == ({"every_day": ["08:00-21:00"]}, "Europe/London", "en-US")
    with sqlite_db.read() as s:
        changes = s.scalars(select(AuditRow.details).where(AuditRow.action == "line.change")).one()["changes"]
    assert changes["closed_flow"] == [None, "night"]
    assert changes["hours"] == [{}, {"every_day": ["08:00-21:00"]}]
    assert "flow outside the hours: — → Night line" in text
    assert "Ada Novak" in text

    text = send(desk, f"/numbers/{line.id}/remove", {}).get_data(as_text=True)
    assert "off the list" in text
    with sqlite_db.read() as s:
        assert not s.scalars(select(Line)).all()
        rows = list(s.scalars(select(AuditRow).where(AuditRow.action.like("line.%"))))
        assert [row.action for row in rows] == ["line.add", "line.change", "line.remove"]
        assert all("7183" not in str(row.details) + row.subject for row in rows)


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({"number": "12"}, "number", "not a telephone number"),
        ({"number": ""}, "number", "Give a telephone number."),
        ({"flow": "99"}, "flow", "Choose one of the list."),
        ({"language": "xx"}, "language", "Choose one of the list."),
        ({"when": "hours", "zone": "Moon/Base", "week_mon": "08:00-09:00"}, "zone", "There is no time zone Moon/Base."),
        ({"when": "hours", "zone": "UTC", "week_mon": "late"}, "week_mon", "Write hours like"),
        ({"when": "hours", "zone": "UTC"}, "week", "would never be open"),
        ({"runs_draft": "1", "flow": ""}, "flow", "whose draft"),
        ({"label": "x" * 121}, "label", "longer than 120"),
    ],
)
def test_what_cannot_be_taken_is_told_beside_its_field_and_nothing_is_stored(
    desk: Flask, sqlite_db: Database, data: dict[str, str], field: str, sentence: str
) -> None:
    form = {"number": NUMBER, "flow": flow_id(sqlite_db, "hotline"), "when": "always"}
    answer = send(desk, "/numbers/new", {**form, **data})
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert f'id="e-{field}"' in text
    assert sentence in text
    with sqlite_db.read() as s:
        assert not s.scalars(select(Line)).all()


def test_doubts_about_a_number_are_told(desk: Flask, sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        save_draft(s, "later", small_flow("later", title={"en": "Later"}), by="Ada", now=NOW, revision=0)
        hotline, later = find_flow(s, "hotline").id, find_flow(s, "later").id
        s.add(Line(number="+442071838751", flow_id=later, label="No version"))
        s.add(Line(number="+442071838752", flow_id=hotline, language="zh-CN", label="No Chinese"))
        s.add(Line(number="+442071838753", flow_id=later, runs_draft=True, label="Test"))
        s.add(Line(number="+442071838754", flow_id=hotline, hours={"mon": ["09:00-10:00"]}, label="No night"))
        s.add(Line(number="+442071838755", label="Nobody"))
    text = sign_in(desk.test_client(), "ops").get("/numbers").get_data(as_text=True)
    assert "Later was never published, so callers only hear an apology." in text
    assert "Hotline does not speak Chinese." in text
    assert "Test number: now runs the draft of Later." in text
    assert text.count("Later has no published version.") == 1
    assert "so Hotline answers all the same" in text
    assert "Nobody answers here: no flow is chosen." in text


def test_others_than_admins_only_read(desk: Flask, sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        s.add(Line(number=NUMBER, label="Main"))
    for role in ("agent", "ops"):
        client = sign_in(desk.test_client(), role)
        text = client.get("/numbers").get_data(as_text=True)
        assert "Add a number" not in text
        assert "+44 20 7183 8750" in text
        for path in ("/numbers/new", "/numbers/1"):
            assert client.get(path).status_code == 403
            assert client.post(path, data={"csrf_token": csrf_of(client)}).status_code == 403
        assert client.post("/numbers/1/remove", data={"csrf_token": csrf_of(client)}).status_code == 403
    assert sign_in(desk.test_client(), "admin").get("/numbers/77").status_code == 404


def test_a_number_stands_once_in_the_list(desk: Flask, sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        s.add(Line(number=NUMBER, label="Main"))
    answer = send(desk, "/numbers/new", {"number": NUMBER, "when": "always"})
    assert answer.status_code == 422
    assert "in the list already" in answer.get_data(as_text=True)


def test_who_adds_a_number_a_moment_too_late_is_told_so(desk: Flask, sqlite_db: Database) -> None:
    values = LineValues(
        number=NUMBER, label="", flow_id=None, language="", zone="", hours={}, closed_flow_id=None, runs_draft=False,
        records_calls=False,
    )  # fmt: skip
    with sqlite_db.write() as s:
        put(s, None, values, user_id=1, now=NOW)
    with (
        desk.test_request_context("/numbers/new"),
        pytest.raises(NumberTaken, match="in the list already"),
        sqlite_db.write() as s,
    ):
        put(s, None, values, user_id=1, now=NOW)
    with sqlite_db.read() as s:
        assert len(s.scalars(select(AuditRow).where(AuditRow.action == "line.add")).all()) == 1


def test_hours_over_midnight_stand_on_both_days_of_the_form() -> None:
    form = shown(Line(number=NUMBER, hours={"sat": ["20:00-02:00"], "weekdays": ["09:00-12:00", "13:00-24:00"]}))
    assert form.values["week_sat"] == "20:00-24:00"
    assert form.values["week_sun"] == "00:00-02:00"
    assert form.values["week_mon"] == "09:00-12:00, 13:00-24:00"
    assert form.values["when"] == "hours"
