"""Words for people: what answers meant, why recordings are silent, what the lint found, and where a call went."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from console import lint_words, naming, words
from console.deps import Deps
from console.naming import Names
from console.recording_reasons import recording_reason
from flows.documents import parse
from flows.validation.lint import RULES
from ivr.calls import Call
from ivr.keeping import EMPTY
from ivr.notices import NO_RECORDING
from ivr.turns import TurnRow
from telephony.calls import AnsweredBy, CallStatus
from tests.console.conftest import csrf_of

FLOW = parse(
    """
name: demo
languages: [zh-CN, en-US]
start: pick
nodes:
  pick:
    type: language
    choices: [{key: "1", language: zh-CN, prompt: 中文}, {key: "2", language: en-US, prompt: English}]
    exits: {next: menu}
  menu:
    type: menu
    label: What it is about
    prompt: {zh-CN: 请问您需要, en-US: How can I help?}
    choices: [{key: "1", name: track, label: {zh-CN: 查快递, en-US: parcel tracking}}]
    exits: {track: bye, person: bye}
  bye: {type: hang_up}
"""
)


@pytest.fixture(params=["en", "zh"])
def reader(request: pytest.FixtureRequest, app: Flask) -> Iterator[str]:
    """A request in one of the two languages."""
    with app.test_request_context("/", headers={"Cookie": f"ringback_language={request.param}"}):
        yield str(request.param)


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (True, "yes", "是"),
        (False, "no", "否"),
        (5, "5", "5"),
        (2.0, "2", "2"),
        ("SF123", "SF123", "SF123"),
        ("2026-11-23", "Monday, November 23, 2026", "2026年11月23日星期一"),
        ("2026-11-23T09:30:00+08:00", "Monday, November 23, 2026 09:30", "2026年11月23日星期一 09:30"),
        ("2026-99-99", "2026-99-99", "2026-99-99"),
        ("+8613800138000", "+86 138 0013 8000", "+86 138 0013 8000"),
        (["a", True], "a, yes", "a, 是"),
        ({"city": "Ulm"}, "City: Ulm", "城市: Ulm"),
        (None, "", ""),
    ],
)
def test_a_value_is_shown_for_people(reader: str, value: object, english: str, chinese: str) -> None:
    assert naming.shown(value) == (english if reader == "en" else chinese)


def test_an_answer_is_called_as_its_choice_is(reader: str) -> None:
    names = Names(document=FLOW)
    chinese = reader == "zh"
    assert names.meaning("menu", "track") == ("查快递" if chinese else "parcel tracking")
    assert names.meaning("menu", "person") == ("人工" if chinese else "person")
    assert names.meaning("pick", "zh-CN") == ("中文" if chinese else "Chinese")
    assert names.meaning("gone", "as it came") == "as it came"
    assert names.label("menu") == "What it is about"
    assert (Names().label("menu"), Names().meaning("menu", "track")) == ("", "track")


def test_every_rule_of_the_lint_speaks_chinese() -> None:
    assert set(lint_words.CHINESE) == {rule.name for rule in RULES}
    assert all(re.search("[\u4e00-\u9fff]", text) for pair in lint_words.CHINESE.values() for text in pair)


@pytest.mark.parametrize(
    "stored",
    [
        "Demo history: the sound was not kept.",
        "nothing was said",
        EMPTY,
        *NO_RECORDING.values(),
        "transcript unavailable: no model for fr-FR, install with `flask speech install fr`",
        "transcript unavailable: the recording lasts 61 minutes, more than 30",
        "transcript unavailable: the recogniser failed (it hung)",
        "The recording could not be fetched from the provider (timeout).",
        "The recording is over 50 MB.",
        "The recording is not a WAV file.",
        "The recording holds no sound: the WAV file has a header and no samples.",
    ],
)
def test_why_a_recording_is_silent_is_told_in_the_readers_language(reader: str, stored: str) -> None:
    told = recording_reason(stored)
    assert "%(" not in told
    assert bool(re.search("[\u4e00-\u9fff]", told)) == (reader == "zh")


def test_a_reason_nobody_foresaw_is_shown_as_it_is(reader: str) -> None:
    assert recording_reason("100 % odd") == "100 % odd"


def test_statuses_and_verdicts_of_the_telephone_company_have_words() -> None:
    assert {status.value for status in CallStatus} == set(words.CALL_STATUS)
    assert {verdict.value for verdict in AnsweredBy} == set(words.ANSWERED_BY)
    assert {"completed", "abandoned", "failed", "voicemail", "goodbye", "opted_out"} <= set(words.OUTCOME)
    assert {s.value for s in CallStatus if s.is_final} <= set(words.OUTCOME)
    assert words.shown("outcome", "sold_out").label == "sold out"


def test_yes_and_no_are_words_on_a_calls_page(admin: FlaskClient, values: Deps) -> None:
    with values.db.write() as s:
        row = s.scalars(select(TurnRow).where(TurnRow.number == 2)).first()
        assert row is not None
        row.events = [{"type": "Understood", "node": "menu", "value": False, "mode": "keys"}] * 2
        call = row.call_id
    assert "understood: no</div>" in admin.get(f"/calls/{call}").get_data(as_text=True)


def test_a_calls_page_draws_its_way_and_a_live_one_where_it_is(admin: FlaskClient, values: Deps) -> None:
    with values.db.read() as s:
        ended = s.scalar(select(Call.id).where(Call.status == "completed"))
        live = s.scalar(select(Call.id).where(Call.node == "leave_word"))
    page = admin.get(f"/calls/{ended}").get_data(as_text=True)
    assert 'class="flow-node flow-node-taken" data-node="welcome"' in page
    assert "flow-node-here" not in page
    assert 'class="flow-node flow-node-here" data-node="leave_word"' in admin.get(f"/calls/{live}").get_data(
        as_text=True
    )
    assert admin.get(f"/calls/{live}/path").get_data(as_text=True).startswith("<svg")
    assert f'href="/calls/{live}#path"' in admin.get("/live").get_data(as_text=True)


def test_a_call_that_met_no_flow_has_no_drawing(admin: FlaskClient, values: Deps) -> None:
    with values.db.write() as s:
        call = s.scalars(select(Call)).first()
        assert call is not None
        call.flow_version_id = None
    assert "flow-drawing" not in admin.get(f"/calls/{call.id}").get_data(as_text=True)
    assert admin.get(f"/calls/{call.id}/path").status_code == 204


def test_findings_of_the_lint_are_chinese_on_a_chinese_page(admin: FlaskClient) -> None:
    english = admin.get("/flows/courier").get_data(as_text=True)
    assert 'class="lint"' in english
    admin.post("/language", data={"language": "zh", "csrf_token": csrf_of(admin)})
    lint = admin.get("/flows/courier").get_data(as_text=True).split('class="lint"')[1].split("</ul>")[0]
    shown = re.sub(r"<[^>]*>", "", lint)
    assert any(fix in shown for _, fix in lint_words.CHINESE.values())
    assert not re.search(r"[A-Za-z]+ [a-z]+ [a-z]+", shown), "no English sentence is left"


@pytest.mark.parametrize(
    ("tag", "english", "chinese"),
    [
        ("zh-CN", "Chinese", "中文"),
        ("ja-JP", "Japanese", "日语"),
        ("fr-FR", "French", "法语"),
        ("xq-XX", "xq-XX", "xq-XX"),
        ("", "", ""),
    ],
)
def test_every_language_has_a_name_in_the_readers_language(reader: str, tag: str, english: str, chinese: str) -> None:
    assert words.language_name(tag) == (chinese if reader == "zh" else english)
