"""What a question does when it is not answered, and what of its settings is left out."""

from __future__ import annotations

from typing import Any

from flows.importers.studio_file import Widget
from flows.importers.studio_job import Job


def unanswered(job: Job, widget: Widget, events: tuple[str, ...], no_match: str) -> tuple[str, dict[str, str]]:
    """Where the question's last error leads, and what is said at the first when Studio came back."""
    found = [target for target in (no_match, widget.target(*events)) if target and target != widget.name]
    reprompt: dict[str, str] = {}
    onward = []
    for target in found:
        words = job.file.widgets[target]
        back = words.type == "say-play" and words.target("audioComplete") in (widget.name, *_aliases(job, widget))
        if not back:
            onward.append(target)
            continue
        if words.text("say").strip() and not reprompt:
            reprompt = job.prompt(words)
        if not _leads_there(job, target, widget):
            job.merged.add(target)
        job.board.report.take(
            target, words.type, "Is said again by {name} itself when it was not answered.", name=widget.name
        )
    if len(set(onward)) > 1:
        job.board.report.change(
            widget.name,
            "no answer",
            "Studio led a wrong answer to {wrong} and silence to {silent}; both lead to {wrong} now.",
            wrong=onward[0],
            silent=onward[1],
        )
    return (onward[0] if onward else ""), reprompt


def _aliases(job: Job, widget: Widget) -> tuple[str, ...]:
    """Widgets that say nothing and lead straight to this one."""
    before = (job.file.widgets[name] for name in job.file.before.get(widget.name, ()))
    return tuple(w.name for w in before if w.type == "say-play" and not w.text("say").strip())


def _leads_there(job: Job, name: str, but: Widget) -> bool:
    """Whether anything but the question and what was merged into it leads to a widget."""
    return bool(job.file.before.get(name, frozenset()) - {but.name} - job.merged)


def timing(widget: Widget) -> dict[str, Any]:
    """How long the question waits, where Studio named another time than ours."""
    seconds = widget.number("timeout")
    return {"timeout_s": min(seconds, 60)} if seconds and seconds != 5 else {}


def tell_settings(job: Job, widget: Widget) -> None:
    """What of the recogniser's settings has no place here."""
    kept = [
        key for key in ("hints", "speech_model", "partial_result_callback") if widget.text(key) not in ("", "default")
    ]
    if kept:
        job.board.report.change(
            widget.name,
            "speech",
            "The settings {keys} are left out: the house's recogniser has its own.",
            keys=", ".join(kept),
        )
    if widget.text("finish_on_key") not in ("", "#"):
        job.board.report.change(
            widget.name,
            "finish_on_key",
            "The hash key ends an input here, not {key}.",
            key=widget.text("finish_on_key"),
        )
