"""Flows in the console: the list, a new one, its versions, two side by side, the way back, the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from callbacks.campaign import Campaign
from flows.documents import from_json, parse, to_json
from flows.drafts import save_draft
from flows.versions import latest, load_document, publish
from storage.database import Database
from tests.console.conftest import NOW, CampaignDesk, csrf_of, sign_in
from tests.studio.studio_desk import editor_of, small_flow, studio_app

HOSTILE = "<script>alert(1)</script>"


def changed(**more: Any) -> dict[str, Any]:
    """The small flow: other words, one node more, one less, an exit led elsewhere."""
    data = small_flow(**more)
    hello = {**data["nodes"]["hello"], "label": HOSTILE, "prompt": {"en-US": "Good evening."}}
    end = {"type": "hang_up", "prompt": {"en-US": "So long."}}
    data["nodes"] = {"hello": {**hello, "exits": {"next": "end"}}, "end": end}
    return data


@pytest.fixture
def desk(sqlite_db: Database, tmp_path: Path) -> Flask:
    """A flow with two versions, and a draft like the second one but for its words."""
    app = studio_app(sqlite_db, tmp_path)
    with sqlite_db.write() as s:
        publish(s, from_json(small_flow()), by="Ada", note="First.", now=NOW)
        publish(s, from_json(changed()), by="Ada", note="Second.", now=NOW)
        broken = changed()
        broken["nodes"]["hello"]["exits"] = {}
        save_draft(s, "hotline", broken, by="Omar Diaz", now=NOW, revision=0)
    return app


def test_the_list_says_what_is_in_force_and_what_is_being_drawn(desk: Flask, sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        save_draft(s, "later", small_flow("later", title={"en": "Later"}), by="Ada", now=NOW, revision=0)
    admin = sign_in(desk.test_client(), "admin")
    text = admin.get("/flows").get_data(as_text=True)
    assert "Version 2" in text
    assert "Omar Diaz" in text
    assert "One error" in text
    assert "New flow" in text
    assert "Later" not in admin.get("/flows?state=published").get_data(as_text=True).split("<tbody>")[1]
    assert "Hotline" not in admin.get("/flows?q=late").get_data(as_text=True).split("<tbody>")[1]
    assert "No flow fits" in admin.get("/flows?q=zzz").get_data(as_text=True)
    assert "New flow" not in sign_in(desk.test_client(), "ops").get("/flows").get_data(as_text=True)


def test_a_new_flow_gets_its_key_from_its_title_and_the_editor_opens(desk: Flask, sqlite_db: Database) -> None:
    admin = sign_in(desk.test_client(), "admin")
    form = {"csrf_token": csrf_of(admin), "title": "Parcel line 2", "language": ["en-US", "zh-CN"]}
    answer = admin.post("/flows", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/flows/parcel_line_2/edit")
    assert admin.post("/flows", data={**form, "title": "快递热线"}).headers["Location"] == "/flows/flow_1/edit"
    again = admin.post("/flows", data=form)
    assert again.status_code == 422
    assert "There already is a flow" in again.get_data(as_text=True)
    assert admin.post("/flows", data={**form, "title": ""}).status_code == 422
    ops = sign_in(desk.test_client(), "ops")
    assert ops.post("/flows", data={**form, "csrf_token": csrf_of(ops)}).status_code == 403


def test_the_page_of_a_flow_leads_to_editor_comparison_file_and_way_back(desk: Flask) -> None:
    admin = sign_in(desk.test_client(), "admin")
    text = admin.get("/flows/hotline").get_data(as_text=True)
    for link in ('href="/flows/hotline/edit"', "/flows/hotline/compare?before=1", "/flows/hotline.yaml?version=1"):
        assert link in text
    assert "saved by Omar Diaz" in text
    assert "Put in force again" in text
    assert HOSTILE not in text
    ops = sign_in(desk.test_client(), "ops").get("/flows/hotline").get_data(as_text=True)
    assert "Look in the editor" in ops
    assert "Put in force again" not in ops
    agent = sign_in(desk.test_client(), "agent").get("/flows/hotline").get_data(as_text=True)
    assert "/flows/hotline/edit" not in agent


def test_two_versions_are_drawn_with_marks_and_told_in_words(desk: Flask) -> None:
    ops = sign_in(desk.test_client(), "ops")
    text = ops.get("/flows/hotline/compare?before=1&after=2").get_data(as_text=True)
    for mark in ("flow-node-added", "flow-node-removed", "flow-node-changed"):
        assert mark in text
    assert ">Added</text>" in text
    assert ">Removed</text>" in text
    assert "Good <del>day</del><ins>evening</ins>." in text
    assert "Exit “next” now leads to end instead of bye." in text
    assert HOSTILE not in text
    chinese = sign_in(desk.test_client(), "ops")
    chinese.post("/language", data={"language": "zh", "csrf_token": csrf_of(chinese), "next": "/flows"})
    text = chinese.get("/flows/hotline/compare").get_data(as_text=True)
    assert "草稿 · Omar Diaz" in text
    assert "不再通向任何节点" in text
    assert ops.get("/flows/hotline/compare?before=1&after=9").status_code == 404
    assert ops.get("/flows/hotline/compare?before=%2e%2e&after=%3Cb%3E").status_code == 404
    assert ops.get("/flows/nothing/compare").status_code == 404
    assert sign_in(desk.test_client(), "agent").get("/flows/hotline/compare").status_code == 403


def test_an_admin_goes_back_by_one_form_and_reads_why_not(desk: Flask, sqlite_db: Database) -> None:
    admin = sign_in(desk.test_client(), "admin")
    form = {"csrf_token": csrf_of(admin), "number": "1", "note": "People were lost."}
    text = admin.post("/flows/hotline/roll-back", data=form, follow_redirects=True).get_data(as_text=True)
    assert "Version 1 is in force again" in text
    assert "In force again since" in text
    assert "People were lost." in text
    refused = admin.post("/flows/hotline/roll-back", data=form)
    assert refused.status_code == 422
    assert "in force already" in refused.get_data(as_text=True)
    with sqlite_db.write() as s:
        call = {"type": "subflow", "flow": "hotline", "ends": ["done"], "exits": {"done": "bye"}}
        nodes = {"ask": call, "bye": {"type": "hang_up"}}
        caller = {"name": "caller", "languages": ["en-US", "zh-CN"], "start": "ask", "nodes": nodes}
        publish(s, from_json(caller), by="Ada", note="", now=NOW, override_reason="test")
        two = changed()
        two["nodes"]["end"]["end"] = "over"
        publish(s, from_json(two), by="Ada", note="", now=NOW)
        caller["nodes"]["ask"] |= {"ends": ["done", "over"], "exits": {"done": "bye", "over": "bye"}}
        publish(s, from_json(caller), by="Ada", note="", now=NOW, override_reason="test")
    refused = admin.post("/flows/hotline/roll-back", data={**form, "number": "1"})
    assert refused.status_code == 422
    text = refused.get_data(as_text=True)
    assert "goes on by “over”" in text
    with sqlite_db.read() as s:
        assert latest(s, "hotline").number == 3
    done = admin.post("/flows/hotline/roll-back", data={**form, "override_reason": "It burns."})
    assert done.status_code == 303
    ops = sign_in(desk.test_client(), "ops")
    assert ops.post("/flows/hotline/roll-back", data={**form, "csrf_token": csrf_of(ops)}).status_code == 403


def test_a_flow_is_exported_as_the_file_that_can_be_read_again(desk: Flask) -> None:
    ops = sign_in(desk.test_client(), "ops")
    answer = ops.get("/flows/hotline.yaml?version=1")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="hotline_1.yaml"'
    assert parse(answer.data) == from_json(small_flow())
    assert parse(ops.get("/flows/hotline.yaml").data) == from_json(changed())
    assert ops.get("/flows/hotline.yaml?version=draft").status_code == 200
    assert ops.get("/flows/hotline.yaml?version=7").status_code == 303
    assert sign_in(desk.test_client(), "agent").get("/flows/hotline.yaml").status_code == 403


def test_the_missing_draft_of_a_published_flow_is_no_problem(desk: Flask) -> None:
    admin = editor_of(desk)
    admin.send("DELETE", "/hotline/draft")
    page = admin.client.get("/flows/hotline/compare")
    assert page.status_code == 200
    assert "From version 1 to version 2" in page.get_data(as_text=True)


def test_a_running_campaign_takes_the_version_in_force_once_somebody_has_heard_it(
    campaign_desk: CampaignDesk,
) -> None:
    campaign_id, db = campaign_desk.ids["running"], campaign_desk.values.db
    with db.write() as s:
        campaign = s.get_one(Campaign, campaign_id)
        campaign.flow_version_id = latest(s, "parcel_call").id
        data = to_json(load_document(latest(s, "parcel_call")))
        data["description"] = "New."
        new = publish(s, from_json(data), by="Ada", note="", now=NOW, override_reason="test").id
    path = f"/flows/parcel_call/campaigns/{campaign_id}/take"
    text = campaign_desk.page("/flows/parcel_call")
    assert f'action="{path}"' in text
    assert "It keeps version 1 until it takes a new one." in text
    campaign_desk.post(path, {})
    with db.write() as s:
        campaign = s.get_one(Campaign, campaign_id)
        assert campaign.flow_version_id != new
        campaign.tested_version_ids = [*campaign.tested_version_ids, new]
    assert "keeps its version" in campaign_desk.page("/flows/parcel_call")
    campaign_desk.post(path, {})
    with db.read() as s:
        assert s.get_one(Campaign, campaign_id).flow_version_id == new
    assert f'action="{path}"' not in campaign_desk.page("/flows/parcel_call")
    assert campaign_desk.post("/flows/parcel_call/campaigns/99999/take", {}).status_code == 404
    agent = sign_in(campaign_desk.app.test_client(), "agent")
    assert campaign_desk.post(path, {}, client=agent).status_code == 403
