"""Numbers that record their calls, and where such a recording is heard and where not."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import select

from ivr.calls import Call
from ivr.lines import Line
from ivr.recordings import Recording, RecordingStatus
from storage.database import Database
from tests.console.conftest import NOW, write_wav
from tests.console.seeding import seed
from tests.studio.studio_desk import editor_of, studio_app
from tickets.audit import AuditRow
from tickets.ticket import Ticket

NUMBER = "+442071838750"


def test_an_admin_lets_a_number_record_and_the_record_says_so(sqlite_db: Database, tmp_path: Path):
    admin = editor_of(studio_app(sqlite_db, tmp_path))
    form = {"csrf_token": admin.token, "number": NUMBER, "label": "Main", "when": "always"}
    text = admin.client.post("/numbers/new", data=form, follow_redirects=True).get_data(as_text=True)
    assert "Calls are recorded" not in text
    with sqlite_db.read() as s:
        line_id = s.scalars(select(Line.id)).one()
    page = admin.client.get(f"/numbers/{line_id}").get_data(as_text=True)
    assert "the greeting of every flow that answers here must say so" in page
    ticked = admin.client.post(f"/numbers/{line_id}", data={**form, "records_calls": "1"}, follow_redirects=True)
    assert "Calls are recorded" in ticked.get_data(as_text=True)
    assert "records its calls: no → yes" in ticked.get_data(as_text=True)
    with sqlite_db.read() as s:
        assert s.scalars(select(Line)).one().records_calls
        changes = s.scalars(select(AuditRow.details).where(AuditRow.action == "line.change")).one()["changes"]
    assert changes == {"records_calls": [False, True]}
    assert 'name="records_calls" value="1" checked' in admin.client.get(f"/numbers/{line_id}").get_data(as_text=True)
    admin.client.post("/language", data={"language": "zh", "csrf_token": admin.token, "next": "/numbers"})
    assert "凡在此号码接听的流程，开场白都必须说明会录音" in admin.client.get(f"/numbers/{line_id}").get_data(
        as_text=True
    )


def test_a_whole_call_is_heard_at_the_call_and_never_on_its_ticket(sqlite_db: Database, tmp_path: Path):
    desk: Flask = studio_app(sqlite_db, tmp_path)
    seed(sqlite_db, NOW)
    write_wav(tmp_path / "whole.wav")
    with sqlite_db.write() as s:
        call = s.scalars(select(Call).where(Call.ticket_id.is_not(None)).order_by(Call.id)).first()
        assert call is not None
        call_id, number = call.id, s.get_one(Ticket, call.ticket_id).number
        s.add_all(
            Recording(
                sid=sid, call_id=call_id, status=status, reason=reason, path=path, created_at=NOW, whole_call=True
            )
            for sid, status, reason, path in (
                ("REwhole", RecordingStatus.FETCHED, "", "whole.wav"),
                (
                    "none:x",
                    RecordingStatus.UNAVAILABLE,
                    "This call was not recorded: the telephone company refused.",
                    "",
                ),
            )
        )
        s.flush()
        whole_id = s.scalars(select(Recording.id).where(Recording.sid == "REwhole")).one()
    agent = editor_of(desk, "agent").client
    page = agent.get(f"/calls/{call_id}").get_data(as_text=True)
    assert page.count("The whole call") == 2
    assert f"/recordings/{whole_id}.wav" in page
    assert "This call was not recorded: the telephone company refused." in page
    assert agent.get(f"/recordings/{whole_id}.wav").status_code == 200
    ticket = agent.get(f"/tickets/{number}").get_data(as_text=True)
    assert "The whole call" not in ticket
    assert f"/recordings/{whole_id}.wav" not in ticket
    zh = editor_of(desk, "agent", language="zh").client.get(f"/calls/{call_id}").get_data(as_text=True)
    assert "整通电话" in zh
    assert "这通电话没有录音：电话公司拒绝了录音请求。" in zh
