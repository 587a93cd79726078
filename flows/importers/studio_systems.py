"""Widgets that ask other systems, set variables, send messages and run other flows."""

from __future__ import annotations

import json
import re
from typing import Any

from flows.importers.naming import flow_name
from flows.importers.studio_file import Widget
from flows.importers.studio_job import Job

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def http_request(job: Job, widget: Widget) -> None:
    """A request to a system, and a Twilio function, which is one."""
    report = job.board.report
    url = job.template(widget, "url").strip()
    if not re.match(r"https?://|\{\{", url) or len(url) > 2000:
        job.board.pass_by(widget.name, widget.target("failed", "fail"))
        job.refuse(widget, "It has no address that could be read; the call goes on as if nobody answered.")
        return
    is_function = widget.type == "run-function"
    method = "POST" if is_function else widget.text("method").upper() or "GET"
    if method not in METHODS:
        report.change(widget.name, "method", "The method {method} is none of ours; GET is used.", method=method)
        method = "GET"
    job.board.put(
        widget.name,
        "lookup",
        url=url,
        method=method if method != "GET" else None,
        body=_body(job, widget) if method != "GET" else None,
        exits={"ok": widget.target("success"), "error": widget.target("failed", "fail")},
    )
    report.take(widget.name, widget.type, "Is a lookup by {method}.", method=method)
    if is_function:
        report.change(
            widget.name,
            widget.type,
            "The function is asked by HTTP: it must be public, or check a header that you add with secret:NAME.",
        )
    if "x-www-form-urlencoded" in widget.text("content_type") and method != "GET":
        report.change(
            widget.name, "content_type", "What is sent is JSON; Studio sent a form. The other side must read JSON."
        )
    if widget.text("add_twilio_auth") == "true":
        report.refuse(widget.name, "add_twilio_auth", "Twilio's own sign-in is not added to the request.")


def _body(job: Job, widget: Widget) -> Any:
    parameters = widget.properties.get("parameters")
    if isinstance(parameters, list) and parameters and not widget.text("body"):
        pairs = [p for p in parameters[:200] if isinstance(p, dict) and p.get("key")]
        return {str(p["key"])[:200]: job.template(widget, "parameters", str(p.get("value", ""))) for p in pairs}
    text = job.template(widget, "body")
    if not text.strip():
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        job.board.report.change(widget.name, "body", "Its body is not JSON and is sent as one text.")
        return text[:5_000]
    return data if isinstance(data, (dict, list, str)) else text


def set_variables(job: Job, widget: Widget) -> None:
    """Variables of the flow."""
    found = widget.properties.get("variables")
    pairs = [v for v in found if isinstance(v, dict) and v.get("key")] if isinstance(found, list) else []
    if not pairs:
        job.board.pass_by(widget.name, widget.target("next"))
        job.refuse(widget, "It sets no variable that could be read.")
        return
    values = {}
    for pair in pairs[:200]:
        name = job.board.names.value(str(pair["key"]))
        values[name] = job.expression(widget, str(pair["key"])[:60], str(pair.get("value", "")))
    job.board.put(widget.name, "set_value", values=values, exits={"next": widget.target("next")})
    job.board.report.take(widget.name, widget.type, "Sets {names}.", names=", ".join(values))


def send_message(job: Job, widget: Widget) -> None:
    """A text message."""
    body = job.template(widget, "body").strip()
    if not body:
        job.board.pass_by(widget.name, widget.target("sent", "failed"))
        job.refuse(widget, "The message has no text that could be read; none is sent.")
        return
    to = job.template(widget, "to").strip()
    job.board.put(
        widget.name,
        "send_sms",
        body=job.board.say(body),
        to=to if "caller.number" not in to else None,
        exits={"next": widget.target("sent"), "no_number": widget.target("failed")},
    )
    job.board.report.take(widget.name, widget.type, "Is a text message.")
    if widget.text("media_url"):
        job.board.report.refuse(widget.name, "media_url", "The picture or file is not sent; only the text is.")
    if widget.target("failed") and widget.target("failed") != widget.target("sent"):
        job.board.report.change(
            widget.name,
            "failed",
            "The call does not wait for the message: {there} is only gone to when the caller's number is withheld.",
            there=widget.target("failed"),
        )


def run_subflow(job: Job, widget: Widget) -> None:
    """Another flow. Studio names it by its SID, which says nothing here."""
    sid = widget.text("flow_sid")
    flow = flow_name(widget.name)
    found = widget.properties.get("parameters")
    give = {}
    for pair in found[:200] if isinstance(found, list) else ():
        if isinstance(pair, dict) and pair.get("key"):
            give[job.board.names.value(str(pair["key"]))] = job.expression(
                widget, "parameters", str(pair.get("value", ""))
            )
    job.board.put(
        widget.name,
        "subflow",
        flow=flow,
        give=give,
        exits={"done": widget.target("completed"), "failed": widget.target("failed")},
    )
    job.board.report.change(
        widget.name,
        widget.type,
        "It runs the Studio flow {sid}: import that one too, and name it {flow}, or choose another flow here.",
        sid=sid or "–",
        flow=flow,
    )
