"""The flow page's button to what was missed: its number comes after the page, and only to those who may look."""

from __future__ import annotations

from pathlib import Path

from demo import history
from ivr.missed import count_open
from storage.database import Database
from tests.console.conftest import NOW
from tests.studio.studio_desk import editor_of, studio_app

FLOW = "courier_hotline"


def test_the_page_of_a_flow_asks_afterwards_how_much_was_missed(sqlite_db: Database, tmp_path: Path) -> None:
    with sqlite_db.write() as s:
        history.load(s, NOW, calls=60)
        waiting = count_open(s, FLOW)
    app = studio_app(sqlite_db, tmp_path)
    admin = editor_of(app).client
    assert f'hx-get="/flows/{FLOW}/missed-count"' in admin.get(f"/flows/{FLOW}").get_data(as_text=True)
    told = admin.get(f"/flows/{FLOW}/missed-count").get_data(as_text=True)
    assert waiting > 1
    assert f"{waiting} things said wait" in told
    chinese = editor_of(app, language="zh").client.get(f"/flows/{FLOW}/missed-count").get_data(as_text=True)
    assert f"{waiting} 句话等待处理" in chinese
    assert editor_of(app, "agent").client.get(f"/flows/{FLOW}/missed-count").status_code == 403
    assert admin.get("/flows/nowhere/missed-count").status_code == 404
