"""Who depends on a flow, numbers, other flows, campaigns, and what a change would break for each, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from flows.documents import FlowDocument
from flows.phrases import primary
from flows.versions import Draft, Flow, FlowVersion
from ivr.lines import Line
from studio.campaign_dependents import campaigns
from studio.dependent import Dependent
from studio.flow_changes import FlowChange
from studio.naming import language_words, names, title_of
from studio.sentences import told


def dependents(session: Session, name: str, before: FlowDocument | None, after: FlowDocument) -> tuple[Dependent, ...]:
    """Everything that uses the flow: `before` is what is in force, `after` what would be. What breaks comes first."""
    flow = session.scalar(select(Flow).where(Flow.name == name))
    if flow is None:
        return ()
    change = FlowChange(before=before, after=after)
    found = [*_lines(session, flow, change), *_callers(session, flow, change), *campaigns(session, name, change)]
    return tuple(sorted(found, key=lambda dependent: not dependent.breaks))


def _lines(session: Session, flow: Flow, change: FlowChange) -> Iterator[Dependent]:
    query = select(Line).where(or_(Line.flow_id == flow.id, Line.closed_flow_id == flow.id)).order_by(Line.number)
    for line in session.scalars(query):
        breaks = list(_of_line(line, change))
        fine = told("It runs this flow.") if line.flow_id == flow.id else told("It runs this flow outside its hours.")
        yield Dependent(
            kind="line",
            name=line.number,
            title=line.label or line.number,
            url=f"/numbers#line-{line.id}",
            breaks=bool(breaks),
            sentence=" ".join(breaks) or fine,
        )


def _of_line(line: Line, change: FlowChange) -> Iterator[str]:
    if line.language and primary(line.language) in change.lost_languages:
        yield told(
            "Its calls begin in {language}, which the flow would no longer speak.",
            language=language_words([line.language]),
        )
    if change.begins_with_opening:
        yield told("Its callers would be met with the opening of a call we make.")


def _callers(session: Session, flow: Flow, change: FlowChange) -> Iterator[Dependent]:
    """Other flows that call this one, in their version in force or in their draft."""
    rows = session.execute(
        select(Flow, FlowVersion, Draft)
        .outerjoin(FlowVersion, FlowVersion.id == Flow.published_version_id)
        .outerjoin(Draft, Draft.flow_id == Flow.id)
        .where(Flow.id != flow.id)
        .order_by(Flow.name)
    )
    for other, version, draft in rows:
        published = _calls_of(version.document if version else {}, flow.name)
        drafted = _calls_of(draft.document if draft else {}, flow.name)
        if not published and not drafted:
            continue
        languages = (version or draft).document.get("languages") or []
        breaks = _of_nodes(published, languages, change)
        of_draft = [sentence for sentence in _of_nodes(drafted, languages, change) if sentence not in breaks]
        fine = told("It calls this flow.") if published else told("Its draft calls this flow.")
        yield Dependent(
            kind="flow",
            name=other.name,
            title=title_of(other),
            url=f"/flows/{other.name}",
            breaks=bool(breaks or of_draft),
            sentence=" ".join([*breaks, *(told("In its draft:") + " " + text for text in of_draft)]) or fine,
        )


def _calls_of(document: Any, name: str) -> dict[str, dict[str, Any]]:
    """The nodes that call the flow; the document is plain and may be half-made."""
    nodes = document.get("nodes") if isinstance(document, dict) else None
    return {
        str(key): node
        for key, node in (nodes.items() if isinstance(nodes, dict) else ())
        if isinstance(node, dict) and node.get("type") == "subflow" and node.get("flow") == name
    }


def _of_nodes(nodes: dict[str, dict[str, Any]], languages: Any, change: FlowChange) -> list[str]:
    return [
        sentence
        for node_name, node in nodes.items()
        for sentence in _of_node(node_name, node, languages if isinstance(languages, list) else [], change)
    ]


def _of_node(node_name: str, node: dict[str, Any], languages: Sequence[Any], change: FlowChange) -> Iterator[str]:
    """What would break for one node that calls the flow."""
    ends = {str(end) for end in _list(node.get("ends", ["done"]))}
    give, take = _dict(node.get("give")), _dict(node.get("take"))
    if lost := sorted(ends & change.lost_ends):
        yield told("Its node {node} goes on by {names}, an end that would be gone.", node=node_name, names=names(lost))
    if new := sorted(change.new_ends - ends):
        yield told("Its node {node} has no exit for the new end {names}.", node=node_name, names=names(new))
    if lost := sorted(set(give) & change.lost_variables):
        yield told(
            "Its node {node} gives {names}, which the flow would no longer expect.", node=node_name, names=names(lost)
        )
    if needed := sorted(change.new_needs - set(give)):
        yield told(
            "Its node {node} does not give {names}, which the flow would need.", node=node_name, names=names(needed)
        )
    if lost := sorted({str(theirs) for theirs in take.values()} & change.lost_values):
        yield told("Its node {node} takes {names}, which would not be set any more.", node=node_name, names=names(lost))
    if gone := [str(tag) for tag in languages if primary(str(tag)) in change.lost_languages]:
        yield told("It speaks {language}, which this flow would no longer speak.", language=language_words(gone))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
