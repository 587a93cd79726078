"""A case ends once, with a reason, and what ended is never called again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from campaign_stage import ANNA, BO, NOW, add_case, happenings, make_campaign, reread

from callbacks.campaign import Campaign
from callbacks.case import Case, CaseState, CloseReason
from callbacks.cases import cancel, close, expire, postpone, refuse, wait_again
from callbacks.gate.loading import load_facts
from callbacks.gate.may_dial import may_dial
from callbacks.gate.policy import GatePolicy
from callbacks.settings import CallingHours
from storage.database import Database

POLICY = GatePolicy(zone="Asia/Shanghai")
HOUR = timedelta(hours=1)


def allowed(db: Database, case: Case, now: object = NOW) -> bool:
    """What the gate says of the case as it is stored now."""
    with db.read() as s:
        stored = s.get_one(Case, case.id)
        pairs = [(stored, s.get_one(Campaign, stored.campaign_id))]
        (facts,) = load_facts(s, pairs, now, policy=POLICY)
        return may_dial(facts, now).allowed


def test_a_case_is_closed_once_and_told_once(db: Database) -> None:
    with db.write() as s:
        case = add_case(s, make_campaign(s), reference="YT1")
        assert close(s, case, CloseReason.GOAL_MET, now=NOW, outcome="told")
        assert not close(s, case, CloseReason.EXPIRED, now=NOW + HOUR)
    stored = reread(db, case)
    assert (stored.state, stored.reason, stored.outcome, stored.closed_at) == ("closed", "goal_met", "told", NOW)
    (told,) = happenings(db, "case.closed")
    assert told.reference == "YT1"
    assert (told.payload["case_id"], told.payload["reason"]) == (case.id, "goal_met")


def test_what_rode_along_ends_with_the_call(db: Database) -> None:
    with db.write() as s:
        campaign = make_campaign(s)
        lead = add_case(s, campaign, reference="YT1")
        rider = add_case(s, campaign, reference="YT2")
        close(s, lead, CloseReason.GOAL_MET, now=NOW, outcome="told")
    stored = reread(db, rider)
    assert (stored.state, stored.reason, stored.merged_into_id) == ("closed", "goal_met", lead.id)
    assert [told.payload["case_id"] for told in happenings(db, "case.closed")] == [lead.id, rider.id]


def test_what_came_in_during_the_conversation_was_not_told_and_goes_on(db: Database) -> None:
    with db.write() as s:
        campaign = make_campaign(s)
        lead = add_case(s, campaign, reference="YT1")
        late = add_case(s, campaign, reference="YT2", now=NOW + HOUR)
        assert late.state == CaseState.MERGED
        close(s, lead, CloseReason.GOAL_MET, now=NOW + 2 * HOUR, began_at=NOW + HOUR / 2)
    assert reread(db, late).state == CaseState.OPEN


def test_when_the_lead_was_picked_up_the_others_are_still_called(db: Database) -> None:
    with db.write() as s:
        campaign = make_campaign(s)
        lead = add_case(s, campaign, reference="YT1")
        second, third = add_case(s, campaign, reference="YT2"), add_case(s, campaign, reference="YT3")
        lead.tries, lead.tries_by, lead.due_at = 1, {"busy": 1}, NOW + HOUR
        assert cancel(s, reference="YT1", now=NOW, by="api", kind="parcel.picked_up") == 1
    stored = reread(db, second)
    assert (stored.state, stored.tries, stored.due_at) == ("open", 1, NOW + HOUR)
    assert reread(db, third).merged_into_id == second.id
    assert reread(db, lead).note == "parcel.picked_up"


def test_a_cancelled_case_is_never_dialled(db: Database) -> None:
    """Newfies-Dialer calls contacts again that were made inactive meanwhile."""
    with db.write() as s:
        case = add_case(s, make_campaign(s), reference="YT1")
    assert allowed(db, case)
    with db.write() as s:
        assert cancel(s, reference="YT1", now=NOW, by="api") == 1
        assert cancel(s, reference="YT1", now=NOW, by="api") == 0
    assert not allowed(db, case)
    with db.write() as s:
        stored = s.get_one(Case, case.id)
        assert not wait_again(s, stored, NOW + HOUR, NOW)
        assert not postpone(s, stored, NOW + HOUR, NOW)
    assert reread(db, case).state == CaseState.CLOSED


def test_a_case_that_is_cancelled_while_it_rings_is_not_called_again(db: Database) -> None:
    with db.write() as s:
        case = add_case(s, make_campaign(s), reference="YT1")
        case.state = CaseState.CALLING
        s.flush()
        assert cancel(s, reference="YT1", now=NOW, by="api", kind="parcel.picked_up") == 1
    assert reread(db, case).state == CaseState.CALLING
    assert not allowed(db, case, NOW + timedelta(seconds=1)), "a dial that is claimed but not yet placed is refused"
    with db.write() as s:
        stored = s.get_one(Case, case.id)
        assert not postpone(s, stored, NOW + HOUR, NOW)
        assert not wait_again(s, stored, NOW + HOUR, NOW)
    stored = reread(db, case)
    assert (stored.state, stored.reason, stored.note) == ("closed", "cancelled", "parcel.picked_up")


def test_a_goal_that_is_met_in_the_ringing_call_is_stronger_than_the_cancellation(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        case = add_case(s, make_campaign(s), reference="YT1")
        case.state = CaseState.CALLING
        cancel(s, reference="YT1", now=NOW, by="api")
        close(s, case, CloseReason.GOAL_MET, now=NOW)
    assert reread(sqlite_db, case).reason == "goal_met"


def test_a_refusal_ends_all_cases_of_the_number_for_the_purpose(db: Database) -> None:
    with db.write() as s:
        first, second = make_campaign(s), make_campaign(s, name="Survey", purpose="survey")
        here = add_case(s, first, reference="YT1")
        waiting = add_case(s, first, reference="YT2")
        other = add_case(s, second, reference="S1")
        somebody = add_case(s, first, BO, reference="YT3")
        assert refuse(s, number=ANNA, purpose="delivery", now=NOW, reason=CloseReason.OPTED_OUT) == 2
    assert {reread(db, case).reason for case in (here, waiting)} == {"opted_out"}
    assert {reread(db, case).state for case in (other, somebody)} == {"open"}
    with db.write() as s:
        assert refuse(s, number=ANNA, purpose="all", now=NOW, reason=CloseReason.OPTED_OUT) == 1
    assert reread(db, other).reason == "opted_out"


def test_a_case_whose_time_is_over_expires_and_never_resumes(db: Database) -> None:
    """Spoke takes up contacts again whose campaign has ended."""
    with db.write() as s:
        campaign = make_campaign(s)
        campaign.hours = CallingHours(week={"mon": ((0, 1440),)}, skip_holidays=False)
        case = add_case(s, campaign, reference="YT1", not_after=NOW + HOUR)
        endless = add_case(s, campaign, BO, reference="YT2")
    with db.write() as s:
        assert expire(s, NOW + HOUR / 2) == 0
        assert expire(s, NOW + 2 * HOUR) == 1
        assert expire(s, NOW + 2 * HOUR) == 0
    assert reread(db, case).reason == "expired"
    assert reread(db, endless).state == CaseState.OPEN
    with db.write() as s:
        stored = s.get_one(Case, case.id)
        assert not wait_again(s, stored, NOW, NOW)
        assert not close(s, stored, CloseReason.GOAL_MET, now=NOW + 3 * HOUR)
    assert not allowed(db, case)


def test_a_rider_expires_alone_and_the_lead_goes_on(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        campaign = make_campaign(s)
        lead = add_case(s, campaign, reference="YT1")
        rider = add_case(s, campaign, reference="YT2", not_after=NOW + HOUR)
        assert rider.state == CaseState.MERGED
        expire(s, NOW + 2 * HOUR)
    assert reread(sqlite_db, rider).reason == "expired"
    assert reread(sqlite_db, lead).state == CaseState.OPEN


def test_a_case_waits_for_the_time_that_the_person_asked_for(db: Database) -> None:
    with db.write() as s:
        campaign = make_campaign(s, ends_at=NOW + timedelta(days=1))
        case = add_case(s, campaign, reference="YT1")
        case.state = CaseState.CALLING
        s.flush()
        assert not postpone(s, case, NOW + timedelta(days=2), NOW), "the campaign is over then"
        assert postpone(s, case, NOW + 5 * HOUR, NOW)
    stored = reread(db, case)
    assert (stored.state, stored.wish_at, stored.due_at) == ("open", NOW + 5 * HOUR, NOW + 5 * HOUR)


@pytest.mark.parametrize("reason", [CloseReason.WRONG_PERSON, CloseReason.INVALID_NUMBER])
def test_a_number_that_leads_to_nobody_is_flagged(sqlite_db: Database, reason: CloseReason) -> None:
    with sqlite_db.write() as s:
        case = add_case(s, make_campaign(s), reference="YT1")
        close(s, case, reason, now=NOW)
    assert reread(sqlite_db, case).flagged
