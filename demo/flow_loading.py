"""The demo's flows and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from demo.settings import (
    DRAFT_NUMBER,
    KOREAN_LIVE_NUMBER,
    KOREAN_NUMBER,
    LIVE_NUMBER,
    SERVICE_NUMBER,
    UTILITY_NUMBER,
)
from flows.documents import parse
from flows.versions import Flow, FlowVersion, erase_flow, publish
from ivr.lines import Line, line_for_number
from studio.tests_of_flow import load_examples

EXAMPLES = Path(__file__).resolve().parent.parent / "flows" / "examples"
LINES: Mapping[str, tuple[str, str]] = {
    SERVICE_NUMBER: ("courier_hotline", "Courier hotline"),
    KOREAN_NUMBER: ("ticket_line_ko", "Korean message line"),
    UTILITY_NUMBER: ("utility_line", "City utilities"),
    DRAFT_NUMBER: ("courier_hotline", "Test number"),
    LIVE_NUMBER: ("courier_hotline", "Courier hotline, our own ear"),
    KOREAN_LIVE_NUMBER: ("support_line_ko", "Korean support line"),
}


OUTBOUND = ("pre_delivery", "overdue_pickup", "follow_up")
"""Flows of calls we make; they have no number of their own."""


def load_flows(session: Session, now: datetime, *, record_calls: bool = False) -> list[FlowVersion]:
    """Publish the example flows and give those that are called their numbers. Loading again changes nothing.

    `record_calls` lets the courier's number record: its greeting tells callers so.
    """
    versions = [_publish(session, name, now) for name in OUTBOUND]
    for number, (name, label) in LINES.items():
        version = _publish(session, name, now)
        line = line_for_number(session, number)
        if line is None:
            line = Line(number=number, label=label, flow_id=version.flow_id, demo=True)
            line.runs_draft = number == DRAFT_NUMBER
            line.ear = "house" if number == LIVE_NUMBER else ""
            line.records_calls = record_calls and number == SERVICE_NUMBER
            session.add(line)
        versions.append(version)
    load_examples(session, EXAMPLES / "tests", now)
    return versions


def _publish(session: Session, name: str, now: datetime) -> FlowVersion:
    document = parse((EXAMPLES / f"{name}.yaml").read_bytes())
    return publish(session, document, by="demo", note="Example flow", now=now, demo=True)


def remove_flows(session: Session) -> None:
    """Take the demo's lines and flows away; calls of real people keep their version's number only."""
    session.execute(delete(Line).where(Line.demo))
    for name in session.scalars(select(Flow.name).where(Flow.demo)).all():
        erase_flow(session, name)
