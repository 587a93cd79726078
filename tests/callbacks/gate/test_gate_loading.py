"""Facts from the database: what holds for a number, over all campaigns, at once, in a flat number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from gate_facts import BEIJING_MOBILE, LONDON, NEW_YORK, NOON, at
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from callbacks.attempt import Attempt, AttemptState
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseKind, CaseState, CloseReason
from callbacks.consents import Consent, ConsentKind
from callbacks.gate.caps import Cap
from callbacks.gate.decision import Decision
from callbacks.gate.loading import CASE_COLUMNS, load_facts
from callbacks.gate.may_dial import may_dial
from callbacks.gate.policy import GatePolicy, decide
from callbacks.gate.retries import next_try
from callbacks.opt_outs import OptOut
from callbacks.purposes import Purpose
from callbacks.settings import CallingHours, Result, RetryMatrix
from storage.database import Database
from tickets.people import Person, PersonNumber

HOUR = timedelta(hours=1)
POLICY = GatePolicy(caps=(Cap(calls=2, minutes=1440),))


def campaign(session: Session, **values: Any) -> Campaign:
    made = Campaign(**{"name": "Parcels", "state": CampaignState.RUNNING, "created_at": NOON} | values)
    made.hours = CallingHours()
    session.add(made)
    session.flush()
    return made


def case(session: Session, of: Campaign, number: str = BEIJING_MOBILE, **values: Any) -> Case:
    count = len(session.scalars(select(Case.id)).all())
    values = {"purpose": Purpose.DELIVERY, "state": CaseState.OPEN} | values
    made = Case(key=f"case-{count}", campaign_id=of.id, number=number, due_at=NOON, created_at=NOON, **values)
    session.add(made)
    session.flush()
    return made


def attempt(session: Session, of: Case, state: AttemptState, **values: Any) -> Attempt:
    count = len(session.scalars(select(Attempt.id).where(Attempt.case_id == of.id)).all())
    made = Attempt(
        case_id=of.id,
        campaign_id=of.campaign_id,
        n=count + 1,
        purpose=of.purpose,
        number=of.number,
        reference=of.reference,
        state=state,
        claimed_at=NOON,
        slot_at=NOON,
        **values,
    )
    session.add(made)
    session.flush()
    return made


def ask(session: Session, of: Case, now: datetime = NOON, policy: GatePolicy = POLICY) -> Decision:
    return decide(session, of, session.get_one(Campaign, of.campaign_id), now, policy=policy)


@contextmanager
def counted_queries(db: Database) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_new_opt_out_holds_for_the_next_try_at_once(db: Database) -> None:
    with db.write() as session:
        first = case(session, campaign(session))
        other = case(session, campaign(session, purpose=Purpose.SURVEY), purpose=Purpose.SURVEY)
        assert ask(session, first).allowed
        session.add(OptOut(number=BEIJING_MOBILE, purpose="delivery", created_at=NOON))
        # Not even written yet: the try of the same transaction is denied, in every campaign of the purpose.
        assert ask(session, first).final == CloseReason.OPTED_OUT
        assert ask(session, case(session, campaign(session))).final == CloseReason.OPTED_OUT
        assert ask(session, other).allowed
        session.add(OptOut(number=BEIJING_MOBILE, purpose="all", created_at=NOON))
        assert ask(session, other).final == CloseReason.OPTED_OUT
    with db.write() as session:
        for row in session.scalars(select(OptOut)):
            row.revoked_at = NOON
        assert ask(session, session.get_one(Case, first.id)).allowed


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("pause", "campaign_running"),
        ("end", "campaign_running"),
        ("opt_out", "not_opted_out"),
        ("night", "calling_hours"),
        ("cancel", "case_open"),
    ],
)
def test_a_retry_passes_the_gate_like_a_first_try(db: Database, change: str, rule: str) -> None:
    with db.write() as session:
        ours = campaign(session)
        matter = case(session, ours, state=CaseState.CALLING)
        assert ask(session, matter).allowed
        tried = attempt(session, matter, AttemptState.ENDED, dialled_at=NOON, rang_at=NOON, ended_at=NOON)
        matter.state, matter.tries, matter.tries_by = CaseState.OPEN, 1, {"busy": 1}
        assert tried.ended_at is not None
        retry_at = next_try(RetryMatrix(), Result.BUSY, matter.tries_by, 1, tried.ended_at, ("Asia/Shanghai",))
        assert retry_at is not None
        assert ask(session, matter, retry_at).allowed
        if change == "pause":
            ours.state = CampaignState.PAUSED
        elif change == "end":
            ours.ends_at = retry_at
        elif change == "opt_out":
            session.add(OptOut(number=BEIJING_MOBILE, purpose="all", created_at=NOON))
        elif change == "night":
            retry_at = at("2026-11-18T23:00+08:00")
        else:
            matter.state, matter.reason = CaseState.CLOSED, "cancelled"
        decision = ask(session, matter, retry_at)
        assert (decision.allowed, decision.rule) == (False, rule)


def test_an_attempt_counts_when_it_rang_not_when_it_was_made(db: Database) -> None:
    with db.write() as session:
        ours = campaign(session)
        matter = case(session, ours)
        earlier = NOON - HOUR
        attempt(session, matter, AttemptState.RELEASED)
        attempt(session, matter, AttemptState.ENDED, dialled_at=earlier, ended_at=earlier, carrier_outcome="failed")
        attempt(session, matter, AttemptState.ENDED, dialled_at=earlier, carrier_outcome="provider_error")
        attempt(session, matter, AttemptState.ENDED, dialled_at=earlier, rang_at=earlier, carrier_outcome="no_answer")
        assert ask(session, matter).inputs["calls_counted"] == 1
        attempt(session, case(session, campaign(session)), AttemptState.ENDED, dialled_at=earlier, rang_at=earlier)
        full = ask(session, matter)
        assert (full.rule, full.next_at) == ("cap_24h", earlier + 24 * HOUR)


@pytest.mark.parametrize("state", [AttemptState.DIALING, AttemptState.UNKNOWN, AttemptState.PLACED])
def test_a_dial_that_is_not_settled_counts_and_keeps_the_callee_busy(db: Database, state: AttemptState) -> None:
    with db.write() as session:
        ours = campaign(session)
        elsewhere = case(session, ours)
        attempt(session, elsewhere, state, dialled_at=NOON - HOUR)
        matter = case(session, ours)
        (facts,) = load_facts(session, [(matter, ours)], NOON, policy=POLICY)
        assert len(facts.record.calls) == 1
        assert ask(session, matter).rule == "callee_busy"
        # An own dial of which nobody knows whether it rang is no reason to dial again either.
        elsewhere.state = CaseState.CALLING
        assert ask(session, elsewhere).rule == "callee_busy"


def test_the_own_claim_does_not_make_the_callee_busy_but_anothers_does(db: Database) -> None:
    with db.write() as session:
        ours = campaign(session)
        matter, other = case(session, ours, state=CaseState.CALLING), case(session, ours)
        attempt(session, matter, AttemptState.CLAIMED)
        assert ask(session, matter).allowed
        assert ask(session, other).rule == "callee_busy"


def test_old_calls_are_forgotten_but_one_call_per_parcel_is_not(db: Database) -> None:
    now = at("2026-11-18T15:00")
    with db.write() as session:
        ours = campaign(session)
        matter = case(session, ours, NEW_YORK, reference="1Z999")
        long_ago = now - timedelta(days=40)
        attempt(session, matter, AttemptState.ENDED, dialled_at=long_ago, rang_at=long_ago)
        decision = ask(session, matter, now)
        assert (decision.rule, decision.final) == ("one_per_reference", CloseReason.NOT_ALLOWED)
        assert ask(session, case(session, ours, NEW_YORK, reference="1Z888"), now).allowed


def test_consents_are_read_with_their_purpose_and_their_end(db: Database) -> None:
    selling = {"purpose": Purpose.MARKETING}
    with db.write() as session:
        matter = case(session, campaign(session), **selling)
        session.add(Consent(number=BEIJING_MOBILE, purpose="survey", kind=ConsentKind.WRITTEN, given_at=NOON - HOUR))
        assert ask(session, matter).rule == "consent"
        lapsing = Consent(
            number=BEIJING_MOBILE, purpose="all", kind=ConsentKind.EXPRESS, given_at=NOON - HOUR, until=NOON + HOUR
        )
        session.add(lapsing)
        assert ask(session, matter).allowed
        assert ask(session, matter, NOON + HOUR).rule == "consent"
        lapsing.until = None
        lapsing.revoked_at = NOON
        assert ask(session, matter).rule == "consent"


def test_a_persons_zone_goes_before_the_numbers_and_the_cases_own_before_both(db: Database) -> None:
    with db.write() as session:
        ours = campaign(session)
        person = Person(name="Li", time_zone="America/New_York", created_at=NOON)
        person.numbers = [PersonNumber(number=LONDON)]
        session.add(person)
        session.flush()
        by_number = case(session, ours, LONDON)
        by_person = case(session, ours, BEIJING_MOBILE, person_id=person.id)
        by_column = case(session, ours, LONDON, zone="Asia/Tokyo")
        wrong_column = case(session, ours, LONDON, zone="Mars/Olympus")
        pairs = [(found, ours) for found in (by_number, by_person, by_column, wrong_column)]
        zones = [facts.zones for facts in load_facts(session, pairs, NOON, policy=POLICY)]
        assert zones == [("America/New_York",), ("America/New_York",), ("Asia/Tokyo",), ("Europe/London",)]


def test_a_thousand_cases_ask_as_often_as_one(db: Database) -> None:
    with db.write() as session:
        ours = campaign(session)
        session.add_all(
            Case(
                key=f"n{n}",
                campaign_id=ours.id,
                purpose=Purpose.DELIVERY,
                number=f"+8613812{n:06d}",
                due_at=NOON,
                created_at=NOON,
            )
            for n in range(1000)
        )
        session.flush()
        cases = session.scalars(select(Case).order_by(Case.id)).all()
        with counted_queries(db) as asked:
            load_facts(session, [(cases[0], ours)], NOON, policy=POLICY)
            few = len(asked)
            facts = load_facts(session, [(found, ours) for found in cases], NOON, policy=POLICY)
            assert len(asked) - few == few <= 5
        assert all(may_dial(known, NOON).allowed for known in facts)


def test_a_row_of_columns_stands_for_a_case(db: Database) -> None:
    with db.write() as session:
        ours = campaign(session, state=CampaignState.DRAFT)
        matter = case(session, ours, zone="Asia/Tokyo", reference="SF1", not_after=NOON + HOUR)
        row = session.execute(select(*CASE_COLUMNS, Case.name).where(Case.id == matter.id)).one()
        from_row, from_case = load_facts(session, [(row, ours), (matter, ours)], NOON, policy=POLICY, launched=True)
        assert from_row == from_case
        assert may_dial(from_row, NOON).allowed


def test_a_test_call_of_a_draft_is_decided_from_the_database(db: Database) -> None:
    with db.write() as session:
        ours = campaign(session)
        ours.state = CampaignState.DRAFT
        assert ask(session, case(session, ours, kind=CaseKind.TEST, purpose=Purpose.MARKETING)).allowed
        assert ask(session, case(session, ours)).rule == "campaign_running"


def test_no_cases_need_no_queries(sqlite_db: Database) -> None:
    with sqlite_db.read() as session, counted_queries(sqlite_db) as asked:
        assert load_facts(session, [], NOON, policy=POLICY) == []
        assert asked == []
