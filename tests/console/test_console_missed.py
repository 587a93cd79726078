"""The page of missed words: who may look, who may teach, and what a click does."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from demo import history
from flows.drafts import load_draft
from flows.saved_tests import FlowTest
from ivr.calls import Call
from ivr.missed import Utterance, open_utterances
from ivr.recordings import Recording, RecordingStatus
from storage.database import Database
from tests.console.conftest import NOW, write_wav
from tests.studio.studio_desk import Editor, editor_of, studio_app

FLOW = "courier_hotline"
PAGE = f"/flows/{FLOW}/missed"


@pytest.fixture
def desk(sqlite_db: Database, tmp_path: Path) -> Flask:
    """A desk with a part of the demo's week."""
    with sqlite_db.write() as s:
        history.load(s, NOW, calls=60)
    return studio_app(sqlite_db, tmp_path)


def read(editor: Editor, path: str = PAGE) -> str:
    return editor.client.get(path).get_data(as_text=True)


def act(editor: Editor, deed: str, turn_id: int, **form: str) -> str:
    """Press a button of the page; gives the page that follows."""
    data = {"csrf_token": editor.token, **form}
    answer = editor.client.post(f"{PAGE}/{turn_id}/{deed}", data=data, follow_redirects=True)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def unknown_words(db: Database) -> Utterance:
    """Words at the main menu that no choice knows."""
    with db.read() as s:
        found = [u for u in open_utterances(s, FLOW) if u.node == "main_menu" and (u.confidence or 0) > 0.7]
    assert found
    return found[0]


def test_one_click_teaches_the_flow_and_another_takes_it_back(desk: Flask, sqlite_db: Database):
    admin, utterance = editor_of(desk), unknown_words(sqlite_db)
    page = read(admin)
    assert f"“{utterance.text}”" in page
    assert "No sound: this call was not recorded." in page
    assert f'action="{PAGE}/{utterance.turn_id}/learn"' in page
    taught = act(admin, "learn", utterance.turn_id, choice="complain")
    assert f"“{utterance.text}” now means" in taught
    with sqlite_db.read() as s:
        draft, tests = load_draft(s, FLOW), s.scalars(select(FlowTest)).all()
    assert draft is not None
    assert utterance.text in str(draft.document["nodes"]["main_menu"]["choices"][2])
    assert len(tests) == 1
    assert f"“{utterance.text}”" in read(admin, f"{PAGE}?view=learned")
    assert "dealt with these words already" in act(admin, "learn", utterance.turn_id, choice="track")
    undone = act(admin, "undo", utterance.turn_id, view="learned")
    assert "Opened again." in undone or "are open again." in undone
    with sqlite_db.read() as s:
        assert s.scalars(select(FlowTest)).all() == []
    act(admin, "dismiss", utterance.turn_id)
    assert f"“{utterance.text}”" not in read(admin)
    assert f"“{utterance.text}”" in read(admin, f"{PAGE}?view=dismissed")


def test_ops_look_and_agents_do_not(desk: Flask, sqlite_db: Database):
    utterance = unknown_words(sqlite_db)
    ops, agent = editor_of(desk, "ops"), editor_of(desk, "agent")
    page = read(ops)
    assert f"“{utterance.text}”" in page
    assert "/learn" not in page
    assert "An administrator can teach the flow." in page
    for deed in ("learn", "dismiss", "undo"):
        answer = ops.client.post(f"{PAGE}/{utterance.turn_id}/{deed}", data={"csrf_token": ops.token})
        assert answer.status_code == 403
    assert agent.client.get(PAGE).status_code == 403
    admin = editor_of(desk)
    assert admin.client.get("/flows/nowhere/missed").status_code == 404
    gone = admin.client.post(f"{PAGE}/999999/dismiss", data={"csrf_token": admin.token})
    assert gone.status_code == 404
    assert admin.client.post(f"{PAGE}/{utterance.turn_id}/dismiss").status_code == 400


def test_a_refusal_is_told_in_the_readers_language(desk: Flask, sqlite_db: Database):
    admin, utterance = editor_of(desk, language="zh"), unknown_words(sqlite_db)
    page = read(admin)
    assert "没听懂的话" in page
    assert re.search(r"没有声音：这通电话没有录音。", page)
    assert "草稿里已经没有这个选项" in act(admin, "learn", utterance.turn_id, choice="nonsense")


def test_words_in_a_recorded_call_can_be_heard_at_their_place(desk: Flask, sqlite_db: Database, tmp_path: Path):
    utterance = unknown_words(sqlite_db)
    write_wav(tmp_path / "call.wav")
    with sqlite_db.write() as s:
        call = s.get_one(Call, utterance.call_id)
        assert call.answered_at is not None
        offset_s = round((utterance.at - call.answered_at) / timedelta(seconds=1))
        recording = Recording(
            sid="REwhole", call_id=call.id, status=RecordingStatus.FETCHED, path="call.wav", duration_s=90,
            created_at=NOW,
        )  # fmt: skip
        s.add(recording)
        s.flush()
        sound = f"/recordings/{recording.id}.wav"
    admin = editor_of(desk)
    assert f'src="{sound}#t={max(0, offset_s - 8)},{offset_s + 2}"' in read(admin)
    assert admin.client.get(sound).status_code == 200
