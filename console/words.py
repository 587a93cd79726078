"""How the house's own words are shown: each wire value with its label, colour and shape of chip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import phonenumbers
from flask import Flask

from console.translate import gettext as _now
from console.translate import language
from console.translate import lazy_gettext as _


@dataclass(frozen=True, kw_only=True)
class Word:
    """A label, the tone (colour) and the shape of its chip, so that no state is told by colour alone."""

    label: Any
    tone: str = "grey"
    shape: str = ""


def word(label: Any, tone: str = "grey", shape: str = "") -> Word:
    """A word."""
    return Word(label=label, tone=tone, shape=shape)


STATUS = {
    "new": word(_("New"), "accent"),
    "open": word(_("Open"), "blue"),
    "waiting_customer": word(_("Waiting for customer"), "amber", "hollow"),
    "waiting_third": word(_("Waiting for third party"), "violet", "hollow"),
    "solved": word(_("Solved"), "green", "square"),
    "closed": word(_("Closed"), "grey", "square"),
}
PRIORITY = {
    "low": word(_("Low"), "grey", "down"),
    "normal": word(_("Normal"), "grey", "hollow"),
    "high": word(_("High"), "amber", "up"),
    "urgent": word(_("Urgent"), "red", "up"),
}
TRIGGERS = {
    "open": _("Work on it"),
    "wait_customer": _("Wait for customer"),
    "wait_third": _("Wait for third party"),
    "solve": _("Solve"),
    "reopen": _("Reopen"),
    "close": _("Close"),
}
CALL_STATUS = {
    "queued": word(_("Queued"), "grey", "hollow"),
    "initiated": word(_("Dialling"), "grey", "hollow"),
    "ringing": word(_("Ringing"), "accent", "hollow"),
    "in-progress": word(_("Talking"), "green"),
    "completed": word(_("Ended"), "grey", "square"),
    "busy": word(_("Busy"), "amber", "square"),
    "failed": word(_("Failed"), "red", "square"),
    "no-answer": word(_("No answer"), "amber", "square"),
    "canceled": word(_("Cancelled"), "grey", "square"),
}
OUTCOME = {
    "completed": word(_("Completed"), "green"),
    "abandoned": word(_("Abandoned"), "amber", "hollow"),
    "failed": word(_("Failed"), "red", "up"),
    "voicemail": word(_("Voicemail"), "blue"),
    "transferred": word(_("Transferred"), "violet"),
    "ticket": word(_("Ticket opened"), "blue"),
}
DIRECTION = {
    "inbound": word(_("Incoming"), "accent", "down"),
    "outbound": word(_("Outgoing"), "violet", "up"),
    "outbound-api": word(_("Outgoing"), "violet", "up"),
}
RECORDING = {
    "waiting": word(_("Being fetched"), "grey", "hollow"),
    "fetched": word(_("Being transcribed"), "accent", "hollow"),
    "transcribed": word(_("Transcribed"), "green"),
    "unavailable": word(_("Transcript unavailable"), "amber", "hollow"),
    "broken": word(_("Not usable"), "red", "up"),
}
ROLE = {
    "agent": word(_("Agent"), "grey"),
    "ops": word(_("Operations"), "blue"),
    "admin": word(_("Administrator"), "violet"),
}
SOURCE = {"phone": _("By phone"), "web": _("Web form"), "api": _("API"), "sms": _("SMS")}
LANGUAGE = {"en": _("English"), "zh": _("Chinese"), "ko": _("Korean"), "es": _("Spanish"), "de": _("German")}
LEVEL = {"error": word(_("Error"), "red", "up"), "warning": word(_("Warning"), "amber", "hollow")}
FIELD = {
    "status": _("Status"),
    "priority": _("Priority"),
    "category": _("Category"),
    "assignee": _("Assignee"),
    "assignee_id": _("Assignee"),
    "group": _("Group"),
    "group_id": _("Group"),
    "subject": _("Subject"),
    "person_id": _("Caller"),
    "impact": _("Impact"),
    "urgency": _("Urgency"),
}
SIZE = {"low": _("low"), "normal": _("normal"), "high": _("high")}

TABLES: dict[str, dict[str, Word]] = {
    "status": STATUS,
    "priority": PRIORITY,
    "call_status": CALL_STATUS,
    "outcome": OUTCOME,
    "direction": DIRECTION,
    "recording": RECORDING,
    "role": ROLE,
    "level": LEVEL,
}


def shown(table: str, value: object) -> Word:
    """The word for a wire value; an unknown one is shown as it is."""
    return TABLES[table].get(str(value)) or Word(label=str(value))


def local_title(title: Any, default: str = "") -> str:
    """The title of {"en": …, "zh": …} (or zh-CN) in the page's language, else any, else `default`."""
    if not isinstance(title, dict) or not title:
        return default
    wanted = language()
    for key, text in title.items():
        if key.split("-")[0] == wanted and text:
            return str(text)
    return str(next((t for t in title.values() if t), default))


def language_name(tag: str | None) -> str:
    """ "zh-CN" as a word."""
    return str(LANGUAGE.get((tag or "").split("-")[0], tag or ""))


def number_shown(number: str | None) -> str:
    """A telephone number as people write it; what is not one stays as it came."""
    if not number:
        return _now("Number withheld")
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_possible_number(parsed):
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def percent(value: float | None) -> str:
    """0.934 as "93 %"; "" when unknown."""
    return "" if value is None else f"{round(value * 100)} %"


def register(app: Flask) -> None:
    """Let templates use these."""
    app.add_template_global(shown, "shown")
    app.jinja_env.globals["trigger_words"] = TRIGGERS
    app.jinja_env.globals["source_words"] = SOURCE
    app.jinja_env.globals["field_words"] = FIELD
    app.jinja_env.globals["size_words"] = SIZE
    app.add_template_filter(local_title, "local_title")
    app.add_template_filter(language_name, "language_name")
    app.add_template_filter(number_shown, "number_shown")
    app.add_template_filter(percent, "percent")
