"""What people do to a ticket on its page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from console.deps import Deps
from tests.console.conftest import csrf_of, sign_in
from tests.console.seeding import HOSTILE
from tickets.ticket import Ticket
from tickets.users import User

HTMX = {"HX-Request": "true"}


@pytest.fixture
def number(agent: FlaskClient, values: Deps) -> str:
    """An open ticket's number."""
    with values.db.read() as s:
        found = s.scalar(select(Ticket.number).where(Ticket.status == "new").order_by(Ticket.id))
    assert found
    return found


def post(client: FlaskClient, path: str, **data: str) -> str:
    """Send a form as htmx does, and give the answered parts."""
    answer = client.post(path, data=data, headers={**HTMX, "X-CSRFToken": csrf_of(client)})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def state(values: Deps, number: str) -> tuple[str, str, int | None, str]:
    """Status, priority, assignee and category as stored."""
    with values.db.read() as s:
        t = s.scalars(select(Ticket).where(Ticket.number == number)).one()
        return str(t.status), str(t.priority), t.assignee_id, t.category


def test_a_note_stands_in_the_timeline_as_it_was_written(agent: FlaskClient, number: str) -> None:
    parts = post(agent, f"/tickets/{number}/notes", text=f"Two\nlines {HOSTILE}", internal="1")
    assert "Two\nlines &lt;img" in parts
    assert "internal note" in parts


def test_an_empty_or_endless_note_is_refused_with_a_sentence(agent: FlaskClient, number: str) -> None:
    for text in ("  \n ", "x" * 20_001):
        assert "This cannot be kept" in post(agent, f"/tickets/{number}/notes", text=text)


def test_a_step_changes_the_status_and_the_buttons(agent: FlaskClient, number: str, values: Deps) -> None:
    parts = post(agent, f"/tickets/{number}/status", step="solve")
    assert state(values, number)[0] == "solved"
    assert 'value="reopen"' in parts
    assert 'value="solve"' not in parts


def test_a_step_that_the_status_does_not_allow_changes_nothing(agent: FlaskClient, number: str, values: Deps) -> None:
    for step in ("reopen", "explode", ""):
        assert "does not allow this" in post(agent, f"/tickets/{number}/status", step=step)
    assert state(values, number)[0] == "new"


def test_a_ticket_is_taken_given_away_and_given_back(agent: FlaskClient, number: str, values: Deps) -> None:
    with values.db.read() as s:
        ids = {u.email: u.id for u in s.scalars(select(User))}
    post(agent, f"/tickets/{number}/assignee", me="1", assignee="")
    assert state(values, number)[2] == ids["agent@example.org"]
    post(agent, f"/tickets/{number}/assignee", assignee=str(ids["ops@example.org"]))
    assert state(values, number)[2] == ids["ops@example.org"]
    post(agent, f"/tickets/{number}/assignee", assignee="")
    assert state(values, number)[2] is None
    assert "is not there any more" in post(agent, f"/tickets/{number}/assignee", assignee="9999")


def test_priority_and_category_change_with_a_reason(agent: FlaskClient, number: str, values: Deps) -> None:
    form = {"priority": "low", "category": "other", "group": "", "reason": HOSTILE}
    parts = post(agent, f"/tickets/{number}/fields", **form)
    assert state(values, number)[1::2] == ("low", "other")
    assert "Set by hand. &lt;img" in parts
    post(agent, f"/tickets/{number}/fields", priority="sky-high", category="made up")
    assert state(values, number)[1::2] == ("low", "other")


def test_without_scripts_the_forms_lead_back_to_the_page(agent: FlaskClient, number: str, values: Deps) -> None:
    form = {"step": "solve", "csrf_token": csrf_of(agent)}
    answer = agent.post(f"/tickets/{number}/status", data=form)
    assert (answer.status_code, answer.location) == (303, f"/tickets/{number}")
    again = agent.post(f"/tickets/{number}/status", data=form)
    assert again.status_code == 409
    assert "does not allow this" in again.get_data(as_text=True)
    assert state(values, number)[0] == "solved"


