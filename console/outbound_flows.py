"""The published flows that may call people, and what each of them needs to know."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.campaign import Campaign
from callbacks.case import Case
from console import words
from flows.documents import FlowDocument, Variable
from flows.errors import FlowError
from flows.versions import Flow, FlowVersion, load_document


@dataclass(frozen=True, kw_only=True)
class Outbound:
    """A flow with the version in force. `document` can be read, or the flow is not in the list."""

    name: str
    title: str
    version: FlowVersion
    document: FlowDocument


def outbound_flows(s: Session) -> list[Outbound]:
    """Every published flow that has an outbound part, by title."""
    rows = s.execute(select(Flow, FlowVersion).join(FlowVersion, Flow.published_version_id == FlowVersion.id))
    found = []
    for flow, version in rows:
        if not (version.document or {}).get("outbound"):
            continue
        try:
            document = load_document(version)
        except FlowError:
            continue
        title = words.local_title(flow.title, flow.name)
        found.append(Outbound(name=flow.name, title=title, version=version, document=document))
    return sorted(found, key=lambda flow: flow.title)


def of_campaign(campaign: Campaign, flows: list[Outbound]) -> list[tuple[str, Outbound]]:
    """The campaign's flows with their letter: ("a", …), and ("b", …) when there is a test of two."""
    by_name = {flow.name: flow for flow in flows}
    wanted = (("a", campaign.flow_name), ("b", campaign.flow_b_name))
    return [(letter, by_name[name]) for letter, name in wanted if name in by_name]


@dataclass(frozen=True, kw_only=True)
class Need:
    """A value a flow speaks of. `source` is column, people, campaign or flow, "" when it comes from nowhere."""

    name: str
    description: str
    source: str
    detail: str


def needs(
    campaign: Campaign, flows: list[tuple[str, Outbound]], columns: Mapping[str, str], known: Collection[str]
) -> list[Need]:
    """Every variable of the campaign's flows.

    `columns` maps variables to the column of a list that holds them; `known` are those that the people in the campaign
    have already.
    """
    wanted: dict[str, Variable] = {}
    for _letter, flow in flows:
        wanted |= {name: variable for name, variable in flow.document.variables.items() if name not in wanted}
    return [_need(campaign, name, variable, columns, known) for name, variable in wanted.items()]


def _need(
    campaign: Campaign, name: str, variable: Variable, columns: Mapping[str, str], known: Collection[str]
) -> Need:
    if name in columns:
        source, detail = "column", columns[name]
    elif name in known:
        source, detail = "people", ""
    elif campaign.defaults.get(name) not in (None, ""):
        source, detail = "campaign", str(campaign.defaults[name])
    elif variable.default is not None:
        source, detail = "flow", str(variable.default)
    else:
        source, detail = "", ""
    return Need(name=name, description=variable.description, source=source, detail=detail)


def a_case(s: Session, campaign_id: int, row: int) -> Case | None:
    """The campaign's case at a place in its list, counted from 1; test calls are left out."""
    cases = select(Case).where(Case.campaign_id == campaign_id, Case.kind == "normal").order_by(Case.id)
    return s.scalar(cases.offset(max(0, min(row, 1_000_000) - 1)).limit(1))
