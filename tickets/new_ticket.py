"""What is known when a ticket is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tickets.people import plain_number
from tickets.texts import clean, clean_json, clean_line

LONGEST_TEXT = 20_000


@dataclass(frozen=True, kw_only=True)
class NewTicket:
    """What is known when a ticket is wanted.

    Attributes:
        subject: one line; "" lets the desk make one.
        category: a category's key, or "" to let the rules decide.
        text: what the caller said; `confidence` of the recogniser 0.0 to 1.0, None when typed or unknown.
        reference: what the matter is about (a tracking number); the same reference is the same matter.
        impact / urgency: "low", "normal", "high", or "" for the category's.
        reason: why the flow opens it. node: the node that asks. intent: what the caller was understood to want.
        ticket_of_call: id of the ticket that this call opened or added to before, or None. A wish that names neither a
            category nor another reference belongs to it: the voicemail after a question is about the question.
        errors: how many answers of this call were not understood.
        source: "phone", "web", "api" or "sms".
        key: names this opening; a second one with the same key gives the first one's ticket and changes nothing.
    """

    subject: str = ""
    category: str = ""
    text: str = ""
    confidence: float | None = None
    reference: str = ""
    impact: str = ""
    urgency: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    node: str = ""
    intent: str = ""
    ticket_of_call: int | None = None
    errors: int = 0
    caller_number: str = ""
    person_id: int | None = None
    language: str = ""
    call_sid: str = ""
    direction: str = "inbound"
    flow_name: str = ""
    source: str = "phone"
    key: str = ""
    demo: bool = False


def plain_values(new: NewTicket) -> NewTicket:
    """`new` with bounded, storable values and the caller's number as E.164 where it is one."""
    return replace(
        new,
        subject=clean_line(new.subject, 300),
        category=clean_line(new.category, 64),
        text=clean(new.text, LONGEST_TEXT).strip(),
        reference=clean_line(new.reference, 200),
        fields=clean_json(new.fields),
        reason=clean_line(new.reason, 300),
        node=clean_line(new.node, 100),
        intent=clean_line(new.intent, 100),
        caller_number=plain_number(new.caller_number) or clean_line(new.caller_number, 32),
        language=clean_line(new.language, 35),
        call_sid=clean_line(new.call_sid, 64),
        flow_name=clean_line(new.flow_name, 100),
        source=clean_line(new.source, 16),
        key=clean(new.key, 150),
    )
