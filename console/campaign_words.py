"""Words for campaigns, cases, attempts and lists: each wire value with its label, colour and shape of chip."""

from __future__ import annotations

from babel.numbers import format_decimal
from flask import Flask

from console import translate, words
from console.translate import lazy_gettext as _
from console.words import Word, word

CAMPAIGN = {
    "draft": word(_("Draft"), "grey", "hollow"),
    "ready": word(_("Ready"), "blue", "hollow"),
    "running": word(_("Running"), "green"),
    "paused": word(_("Paused"), "amber", "square"),
    "draining": word(_("Running out"), "accent", "down"),
    "finished": word(_("Finished"), "grey", "square"),
    "stopped": word(_("Stopped"), "red", "square"),
}
PURPOSE = {
    "delivery": word(_("Delivery"), "accent"),
    "information": word(_("Information"), "blue"),
    "follow_up": word(_("Follow-up"), "violet"),
    "survey": word(_("Survey"), "grey"),
    "marketing": word(_("Marketing"), "amber"),
    "all": word(_("Every purpose"), "red"),
}
CASE = {
    "staged": word(_("Being imported"), "grey", "hollow"),
    "open": word(_("Waiting"), "grey", "hollow"),
    "calling": word(_("Being called"), "green"),
    "merged": word(_("Rides along"), "accent", "hollow"),
    "closed": word(_("Closed"), "grey", "square"),
}
CLOSE_REASON = {
    "goal_met": word(_("Goal reached"), "green"),
    "done": word(_("Talked, no goal"), "blue"),
    "handed_over": word(_("Handed to a person"), "violet"),
    "expired": word(_("Expired"), "grey", "square"),
    "cancelled": word(_("Cancelled"), "grey", "square"),
    "opted_out": word(_("Wants no more calls"), "amber"),
    "wrong_person": word(_("Wrong person"), "amber", "up"),
    "tries_used": word(_("Tries used up"), "grey", "square"),
    "invalid_number": word(_("Number does not exist"), "red", "up"),
    "not_allowed": word(_("Not allowed"), "red", "square"),
    "campaign_stopped": word(_("Campaign stopped"), "red", "square"),
    "undone": word(_("Import undone"), "grey", "square"),
}
ATTEMPT = {
    "claimed": word(_("About to dial"), "grey", "hollow"),
    "dialing": word(_("Dialling"), "accent", "hollow"),
    "unknown": word(_("Being checked"), "amber", "up"),
    "placed": word(_("Placed"), "accent", "hollow"),
    "ringing": word(_("Ringing"), "accent"),
    "answered": word(_("Talking"), "green"),
    "ended": word(_("Ended"), "grey", "square"),
    "released": word(_("Not dialled"), "grey", "hollow"),
}
CARRIER = {
    "answered": word(_("Answered"), "green"),
    "busy": word(_("Busy"), "amber", "square"),
    "no_answer": word(_("No answer"), "amber", "hollow"),
    "rejected": word(_("Rejected"), "amber", "up"),
    "failed": word(_("Failed"), "red", "up"),
    "canceled": word(_("Cancelled"), "grey", "square"),
    "invalid_number": word(_("Number does not exist"), "red", "up"),
    "provider_error": word(_("Refused by the phone company"), "red", "square"),
}
BUSINESS = {
    "goal": word(_("Goal reached"), "green"),
    "done": word(_("Talked, no goal"), "blue"),
    "handed_over": word(_("Handed to a person"), "violet"),
    "incomplete": word(_("Unfinished"), "amber", "hollow"),
    "call_later": word(_("Call later"), "accent", "hollow"),
    "machine": word(_("Machine"), "grey"),
    "opted_out": word(_("Wants no more calls"), "amber"),
    "wrong_person": word(_("Wrong person"), "amber", "up"),
}
IMPORT = {
    "uploaded": word(_("Columns to be named"), "amber", "hollow"),
    "checking": word(_("Being checked"), "accent", "hollow"),
    "checked": word(_("Checked, not imported"), "blue", "hollow"),
    "importing": word(_("Being imported"), "accent"),
    "done": word(_("Imported"), "green"),
    "failed": word(_("Failed"), "red", "up"),
    "undone": word(_("Undone"), "grey", "square"),
}
HOW = {
    "key": word(_("By key"), "grey"),
    "words": word(_("In words"), "grey"),
    "sms": word(_("By SMS"), "grey"),
    "agent": word(_("By an agent"), "blue"),
    "api": word(_("By a program"), "violet"),
    "import": word(_("By list"), "violet"),
    "call": word(_("On a call"), "grey"),
}
CONSENT = {
    "implied": word(_("Implied"), "grey", "hollow"),
    "express": word(_("Express"), "blue"),
    "written": word(_("Written"), "green"),
}
SCOPES = {
    "cases:read": _("See cases, calls and answers"),
    "cases:write": _("Create, postpone and cancel cases"),
    "campaigns:read": _("See campaigns and their figures"),
    "campaigns:write": _("Create, change and launch campaigns"),
    "consents:read": _("See consents and opt-outs; ask whether a number may be called"),
    "consents:write": _("Add and revoke consents and opt-outs"),
    "calls:read": _("See calls and what was said"),
    "tickets:read": _("See tickets"),
    "tickets:write": _("Open tickets, comment on them, change their status"),
    "events:write": _("Report events, which may create or cancel cases"),
}
TABLES: dict[str, dict[str, Word]] = {
    "campaign": CAMPAIGN,
    "purpose": PURPOSE,
    "case": CASE,
    "close_reason": CLOSE_REASON,
    "attempt": ATTEMPT,
    "carrier": CARRIER,
    "business": BUSINESS,
    "import": IMPORT,
    "how": HOW,
    "consent": CONSENT,
}


def grouped(number: float | None) -> str:
    """A number with its thousands set apart; "" for None."""
    return "" if number is None else str(format_decimal(number, locale=translate.language()))


def register(app: Flask) -> None:
    """Let templates use these."""
    words.TABLES.update(TABLES)
    app.add_template_filter(grouped, "grouped")
