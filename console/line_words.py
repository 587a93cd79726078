"""What a service number does now, in a sentence, and what is doubtful about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from sqlalchemy import select
from sqlalchemy.orm import Session

from console import translate
from console.translate import gettext as _
from console.words import language_name, local_title
from flows.documents import FlowDocument
from flows.errors import FlowError
from flows.phrases import primary
from flows.versions import Draft, Flow, FlowVersion, load_document
from ivr.line_hours import HoursError, LineHours, read_hours
from ivr.lines import Line
from studio.flow_changes import only_outbound


@dataclass(frozen=True, kw_only=True)
class FlowNow:
    """A flow as a number may run it: the version in force, and its draft."""

    flow: Flow
    version: FlowVersion | None = None
    draft: Draft | None = None

    @property
    def title(self) -> str:
        """Its title in the reader's language."""
        return local_title(self.flow.title, self.flow.name)

    def ear(self, *, of_draft: bool = False) -> str:
        """Who listens in it, "carrier" or "house", by the version in force or by the draft."""
        found = self.draft if of_draft and self.draft is not None else self.version
        return "house" if found is not None and found.document.get("ear") == "house" else "carrier"

    @property
    def document(self) -> FlowDocument | None:
        """The version in force, when it can be read."""
        try:
            return load_document(self.version) if self.version else None
        except FlowError:
            return None


def flows_now(s: Session) -> dict[int, FlowNow]:
    """Every flow by its id."""
    rows = s.execute(
        select(Flow, FlowVersion, Draft)
        .outerjoin(FlowVersion, FlowVersion.id == Flow.published_version_id)
        .outerjoin(Draft, Draft.flow_id == Flow.id)
        .order_by(Flow.name)
    )
    return {flow.id: FlowNow(flow=flow, version=version, draft=draft) for flow, version, draft in rows}


@dataclass(frozen=True, kw_only=True)
class LineNow:
    """A number in the list: `state` is "open", "closed", "test" or "nobody", `sentence` what a caller meets now.

    `ear` is who listens, "carrier" or "house".
    """

    line: Line
    state: str
    sentence: str
    ear: str
    warnings: tuple[str, ...] = ()


def line_now(line: Line, flows: Mapping[int, FlowNow], now: datetime) -> LineNow:
    """What a caller of the number meets now."""
    own, night = flows.get(line.flow_id or 0), flows.get(line.closed_flow_id or 0)
    try:
        hours = read_hours(line.hours, line.zone)
    except HoursError:
        hours = LineHours(hours={})
    is_open = hours.is_open(now) or night is None
    at_night = night is not None and (night.version is not None or (line.runs_draft and night.draft is not None))
    running = night if at_night and not is_open else own
    state = "nobody" if running is None else "test" if line.runs_draft else "open" if is_open else "closed"
    change = hours.next_change(now) if hours.hours and night is not None else None
    parts = [_runs(line, running, state), _until(change, hours, is_open=is_open, after=night if is_open else own)]
    return LineNow(
        line=line,
        state=state,
        sentence=("" if translate.language() == "zh" else " ").join(part for part in parts if part),
        ear=line.ear or (running.ear(of_draft=line.runs_draft) if running is not None else "carrier"),
        warnings=tuple(dict.fromkeys(_warnings(line, own, night))),
    )


def _runs(line: Line, flow: FlowNow | None, state: str) -> str:
    if flow is None:
        return _("Nobody answers here: no flow is chosen.")
    if line.runs_draft and flow.draft is not None:
        return _("Test number: now runs the draft of %(flow)s.", flow=flow.title)
    if flow.version is None:
        return _("%(flow)s was never published, so callers only hear an apology.", flow=flow.title)
    named = {"flow": flow.title, "number": flow.version.number}
    if line.runs_draft:
        return _("Test number: %(flow)s has no draft, so version %(number)s runs.", **named)
    if state == "closed":
        return _("Now closed: %(flow)s, version %(number)s.", **named)
    return _("Now open: %(flow)s, version %(number)s.", **named)


def _until(change: datetime | None, hours: LineHours, *, is_open: bool, after: FlowNow | None) -> str:
    if change is None or after is None:
        return ""
    at = _moment(change, hours.zone)
    if is_open:
        return _("From %(time)s: %(flow)s.", time=at, flow=after.title)
    return _("Opens %(time)s with %(flow)s.", time=at, flow=after.title)


def _moment(at: datetime, zone: str) -> str:
    pattern = "EEEE HH:mm"
    return str(format_datetime(at, pattern, tzinfo=ZoneInfo(zone or "UTC"), locale=translate.language()))


def _warnings(line: Line, own: FlowNow | None, night: FlowNow | None) -> Iterator[str]:
    for flow in (own, night):
        if flow is None:
            continue
        document = flow.document
        if flow.version is None and not (line.runs_draft and flow.draft):
            yield _("%(flow)s has no published version.", flow=flow.title)
        if document is None:
            continue
        if only_outbound(document):
            yield _("%(flow)s is made for calls we make: it opens by saying who calls.", flow=flow.title)
        if line.language and primary(line.language) not in {primary(tag) for tag in document.languages}:
            spoken = language_name(line.language)
            yield _("%(flow)s does not speak %(language)s.", flow=flow.title, language=spoken)
    if line.hours and night is None and own is not None:
        yield _("No flow is chosen for outside the hours, so %(flow)s answers all the same.", flow=own.title)
