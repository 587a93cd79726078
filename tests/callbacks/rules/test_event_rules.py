"""What happens makes cases a while later, one for each event; and what happens next cancels them."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from campaign_stage import ANNA, NOW, add_case, make_campaign
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from callbacks.campaign import CampaignState
from callbacks.case import Case
from callbacks.cases import variables_of
from callbacks.event_rules import EventRule
from callbacks.happening_cursor import mark_read, unread
from callbacks.rules_running import run_rules
from storage.database import Database
from tickets import desk
from tickets.changes import change_status
from tickets.new_ticket import NewTicket
from tickets.people import person_for_number
from work.happenings import tell

HOUR = timedelta(hours=1)
LATER = NOW + timedelta(seconds=10)
"""Old enough for every reader."""


def add_rule(s: Session, **facts: Any) -> EventRule:
    campaign_id = facts.pop("campaign_id", None) or make_campaign(s, standing=True).id
    values = {"name": "rule", "event": "parcel.arrived", "created_at": NOW - HOUR, "campaign_id": campaign_id, **facts}
    rule = EventRule(**values)
    s.add(rule)
    s.flush()
    return rule


def arrived(s: Session, reference: str = "YT1", **more: Any) -> None:
    payload = {"phone": "13800000001", "name": "Anna", "pickup": {"code": "12-3"}, "station": "South gate", **more}
    tell(s, "parcel.arrived", payload, now=NOW, reference=reference)


def cases(db: Database) -> list[Case]:
    with db.read() as s:
        return list(s.scalars(select(Case).order_by(Case.id)))


def run(db: Database, now: Any = LATER) -> int:
    with db.write() as s:
        return run_rules(s, now)


def test_a_parcel_that_waits_two_days_leads_to_a_call(db: Database) -> None:
    with db.write() as s:
        variables = {"code": "pickup.code", "station": "“{{ station }}”", "lost": "nothing.here"}
        add_rule(s, delay_min=48 * 60, variables=variables)
        arrived(s)
    assert run(db) == 1
    (case,) = cases(db)
    assert (case.number, case.name, case.reference, case.source) == (ANNA, "Anna", "YT1", "rule")
    assert case.due_at == NOW + 48 * HOUR
    assert case.variables == {"code": "12-3", "station": "“South gate”"}


def test_one_event_makes_one_case(db: Database) -> None:
    """In Verboice one trigger could place two calls."""
    with db.write() as s:
        rule = add_rule(s)
        arrived(s)
    assert [run(db), run(db), run(db)] == [1, 0, 0]
    with db.write() as s:
        mark_read(s, "rules", 0)
    assert run(db) == 0, "read again it is the same event"
    with db.write() as s:
        arrived(s)
    assert run(db) == 1, "another event is another matter"
    assert {case.key for case in cases(db)} == {f"rule:{rule.id}:1", f"rule:{rule.id}:2"}


def test_what_happens_next_cancels_the_call(db: Database) -> None:
    with db.write() as s:
        add_rule(s, delay_min=48 * 60, cancelled_by=["parcel.picked_up"])
        arrived(s, "YT1")
        arrived(s, "YT2", phone="13800000002")
    run(db)
    with db.write() as s:
        tell(s, "parcel.picked_up", {}, now=NOW + HOUR, reference="YT1")
    assert run(db, NOW + 2 * HOUR) == 1
    assert [(case.reference, case.state, case.note) for case in cases(db)] == [
        ("YT1", "closed", "parcel.picked_up"),
        ("YT2", "open", ""),
    ]


def test_what_was_picked_up_before_anybody_looked_is_not_called(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        add_rule(s, cancelled_by=["parcel.picked_up"])
        arrived(s)
        tell(s, "parcel.picked_up", {}, now=NOW, reference="YT1")
    run(sqlite_db)
    assert [case.state for case in cases(sqlite_db)] == ["closed"]


@pytest.mark.parametrize(
    ("conditions", "made"),
    [
        ({}, 1),
        ({"station": "south gate"}, 1),
        ({"pickup.code": "12-3"}, 1),
        ({"station": ["North gate", "South gate"]}, 1),
        ({"weight_kg": 3}, 1),
        ({"weight_kg > 2": True}, 1),
        ({"station": "North gate"}, 0),
        ({"station": "South gate", "weight_kg": 4}, 0),
        ({"nothing": "x"}, 0),
        ({"1 +": "x"}, 0),
    ],
)
def test_a_rule_holds_only_for_what_fits(sqlite_db: Database, conditions: dict[str, Any], made: int) -> None:
    with sqlite_db.write() as s:
        add_rule(s, conditions=conditions)
        arrived(s, weight_kg=3)
    assert run(sqlite_db) == made


@pytest.mark.parametrize("payload", [{}, {"phone": "nobody"}, {"phone": None}])
def test_an_event_that_names_nobody_makes_no_case_and_holds_up_nothing(
    sqlite_db: Database, payload: dict[str, Any]
) -> None:
    with sqlite_db.write() as s:
        add_rule(s)
        tell(s, "parcel.arrived", payload, now=NOW, reference="YT0")
        arrived(s)
    assert run(sqlite_db) == 1


def test_a_rule_knows_nothing_of_what_happened_before_it_or_while_its_campaign_was_over(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        add_rule(s, created_at=NOW + HOUR)
        add_rule(s, active=False)
        over = make_campaign(s, name="Over")
        over.state = CampaignState.FINISHED
        add_rule(s, campaign_id=over.id)
        arrived(s)
    assert run(sqlite_db) == 0


def test_a_solved_ticket_leads_to_a_follow_up_and_a_reopened_one_to_none(db: Database) -> None:
    with db.write() as s:
        add_rule(
            s,
            event="ticket.solved",
            delay_min=120,
            cancelled_by=["ticket.reopened"],
            variables={"ticket": "number", "language": "language"},
        )
        anna = person_for_number(s, ANNA, now=NOW)
        assert anna is not None
        new = NewTicket(subject="Broken", caller_number=ANNA, person_id=anna.id, language="zh-CN", text="坏了")
        ticket = desk.open_or_append(s, new, NOW).ticket
        change_status(s, ticket, "solve", by="li", now=NOW)
    assert run(db) == 1
    (case,) = cases(db)
    assert (case.number, case.ticket_id, case.reference) == (ANNA, ticket.id, ticket.number)
    assert (case.due_at, case.language, case.person_id) == (NOW + 2 * HOUR, "zh-CN", anna.id)
    with db.write() as s:
        assert variables_of(s, s.get_one(Case, case.id))["ticket"] == ticket.number
        change_status(s, s.merge(ticket), "reopen", by="li", now=NOW + HOUR)
    run(db, NOW + HOUR + HOUR / 2)
    assert cases(db)[0].reason == "cancelled"


def test_a_date_in_a_list_minus_one_day_leads_to_a_reminder(db: Database) -> None:
    with db.write() as s:
        source, reminders = make_campaign(s, name="Booked"), make_campaign(s, name="Reminders", standing=True)
        add_rule(s, campaign_id=reminders.id, event="date", date_field="day", delay_min=-24 * 60)
        for n, day in enumerate(["2026-11-24", "2026-11-26", "2026-11-21", "2026-02-30", "soon", ""]):
            variables = {"parcel": f"YT{n}", "code": "7", "day": day}
            add_case(s, source, f"+861390000000{n}", reference=f"YT{n}", variables=variables)
    assert [run(db), run(db), run(db, NOW + HOUR)] == [1, 0, 0]
    (case,) = [case for case in cases(db) if case.campaign_id == reminders.id]
    assert (case.reference, case.variables["code"]) == ("YT0", "7")
    assert case.not_after == NOW.replace(hour=0) - 8 * HOUR + timedelta(days=1), "not after the day has begun"
    assert run(db, NOW + timedelta(days=2)) == 1, "the one of the 26th comes two days later"


def test_a_date_of_a_person_leads_to_a_call(db: Database) -> None:
    with db.write() as s:
        reminders = make_campaign(s, name="Reminders", standing=True)
        variables = {"code": "'none'"}
        add_rule(
            s, campaign_id=reminders.id, event="date", date_field="renewal", delay_min=-24 * 60, variables=variables
        )
        anna = person_for_number(s, ANNA, now=NOW)
        assert anna is not None
        anna.attributes, anna.name = {"renewal": "2026-11-24"}, "Anna"
    assert [run(db), run(db, NOW + HOUR)] == [1, 0]
    (case,) = cases(db)
    assert (case.number, case.person_id, case.name, case.variables) == (ANNA, anna.id, "Anna", {"code": "none"})


def read(db: Database, now: Any = LATER) -> list[str]:
    with db.write() as s:
        found = unread(s, "reader", now)
        if found:
            mark_read(s, "reader", found[-1].id)
        return [happening.reference for happening in found]


def read_soon(db: Database) -> list[str]:
    """What comes once the server's other transactions have ended: an automatic ANALYZE of any database is one."""
    waited = time.monotonic() + 20
    while not (found := read(db)) and time.monotonic() < waited:
        time.sleep(0.02)
    return found


