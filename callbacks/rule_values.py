"""What an event says for a rule: whether it fits, and the case it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from callbacks.event_rules import EventRule
from callbacks.new_case import NewCase
from flows.errors import ExpressionError
from flows.expressions import evaluate
from flows.text import render
from telephony.numbers import parse_or_none

FIELDS = ("number", "name", "language", "zone", "reference")
"""Names among a rule's variables that fill the case's own columns."""

_NUMBERS = ("caller_number", "phone", "mobile", "to", "recipient_number")
_LANGUAGE = "en-US"


def fits(conditions: Mapping[str, Any], payload: Mapping[str, Any], now: datetime) -> bool:
    """Whether every condition holds: a value (or path, or expression) equals what is wanted, or one of a list."""
    return all(_equal(_value(name, payload, now), wanted) for name, wanted in conditions.items())


def case_wanted(
    rule: EventRule, payload: Mapping[str, Any], *, reference: str, region: str, now: datetime
) -> NewCase | None:
    """The case that an event asks for, without its time and key; None when it names nobody who can be called."""
    values = {name: _value(str(expression), payload, now) for name, expression in rule.variables.items()}
    own = {name: str(values.pop(name)) for name in FIELDS if values.get(name) not in (None, "")}
    number = _number(own.get("number"), payload, reference, region)
    if number is None:
        return None
    ticket_id = payload.get("ticket_id")
    person_id = payload.get("person_id")
    return NewCase(
        number=number,
        name=own.get("name") or str(payload.get("name") or ""),
        language=own.get("language") or str(payload.get("language") or ""),
        zone=own.get("zone", ""),
        reference=own.get("reference") or reference,
        variables={name: value for name, value in values.items() if value is not None},
        ticket_id=ticket_id if isinstance(ticket_id, int) else None,
        person_id=person_id if isinstance(person_id, int) else None,
        source="rule",
    )


def _number(given: str | None, payload: Mapping[str, Any], reference: str, region: str) -> str | None:
    """The first value that is a telephone number; "number" alone may as well be the ticket's, the reference."""
    candidates = [given, *(payload.get(name) for name in _NUMBERS), payload.get("number")]
    for candidate in candidates:
        if isinstance(candidate, str) and candidate and candidate != reference:
            return parse_or_none(candidate, region=region)
    return None


def _value(expression: str, payload: Mapping[str, Any], now: datetime) -> Any:
    """The value of an expression, or of a text with {{ expressions }}; None when it cannot be computed."""
    if "{{" in expression:
        return render(expression, payload, str(payload.get("language") or _LANGUAGE), now).text
    try:
        return evaluate(expression, payload, now=now)
    except ExpressionError:
        return payload.get(expression)


def _equal(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return any(_equal(value, one) for one in wanted)
    if value == wanted:
        return True
    return value is not None and str(value).casefold() == str(wanted).casefold()
