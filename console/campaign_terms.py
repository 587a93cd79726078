"""The words of results: why a case waits, the gate's rules, a number's health, the steps of the funnel, the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console import campaign_words
from console.translate import gettext as _now
from console.translate import lazy_gettext as _
from console.words import OUTCOME, Word, word

WHY = {
    "calling": word(_("Being called"), "green"),
    "closed": word(_("Closed"), "grey", "square"),
    "merged": word(_("Rides along"), "accent", "hollow"),
    "not_running": word(_("Campaign does not dial"), "grey", "hollow"),
    "rule": word(_("Held back by a rule"), "amber", "hollow"),
    "wished": word(_("Asked for another time"), "blue"),
    "retry": word(_("Between two tries"), "blue", "hollow"),
    "not_yet": word(_("Not due yet"), "blue", "hollow"),
    "in_turn": word(_("Waits for its turn"), "accent", "hollow"),
}
RULE = {
    "campaign_running": word(_("Campaign not running")),
    "case_open": word(_("Case not open")),
    "number_valid": word(_("Number cannot be called"), "red", "up"),
    "not_opted_out": word(_("Wants no calls"), "amber"),
    "consent": word(_("No consent"), "amber", "up"),
    "case_window": word(_("Outside the case's own dates"), "blue", "hollow"),
    "calling_hours": word(_("Outside calling hours"), "blue", "hollow"),
    "holiday": word(_("Holiday or closed day"), "blue", "square"),
    "one_per_reference": word(_("Already called about this"), "violet", "hollow"),
    "callee_busy": word(_("Is on the phone with us"), "accent"),
    "pacing": word(_("Pace"), "accent", "hollow"),
    "": word(_("No rule against it"), "green", "hollow"),
}
HEALTH = {
    "unknown": word(_("Too few calls"), "grey", "hollow"),
    "good": word(_("Healthy"), "green"),
    "unanswered": word(_("Rarely answered"), "amber", "down"),
    "short": word(_("Often hung up on"), "amber", "up"),
    "failing": word(_("Often fails"), "red", "up"),
}
FUNNEL: Mapping[str, Any] = {
    "dialled": _("Dialled"),
    "rang": _("Rang"),
    "answered": _("Picked up"),
    "human": _("By a person"),
    "heard": _("Heard the opening"),
    "replied": _("Answered a question"),
    "goal": _("Goal reached"),
}
END: Mapping[str, Any] = {
    "human": _("A person answered"),
    "machine": _("A machine answered"),
    "busy": _("Busy or rejected"),
    "no_answer": _("No answer"),
    "failed": _("Never reached a phone"),
}
SOURCE: Mapping[str, Any] = {
    "import": _("from a list"),
    "api": _("from a program"),
    "rule": _("from a rule"),
    "manual": _("entered by hand"),
    "callback": _("from a call-back"),
    "test": _("test call"),
}
DEED = {
    "launch": word(_("Launched"), "green"),
    "pause": word(_("Paused"), "amber", "square"),
    "resume": word(_("Resumed"), "green"),
    "drain": word(_("Runs out"), "accent", "down"),
    "stop": word(_("Stopped"), "red", "square"),
    "finish": word(_("Finished"), "grey", "square"),
    "trip": word(_("Stopped itself"), "red", "up"),
    "edit": word(_("Changed"), "blue", "hollow"),
    "import": word(_("List imported"), "blue"),
    "undo": word(_("Import undone"), "grey", "hollow"),
    "test": word(_("Test call"), "violet", "hollow"),
    "make_ready": word(_("Made ready"), "blue"),
    "ready": word(_("Made ready"), "blue"),
    "create": word(_("Created"), "grey", "hollow"),
    "copy": word(_("Copied"), "grey", "hollow"),
}
SIGNAL: Mapping[str, Any] = {
    "failed_rate": _("Too many calls fail."),
    "short_call_rate": _("Too many people hang up within seconds."),
    "answer_rate": _("Far fewer people answer than before."),
    "opt_out_rate": _("Too many people want no more calls."),
    "abandoned_rate": _("Too many people picked up and heard nothing."),
    "provider_error_rate": _("The phone company refuses too many calls."),
}
"""The breaker's six signals, by their wire values."""

TABLES: Mapping[str, Mapping[str, Word]] = {
    "outcome": OUTCOME,
    **campaign_words.TABLES,
    "why": WHY,
    "health": HEALTH,
    "deed": DEED,
}


def term(table: str, value: object) -> Word:
    """The word for a wire value; one that is not known, such as a flow's own, is shown as it is written."""
    if table == "rule":
        return rule_word(str(value))
    return TABLES[table].get(str(value)) or Word(label=str(value).replace("_", " "))


def rule_word(rule: str) -> Word:
    """The word for a rule of the gate. Caps are named by their span: "cap_24h", "cap_30d"."""
    if rule.startswith("cap_"):
        return word(_now("Called often enough in %(span)s", span=_span(rule[4:])), "violet", "hollow")
    return RULE.get(rule) or Word(label=rule.replace("_", " "))


def _span(text: str) -> str:
    number, unit = text.rstrip("minhd"), text.lstrip("0123456789")
    if unit == "min":
        return _now("%(count)s minutes", count=number)
    if unit == "h":
        return _now("%(count)s hours", count=number)
    return _now("%(count)s days", count=number) if unit == "d" else text.replace("_", " ")
