"""The live page of a campaign: its figures, its alarms, its buttons."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from callbacks.attempt import Attempt
from callbacks.campaign import Campaign, CampaignEntry, CampaignState
from callbacks.case import Case, CaseState
from console.deps import Deps
from console.streams import tokens
from tests.console.campaign_fixtures import OVER, READY, RUNNING, TRIPPED, campaign_desk_file, ops, values
from tests.console.campaign_seeding import tried
from tests.console.conftest import NOW, csrf_of, sign_in

__all__ = ["campaign_desk_file", "ops", "values"]

PAGES = [
    *(f"/campaigns/{n}{part}" for n in (RUNNING, TRIPPED, READY, OVER) for part in ("", "/cases", "/results")),
    *(f"/campaigns/{RUNNING}/{part}" for part in ("now", "figures", "actions", "log", "nodes", "nodes?flow=b")),
    "/campaigns/calendar",
    "/campaigns/calendar?view=week",
    "/campaigns/calendar?day=2026-02-28",
]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_of_a_campaign_answers_in_both_languages(ops: FlaskClient, language: str) -> None:
    ops.post("/language", data={"language": language, "csrf_token": csrf_of(ops)})
    for path in PAGES:
        answer = ops.get(path)
        assert answer.status_code == 200, path
        assert "<img src=x" not in answer.get_data(as_text=True), path


def test_agents_have_no_business_with_campaigns(app: Flask) -> None:
    agent = sign_in(app.test_client())
    for path in (*PAGES, f"/campaigns/{RUNNING}/results/cases.csv"):
        assert agent.get(path).status_code == 403, path
    token = csrf_of(agent)
    assert agent.post(f"/campaigns/{RUNNING}/state", data={"deed": "stop", "csrf_token": token}).status_code == 403


def test_a_campaign_that_is_not_there_and_a_template_have_no_page(ops: FlaskClient, values: Deps) -> None:
    with values.db.write() as s:
        s.get_one(Campaign, OVER).is_template = True
    for path in ("/campaigns/99", f"/campaigns/{OVER}", "/campaigns/99/results/cases.csv", "/campaigns/99/cases/1"):
        assert ops.get(path).status_code == 404, path


def test_the_page_shows_what_was_counted(ops: FlaskClient, values: Deps) -> None:
    page = ops.get(f"/campaigns/{RUNNING}").get_data(as_text=True)
    with values.db.read() as s:
        cases = list(s.scalars(select(Case).where(Case.campaign_id == RUNNING)))
        attempts = list(s.scalars(select(Attempt).where(Attempt.campaign_id == RUNNING, Attempt.state == "ended")))
    goals = sum(case.reason == "goal_met" for case in cases)
    closed = sum(case.state == CaseState.CLOSED for case in cases)
    assert f"{closed} of {len(cases)} cases are over" in page
    figures = dict(re.findall(r'<span class="label">([^<]+)</span><span class="value">([^<]+)</span>', page))
    assert figures["Goal reached"] == str(goals)
    assert figures["Calls now"] == "5"
    funnel = re.findall(r'<th scope="row">([^<]+)</th>.*?<td class="num">([\d,]+)</td>', page, re.DOTALL)
    assert dict(funnel)["Dialled"] == str(len(attempts))
    assert dict(funnel)["Picked up"] == str(sum(a.carrier_outcome == "answered" for a in attempts))
    assert "Rarely answered" in page
    assert "Too early to tell" in page


def test_where_conversations_end_is_read_from_the_conversations_of_the_flow(ops: FlaskClient, values: Deps) -> None:
    page = ops.get(f"/campaigns/{RUNNING}/nodes?flow=b", headers={"HX-Request": "true"}).get_data(as_text=True)
    with values.db.read() as s:
        found = list(s.scalars(select(Attempt).where(Attempt.variant == "b", Attempt.call_id.is_not(None))))
    hung_up = sum(a.business_outcome == "incomplete" for a in found)
    assert f"Of the latest {len(found)} conversations, most were hung up at “welcome”: {hung_up}." in page


def test_a_campaign_that_stopped_itself_says_why_and_wants_a_note(ops: FlaskClient, values: Deps) -> None:
    assert "Too many people want no more calls." in ops.get(f"/campaigns/{TRIPPED}").get_data(as_text=True)
    form = {"deed": "resume", "note": " ", "csrf_token": csrf_of(ops)}
    refused = ops.post(f"/campaigns/{TRIPPED}/state", data=form)
    assert refused.status_code == 409
    assert "write what you found" in refused.get_data(as_text=True)
    assert ops.post(f"/campaigns/{TRIPPED}/state", data=form | {"note": "The list was old."}).status_code == 303
    with values.db.read() as s:
        campaign = s.get_one(Campaign, TRIPPED)
        entry = s.scalars(select(CampaignEntry).where(CampaignEntry.campaign_id == TRIPPED)).one()
    assert (campaign.state, campaign.tripped) == (CampaignState.RUNNING, "")
    assert (entry.what, entry.by, entry.note) == ("resume", "Omar Diaz", "The list was old.")


def test_pause_resume_run_out_and_stop_are_one_button_each(ops: FlaskClient, values: Deps) -> None:
    token = csrf_of(ops)

    def deeds() -> list[str]:
        page = ops.get(f"/campaigns/{RUNNING}/actions").get_data(as_text=True)
        return re.findall(r'name="deed" value="(\w+)"', page)

    seen = {}
    for deed in ("pause", "resume", "drain", "stop"):
        seen[deed] = deeds()
        answer = ops.post(f"/campaigns/{RUNNING}/state", data={"deed": deed, "note": "why", "csrf_token": token})
        assert answer.status_code == 303, deed
    assert seen["pause"] == ["pause", "drain", "stop"]
    assert seen["resume"] == ["resume", "drain", "stop"]
    assert seen["stop"] == ["pause", "stop"]
    assert deeds() == []
    with values.db.read() as s:
        assert s.get_one(Campaign, RUNNING).state == CampaignState.STOPPED
        assert s.scalar(select(Case.id).where(Case.campaign_id == RUNNING, Case.state == CaseState.OPEN)) is None


def test_a_step_that_the_state_does_not_allow_is_refused_with_its_reason(ops: FlaskClient) -> None:
    form = {"deed": "resume", "note": "kept", "csrf_token": csrf_of(ops)}
    answer = ops.post(f"/campaigns/{RUNNING}/state", data=form)
    assert answer.status_code == 409
    assert "cannot resume" in answer.get_data(as_text=True)
    assert ops.post(f"/campaigns/{RUNNING}/state", data=form | {"deed": "delete"}).status_code == 400


def test_a_launch_says_everything_that_is_still_missing(ops: FlaskClient) -> None:
    answer = ops.post(f"/campaigns/{READY}/state", data={"deed": "launch", "csrf_token": csrf_of(ops)})
    assert answer.status_code == 409
    assert "There is nobody to call" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("speed", "lines", "says"),
    [
        ("0", "5", "Give a number"),
        ("fast", "5", "Give a number"),
        ("1", "1.5", "Give a whole number"),
        ("2", "0", "Give"),
    ],
)
def test_a_pace_that_cannot_be_is_refused_and_kept_in_its_box(
    ops: FlaskClient, values: Deps, speed: str, lines: str, says: str
) -> None:
    form = {"calls_per_second": speed, "max_live": lines, "csrf_token": csrf_of(ops)}
    answer = ops.post(f"/campaigns/{RUNNING}/pace", data=form)
    assert answer.status_code == 409
    assert says in answer.get_data(as_text=True)
    assert f'name="calls_per_second" inputmode="decimal" required value="{speed}"' in answer.get_data(as_text=True)
    with values.db.read() as s:
        assert s.get_one(Campaign, RUNNING).pacing.calls_per_second == 2


def test_the_pace_changes_while_it_runs_and_is_logged(ops: FlaskClient, values: Deps) -> None:
    form = {"calls_per_second": "0.5", "max_live": "7", "csrf_token": csrf_of(ops)}
    assert ops.post(f"/campaigns/{RUNNING}/pace", data=form).status_code == 303
    with values.db.read() as s:
        campaign = s.get_one(Campaign, RUNNING)
        newest = s.scalars(select(CampaignEntry).order_by(CampaignEntry.id.desc())).first()
    assert (campaign.pacing.calls_per_second, campaign.pacing.max_live) == (0.5, 7)
    assert newest is not None
    assert (newest.what, newest.by) == ("edit", "Omar Diaz")


def test_pages_are_told_of_a_call_that_begins_and_of_one_that_ends(values: Deps) -> None:
    seen = []
    with values.db.write() as s:
        seen.append(tokens(s)["campaigns"])
        live = s.scalars(select(Attempt).where(Attempt.state == "ringing")).one()
        live.state = "answered"
        s.flush()
        seen.append(tokens(s)["campaigns"])
        live.state = "ended"
        s.flush()
        seen.append(tokens(s)["campaigns"])
        case = s.scalars(select(Case).where(Case.state == CaseState.OPEN)).first()
        assert case is not None
        from random import Random

        tried(s, case, NOW, Random(3))
        seen.append(tokens(s)["campaigns"])
    assert len(set(seen)) == 4


def test_the_calendar_leads_back_and_forth_and_refuses_days_that_are_none(ops: FlaskClient) -> None:
    page = ops.get("/campaigns/calendar").get_data(as_text=True)
    assert "November 2026" in page
    assert 'href="/campaigns/calendar?view=month&amp;day=2026-12-01"' in page
    assert 'href="/campaigns/calendar?view=month&amp;day=2026-10-31"' in page
    week = ops.get("/campaigns/calendar?view=week&day=2026-11-22").get_data(as_text=True)
    assert week.count('<div class="day-head">') == 7
    for day in ("2026-02-30", "x", "0001-01-01", "9999-12-31"):
        assert ops.get(f"/campaigns/calendar?day={day}").status_code == 400
