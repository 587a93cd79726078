"""The import page: a file is read, its report shown, and only a word keeps it as a draft."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from console import flow_editor, flow_import, lint_words, translate, wiring
from console.deps import Deps
from console.kept_uploads import FOLDER, Wish, drop_upload, find_upload, keep_upload
from flows.versions import Draft, Flow
from storage.database import Database
from studio.deps import EXTENSION as STUDIO
from studio.deps import StudioDeps
from tests.console.conftest import NOW, PASSWORD, add_users, csrf_of
from tickets.audit import AuditRow

DOCUMENTS = Path(__file__).parents[1] / "flows" / "importers" / "documents"
FERRY = (DOCUMENTS / "ferry_line.json").read_bytes()


class Browser:
    """Somebody at the import page."""

    def __init__(self, app: Flask, role: str, language: str = "en") -> None:
        self.client: FlaskClient = app.test_client()
        token = csrf_of(self.client, "/login")
        self.client.post("/login", data={"email": f"{role}@example.org", "password": PASSWORD, "csrf_token": token})
        self.token = csrf_of(self.client)
        if language != "en":
            self.client.post("/language", data={"language": language, "csrf_token": self.token, "next": "/settings"})
            self.token = csrf_of(self.client)

    def send(self, data: bytes, name: str = "ferry_line.json", **fields: str) -> TestResponse:
        form = {"file": (BytesIO(data), name), "csrf_token": self.token, **fields}
        return self.client.post("/flows/import", data=form, content_type="multipart/form-data")

    def keep(self, token: str, **fields: str) -> TestResponse:
        return self.client.post(f"/flows/import/{token}", data={"csrf_token": self.token, **fields})


@pytest.fixture
def app(sqlite_db: Database, tmp_path: Path) -> Flask:
    add_users(sqlite_db)
    made = Flask(__name__, static_folder=None)
    made.secret_key = "only for tests"
    made.config["TESTING"] = True
    made.extensions[STUDIO] = StudioDeps(
        db=sqlite_db,
        clock=lambda: NOW,
        editor_dir=tmp_path / "dist",
        viewer=flow_editor.studio_viewer,
        language=translate.language,
        localize=lint_words.localized,
    )
    pages = () if flow_import.blueprint in wiring.PAGES else (flow_import.blueprint,)
    values = Deps(db=sqlite_db, recordings_dir=tmp_path, data_dir=tmp_path / "data", clock=lambda: NOW)
    wiring.install(made, values, pages=pages)
    wiring.entrance.limiter.reset()
    return made


def token_in(answer: TestResponse) -> str:
    return answer.get_data(as_text=True).partition('action="/flows/import/')[2].partition('"')[0]


def drafts(db: Database) -> list[tuple[str, str]]:
    with db.read() as s:
        return [(n, by) for n, by in s.execute(select(Flow.name, Draft.updated_by).join(Draft)).tuples()]


def test_the_report_is_shown_and_nothing_is_kept_before_the_word(app: Flask, sqlite_db: Database) -> None:
    admin = Browser(app, "admin")
    assert "Import a flow" in admin.client.get("/flows/import").get_data(as_text=True)
    answer = admin.send(FERRY)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Could not be taken over" in page
    assert "Cards are not charged on the telephone here" in page
    assert drafts(sqlite_db) == []
    kept = admin.keep(token_in(answer), name="ferries")
    assert kept.headers["Location"] == "/flows/ferries/edit"
    assert drafts(sqlite_db) == [("ferries", "Ada Novak")]
    with sqlite_db.read() as s:
        row = s.scalars(select(AuditRow).where(AuditRow.action == "flow.import")).one()
        assert (row.subject, row.details["format"]) == ("ferries", "studio")
    again = admin.keep(token_in(answer))
    assert again.headers["Location"].endswith("/flows/import"), "The file is gone once it was kept."


def test_what_stands_there_is_only_replaced_on_purpose(app: Flask, sqlite_db: Database) -> None:
    admin = Browser(app, "admin")
    admin.keep(token_in(admin.send(FERRY)))
    answer = admin.send(FERRY)
    token = token_in(answer)
    assert "There is a draft of seagull_ferry_line already" in answer.get_data(as_text=True)
    refused = admin.keep(token)
    assert refused.status_code == 409
    assert "Choose another name, or replace the draft" in refused.get_data(as_text=True)
    assert admin.keep(token, replace="1").status_code == 303
    assert len(drafts(sqlite_db)) == 1


def test_only_admins_import_and_only_their_own_files(app: Flask, sqlite_db: Database) -> None:
    token = token_in(Browser(app, "admin").send(FERRY))
    for role in ("ops", "agent"):
        other = Browser(app, role)
        assert other.client.get("/flows/import").status_code == 403
        assert other.send(FERRY).status_code == 403
        assert other.keep(token).status_code == 403
    assert drafts(sqlite_db) == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'{"states": [', "breaks off at line 1"),
        (b'{\n  "states": [] // here\n}', "has a comment at line 2"),
        (b"\x89PNG\0\0", "This is not a text file"),
        (b"x" * 5_000_001, "the limit is 5 MB"),
        (b'{"flows": [{"uuid": "<script>alert(1)</script>", "blocks": [1]}]}', "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ],
)
def test_a_broken_file_is_refused_with_its_place_and_nothing_is_kept(
    app: Flask, sqlite_db: Database, data: bytes, sentence: str
) -> None:
    answer = Browser(app, "admin").send(data, name="<b>.json")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert sentence in page
    assert "<script>alert" not in page
    assert "Nothing was imported" in page
    assert drafts(sqlite_db) == []


def test_no_file_a_strange_format_and_a_strange_token_are_answered_with_a_sentence(app: Flask) -> None:
    admin = Browser(app, "admin")
    empty = admin.client.post("/flows/import", data={"csrf_token": admin.token})
    assert empty.status_code == 422
    assert "Choose a file" in empty.get_data(as_text=True)
    assert admin.send(FERRY, form="xml").status_code == 400
    for token in ("x", "a" * 24, "..%2F..%2Fdesk.db"):
        assert admin.keep(token).status_code in (303, 404)


def test_the_report_is_read_in_chinese(app: Flask) -> None:
    page = Browser(app, "admin", "zh").send(FERRY).get_data(as_text=True)
    for chinese in ("导入流程", "未能导入", "含义有变化", "这里不能在电话中扣款"):
        assert chinese in page
    assert "Could not be taken over" not in page
    assert "led nowhere" not in page


def test_an_upload_is_kept_for_its_owner_for_a_day_and_swept(tmp_path: Path) -> None:
    token = keep_upload(tmp_path, Wish(file_name="a.json"), b"{}\n[1]", user_id=4, now=NOW)
    found = find_upload(tmp_path, token, user_id=4)
    assert found is not None
    assert (found.data, found.wish.file_name) == (b"{}\n[1]", "a.json")
    assert find_upload(tmp_path, token, user_id=5) is None
    assert find_upload(tmp_path, "../" + token, user_id=4) is None
    yesterday = NOW.timestamp() - 90_000
    os.utime(tmp_path / FOLDER / token, (yesterday, yesterday))
    keep_upload(tmp_path, Wish(), b"", user_id=4, now=NOW)
    assert find_upload(tmp_path, token, user_id=4) is None
    drop_upload(tmp_path, token)
