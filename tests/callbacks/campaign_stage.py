"""Campaigns with flows and lines, for tests of cases, lists and rules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks import campaigns
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case
from callbacks.cases import NewCase, create_case
from flows.documents import parse
from flows.versions import FlowVersion, latest, publish
from ivr.lines import Line
from storage.database import Database
from work.happenings import Happening

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday, ten in the morning in Shanghai."""

OURS = "+862155550100"
ANNA = "+8613800000001"
BO = "+8613800000002"

DELIVERY = """
format: 1
name: delivery
title: {en-US: Delivery}
languages: [en-US, zh-CN]
start: hello
outbound:
  purpose: delivery
  organisation: {en-US: Courier, zh-CN: 快递}
  goals: [told]
variables:
  parcel: {description: Tracking number.}
  code: {description: Pickup code.}
  count: {description: How many., default: 1}
nodes:
  hello:
    type: opening
    about: {en-US: "parcel {{ parcel }}", zh-CN: "快递{{ parcel }}"}
    exits: {next: tell, wrong_person: bye}
  tell:
    type: message
    prompt: {en-US: "Your code is {{ code }}.", zh-CN: "取件码{{ code }}。"}
    exits: {next: bye}
  bye: {type: hang_up, outcome: told}
"""


def publish_flow(session: Session, text: str = DELIVERY) -> FlowVersion:
    """Publish a flow in spite of its lint, which is not what is tested here."""
    return publish(session, parse(text), by="test", note="", now=NOW, override_reason="a test")


def make_campaign(session: Session, *, running: bool = True, **fields: Any) -> Campaign:
    """A campaign with everything it needs; put into its state without the checks of a launch when `running`."""
    name = fields.get("flow_name", "delivery")
    if name == "delivery":
        publish_flow(session)
    if session.scalar(select(Line.id).where(Line.number == OURS)) is None:
        session.add(Line(number=OURS, label="Calls we make"))
    values: dict[str, Any] = {
        "name": "Parcels",
        "purpose": "delivery",
        "flow_name": "delivery",
        "caller_numbers": [OURS],
        "region": "CN",
        "zone": "Asia/Shanghai",
        **fields,
    }
    campaign = campaigns.create(session, by="ops", now=NOW, **values)
    if running:
        campaign.state, campaign.running_since = CampaignState.RUNNING, NOW
        campaign.flow_version_id = latest(session, name).id
    session.flush()
    return campaign


def add_case(session: Session, campaign: Campaign, number: str = ANNA, *, now: datetime = NOW, **facts: Any) -> Case:
    """A case with the variables that the delivery flow wants."""
    variables = facts.pop("variables", {"parcel": facts.get("reference", "YT1"), "code": "1234"})
    return create_case(session, campaign, NewCase(number=number, variables=variables, **facts), now).case


def happenings(db: Database, kind: str) -> list[Happening]:
    """What was told of one kind, in order."""
    with db.read() as session:
        return list(session.scalars(select(Happening).where(Happening.kind == kind).order_by(Happening.id)))


def reread(db: Database, case: Case) -> Case:
    """The case as it is stored now."""
    with db.read() as session:
        return session.get_one(Case, case.id)
