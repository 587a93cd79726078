"""The page of missed words: who may look, who may teach, and what a click does."""

from __future__ import annotations

import io
import re
import wave
from datetime import timedelta
from pathlib import Path

import numpy as np
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
from tests.console.conftest import NOW
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
    with sqlite_db.read() as s:
        had = {test.id for test in s.scalars(select(FlowTest))}
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
    assert len(tests) == len(had) + 1
    assert f"“{utterance.text}”" in read(admin, f"{PAGE}?view=learned")
    assert "dealt with these words already" in act(admin, "learn", utterance.turn_id, choice="track")
    undone = act(admin, "undo", utterance.turn_id, view="learned")
    assert "Opened again." in undone or "are open again." in undone
    with sqlite_db.read() as s:
        assert {test.id for test in s.scalars(select(FlowTest))} == had
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


def test_words_in_a_recorded_call_are_heard_from_the_callers_channel(desk: Flask, sqlite_db: Database, tmp_path: Path):
    utterance = unknown_words(sqlite_db)
    admin = editor_of(desk)
    sound = f"{PAGE}/{utterance.turn_id}/sound.wav"
    assert admin.client.get(sound).status_code == 404
    with sqlite_db.write() as s:
        call = s.get_one(Call, utterance.call_id)
        assert call.answered_at is not None
        end_s = (utterance.at - call.answered_at) / timedelta(seconds=1)
        s.add(
            Recording(
                sid="REwhole",
                call_id=call.id,
                status=RecordingStatus.FETCHED,
                path="call.wav",
                duration_s=90,
                created_at=NOW,
                started_at=call.answered_at,
                whole_call=True,
            )
        )
    rate_hz = 8000
    caller, flow = (np.zeros(round((end_s + 30) * rate_hz), np.int16) for _ in range(2))
    flow[:] = 9_000
    spoken = slice(round((end_s - 1.5) * rate_hz), round((end_s - 0.5) * rate_hz))
    caller[spoken] = 5_000
    with wave.open(str(tmp_path / "call.wav"), "wb") as file:
        file.setparams((2, 2, rate_hz, 0, "NONE", ""))
        file.writeframes(np.stack([caller, flow], axis=1).astype("<i2").tobytes())
    assert f'src="{sound}"' in read(admin)
    heard = admin.client.get(sound)
    assert (heard.status_code, heard.mimetype) == (200, "audio/wav")
    with wave.open(io.BytesIO(heard.data)) as file:
        assert (file.getnchannels(), file.getframerate()) == (1, rate_hz)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert (samples == 5_000).sum() == rate_hz
    assert samples.max() == 5_000
    assert 1.5 < len(samples) / rate_hz < 2.0
    assert editor_of(desk, "ops").client.get(sound).status_code == 200
    assert editor_of(desk, "agent").client.get(sound).status_code == 403
    assert admin.client.get(f"{PAGE}/999999/sound.wav").status_code == 404
    (tmp_path / "call.wav").unlink()
    assert admin.client.get(sound).status_code == 404
