"""A case is made once per key, and several for one phone become one call."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from campaign_stage import ANNA, BO, NOW, add_case, make_campaign, publish_flow, reread
from sqlalchemy import select

from callbacks import cases
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseState
from callbacks.cases import NewCase, create_case, create_cases, variables_of, wait_again
from callbacks.errors import CampaignError, CaseError
from callbacks.new_case import variant_of
from storage.database import Database
from tickets.people import PersonNumber

ONE_MATTER = """
format: 1
name: one_matter
title: {en-US: One}
languages: [en-US]
start: hello
outbound: {purpose: delivery, organisation: {en-US: Courier}, goals: [told]}
variables:
  code: {description: Pickup code.}
nodes:
  hello: {type: opening, about: {en-US: a parcel}, exits: {next: bye, wrong_person: bye}}
  bye: {type: hang_up, outcome: told}
"""


def test_the_same_key_never_makes_a_second_case(db: Database) -> None:
    with db.write() as s:
        campaign = make_campaign(s)
        first = create_case(s, campaign, NewCase(number=ANNA, key="order 7"), NOW)
        again = create_case(s, campaign, NewCase(number=BO, key="order 7"), NOW)
    assert (first.made, again.made) == (True, False)
    assert again.case.id == first.case.id
    assert again.case.number == ANNA


def test_the_same_key_is_made_once_by_many_at_once(db: Database) -> None:
    with db.write() as s:
        campaign_id = make_campaign(s).id
    made: list[bool] = []
    gate = threading.Barrier(4)

    def ask() -> None:
        gate.wait()
        with db.write() as s:
            created = create_case(s, s.get_one(Campaign, campaign_id), NewCase(number=ANNA, key="x"), NOW)
        made.append(created.made)

    _all_at_once(ask, 4)
    assert sorted(made) == [False, False, False, True]


def test_several_open_cases_of_one_phone_and_purpose_become_one_call(db: Database) -> None:
    with db.write() as s:
        campaign = make_campaign(s)
        lead = add_case(s, campaign, reference="YT1")
        second = create_case(s, campaign, NewCase(number=ANNA, reference="YT2", variables={"code": "9"}), NOW)
        other = create_case(s, campaign, NewCase(number=BO, reference="YT3"), NOW)
        values = variables_of(s, lead)
    assert second.merged_into is not None
    assert second.merged_into.id == lead.id
    assert second.case.state == CaseState.MERGED
    assert other.merged_into is None
    assert values["count"] == 2
    assert values["parcel"] == "YT1"
    assert values["others"] == [{"parcel": "YT2", "code": "9", "reference": "YT2", "number": ANNA}]


def test_cases_of_one_phone_that_are_made_at_once_still_merge(db: Database) -> None:
    with db.write() as s:
        campaign_id = make_campaign(s).id
    gate = threading.Barrier(6)
    names = iter(range(6))

    def ask() -> None:
        n = next(names)
        gate.wait()
        with db.write() as s:
            create_case(s, s.get_one(Campaign, campaign_id), NewCase(number=ANNA, reference=f"YT{n}"), NOW)

    _all_at_once(ask, 6)
    with db.read() as s:
        states = sorted(s.scalars(select(Case.state)))
    assert states == ["merged"] * 5 + ["open"]


@pytest.mark.parametrize(
    "facts",
    [
        {"not_before": NOW + timedelta(hours=1)},
        {"due_at": NOW + timedelta(hours=5)},
        {"purpose": "survey"},
        {"language": "zh-CN"},
    ],
    ids=["another hour", "hours later", "another purpose", "another language"],
)
def test_what_cannot_be_told_in_the_same_call_is_told_in_its_own(sqlite_db: Database, facts: dict[str, object]) -> None:
    with sqlite_db.write() as s:
        campaign = make_campaign(s)
        add_case(s, campaign, reference="YT1", language="en-US")
        second = add_case(s, campaign, reference="YT2", **facts)
    assert second.state == CaseState.OPEN


def test_nothing_rides_along_with_a_flow_that_speaks_of_one_matter_only(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        publish_flow(s, ONE_MATTER)
        campaign = make_campaign(s, flow_name="one_matter")
        add_case(s, campaign, reference="YT1")
        second = add_case(s, campaign, reference="YT2")
    assert second.state == CaseState.OPEN


def test_a_case_whose_phone_is_ringing_takes_nobody_along_but_later_it_does(db: Database) -> None:
    with db.write() as s:
        campaign = make_campaign(s)
        ringing = add_case(s, campaign, reference="YT1")
        ringing.state = CaseState.CALLING
        second = add_case(s, campaign, reference="YT2")
        assert second.state == CaseState.OPEN
        ringing.tries = 1
        assert wait_again(s, ringing, NOW + timedelta(hours=2), NOW)
    assert reread(db, second).merged_into_id == ringing.id
    assert reread(db, ringing).state == CaseState.OPEN


def test_campaigns_that_say_the_same_share_a_call_only_while_both_run(db: Database) -> None:
    with db.write() as s:
        first, second = make_campaign(s), make_campaign(s, name="Again")
        lead = add_case(s, first, reference="YT1")
        rider = add_case(s, second, reference="YT2")
        second.state = CampaignState.PAUSED
        alone = add_case(s, second, BO, reference="YT3")
        add_case(s, first, BO, reference="YT4")
    assert rider.merged_into_id == lead.id
    assert reread(db, alone).state == CaseState.OPEN


def test_many_cases_are_made_at_once_like_single_ones(db: Database) -> None:
    with db.write() as s:
        campaign = make_campaign(s)
        add_case(s, campaign, key="known", reference="YT0")
        news = [NewCase(number=f"+86139{n // 2:08d}", key=f"k{n}", reference=f"R{n}", name="Li") for n in range(10)]
        made = create_cases(s, campaign, [*news, news[0], NewCase(number=BO, key="known")], NOW)
        people = s.scalars(select(PersonNumber.number)).all()
    assert (made.made, made.known, made.merged) == (10, 2, 5)
    assert len(people) == 6


def test_a_finished_campaign_takes_no_case(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        campaign = make_campaign(s)
        campaign.state = CampaignState.STOPPED
        with pytest.raises(CampaignError, match="takes no more cases"):
            create_case(s, campaign, NewCase(number=ANNA), NOW)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"number": "13800000001"}, "country code"),
        ({"not_before": NOW, "not_after": NOW - timedelta(hours=1)}, "before its earliest"),
        ({"priority": 101}, "from 0"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(sqlite_db: Database, facts: dict[str, object], sentence: str) -> None:
    with sqlite_db.write() as s:
        campaign = make_campaign(s)
        with pytest.raises(CaseError, match=sentence):
            create_case(s, campaign, NewCase(**{"number": ANNA, **facts}), NOW)


def test_a_number_always_hears_the_same_flow_of_a_test_and_about_the_share_hears_the_second(
    sqlite_db: Database,
) -> None:
    with sqlite_db.write() as s:
        campaign = make_campaign(s, flow_b_name="delivery", share_b=0.3)
        numbers = [f"+86138{n:08d}" for n in range(4000)]
        first = [variant_of(campaign, number) for number in numbers]
    assert first == [variant_of(campaign, number) for number in numbers]
    assert 0.26 < first.count("b") / len(first) < 0.34


def test_a_case_says_its_reference_as_the_parcel_that_the_flow_asks_for(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        campaign = make_campaign(s, defaults={"code": "at the desk"})
        by_reference = create_case(s, campaign, NewCase(number=ANNA, reference="YT1", name="Li"), NOW).case
        by_variable = create_case(s, campaign, NewCase(number=BO, variables={"parcel": "YT2", "code": "7"}), NOW).case
        first, second = variables_of(s, by_reference), variables_of(s, by_variable)
    assert (first["parcel"], first["code"], first["name"]) == ("YT1", "at the desk", "Li")
    assert (by_variable.reference, second["code"]) == ("YT2", "7")
    assert "count" not in first


def test_a_test_call_borrows_the_words_of_the_first_case_and_rides_with_nobody(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        campaign = make_campaign(s, running=False)
        add_case(s, campaign, reference="YT1")
        trial = cases.test_case(s, campaign, "138 0000 0001", "a", "", "ops", NOW)
        with pytest.raises(CaseError, match="no such flow"):
            cases.test_case(s, campaign, ANNA, "b", "", "ops", NOW)
        values = variables_of(s, trial)
    assert (trial.number, trial.kind, trial.state, trial.priority) == (ANNA, "test", "open", 0)
    assert values["code"] == "1234"


def _all_at_once(ask: Callable[[], None], times: int) -> None:
    threads = [threading.Thread(target=ask) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
