"""What a campaign still lacks before it may call people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.audience import AudienceImport, ImportState
from callbacks.campaign import Campaign, CampaignState
from callbacks.case import Case, CaseKind, CaseState
from callbacks.errors import Blocker
from callbacks.gate.laws import law_for
from callbacks.purposes import Purpose
from callbacks.variables import missing_variables, required_by
from flows.errors import DocumentError, UnknownFlow
from flows.outbound import opening_of
from flows.versions import FlowVersion, latest, load_document
from ivr.lines import Line

_SETTINGS = ("hours", "retries", "pacing", "breaker")


def checks(session: Session, campaign: Campaign, now: datetime) -> list[Blocker]:
    """Everything that blocks a launch; [] when nothing does. A test call is asked for last, when all else is right."""
    blockers = [
        *_audience(session, campaign),
        *_flows(session, campaign),
        *_numbers(session, campaign),
        *_settings(campaign),
        *_dates(campaign, now),
        *_law(campaign),
    ]
    return blockers + ([] if blockers else list(_tested(session, campaign)))


def flow_versions(session: Session, campaign: Campaign) -> tuple[FlowVersion | None, FlowVersion | None]:
    """The published versions of flow A and B, None for a flow that is not named or not published."""
    return _published(session, campaign.flow_name), _published(session, campaign.flow_b_name)


def _published(session: Session, name: str) -> FlowVersion | None:
    try:
        return latest(session, name) if name else None
    except UnknownFlow:
        return None


def _audience(session: Session, campaign: Campaign) -> Iterator[Blocker]:
    if campaign.is_template:
        yield Blocker(code="template", sentence="This is a template; copy it to a campaign.")
    busy = session.scalars(
        select(AudienceImport.id).where(
            AudienceImport.campaign_id == campaign.id, AudienceImport.state == ImportState.IMPORTING
        )
    ).first()
    if busy is not None:
        yield Blocker(code="import_running", sentence="A list is still being imported; wait until it is done.")
    waiting = select(Case.id).where(
        Case.campaign_id == campaign.id, Case.kind == CaseKind.NORMAL, Case.state == CaseState.OPEN
    )
    launched = campaign.state not in (CampaignState.DRAFT, CampaignState.READY)
    if not (campaign.standing or launched) and session.scalars(waiting.limit(1)).first() is None:
        yield Blocker(code="no_cases", sentence="There is nobody to call: import a list or add a case.")


def _flows(session: Session, campaign: Campaign) -> Iterator[Blocker]:
    if not campaign.flow_name:
        yield Blocker(code="no_flow", sentence="Choose the call flow that is to be spoken.")
        return
    required: dict[str, tuple[str, ...]] = {}
    for variant, name in (("a", campaign.flow_name), ("b", campaign.flow_b_name)):
        if not name:
            continue
        version = _published(session, name)
        if version is None:
            sentence = f"The flow {name} is not published; publish it in the flow editor."
            yield Blocker(code="flow_not_published", sentence=sentence, details={"flow": name})
            continue
        try:
            document = load_document(version)
        except DocumentError:
            sentence = f"The flow {name} cannot be read any more; publish it anew."
            yield Blocker(code="flow_broken", sentence=sentence, details={"flow": name})
            continue
        if document.outbound is None:
            sentence = f"The flow {name} is for calls we receive; it has no section “outbound”."
            yield Blocker(code="flow_not_outbound", sentence=sentence, details={"flow": name})
        elif opening_of(document) is None:
            sentence = f"The flow {name} has no outbound opening: who calls, why, and how to be called no more."
            yield Blocker(code="no_opening", sentence=sentence, details={"flow": name})
        elif document.outbound.purpose != campaign.purpose:
            sentence = f"The flow {name} is for {document.outbound.purpose}, the campaign for {campaign.purpose}."
            yield Blocker(code="other_purpose", sentence=sentence, details={"flow": name})
        required[variant] = required_by(document)
    if campaign.flow_b_name and not 0 < campaign.share_b < 1:
        sentence = "An A/B test needs a share between 0 and 100 % for the second flow."
        yield Blocker(code="no_share", sentence=sentence)
    yield from _missing(session, campaign, required)


def _missing(session: Session, campaign: Campaign, required: dict[str, tuple[str, ...]]) -> Iterator[Blocker]:
    if not campaign.flow_b_name or not 0 < campaign.share_b < 1:
        # Until the launch every case has flow A, whatever stood in its column.
        required = {variant: names for variant, names in required.items() if variant == "a"}
    else:
        # The launch assigns the flows anew, so each case must serve both.
        names = tuple(dict.fromkeys(name for some in required.values() for name in some))
        required = {"a": names, "b": names}
    for name, count in missing_variables(session, campaign, required).items():
        who = "1 case lacks" if count == 1 else f"{count} cases lack"
        sentence = f"{who} “{name}”, which the flow says; import it or give a value for all."
        yield Blocker(code="missing_variable", sentence=sentence, details={"variable": name, "count": count})


def _numbers(session: Session, campaign: Campaign) -> Iterator[Blocker]:
    if not campaign.caller_numbers:
        yield Blocker(code="no_caller_number", sentence="Choose at least one of our numbers to call from.")
        return
    ours = set(session.scalars(select(Line.number).where(Line.number.in_(campaign.caller_numbers))))
    for number in campaign.caller_numbers:
        if number not in ours:
            sentence = f"{number} is not a number of ours; calls from it would be refused or look forged."
            yield Blocker(code="foreign_caller_number", sentence=sentence, details={"number": number})


def _settings(campaign: Campaign) -> Iterator[Blocker]:
    for name in _SETTINGS:
        try:
            getattr(campaign, name)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            sentence = f"The {name} cannot be used: {where + ': ' if where else ''}{first['msg']}."
            yield Blocker(code=name, sentence=sentence, details={"field": where})


def _dates(campaign: Campaign, now: datetime) -> Iterator[Blocker]:
    if campaign.ends_at is None:
        return
    if campaign.starts_at is not None and campaign.ends_at <= campaign.starts_at:
        yield Blocker(code="ends_before_start", sentence="The campaign ends before it starts; change one of the dates.")
    elif campaign.ends_at <= now:
        yield Blocker(code="ends_in_past", sentence="The campaign's end has passed; choose a later one.")


def _law(campaign: Campaign) -> Iterator[Blocker]:
    if campaign.purpose != Purpose.MARKETING:
        return
    rules = law_for(Purpose.MARKETING, campaign.region, "", campaign.law, none_allowed=True)
    if rules.consent is None:
        sentence = "Marketing calls need the callee's consent; choose rules that ask for it."
        yield Blocker(code="marketing_without_consent", sentence=sentence, details={"law": rules.law})


def _tested(session: Session, campaign: Campaign) -> Iterator[Blocker]:
    for version in flow_versions(session, campaign):
        if version is not None and version.id not in campaign.tested_version_ids:
            name = version.document["name"]
            sentence = f"Nobody has heard version {version.number} of the flow {name} yet: make a test call."
            yield Blocker(code="not_tested", sentence=sentence, details={"flow": name, "version": version.number})
