"""Widgets of services that are not here: each is named, and the call goes on past it."""

from __future__ import annotations

from collections.abc import Mapping

from flows.importers.studio_file import Widget
from flows.importers.studio_job import Job

STRANGERS: Mapping[str, str] = {
    "send-to-auto-pilot": "Twilio's Autopilot is not here; the call goes on as if it had ended.",
    "send-to-autopilot": "Twilio's Autopilot is not here; the call goes on as if it had ended.",
    "connect-virtual-agent": "The virtual agent is not here; the call goes on as if it had ended.",
    "connect-virtual-agent-v2": "The virtual agent is not here; the call goes on as if it had ended.",
    "add-twiml-redirect": "TwiML from elsewhere is not run here; the call goes on as if it had returned.",
    "capture-payments": "Cards are not charged on the telephone here; the call goes on as if that had failed.",
    "fork-stream": "The sound of the call is not sent elsewhere; the call goes on without.",
    "send-and-wait-for-reply": "A text conversation cannot be part of a call; the call goes on as if nobody replied.",
    "send-and-reply": "A text conversation cannot be part of a call; the call goes on as if nobody replied.",
    "search-knowledge": "Twilio's knowledge base is not here; the call goes on without. An answer node could do this.",
    "split-based-on-intent": "Twilio's intents are not here; the call goes on by its last way.",
}
"""By widget type: what is not here, and what happens instead."""

_UNKNOWN = "There is no counterpart for this widget; the call goes on past it."

_ONWARD: Mapping[str, tuple[str, ...]] = {
    "capture-payments": ("maxFailedAttempts", "providerError", "validationError", "payInterrupted", "hangup"),
    "send-and-wait-for-reply": ("timeout", "deliveryFailure", "incomingMessage"),
    "send-and-reply": ("timeout", "deliveryFailure", "incomingMessage"),
    "add-twiml-redirect": ("return", "timeout", "fail"),
}
"""The way that is gone, the first that is wired."""

_USUAL = ("sessionEnded", "return", "next", "success", "completed", "sent", "audioComplete", "hangup")


def stranger(job: Job, widget: Widget) -> None:
    """Lead the call past the widget, and tell."""
    events = _ONWARD.get(widget.type, ()) + _USUAL
    onward = widget.target(*events) or next((way.target for way in widget.ways if way.target), "")
    job.board.pass_by(widget.name, onward)
    job.refuse(widget, STRANGERS.get(widget.type, _UNKNOWN))
