"""The demo's campaigns, its list of parcels, and the people who answer."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks.attempt import Attempt, AttemptState, CarrierOutcome
from callbacks.audience import AudienceImport, ImportState
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseState, CloseReason
from callbacks.event_rules import EventRule
from callbacks.gate.policy import GatePolicy
from callbacks.importing.running import import_list, run_import
from callbacks.importing.starting import start_import
from callbacks.lifecycle import checks
from callbacks.opt_outs import OptOut
from callbacks.reports.preflight import preflight
from callbacks.rules_running import run_rules
from callbacks.tallies import Tally
from demo import campaigns, organisation, past_campaign
from demo.flow_loading import EXAMPLES, OUTBOUND, load_flows
from demo.settings import TEST_NUMBER
from flows.documents import parse
from ivr.house_prompts import prompts_of
from simulator.conversation import find
from simulator.people import Mixture, Outcome, People
from storage.database import Database
from tickets import desk

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
POLICY = GatePolicy(region="CN", zone="Asia/Shanghai", none_allowed=True)


@pytest.fixture
def demo_db(db: Database) -> Database:
    with db.write() as session:
        load_flows(session, NOW)
        campaigns.load(session, NOW)
    return db


def campaign(session: Session, name: str) -> Campaign:
    return session.scalars(select(Campaign).where(Campaign.name == name)).one()


def people() -> People:
    found = People()
    for row in yaml.safe_load((ROOT / "demo" / "people.yaml").read_text(encoding="utf-8")):
        found.set(row.pop("number"), row.pop("behaviour", None), **row)
    return found


def test_there_is_a_past_one_a_running_one_a_draft_and_a_template(demo_db: Database):
    with demo_db.read() as session:
        found = {c.name: (c.state, c.standing, c.is_template) for c in session.scalars(select(Campaign))}
    assert found == {
        past_campaign.NAME: (CampaignState.FINISHED, False, False),
        campaigns.FOLLOW_UP: (CampaignState.RUNNING, True, False),
        campaigns.LIST: (CampaignState.DRAFT, False, False),
        campaigns.TEMPLATE: (CampaignState.DRAFT, False, True),
    }


def test_loading_again_adds_nothing_and_removing_takes_all(demo_db: Database):
    with demo_db.write() as session:
        before = session.scalar(select(func.count()).select_from(Attempt))
        campaigns.load(session, NOW)
        assert session.scalar(select(func.count()).select_from(Attempt)) == before
        organisation.remove(session)
        for model in (Campaign, Case, Attempt, Tally, EventRule, OptOut):
            assert session.scalar(select(func.count()).select_from(model)) == 0, model.__name__


def test_the_past_campaign_has_every_outcome_and_its_counts_agree_with_its_attempts(demo_db: Database):
    with demo_db.read() as session:
        past = campaign(session, past_campaign.NAME)
        attempts = session.scalars(select(Attempt).where(Attempt.campaign_id == past.id)).all()
        cases = session.scalars(select(Case).where(Case.campaign_id == past.id)).all()
        counted = session.scalars(select(Tally).where(Tally.campaign_id == past.id)).all()
    assert {a.state for a in attempts} == {AttemptState.ENDED}
    assert {a.carrier_outcome for a in attempts} >= {str(o) for o in CarrierOutcome} - {
        CarrierOutcome.FAILED,
        CarrierOutcome.CANCELED,
        CarrierOutcome.PROVIDER_ERROR,
    }
    assert {c.state for c in cases} == {CaseState.CLOSED}
    wanted = {CloseReason.GOAL_MET, CloseReason.TRIES_USED, CloseReason.OPTED_OUT, CloseReason.WRONG_PERSON}
    assert wanted <= {c.reason for c in cases}
    assert sum(t.attempts for t in counted) == len(attempts)
    assert sum(t.answered for t in counted) == sum(a.carrier_outcome == "answered" for a in attempts)
    assert max(a.ended_at for a in attempts) < NOW
    assert Counter(c.tries for c in cases).keys() <= {1, 2}
    assert all(c.tries == sum(a.case_id == c.id for a in attempts) for c in cases)


def test_a_solved_ticket_is_followed_up_two_minutes_later(demo_db: Database):
    with demo_db.write() as session:
        new = desk.NewTicket(text="late", caller_number="+8613812004100", language="zh-CN", category="delivery")
        ticket = desk.open_or_append(session, new, NOW).ticket
        number = ticket.number
        desk.change_status(session, ticket, "open", by="agent", now=NOW)
        desk.change_status(session, ticket, "solve", by="agent", now=NOW + timedelta(minutes=1))
    # The demo's past left numbers that nothing stands behind. PostgreSQL's reader waits until none of them can come:
    # until every transaction of the server has ended that ran when it first looked, those of other tests included.
    deadline = time.monotonic() + 60
    done = 0
    while not done and time.monotonic() < deadline:
        with demo_db.write() as session:
            done = run_rules(session, NOW + timedelta(minutes=2))
        time.sleep(0 if done else 0.05)
    with demo_db.write() as session:
        case = session.scalars(select(Case).where(Case.reference == number)).one()
        assert case.campaign_id == campaign(session, campaigns.FOLLOW_UP).id
        assert (case.number, case.variables["ticket"]) == ("+8613812004100", number)
        assert case.due_at == NOW + timedelta(minutes=1 + campaigns.AFTER_MIN)


def test_the_list_is_imported_with_its_bad_rows_told(demo_db: Database, tmp_path: Path):
    data = (ROOT / "demo" / "lists" / "parcels.csv").read_bytes()
    with demo_db.write() as session:
        draft = campaign(session, campaigns.LIST)
        made = start_import(
            session, draft, file_name="parcels.csv", stream=BytesIO(data), data_dir=tmp_path, by="ops", now=NOW
        )
        assert made.total_rows in (None, 200)
        mapped = {name: target for name, target in made.mapping.items() if target}
        assert mapped == {
            "Tracking number": "reference",
            "Name": "name",
            "Mobile": "number",
            "Language": "language",
            "Time zone": "zone",
            "Station": "var:station",
            "Pickup code": "var:code",
        }
        run_import(session, made, now=NOW)
        import_id, campaign_id = made.id, draft.id
    import_list(demo_db, import_id, tmp_path, lambda: NOW)
    with demo_db.read() as session:
        done = session.get_one(AudienceImport, import_id)
        assert done.state == ImportState.DONE, done.error
        assert (done.counts["invalid"], done.counts["duplicate_in_file"]) == (5, 3)
        cases = session.scalars(select(Case).where(Case.campaign_id == campaign_id)).all()
        assert sum(case.state == CaseState.MERGED for case in cases) == 4
        assert {case.language for case in cases} == {"zh-CN", "en-US"}
        draft = campaign(session, campaigns.LIST)
        assert {blocker.code for blocker in checks(session, draft, NOW)} == {"not_tested"}
        report = preflight(session, draft, NOW, policy=POLICY)
        # Those who asked us to stop in the past campaign are left out of this one.
        assert done.counts["opted_out"] == len(past_campaign.OPTED_OUT)
        assert {case.number for case in cases}.isdisjoint(past_campaign.OPTED_OUT)
        assert report.will_call == len(cases) - 4
        everybody = people()
        answers = Counter(everybody.at(case.number).outcome for case in cases)
    assert set(answers) == set(Outcome) - {Outcome.ATTENDED}


def test_the_people_of_the_list_do_everything_that_people_do():
    rule = people().rules()["+861380000*"]
    assert isinstance(rule, Mixture)
    lines = (ROOT / "demo" / "lists" / "parcels.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert len(lines) == 200
    assert {part.name for part in rule.parts} >= {
        *("answers", "busy", "no-answer", "machine", "wrong-person", "stop-calling", "calls-back", "call-later"),
        *("hello-talker", "second-call", "hangs-up"),
    }
    assert people().at(TEST_NUMBER).outcome is Outcome.ANSWER


def test_what_people_listen_for_is_said_by_the_flows():
    sources = [(EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8") for name in OUTBOUND]
    # Sentences with values in them are made during a call; here they stand in the source.
    prompts = sources + [item.text for source in sources for item in prompts_of(parse(source.encode()))]
    rules = people().rules().values()
    parts = [part.person for rule in rules if isinstance(rule, Mixture) for part in rule.parts]
    heard = {reply.hears for person in parts for reply in person.replies if reply.hears}
    assert len(heard) >= 8
    for wanted in heard:
        assert any(find(wanted, text) is not None for text in prompts), wanted
