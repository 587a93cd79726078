"""Gather widgets (and bots that a split follows) as menus, collect and listen nodes."""

from __future__ import annotations

from typing import Any

from flows.importers.studio_file import Widget
from flows.importers.studio_job import Job
from flows.importers.studio_menu_nodes import BOTS, menu
from flows.importers.studio_menus import MenuPlan, plan_menu
from flows.importers.studio_unanswered import tell_settings, timing, unanswered

HEARD = {"keypress": "Digits", "speech": "SpeechResult"}
BOT_HEARD = {"sessionEnded": "CurrentTask"}
BOT_PROMPTS = {"en": "How can I help you?", "zh": "请问您要办理什么业务？", "es": "¿En qué puedo ayudarle?"}


def plan_questions(job: Job, reachable: frozenset[str]) -> dict[str, MenuPlan]:
    """The menus of the flow by gather; tells where the answers of the other gathers are kept."""
    plans = {}
    for widget in (job.file.widgets[name] for name in job.file.widgets if name in reachable):
        is_bot = widget.type in BOTS
        if widget.type != "gather-input-on-call" and not is_bot:
            continue
        plan = plan_menu(job, widget, BOT_HEARD if is_bot else HEARD)
        if plan is not None:
            plans[widget.name] = plan
            job.merged.update(plan.splits)
        elif not is_bot:
            variable = "SpeechResult" if listens(job, widget) else "Digits"
            value = job.board.names.value(f"{widget.name} {'words' if variable == 'SpeechResult' else 'digits'}")
            job.values.heard[widget.name, variable] = value
    return plans


def listens(job: Job, widget: Widget) -> bool:
    """Whether the widget waits for words rather than keys."""
    if not widget.target("speech"):
        return False
    if not widget.target("keypress"):
        return True
    read = job.references()
    return bool(read[widget.name, "SpeechResult"]) and not read[widget.name, "Digits"]


def gather(job: Job, widget: Widget, plan: MenuPlan | None) -> None:
    """Put the question on the board."""
    if plan is not None:
        menu(job, widget, plan, job.prompt(widget))
        return
    words = listens(job, widget)
    event, other = ("speech", "keypress") if words else ("keypress", "speech")
    failed, reprompt = unanswered(job, widget, ("timeout",), widget.name)
    exits = {"next": widget.target(event, other), "failed": failed}
    common: dict[str, Any] = {"exits": exits, "prompt": job.prompt(widget), "reprompt": reprompt, **timing(widget)}
    value = job.values.heard[widget.name, HEARD[event]]
    if words:
        job.board.put(widget.name, "listen", value=value, **common)
    else:
        length = widget.number("number_of_digits")
        length = length if length and length <= 40 else None
        job.board.put(
            widget.name,
            "collect",
            kind="digits",
            value=value,
            min_length=length,
            max_length=length,
            confirm="never",
            **common,
        )
    job.board.report.take(widget.name, widget.type, "Is a question that keeps the answer as {value}.", value=value)
    if widget.target(other) and widget.target(other) != widget.target(event):
        job.board.report.refuse(
            widget.name,
            other,
            "Studio went to {there} by {other}; here the answer always leads to {here}.",
            there=widget.target(other),
            other=other,
            here=widget.target(event),
        )
    if job.references()[widget.name, HEARD[other]] and widget.target(other):
        job.board.report.refuse(
            widget.name, other, "The flow reads both keys and words of this question; only one of them is kept here."
        )
    tell_settings(job, widget)
