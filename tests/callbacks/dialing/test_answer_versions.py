"""Which version of its flow a call of ours takes: the one that holds when it is answered."""

from __future__ import annotations

from dial_stage import DELIVERY, DialStage
from sqlalchemy import select

from callbacks.attempt import Attempt
from callbacks.campaign import Campaign
from callbacks.case import Case, CaseKind
from flows.documents import parse
from flows.versions import FlowVersion, publish
from ivr.calls import Call
from telephony.calls import CallStatus

NEW = DELIVERY.replace("Where shall we leave it?", "Door or not?").replace("outcome: door", "outcome: at_door")


def publish_new(stage: DialStage) -> int:
    """Put the second version in force; gives its id."""
    with stage.db.write() as s:
        return publish(s, parse(NEW), by="t", note="", now=stage.clock(), override_reason="a test").id


def first_version(stage: DialStage) -> int:
    """The id of version 1."""
    with stage.db.read() as s:
        return s.scalars(select(FlowVersion.id).where(FlowVersion.number == 1)).one()


def test_a_campaign_says_what_it_was_launched_with_whatever_is_published_while_it_rings(stage: DialStage) -> None:
    case_id = stage.case(stage.campaign())
    stage.dial_due()
    publish_new(stage)
    stage.call_of(case_id).answer("1").hang_up()
    (call,) = stage.rows(Call)
    assert call.flow_version_id == stage.attempt(case_id).flow_version_id == first_version(stage)
    assert call.outcome == "door"


def test_a_prepared_call_takes_the_version_that_the_campaign_took_meanwhile(stage: DialStage) -> None:
    campaign_id = stage.campaign()
    case_id = stage.case(campaign_id)
    stage.dial_due()
    callee = stage.call_of(case_id)
    callee.status(CallStatus.RINGING)
    new = publish_new(stage)
    stage.change(Campaign, campaign_id, flow_version_id=new)
    callee.answer("1").hang_up()
    (call,) = stage.rows(Call)
    assert call.flow_version_id == stage.attempt(case_id).flow_version_id == new
    assert call.outcome == stage.attempt(case_id).outcome_word == "at_door"


def test_a_call_that_was_answered_stays_on_its_version(stage: DialStage) -> None:
    campaign_id = stage.campaign()
    case_id = stage.case(campaign_id)
    stage.dial_due()
    callee = stage.call_of(case_id).answer()
    stage.change(Campaign, campaign_id, flow_version_id=publish_new(stage))
    callee.post("turns/1", callee.event(CallStatus.IN_PROGRESS))
    assert stage.rows(Call)[0].flow_version_id == first_version(stage)
    assert stage.attempt(case_id).flow_version_id == first_version(stage)


def test_a_test_call_says_what_is_published_when_it_is_answered(stage: DialStage) -> None:
    case_id = stage.case(stage.campaign())
    stage.change(Case, case_id, kind=CaseKind.TEST)
    stage.dial_due()
    new = publish_new(stage)
    stage.call_of(case_id).answer("1").hang_up()
    assert stage.rows(Call)[0].flow_version_id == stage.rows(Attempt)[0].flow_version_id == new
