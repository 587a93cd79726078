"""Every page answers, for whom it is meant, and shows hostile words inert."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from console.deps import Deps
from ivr.calls import Call
from ivr.recordings import Recording
from tests.console.conftest import csrf_of, sign_in
from tests.console.seeding import HOSTILE
from tickets.people import Person
from tickets.ticket import Ticket

PLAIN_PAGES = ("/", "/live", "/calls", "/tickets", "/people", "/flows", "/numbers", "/phone", "/settings")


@pytest.mark.parametrize("path", [*PLAIN_PAGES, "/users"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_answers_in_both_languages(admin: FlaskClient, path: str, language: str) -> None:
    token = csrf_of(admin)
    admin.post("/language", data={"language": language, "csrf_token": token})
    answer = admin.get(path)
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in page


@pytest.mark.parametrize("path", PLAIN_PAGES)
def test_every_page_of_an_empty_desk_says_so_in_words(empty_app: Flask, path: str) -> None:
    answer = sign_in(empty_app.test_client()).get(path)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path", [*PLAIN_PAGES, "/users", "/tickets/1", "/calls/1", "/recordings/1.wav", "/flows/courier"]
)
def test_a_stranger_is_sent_to_the_login_and_back(app: Flask, path: str) -> None:
    answer = app.test_client().get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 302
    assert answer.location.startswith("/login?next=")


@pytest.mark.parametrize("role", ["agent", "ops"])
def test_only_administrators_see_users(app: Flask, role: str) -> None:
    client = sign_in(app.test_client(), role)
    assert client.get("/users").status_code == 403
    assert 'href="/users"' not in client.get("/").get_data(as_text=True)


def test_hostile_words_are_shown_inert_on_every_page(admin: FlaskClient, values: Deps) -> None:
    with values.db.read() as s:
        person = s.scalar(select(Person.id).where(Person.name == HOSTILE))
        ticket = s.scalar(select(Ticket.number).where(Ticket.subject == HOSTILE))
        call = s.scalar(select(Call.id).where(Call.person_id == person))
    assert person
    assert ticket
    assert call
    for path in ("/tickets", f"/tickets/{ticket}", f"/calls/{call}", f"/people/{person}", "/people", "/calls", "/live"):
        page = admin.get(path).get_data(as_text=True)
        assert "<img src=x" not in page, path
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; ${{7*7}}" in admin.get(f"/tickets/{ticket}").get_data(as_text=True)


def test_the_search_is_echoed_inert(agent: FlaskClient) -> None:
    page = agent.get("/tickets", query_string={"q": '"><script>alert(1)</script>'}).get_data(as_text=True)
    assert "<script>alert" not in page


def test_only_administrators_see_the_documents_that_were_sent(app: Flask, values: Deps) -> None:
    with values.db.read() as s:
        call = s.scalar(select(Call.id))
    assert "&lt;Gather" in sign_in(app.test_client(), "admin").get(f"/calls/{call}").get_data(as_text=True)
    assert "&lt;Gather" not in sign_in(app.test_client()).get(f"/calls/{call}").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/calls/99999", "/tickets/12345678", "/people/99999", "/flows/none", "/nothing/here"])
def test_what_is_not_there_is_a_page_that_says_so(agent: FlaskClient, path: str) -> None:
    answer = agent.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "There is no such page" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/tickets?after=xx", "/calls?after=20261301T000000.0-1", "/people?after=%00"])
def test_a_made_up_place_in_a_list_is_refused(agent: FlaskClient, path: str) -> None:
    assert agent.get(path).status_code == 400


def test_a_ticket_number_in_the_search_box_leads_to_the_ticket(agent: FlaskClient, values: Deps) -> None:
    with values.db.read() as s:
        number = s.scalar(select(Ticket.number))
    assert number
    spoken = f"#{number[:2]} {number[2:]}"
    assert agent.get("/tickets", query_string={"q": spoken}).location == f"/tickets/{number}"


def test_calls_are_found_by_a_part_of_the_number(agent: FlaskClient) -> None:
    page = agent.get("/calls", query_string={"q": "020 7946 0958"}).get_data(as_text=True)
    assert "Grace Hopper" in page
    assert "王小明" not in page


def test_a_page_of_calls_leads_to_the_older_ones(agent: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.paging.SIZE", 6)
    seen: list[str] = []
    url = "/calls"
    while url:
        page = agent.get(url).get_data(as_text=True)
        seen += [part.split('"')[0] for part in page.split('data-row href="/calls/')[1:]]
        url = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in page else ""
    assert len(seen) == len(set(seen)) == 17


def test_a_recording_is_sent_in_the_part_that_is_asked_for(agent: FlaskClient, values: Deps) -> None:
    with values.db.read() as s:
        there = s.scalar(select(Recording.id).where(Recording.path != ""))
        missing = s.scalar(select(Recording.id).where(Recording.path == ""))
    answer = agent.get(f"/recordings/{there}.wav", headers={"Range": "bytes=44-143"})
    assert (answer.status_code, len(answer.data), answer.mimetype) == (206, 100, "audio/wav")
    assert agent.get(f"/recordings/{missing}.wav").status_code == 404


def test_a_stored_path_outside_of_the_recordings_is_never_served(agent: FlaskClient, values: Deps) -> None:
    secret = values.recordings_dir.parent / "secret.wav"
    secret.write_bytes(b"RIFF")
    with values.db.write() as s:
        rows = list(s.scalars(select(Recording)))
        rows[0].path, rows[1].path = "../secret.wav", str(secret)
    for row in rows[:2]:
        assert agent.get(f"/recordings/{row.id}.wav").status_code == 404
