"""The gate's rules, one after the other, on facts made by hand."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from gate_facts import BEIJING_MOBILE, LONDON, MIAMI, MOSCOW_MOBILE, NEW_YORK, NO_CAPS, NOON, at, call, facts

from callbacks.campaign import CampaignState
from callbacks.case import CaseKind, CaseState, CloseReason
from callbacks.consents import ConsentKind
from callbacks.gate.caps import Cap
from callbacks.gate.decision import Decision
from callbacks.gate.facts import Permission, Record
from callbacks.gate.may_dial import may_dial
from callbacks.gate.organization import GatePolicy
from callbacks.purposes import Purpose
from callbacks.settings import CallingHours

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LANDLINES = GatePolicy(caps=(), unknown_line="fixed_line")


def consented(kind: ConsentKind, *, until: datetime | None = None, given: datetime = NOON - DAY) -> Record:
    return Record(permissions=(Permission(kind=kind, given_at=given, until=until),))


def rung(*ago: timedelta, **about: str) -> Record:
    return Record(calls=tuple(call(NOON - a, **about) for a in ago))


def sound(decision: Decision) -> Decision:
    """What holds of every decision."""
    json.dumps(decision.to_json())
    assert decision.law
    assert decision.law_version
    if decision.allowed:
        assert decision.rule == "allowed"
        assert decision.next_at is None
        assert decision.final is None
    else:
        assert (decision.next_at is None) != (decision.final is None)
        assert decision.next_at is None or decision.next_at > decision.at
    return decision


def test_a_parcel_call_at_noon_is_allowed_and_says_what_it_looked_at() -> None:
    decision = sound(may_dial(facts(), NOON))
    assert decision.allowed
    assert decision.law == "cn"
    assert decision.inputs["local"] == "2026-11-18 12:00"


@pytest.mark.parametrize("state", [CampaignState.DRAFT, CampaignState.READY, CampaignState.PAUSED])
def test_a_campaign_that_does_not_run_dials_nobody(state: CampaignState) -> None:
    decision = sound(may_dial(facts(campaign=state), NOON))
    assert decision.rule == "campaign_running"
    assert decision.final is None


@pytest.mark.parametrize("state", [CampaignState.FINISHED, CampaignState.STOPPED])
def test_a_campaign_that_is_over_closes_its_cases(state: CampaignState) -> None:
    assert sound(may_dial(facts(campaign=state), NOON)).final == CloseReason.CAMPAIGN_STOPPED


def test_a_draining_campaign_ends_what_it_began_and_begins_nothing() -> None:
    assert sound(may_dial(facts(campaign=CampaignState.DRAINING), NOON)).rule == "campaign_running"
    assert may_dial(facts(campaign=CampaignState.DRAINING, tries=1), NOON).allowed


def test_no_attempt_is_made_beyond_the_end_of_the_campaign() -> None:
    over = sound(may_dial(facts(ends_at=NOON), NOON))
    assert over.final == CloseReason.EXPIRED
    # The night before the end: no allowed hour is left, so nothing waits for one.
    night = at("2026-11-18T22:00+08:00")
    assert sound(may_dial(facts(ends_at=at("2026-11-19T08:00+08:00")), night)).final == CloseReason.EXPIRED
    assert sound(may_dial(facts(ends_at=at("2026-11-19T09:01+08:00")), night)).next_at == at("2026-11-19T09:00+08:00")


def test_a_campaign_that_begins_later_names_its_first_allowed_moment() -> None:
    decision = sound(may_dial(facts(starts_at=at("2026-11-19T06:00+08:00")), NOON))
    assert decision.rule == "campaign_running"
    assert decision.next_at == at("2026-11-19T09:00+08:00")


def test_a_standing_campaign_has_no_end() -> None:
    assert may_dial(facts(), NOON + 2000 * DAY + timedelta(days=3)).final is None


def test_a_test_call_is_allowed_before_the_launch_without_consent_and_outside_the_campaigns_hours() -> None:
    marketing = {"purpose": Purpose.MARKETING, "kind": CaseKind.TEST}
    for state in (CampaignState.DRAFT, CampaignState.READY, CampaignState.PAUSED, CampaignState.RUNNING):
        assert may_dial(facts(campaign=state, **marketing), at("2026-11-18T20:30+08:00")).allowed
    late = sound(may_dial(facts(campaign=CampaignState.DRAFT, **marketing), at("2026-11-18T21:30+08:00")))
    assert late.next_at == at("2026-11-19T08:00+08:00")
    stopped = sound(may_dial(facts(campaign=CampaignState.STOPPED, **marketing), NOON))
    assert stopped.final == CloseReason.CAMPAIGN_STOPPED
    refused = facts(campaign=CampaignState.DRAFT, record=Record(opt_outs=("all",)), **marketing)
    assert may_dial(refused, NOON).final == CloseReason.OPTED_OUT


def test_a_closed_case_stays_closed_for_its_own_reason() -> None:
    decision = sound(may_dial(facts(state=CaseState.CLOSED, reason="goal_met"), NOON))
    assert decision.final == CloseReason.GOAL_MET
    assert sound(may_dial(facts(state=CaseState.MERGED), NOON)).rule == "case_open"
    assert may_dial(facts(state=CaseState.CALLING), NOON).allowed


@pytest.mark.parametrize(
    ("number", "problem"),
    [("+19005550123", "premium_rate"), ("+861380013", "impossible"), ("13812345678", "impossible"), ("", "impossible")],
)
def test_a_number_that_may_not_be_dialled_closes_its_case(number: str, problem: str) -> None:
    decision = sound(may_dial(facts(number, zone="Asia/Shanghai"), NOON))
    assert decision.final == CloseReason.INVALID_NUMBER
    assert decision.inputs["problem"] == problem


def test_an_opt_out_is_final() -> None:
    decision = sound(may_dial(facts(record=Record(opt_outs=("delivery",))), NOON))
    assert (decision.rule, decision.final) == ("not_opted_out", CloseReason.OPTED_OUT)


@pytest.mark.parametrize(
    ("number", "purpose", "kind", "allowed"),
    [
        (NEW_YORK, Purpose.MARKETING, None, False),
        (NEW_YORK, Purpose.MARKETING, ConsentKind.EXPRESS, False),
        (NEW_YORK, Purpose.MARKETING, ConsentKind.WRITTEN, True),
        (NEW_YORK, Purpose.INFORMATION, None, False),
        (NEW_YORK, Purpose.INFORMATION, ConsentKind.IMPLIED, False),
        (NEW_YORK, Purpose.INFORMATION, ConsentKind.EXPRESS, True),
        (NEW_YORK, Purpose.DELIVERY, None, True),
        (LONDON, Purpose.MARKETING, None, False),
        (LONDON, Purpose.MARKETING, ConsentKind.EXPRESS, True),
        (LONDON, Purpose.FOLLOW_UP, None, True),
        (BEIJING_MOBILE, Purpose.MARKETING, None, False),
        (BEIJING_MOBILE, Purpose.MARKETING, ConsentKind.WRITTEN, True),
        (BEIJING_MOBILE, Purpose.DELIVERY, None, True),
        ("+49301234567", Purpose.MARKETING, ConsentKind.IMPLIED, False),
        ("+49301234567", Purpose.MARKETING, ConsentKind.EXPRESS, True),
        ("+5511987654321", Purpose.MARKETING, ConsentKind.EXPRESS, False),
    ],
)
def test_each_law_asks_for_its_kind_of_consent(
    number: str, purpose: Purpose, kind: ConsentKind | None, allowed: bool
) -> None:
    now = at("2026-11-18T15:00")
    now = at("2026-11-18T06:00") if number == BEIJING_MOBILE else now
    decision = sound(may_dial(facts(number, purpose=purpose, record=consented(kind) if kind else None), now))
    assert decision.allowed is allowed
    assert allowed or (decision.rule, decision.final) == ("consent", CloseReason.NOT_ALLOWED)


def test_a_consent_lapses_on_its_day() -> None:
    marketing = {"purpose": Purpose.MARKETING}
    assert may_dial(facts(record=consented(ConsentKind.EXPRESS, until=NOON + HOUR), **marketing), NOON).allowed
    lapsed = sound(may_dial(facts(record=consented(ConsentKind.EXPRESS, until=NOON), **marketing), NOON))
    assert lapsed.final == CloseReason.NOT_ALLOWED
    coming = facts(record=consented(ConsentKind.EXPRESS, given=NOON + HOUR), **marketing)
    assert may_dial(coming, NOON).rule == "consent"


def test_information_to_a_landline_without_consent_rings_three_times_in_thirty_days() -> None:
    now = at("2026-11-18T15:00")
    about = {"purpose": Purpose.INFORMATION, "policy": LANDLINES}
    calls = tuple(call(now - n * 9 * DAY) for n in (1, 2, 3))
    assert may_dial(facts(NEW_YORK, record=Record(calls=calls[:2]), **about), now).allowed
    denied = sound(may_dial(facts(NEW_YORK, record=Record(calls=calls), **about), now))
    assert denied.rule == "cap_30d"
    # 27 days ago plus 30, then the first window of that day in New York.
    assert denied.next_at == now - 27 * DAY + 30 * DAY
    known = Record(calls=calls, permissions=consented(ConsentKind.EXPRESS, given=now - DAY).permissions)
    assert may_dial(facts(NEW_YORK, record=known, **about), now).allowed


def test_one_call_per_parcel_without_consent() -> None:
    now = at("2026-11-18T15:00")
    before = Record(calls=(call(now - 3 * HOUR, reference="SF1"),))
    again = sound(may_dial(facts(NEW_YORK, reference="SF1", record=before), now))
    assert (again.rule, again.final) == ("one_per_reference", CloseReason.NOT_ALLOWED)
    assert may_dial(facts(NEW_YORK, reference="SF2", record=before), now).allowed
    agreed = Record(calls=before.calls, permissions=consented(ConsentKind.EXPRESS).permissions)
    assert may_dial(facts(NEW_YORK, reference="SF1", record=agreed), now).allowed
    nameless = Record(calls=(call(now - 3 * HOUR, case_id=1),))
    assert may_dial(facts(NEW_YORK, record=nameless), now).rule == "one_per_reference"


def test_a_case_waits_for_its_time_and_for_the_time_its_callee_asked_for() -> None:
    later = sound(may_dial(facts(not_before=NOON + HOUR), NOON))
    assert (later.rule, later.next_at) == ("case_window", NOON + HOUR)
    wish = sound(may_dial(facts(not_before=NOON + HOUR, wish_at=NOON + 2 * HOUR), NOON))
    assert wish.next_at == NOON + 2 * HOUR
    at_night = sound(may_dial(facts(wish_at=at("2026-11-18T22:00+08:00")), NOON))
    assert at_night.next_at == at("2026-11-19T09:00+08:00")
    assert sound(may_dial(facts(not_after=NOON), NOON)).final == CloseReason.EXPIRED
    hopeless = facts(wish_at=at("2026-11-18T22:00+08:00"), not_after=at("2026-11-19T09:00+08:00"))
    assert sound(may_dial(hopeless, NOON)).final == CloseReason.EXPIRED


def test_the_window_is_in_the_callees_zone_not_the_servers() -> None:
    # 12:00 in Beijing is 04:00 in London and 23:00 in New York.
    for number, opens in ((LONDON, "2026-11-18T09:00+00:00"), (NEW_YORK, "2026-11-18T09:00-05:00")):
        decision = sound(may_dial(facts(number), NOON))
        assert decision.rule == "calling_hours"
        assert decision.next_at == at(opens)


def test_a_number_of_many_zones_is_called_only_when_all_of_them_allow() -> None:
    # A Russian mobile may be in sixteen zones; they share one hour.
    denied = sound(may_dial(facts(MOSCOW_MOBILE), at("2026-11-18T09:00+03:00")))
    assert denied.rule == "calling_hours"
    assert denied.next_at == at("2026-11-18T07:00+00:00")
    assert may_dial(facts(MOSCOW_MOBILE), at("2026-11-18T07:30+00:00")).allowed
    assert may_dial(facts(MOSCOW_MOBILE, zone="Europe/Moscow"), at("2026-11-18T09:00+03:00")).allowed


def test_the_law_of_china_means_beijings_clock_wherever_the_callee_is() -> None:
    # Urumqi is two hours behind: 20:00 there is 22:00 in Beijing.
    assert may_dial(facts(zone="Asia/Urumqi"), at("2026-11-18T18:30+06:00")).allowed
    assert not may_dial(facts(zone="Asia/Urumqi"), at("2026-11-18T19:30+06:00")).allowed


def test_florida_closes_an_hour_earlier_than_the_country() -> None:
    long_day = CallingHours(week=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ((0, 1440),)))
    evening = at("2026-11-18T20:30-05:00")
    assert may_dial(facts(NEW_YORK, hours=long_day), evening).allowed
    assert may_dial(facts(MIAMI, hours=long_day), evening).law == "us-fl"
    assert not may_dial(facts(MIAMI, hours=long_day), evening).allowed


def test_florida_allows_three_commercial_calls_in_any_24_hours() -> None:
    now = at("2026-11-18T15:00-05:00")
    written = consented(ConsentKind.WRITTEN).permissions
    sold = tuple(call(now - timedelta(hours=h), purpose="marketing") for h in (23, 5, 1))
    told = tuple(call(now - timedelta(hours=h), purpose="delivery") for h in (23, 5, 1))
    selling = {"purpose": Purpose.MARKETING}
    assert may_dial(facts(MIAMI, record=Record(calls=told, permissions=written), **selling), now).allowed
    denied = sound(may_dial(facts(MIAMI, record=Record(calls=sold, permissions=written), **selling), now))
    assert denied.rule == "cap_24h"
    assert denied.next_at == now + HOUR


def test_china_allows_three_calls_in_five_minutes_and_five_in_24_hours() -> None:
    minute = timedelta(minutes=1)
    quick = sound(may_dial(facts(record=rung(minute, 2 * minute, 4 * minute)), NOON))
    assert (quick.rule, quick.next_at) == ("cap_5min", NOON + minute)
    assert may_dial(facts(record=rung(minute, 2 * minute, 5 * minute)), NOON).allowed
    day = sound(may_dial(facts(record=rung(*(n * HOUR for n in (20, 4, 3, 2, 1)))), NOON))
    assert (day.rule, day.next_at) == ("cap_24h", NOON + 4 * HOUR)


def test_the_organisations_caps_hold_over_24_hours_7_and_30_days() -> None:
    day = 24 * 60
    for spans, rule in (((1,), "cap_24h"), ((30, 40), "cap_7d"), ((30, 200, 300), "cap_30d")):
        caps = (Cap(calls=1, minutes=day), Cap(calls=2, minutes=7 * day), Cap(calls=3, minutes=30 * day))
        policy = GatePolicy(caps=caps)
        assert sound(may_dial(facts(policy=policy, record=rung(*(n * HOUR for n in spans))), NOON)).rule == rule


def test_a_cap_that_frees_at_night_waits_for_the_morning() -> None:
    policy = GatePolicy(caps=(Cap(calls=1, minutes=10 * 60),))
    decision = sound(may_dial(facts(policy=policy, record=rung(timedelta(0))), NOON))
    assert decision.next_at == at("2026-11-19T09:00+08:00")


def test_public_holidays_and_closed_days_are_left_out() -> None:
    eve = sound(may_dial(facts(), at("2026-10-01T10:00+08:00")))
    assert eve.rule == "holiday"
    assert eve.inputs["date"] == "2026-10-01"
    assert may_dial(facts(hours=CallingHours(skip_holidays=False)), at("2026-10-01T10:00+08:00")).allowed
    closed = facts(hours=CallingHours(closed_dates=(date(2026, 11, 18),)))
    assert sound(may_dial(closed, NOON)).next_at == at("2026-11-19T09:00+08:00")
    ours = facts(policy=GatePolicy(caps=(), closed_dates=frozenset({date(2026, 11, 18)})))
    assert sound(may_dial(ours, NOON)).rule == "holiday"


def test_a_number_whose_zone_nobody_knows_is_not_called() -> None:
    satellite = "+881612345678"
    assert sound(may_dial(facts(satellite), NOON)).rule == "zone_known"
    assert may_dial(facts(satellite, campaign_zone="Asia/Shanghai"), NOON).rule == "allowed"


def test_a_callee_in_another_of_our_calls_is_not_rung() -> None:
    decision = sound(may_dial(facts(busy=True), NOON))
    assert (decision.rule, decision.next_at) == ("callee_busy", NOON + timedelta(seconds=60))


def test_pacing_is_asked_last_and_only_when_known() -> None:
    assert sound(may_dial(facts(slot_at=NOON + timedelta(seconds=3)), NOON)).next_at == NOON + timedelta(seconds=3)
    assert may_dial(facts(slot_at=NOON), NOON).allowed
    assert may_dial(facts(slot_at=NOON + HOUR, busy=True), NOON).rule == "callee_busy"


def test_a_law_pack_named_by_the_campaign_replaces_the_countrys() -> None:
    night = at("2026-11-18T23:30+08:00")
    day_and_night = CallingHours(week=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ((0, 1440),)))
    assert may_dial(facts(hours=day_and_night, law="uk"), NOON).law == "uk"
    assert may_dial(facts(hours=day_and_night, law="none"), night).law == "cn"
    trusted = GatePolicy(caps=(), none_allowed=True)
    assert may_dial(facts(hours=day_and_night, law="none", policy=trusted), night).allowed


def test_hours_that_never_meet_are_final() -> None:
    # 20:30 to 21:30 of the campaign and 09:00 to 20:00 of the pack for other countries never meet.
    evenings = CallingHours(week={"mon": ((20 * 60 + 30, 21 * 60 + 30),)})
    assert sound(may_dial(facts("+5511987654321", hours=evenings), NOON)).final == CloseReason.NOT_ALLOWED
    ending = facts("+5511987654321", hours=evenings, not_after=NOON + 30 * DAY)
    assert sound(may_dial(ending, NOON)).final == CloseReason.EXPIRED


def test_the_same_facts_give_the_same_decision() -> None:
    assert may_dial(facts(policy=NO_CAPS), NOON) == may_dial(facts(policy=NO_CAPS), NOON)