def test_nothing_is_skipped_when_an_earlier_id_commits_later(postgres_db: Database) -> None:
    db = postgres_db
    with db._sessions() as first, db._sessions() as second:
        first.execute(text("SELECT pg_current_xact_id()"))
        tell(second, "x.y", {}, now=NOW, reference="one")
        tell(first, "x.y", {}, now=NOW, reference="two")
        tell(second, "x.y", {}, now=NOW, reference="three")
        first.commit()
        assert [read(db) for _ in range(5)] == [[]] * 5, "one may still come"
        second.commit()
    assert read_soon(db) == ["one", "two", "three"]
    assert [read(db), read(db)] == [[], []]


def test_what_was_rolled_back_holds_up_nothing_for_long(postgres_db: Database) -> None:
    db = postgres_db
    with db._sessions() as lost:
        tell(lost, "x.y", {}, now=NOW, reference="lost")
        lost.rollback()
    with db.write() as s:
        tell(s, "x.y", {}, now=NOW, reference="kept")
    assert [read(db), read(db)] == [[], []], "the lost one may still come"
    assert read_soon(db) == ["kept"]
    assert read(db) == []
    with db.write() as s:
        tell(s, "x.y", {}, now=NOW, reference="next")
    assert read(db) == ["next"]


@pytest.fixture
def postgres_db(postgres_db_url: Any) -> Any:
    database = Database(postgres_db_url.render_as_string(hide_password=False))
    yield database
    database.dispose()
