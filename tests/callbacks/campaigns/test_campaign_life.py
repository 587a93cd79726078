"""A campaign is launched only when nothing is missing, and every step stands in its log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from campaign_stage import ANNA, BO, DELIVERY, NOW, OURS, add_case, happenings, make_campaign, publish_flow, reread
from sqlalchemy import select

from callbacks import campaigns, lifecycle
from callbacks.campaign import Campaign, CampaignEntry, CampaignState
from callbacks.case import Case, CaseState
from callbacks.cases import NewCase, create_case
from callbacks.errors import CampaignError, NotReadyError
from callbacks.event_rules import EventRule
from callbacks.jobs import handlers, look_after
from callbacks.lifecycle import (
    TRANSITIONS,
    checks,
    drain,
    finish,
    launch,
    note_tested,
    pause,
    resume,
    stop,
    take_new_flow,
    trip,
)
from callbacks.settings import Pacing
from flows.versions import latest
from storage.database import Database
from work.happenings import tell
from work.jobs import Job

HOUR = timedelta(hours=1)


def ready(s: object, **fields: object) -> Campaign:
    """A draft that may be launched."""
    campaign = make_campaign(s, running=False, **fields)
    add_case(s, campaign, reference="YT1")
    note_tested(s, campaign, latest(s, campaign.flow_name).id, now=NOW)
    return campaign


def codes(s: object, campaign: Campaign) -> set[str]:
    return {blocker.code for blocker in checks(s, campaign, NOW)}


def test_a_campaign_with_everything_is_launched_with_the_versions_of_now(db: Database) -> None:
    with db.write() as s:
        campaign = ready(s)
        version = latest(s, "delivery")
        launch(s, campaign, by="ops", now=NOW, note="go")
        publish_flow(s, DELIVERY.replace("Your code is", "The code is"))
    assert (campaign.state, campaign.flow_version_id, campaign.running_since) == ("running", version.id, NOW)
    with db.read() as s:
        entries = s.scalars(select(CampaignEntry).where(CampaignEntry.campaign_id == campaign.id)).all()
    assert [(entry.what, entry.by) for entry in entries] == [("create", "ops"), ("test", "system"), ("launch", "ops")]
    (told,) = happenings(db, "campaign.changed")
    assert (told.payload["from"], told.payload["state"], told.payload["step"]) == ("draft", "running", "launch")


INBOUND = """
format: 1
name: hotline
title: {en-US: Hotline}
languages: [en-US]
start: hello
nodes:
  hello: {type: message, prompt: {en-US: Hello.}, exits: {next: bye}}
  bye: {type: hang_up}
