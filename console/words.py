"""How the house's own words are shown: each wire value with its label, colour and shape of chip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import phonenumbers
from babel import Locale, UnknownLocaleError
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
    "goodbye": word(_("Said goodbye"), "green"),
    "opted_out": word(_("Wants no more calls"), "amber"),
    "callback": word(_("Call back wanted"), "blue"),
    "busy": word(_("Busy"), "amber", "square"),
    "no-answer": word(_("No answer"), "amber", "square"),
    "canceled": word(_("Cancelled"), "grey", "square"),
}
DIAL = {
    "answered": word(_("Answered"), "green"),
    "completed": word(_("Answered"), "green"),
    "busy": word(_("Busy"), "amber"),
    "no_answer": word(_("No answer"), "amber"),
    "no-answer": word(_("No answer"), "amber"),
    "failed": word(_("Failed"), "red"),
    "canceled": word(_("Cancelled")),
    "bridged": word(_("Answered"), "green"),
    "hangup": word(_("Hung up")),
    "leave": word(_("Left")),
    "redirected": word(_("Left")),
    "queue-full": word(_("The queue was full"), "amber"),
    "system-error": word(_("Failed"), "red"),
    "error": word(_("Failed"), "red"),
}
MESSAGE = {
    "waiting": word(_("Being sent"), "grey", "hollow"),
    "sending": word(_("Being sent"), "grey", "hollow"),
    "accepted": word(_("Being sent"), "grey", "hollow"),
    "queued": word(_("Being sent"), "grey", "hollow"),
    "scheduled": word(_("Planned"), "grey", "hollow"),
    "sent": word(_("Sent"), "blue"),
    "delivered": word(_("Delivered"), "green"),
    "read": word(_("Read"), "green"),
    "undelivered": word(_("Not delivered"), "red", "up"),
    "failed": word(_("Not sent"), "red", "up"),
    "canceled": word(_("Cancelled"), "grey", "square"),
}
ANSWERED_BY = {
    "human": word(_("A person")),
    "machine_start": word(_("An answering machine")),
    "machine_end_beep": word(_("An answering machine")),
    "machine_end_silence": word(_("An answering machine")),
    "machine_end_other": word(_("An answering machine")),
    "fax": word(_("A fax machine")),
    "unknown": word(_("Unknown")),
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
    "note": _("Note"),
    "call": _("Call"),
}
KEYS = {
    "city": _("City"),
    "address": _("Address"),
    "tracking": _("Tracking number"),
    "number": _("Number"),
    "day": _("Day"),
    "time": _("Time"),
    "name": _("Name"),
}
"""Words for common keys of what flows note on tickets and people."""
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
    "dial": DIAL,
    "message": MESSAGE,
    "answered_by": ANSWERED_BY,
}


def shown(table: str, value: object) -> Word:
    """The word for a wire value; an unknown one, such as an outcome that a flow made up, is shown as it is written."""
    return TABLES[table].get(str(value)) or Word(label=str(value).replace("_", " "))


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
    """ "zh-CN" as a word in the reader's language; a tag that nobody knows stays as it is."""
    code = (tag or "").replace("_", "-").split("-")[0]
    if not code or code in LANGUAGE:
        return str(LANGUAGE.get(code, ""))
    try:
        name = Locale.parse(code).get_display_name(language())
    except (UnknownLocaleError, ValueError):
        return tag or ""
    return name[:1].upper() + name[1:] if name else tag or ""


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


def key_words(key: str) -> str:
    """The key of a field of a ticket or a person as words."""
    return str(KEYS.get(key) or key.replace("_", " "))


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
    app.add_template_filter(key_words, "key_words")
    app.add_template_filter(local_title, "local_title")
    app.add_template_filter(language_name, "language_name")
    app.add_template_filter(number_shown, "number_shown")
    app.add_template_filter(percent, "percent")