def test_without_scripts_a_refused_note_stays_in_its_box(agent: FlaskClient, number: str) -> None:
    form = {"text": "x" * 20_001, "csrf_token": csrf_of(agent)}
    answer = agent.post(f"/tickets/{number}/notes", data=form)
    assert answer.status_code == 400
    assert "x" * 20_001 + "</textarea>" in answer.get_data(as_text=True)


def seen_on(page: str) -> dict[str, str]:
    """What a form of the page sends along about the ticket it was filled in on."""
    return {name: page.split(f'name="{name}" value="', 1)[1].split('"', 1)[0] for name in ("version", "seen")}


def test_who_changed_a_ticket_meanwhile_is_told_and_the_choice_stays_in_the_form(
    agent: FlaskClient, app: Flask, number: str, values: Deps
) -> None:
    shown = seen_on(agent.get(f"/tickets/{number}").get_data(as_text=True))
    other = sign_in(app.test_client(), "ops")
    post(other, f"/tickets/{number}/fields", priority="urgent", reason="the customer rang")
    post(other, f"/tickets/{number}/notes", text="Van 12 has it.")
    mine = {"priority": "low", "category": "other", "group": "", "reason": "typed by me"}
    parts = post(agent, f"/tickets/{number}/fields", **mine, **shown)
    assert state(values, number)[1] == "urgent"
    refusal = parts.split('id="notices"')[1]
    assert "Somebody changed this ticket meanwhile" in refusal
    assert "Omar Diaz" in refusal
    assert "<strong>Urgent</strong>" in refusal
    assert "Van 12 has it." in refusal
    assert '<option value="low" selected>' in parts
    assert 'value="typed by me"' in parts
    post(agent, f"/tickets/{number}/fields", **mine, **seen_on(parts))
    assert state(values, number)[1::2] == ("low", "other")


def test_a_step_and_an_assignment_are_not_taken_on_a_ticket_that_changed_meanwhile(
    agent: FlaskClient, app: Flask, number: str, values: Deps
) -> None:
    shown = seen_on(agent.get(f"/tickets/{number}").get_data(as_text=True))
    post(sign_in(app.test_client(), "ops"), f"/tickets/{number}/fields", priority="low")
    for path, form in (("status", {"step": "solve"}), ("assignee", {"me": "1"})):
        parts = post(agent, f"/tickets/{number}/{path}", **form, **shown)
        assert "Somebody changed this ticket meanwhile" in parts
    assert state(values, number)[0] == "new"
    assert state(values, number)[2] is None
    form = {"step": "solve", "csrf_token": csrf_of(agent), **shown}
    assert agent.post(f"/tickets/{number}/status", data=form).status_code == 409


def test_the_timeline_shows_the_calls_turns_with_node_and_confidence(admin: FlaskClient, values: Deps) -> None:
    with values.db.read() as s:
        number = s.scalar(select(Ticket.number).order_by(Ticket.id))
    page = admin.get(f"/tickets/{number}").get_data(as_text=True)
    assert "<code>tell</code>" in page
    assert "confidence 91 %" in page
    assert page.count("我的包裹三天没有更新了") == 1, "what was said in the call is not told twice"
    assert page.count('id="recording-') == 1
    assert 'data-seek="0.0"' in page
    assert "Called the depot." in page


def test_the_list_narrows_by_view_and_filter(agent: FlaskClient) -> None:
    def rows(**query: str) -> int:
        return agent.get("/tickets", query_string=query).get_data(as_text=True).count("data-row ")

    assert rows(view="all") == 15
    assert rows(view="undone") == 12
    assert rows(view="closed") == 1
    assert rows(view="all", category="pickup") == 3
    assert rows(view="all", q="refund") == 3
    assert rows(view="all", q="0013 8000") == 3
    assert rows(view="all", q="nothing like this") == 0
