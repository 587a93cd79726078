"""Twilio Studio: a flow definition (JSON with `states`) as a flow of ours.

Source of widget types, events and properties: Twilio's documentation of Studio widgets and definitions exported by its
editor. Comparisons of its splits do not mind the case of letters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flows.importers.board import Board
from flows.importers.finishing import KnownFlows, finish
from flows.importers.languages import DEFAULT, tag_of
from flows.importers.naming import flow_name
from flows.importers.report import Imported, ImportRefused
from flows.importers.studio_file import StudioFile, Widget, read_file
from flows.importers.studio_job import Job
from flows.importers.studio_menu_nodes import BOTS, menu
from flows.importers.studio_menus import MenuPlan
from flows.importers.studio_people import connect_call, enqueue, outgoing_call
from flows.importers.studio_questions import BOT_PROMPTS, gather, plan_questions
from flows.importers.studio_splits import split
from flows.importers.studio_strangers import STRANGERS, stranger
from flows.importers.studio_systems import http_request, run_subflow, send_message, set_variables
from flows.importers.studio_talk import record_call, record_voicemail, say_play
from flows.importers.studio_values import StudioValues

CONVERTERS: Mapping[str, Callable[[Job, Widget], None]] = {
    "say-play": say_play,
    "split-based-on": split,
    "record-voicemail": record_voicemail,
    "record-call": record_call,
    "call-recording": record_call,
    "connect-call-to": connect_call,
    "enqueue-call": enqueue,
    "send-to-flex": enqueue,
    "make-outgoing-call": outgoing_call,
    "make-outgoing-call-v1": outgoing_call,
    "make-outgoing-call-v2": outgoing_call,
    "make-http-request": http_request,
    "run-function": http_request,
    "set-variables": set_variables,
    "send-message": send_message,
    "run-subflow": run_subflow,
    **dict.fromkeys(STRANGERS, stranger),
}
"""By widget type. The gather and the trigger are beside the table: a gather needs the splits behind it."""

VOICE, OUTBOUND = "incomingCall", "incomingRequest"


def import_studio(
    data: Any,
    *,
    name: str = "",
    language: str = "",
    file_name: str = "",
    known_flows: KnownFlows = None,
    now: datetime | None = None,
) -> Imported:
    """The flow of a definition, or of what Studio's API gives for one. Raises ImportRefused naming the place."""
    file = read_file(data)
    spoken = language or _language(file)
    board = Board(format_name="studio", languages=(spoken,))
    for widget in file.widgets.values():
        if widget.place is not None:
            board.places[widget.name] = widget.place
    job = Job(file=file, board=board, values=StudioValues(board=board, widgets=file.widgets))
    start, reachable = _begin(job)
    _voice(job, reachable)
    plans = plan_questions(job, reachable)
    board.start = start
    for widget in file.widgets.values():
        if widget.name in reachable and widget.type != "trigger":
            _convert(job, widget, plans)
    for merged in job.merged:
        board.nodes.pop(merged, None)
    for lookup, taken in job.values.taken.items():
        if board.nodes.get(lookup, {}).get("type") in ("lookup", "subflow"):
            board.nodes[lookup]["take"] = taken
    _unwired(job, reachable)
    return finish(
        board,
        name=name or flow_name(file.title, file_name),
        title=file.title[:200],
        description=_description(file),
        known_flows=known_flows,
        now=now,
    )


def _convert(job: Job, widget: Widget, plans: Mapping[str, MenuPlan]) -> None:
    if widget.name in job.merged:
        return
    if widget.type == "gather-input-on-call":
        gather(job, widget, plans.get(widget.name))
    elif widget.type in BOTS and widget.name in plans:
        _bot(job, widget, plans[widget.name])
    else:
        CONVERTERS.get(widget.type, stranger)(job, widget)


def _bot(job: Job, widget: Widget, plan: MenuPlan) -> None:
    """A bot whose tasks the flow tells apart: a menu of these tasks in its place."""
    primary = job.board.language.partition("-")[0]
    for option in plan.options:
        option.words = [word.replace("_", " ").replace("-", " ").strip() for word in option.words]
    menu(job, widget, plan, job.board.say(BOT_PROMPTS.get(primary, BOT_PROMPTS["en"])))
    job.refuse(
        widget,
        "The Autopilot assistant {sid} is not here. A menu of the tasks that {splits} tells apart stands in its place.",
        sid=widget.text("autopilot_assistant_sid") or "–",
        splits=", ".join(plan.splits),
    )


def _begin(job: Job) -> tuple[str, frozenset[str]]:
    """Where a call begins, and every widget it can reach; the others are told. Raises ImportRefused without a way."""
    file, report = job.file, job.board.report
    trigger = file.trigger
    start = trigger.target(VOICE)
    if not start and trigger.target(OUTBOUND):
        start = trigger.target(OUTBOUND)
        report.change(
            trigger.name, OUTBOUND, "Studio began this flow by its REST API; here it begins with a call that comes in."
        )
    if not start:
        raise ImportRefused(
            "The trigger “{name}” leads nowhere when a call comes in (incomingCall); the file has no voice flow.",
            name=trigger.name,
        )
    report.take(trigger.name, VOICE, "Calls begin at {start}.", start=start)
    reachable = file.reach(start) - {trigger.name}
    others: dict[str, str] = {}
    for way in trigger.ways:
        if way.target and way.target != start:
            report.refuse(trigger.name, way.event, "What the flow does on {event} is left out.", event=way.event)
            others.update(dict.fromkeys(file.reach(way.target), way.event))
    for widget in file.widgets.values():
        if widget.name in reachable or widget.type == "trigger":
            continue
        if widget.name in others:
            report.refuse(
                widget.name,
                widget.type,
                "Is left out: only {event} leads to it, not a call.",
                event=others[widget.name],
            )
        else:
            report.refuse(widget.name, widget.type, "Is left out: no way leads to it.")
    if any(way.target == trigger.name for w in file.widgets.values() for way in w.ways):
        job.board.pass_by(trigger.name, start)
    return start, reachable


def _unwired(job: Job, reachable: frozenset[str]) -> None:
    """Name each exit that led nowhere: Studio does not warn of them."""
    for widget in job.file.widgets.values():
        if widget.name not in reachable or widget.type == "trigger":
            continue
        loose = [way.event for way in widget.ways if not way.target]
        if loose:
            job.board.report.change(
                widget.name,
                "unwired",
                "Its exit {events} led nowhere: Studio ended the call there without a word, and so does this flow.",
                events=", ".join(dict.fromkeys(loose)),
            )


def _language(file: StudioFile) -> str:
    """The language most widgets speak."""
    named = [
        tag_of(w.text(key)) for w in file.widgets.values() for key in ("language", "gather_language") if w.text(key)
    ]
    counted = Counter(tag for tag in named if tag)
    return counted.most_common(1)[0][0] if counted else DEFAULT


def _voice(job: Job, reachable: frozenset[str]) -> None:
    """The voice most widgets have; Studio's own names mean the same to the provider."""
    spoken = [job.file.widgets[name].text("voice") for name in sorted(reachable)]
    counted = Counter(voice for voice in spoken if voice.startswith(("Polly.", "Google.")) and len(voice) < 80)
    if counted:
        job.board.voices[job.board.language] = counted.most_common(1)[0][0]


def _description(file: StudioFile) -> str:
    return (
        f"Imported from Twilio Studio: {file.description}"[:500] if file.description else "Imported from Twilio Studio."
    )