"""
WITHOUT_OPENING = INBOUND.replace("name: hotline", "name: blunt").replace(
    "start: hello", "start: hello\noutbound: {purpose: delivery, organisation: {en-US: Courier}}"
)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"flow_name": ""}, "no_flow"),
        ({"flow_name": "nothing"}, "flow_not_published"),
        ({"flow_name": "hotline"}, "flow_not_outbound"),
        ({"flow_name": "blunt"}, "no_opening"),
        ({"purpose": "survey"}, "other_purpose"),
        ({"flow_b_name": "delivery", "share_b": 0}, "no_share"),
        ({"caller_numbers": []}, "no_caller_number"),
        ({"caller_numbers": ["+862155559999"]}, "foreign_caller_number"),
        ({"starts_at": NOW + 2 * HOUR, "ends_at": NOW + HOUR}, "ends_before_start"),
        ({"ends_at": NOW - HOUR}, "ends_in_past"),
        ({"purpose": "marketing", "law": "none"}, "marketing_without_consent"),
        ({"is_template": True}, "template"),
    ],
)
def test_what_is_wrong_blocks_the_launch_with_a_sentence(
    sqlite_db: Database, fields: dict[str, object], code: str
) -> None:
    with sqlite_db.write() as s:
        publish_flow(s, INBOUND)
        publish_flow(s, WITHOUT_OPENING)
        campaign = ready(s)
        for name, value in fields.items():
            setattr(campaign, name, value)
        assert code in codes(s, campaign)
        with pytest.raises(CampaignError):
            launch(s, campaign, by="ops", now=NOW)
    assert campaign.state == "draft"


def test_a_pace_of_nothing_blocks_the_launch(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        campaign = ready(s)
        with pytest.raises(CampaignError, match=r"pacing\.calls_per_second"):
            campaigns.edit(s, campaign, {"pacing": {"calls_per_second": 0}}, by="ops", now=NOW)
        campaign.pacing_json = {"calls_per_second": 0}
        assert codes(s, campaign) == {"pacing"}


def test_a_variable_that_cases_lack_blocks_the_launch_until_it_has_a_default(db: Database) -> None:
    with db.write() as s:
        campaign = ready(s)
        create_case(s, campaign, NewCase(number=BO, variables={"parcel": "YT2", "code": ""}), NOW)
        create_case(s, campaign, NewCase(number="+8613800000003", reference="YT3"), NOW)
        (blocker,) = checks(s, campaign, NOW)
        assert (blocker.code, dict(blocker.details)) == ("missing_variable", {"variable": "code", "count": 2})
        assert blocker.sentence.startswith("2 cases lack “code”")
        campaigns.edit(s, campaign, {"defaults": {"code": "at the desk"}}, by="ops", now=NOW)
        assert checks(s, campaign, NOW) == []


def test_nobody_is_called_before_somebody_has_heard_the_flow(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        campaign = make_campaign(s, running=False)
        assert codes(s, campaign) == {"no_cases"}
        add_case(s, campaign, reference="YT1")
        assert codes(s, campaign) == {"not_tested"}
        note_tested(s, campaign, latest(s, "delivery").id, now=NOW)
        publish_flow(s, DELIVERY.replace("Your code is", "The code is"))
        with pytest.raises(NotReadyError, match="version 2 of the flow delivery") as refused:
            launch(s, campaign, by="ops", now=NOW)
    assert [blocker.code for blocker in refused.value.blockers] == ["not_tested"]


def test_a_standing_campaign_needs_no_case(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        campaign = make_campaign(s, running=False, standing=True)
        note_tested(s, campaign, latest(s, "delivery").id, now=NOW)
        launch(s, campaign, by="ops", now=NOW)
        assert finish(s, NOW) == []
    assert campaign.state == "running"


def test_a_launched_campaign_takes_a_new_flow_once_somebody_has_heard_it(db: Database) -> None:
    with db.write() as s:
        campaign = launch(s, ready(s), by="ops", now=NOW)
        version = publish_flow(s, DELIVERY.replace("Your code is", "The code is"))
        with pytest.raises(NotReadyError, match="make a test call"):
            take_new_flow(s, campaign, by="ops", now=NOW)
        note_tested(s, campaign, version.id, now=NOW)
        take_new_flow(s, campaign, by="ops", now=NOW)
        assert campaign.flow_version_id == version.id
        stop(s, campaign, by="ops", now=NOW)
        with pytest.raises(CampaignError, match="takes no new flow"):
            take_new_flow(s, campaign, by="ops", now=NOW)


def test_what_is_done_again_and_again_makes_expires_and_finishes(db: Database) -> None:
    with db.write() as s:
        campaign = launch(s, ready(s), by="ops", now=NOW)
        for case in s.scalars(select(Case)):
            case.not_after = NOW + HOUR
        rules = make_campaign(s, name="Rules", standing=True)
        s.add(EventRule(name="r", event="parcel.arrived", campaign_id=rules.id, created_at=NOW - HOUR))
        tell(s, "parcel.arrived", {"phone": ANNA}, now=NOW, reference="YT9")
    assert look_after(db, lambda: NOW + 2 * HOUR) == 3
    assert look_after(db, lambda: NOW + 2 * HOUR) == 0
    with db.read() as s:
        assert s.get_one(Campaign, campaign.id).state == "finished"
        assert s.get_one(Campaign, rules.id).state == "running"
        found = s.execute(select(Case.reference, Case.state, Case.reason).order_by(Case.id)).all()
    assert found == [("YT1", "closed", "expired"), ("YT9", "open", "")]


def test_after_an_alarm_a_note_is_needed_to_go_on(db: Database) -> None:
    with db.write() as s:
        campaign = launch(s, ready(s), by="ops", now=NOW)
        assert trip(s, campaign, "failed_rate", {"failed": 0.5}, NOW)
        assert not trip(s, campaign, "opt_out_rate", {}, NOW), "it is paused already"
        assert (campaign.state, campaign.tripped) == ("paused", "failed_rate")
        with pytest.raises(CampaignError, match="what you found"):
            resume(s, campaign, by="ops", now=NOW, note="  ")
        resume(s, campaign, by="ops", now=NOW + HOUR, note="the trunk was down")
    assert (campaign.state, campaign.tripped, campaign.running_since) == ("running", "", NOW + HOUR)
    with db.read() as s:
        entry = s.scalars(select(CampaignEntry).where(CampaignEntry.what == "trip")).one()
    assert entry.details == {"failed": 0.5}


def test_a_pause_by_hand_needs_no_note(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        campaign = launch(s, ready(s), by="ops", now=NOW)
        pause(s, campaign, by="ops", now=NOW)
        with pytest.raises(CampaignError, match="paused cannot pause"):
            pause(s, campaign, by="ops", now=NOW)
        resume(s, campaign, by="ops", now=NOW)
    assert campaign.state == "running"


def test_a_stop_closes_what_is_open(db: Database) -> None:
    with db.write() as s:
        campaign = launch(s, ready(s), by="ops", now=NOW)
        add_case(s, campaign, reference="YT2")
        ringing = add_case(s, campaign, BO, reference="YT3")
        ringing.state = CaseState.CALLING
        stop(s, campaign, by="ops", now=NOW, note="wrong list")
    with db.read() as s:
        found = s.execute(select(Case.reference, Case.state, Case.reason).order_by(Case.id)).all()
    assert found == [
        ("YT1", "closed", "campaign_stopped"),
        ("YT2", "closed", "campaign_stopped"),
        ("YT3", "calling", "campaign_stopped"),
    ]
    assert len(happenings(db, "case.closed")) == 2


def test_a_stop_of_many_cases_is_ended_by_a_job(sqlite_db: Database, tmp_path: object) -> None:
    with sqlite_db.write() as s:
        campaign = launch(s, ready(s), by="ops", now=NOW)
        for n in range(8):
            add_case(s, campaign, f"+86139{n:08d}", reference=f"R{n}")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(lifecycle, "CLOSED_AT_ONCE", 3)
            patch.setattr("callbacks.winding_up.CLOSED_AT_ONCE", 3)
            patch.setitem(lifecycle.close_rest.__kwdefaults__, "limit", 3)
            stop(s, campaign, by="ops", now=NOW)
        job = s.scalars(select(Job).where(Job.kind == "close_cases")).one()
        assert s.scalars(select(Case.state)).all().count("closed") == 3
    work = handlers(db=sqlite_db, data_dir=tmp_path, clock=lambda: NOW)["close_cases"]
    work(type("Call", (), {"payload": job.payload})())
    with sqlite_db.read() as s:
        assert set(s.scalars(select(Case.state))) == {"closed"}


def test_draining_ends_what_was_begun_and_takes_nothing_new(db: Database) -> None:
    with db.write() as s:
        campaign = launch(s, ready(s), by="ops", now=NOW)
        begun = add_case(s, campaign, BO, reference="YT2")
        begun.tries = 1
        s.flush()
        rider = add_case(s, campaign, BO, reference="YT3")
        drain(s, campaign, by="ops", now=NOW)
        with pytest.raises(CampaignError, match="takes no more cases"):
            add_case(s, campaign, reference="YT4")
        assert finish(s, NOW) == []
    assert (reread(db, begun).state, reread(db, rider).state) == ("open", "merged")
    with db.read() as s:
        assert s.scalars(select(Case.reason).where(Case.number == ANNA)).one() == "campaign_stopped"
    with db.write() as s:
        never_left = s.scalars(select(Case).where(Case.number == ANNA)).one()
        never_left.state, never_left.reason = CaseState.OPEN, ""
        assert finish(s, NOW) == []
        assert never_left.state == CaseState.CLOSED, "a dial that was given back begins nothing"
        for case in s.scalars(select(Case).where(Case.state != CaseState.CLOSED)):
            case.state = CaseState.CLOSED
        assert finish(s, NOW) == [campaign.id]


def test_a_campaign_with_nothing_left_finishes_and_is_never_left(db: Database) -> None:
    with db.write() as s:
        campaign = launch(s, ready(s), by="ops", now=NOW)
        assert finish(s, NOW) == []
        for case in s.scalars(select(Case)):
            case.state = CaseState.CLOSED
        assert finish(s, NOW + HOUR) == [campaign.id]
        assert finish(s, NOW + HOUR) == []
        for step in (pause, resume, drain, stop):
            with pytest.raises(CampaignError, match="it can only be copied"):
                step(s, campaign, by="ops", now=NOW)
    assert (campaign.state, campaign.finished_at) == ("finished", NOW + HOUR)


def test_at_its_end_a_campaign_expires_what_is_open(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        campaign = launch(s, ready(s, ends_at=NOW + HOUR), by="ops", now=NOW)
        pause(s, campaign, by="ops", now=NOW)
        assert finish(s, NOW) == []
        assert finish(s, NOW + HOUR) == [campaign.id]
        assert s.scalars(select(Case.reason)).one() == "expired"


def test_final_states_are_never_left() -> None:
    left = {source for _, sources, _ in TRANSITIONS for source in sources}
    assert left.isdisjoint({"finished", "stopped"})
    assert {to for _, _, to in TRANSITIONS} | {"draft"} == {state.value for state in CampaignState}


def test_the_two_flows_of_a_test_are_shared_out_at_the_launch(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        campaign = ready(s)
        for n in range(40):
            add_case(s, campaign, f"+86139{n:08d}", reference=f"R{n}")
        assert set(s.scalars(select(Case.variant))) == {"a"}
        campaigns.edit(s, campaign, {"flow_b_name": "delivery", "share_b": 0.5}, by="ops", now=NOW)
        launch(s, campaign, by="ops", now=NOW)
        assert 8 < s.scalars(select(Case.variant)).all().count("b") < 32


def test_a_list_that_came_before_the_flow_is_merged_at_the_launch(db: Database) -> None:
    with db.write() as s:
        campaign = make_campaign(s, running=False)
        campaign.flow_name = ""
        first, second = add_case(s, campaign, reference="YT1"), add_case(s, campaign, reference="YT2")
        assert second.state == CaseState.OPEN
        campaigns.edit(s, campaign, {"flow_name": "delivery"}, by="ops", now=NOW)
        note_tested(s, campaign, latest(s, "delivery").id, now=NOW)
        launch(s, campaign, by="ops", now=NOW)
    assert reread(db, second).merged_into_id == first.id


def test_after_the_launch_only_pace_hours_and_tries_may_change(db: Database) -> None:
    with db.write() as s:
        campaign = launch(s, ready(s), by="ops", now=NOW)
        version = campaign.version
        changed = campaigns.edit(s, campaign, {"pacing": Pacing(calls_per_second=5)}, by="ops", now=NOW, note="faster")
        assert changed["pacing"][1]["calls_per_second"] == 5
        assert campaign.version == version + 1
        with pytest.raises(CampaignError, match="flow_name cannot change"):
            campaigns.edit(s, campaign, {"flow_name": "x"}, by="ops", now=NOW)
        with pytest.raises(CampaignError, match="Somebody else"):
            campaigns.edit(s, campaign, {"pacing": Pacing()}, by="ops", now=NOW, expected_version=version)
    with db.read() as s:
        entry = s.scalars(select(CampaignEntry).where(CampaignEntry.what == "edit")).one()
    assert (entry.note, entry.details["pacing"][1]["calls_per_second"]) == ("faster", 5)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"zone": "Mars/Olympus"}, "zone: This time zone does not exist"),
        ({"region": "XX"}, "region: This is not a country"),
        (
            {"hours": {"week": {"mon": [[1320, 360]]}}},
            "hours.week: mon: a window must begin before it ends|over midnight",
        ),
        ({"hours": {"week": {}}}, "no calling hours"),
        ({"law": "moon"}, "law: There is no such law pack"),
        ({"caller_numbers": ["12"]}, "caller_numbers: The telephone number"),
        ({"share_b": 2}, "share_b: It must be a number from 0 to 1"),
        ({"ends_at": "2026-12-01T00:00:00"}, "ends_at: A date needs its time zone"),
        ({"purpose": "fun"}, "purpose"),
        ({"state": "running"}, "no field “state”"),
        ({"name": " "}, "needs a name"),
    ],
)
def test_a_field_that_cannot_be_used_is_refused_by_its_name(
    sqlite_db: Database, fields: dict[str, object], sentence: str
) -> None:
    with sqlite_db.write() as s, pytest.raises(CampaignError, match=sentence):
        campaigns.create(s, **{"name": "x", **fields}, by="ops", now=NOW)


def test_a_copy_has_the_settings_but_neither_cases_nor_tests_nor_dates(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        campaign = launch(s, ready(s, ends_at=NOW + HOUR, defaults={"code": "x"}), by="ops", now=NOW)
        copied = campaigns.copy(s, campaign, by="ops", now=NOW)
        template = campaigns.copy(s, campaign, by="ops", now=NOW, as_template=True, name="Weekly")
        assert codes(s, copied) == {"no_cases"}
        with pytest.raises(CampaignError, match="template"):
            launch(s, template, by="ops", now=NOW)
    assert (copied.state, copied.caller_numbers, copied.defaults) == ("draft", [OURS], {"code": "x"})
    assert (copied.ends_at, copied.tested_version_ids, copied.copied_from_id) == (None, [], campaign.id)
    assert (template.name, template.is_template) == ("Weekly", True)


def test_only_what_never_called_can_be_deleted(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        campaign, draft = launch(s, ready(s), by="ops", now=NOW), make_campaign(s, running=False)
        with pytest.raises(CampaignError, match="never launched"):
            campaigns.delete(s, campaign)
        campaigns.delete(s, draft)
        assert s.get(Campaign, draft.id) is None


def test_cases_follow_a_purpose_that_is_changed_in_the_draft(sqlite_db: Database) -> None:
    with sqlite_db.write() as s:
        campaign = ready(s)
        campaigns.edit(s, campaign, {"purpose": "information"}, by="ops", now=NOW)
        assert s.scalars(select(Case.purpose)).one() == "information"
