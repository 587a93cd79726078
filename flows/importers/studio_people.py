"""Widgets that bring the caller to a person: a number, a queue, Flex; and calls to somebody else."""

from __future__ import annotations

import re

from flows.importers.naming import slug
from flows.importers.studio_file import Widget
from flows.importers.studio_job import Job

DEFAULT_QUEUE = "service"
MIN_RING_S, MAX_RING_S = 5, 120
_ENDED = ("callCompleted", "callComplete", "answered", "hangup")


def connect_call(job: Job, widget: Widget) -> None:
    """A call to a number (or several); other kinds of line have no counterpart."""
    noun = widget.text("noun") or "number"
    if noun not in ("number", "number-multi"):
        job.board.pass_by(widget.name, widget.target("callCompleted", "hangup"))
        to = widget.text("to") or widget.text("sip_endpoint") or "–"
        job.refuse(
            widget,
            "It connects to a {noun} ({to}); only telephone numbers and queues are reached here.",
            noun=noun,
            to=to,
        )
        return
    numbers = [_number(job, widget, part) for part in widget.text("to").split(",")]
    numbers = list(dict.fromkeys(number for number in numbers if number))[:10]
    if not numbers:
        job.board.pass_by(widget.name, widget.target("callCompleted", "hangup"))
        job.refuse(widget, "It names no number that could be read; the call goes on without it.")
        return
    seconds = widget.number("timeout")
    ended = widget.target("callCompleted", "hangup")
    job.board.put(
        widget.name,
        "transfer",
        numbers=numbers,
        timeout_s=max(MIN_RING_S, min(seconds, MAX_RING_S)) if seconds else None,
        exits={"answered": ended, "no_answer": ended},
    )
    job.board.person = job.board.person or widget.name
    report = job.board.report
    report.take(widget.name, widget.type, "Is a transfer to {count} number(s).", count=len(numbers))
    report.change(
        widget.name,
        "answer",
        "Whoever answers presses 1 to take the call, so that a mailbox never does; Studio connected at once.",
    )
    caller_id = job.template(widget, "caller_id")
    if caller_id and "caller.number" not in caller_id:
        job.board.nodes[widget.name]["caller_id"] = caller_id
    if widget.text("record") in ("true", "record-from-answer", "record-from-answer-dual"):
        report.refuse(widget.name, "record", "The talk was recorded in Studio; it is not recorded here.")


def enqueue(job: Job, widget: Widget) -> None:
    """A queue, or Flex, which becomes one."""
    wanted = widget.text("queue_name")
    queue = slug(wanted) if wanted and "{{" not in wanted else ""
    ended = widget.target("callComplete")
    failed = widget.target("failedToEnqueue", "callFailure")
    seconds = widget.number("timeout")
    job.board.put(
        widget.name,
        "transfer",
        queue=(queue or DEFAULT_QUEUE)[:60],
        max_wait_s=max(10, min(seconds, 3600)) if seconds else None,
        exits={"answered": ended, "no_answer": failed or ended, "failed": failed},
    )
    job.board.person = job.board.person or widget.name
    report = job.board.report
    if queue:
        report.take(widget.name, widget.type, "Is a transfer to the queue {queue}.", queue=queue)
    else:
        report.change(
            widget.name,
            widget.type,
            "The workflow {workflow} is not here: callers wait in the queue {queue}.",
            workflow=widget.text("workflow") or widget.text("workflow_sid") or "–",
            queue=DEFAULT_QUEUE,
        )
    left_out = [key for key in ("attributes", "task_attributes", "priority", "wait_url") if widget.text(key)]
    if left_out:
        report.refuse(
            widget.name,
            left_out[0],
            "Left out: {keys}. The agent sees the caller, the ticket and what was said instead.",
            keys=", ".join(left_out),
        )


def outgoing_call(job: Job, widget: Widget) -> None:
    """A call that the flow itself makes."""
    job.board.pass_by(widget.name, widget.target("answered"))
    job.refuse(
        widget,
        "A flow does not call out here: make a campaign with this flow, where hours, consent and retries are kept. "
        "The flow goes on as if it was answered.",
    )
    lost = [event for event in ("busy", "noAnswer", "failed") if widget.target(event)]
    if lost:
        job.board.report.refuse(
            widget.name, ", ".join(lost), "What Studio did when nobody answered is the campaign's matter here."
        )


def _number(job: Job, widget: Widget, text: str) -> str:
    """A number in E.164, or a template; "" for anything else."""
    if "{{" in text or "{%" in text:
        return job.template(widget, "to", text.strip()).strip()
    plain = re.sub(r"[\s().-]", "", text)
    return (
        plain
        if re.fullmatch(r"\+[1-9]\d{6,14}", plain)
        else f"+{plain}"
        if re.fullmatch(r"[1-9]\d{9,14}", plain)
        else ""
    )
