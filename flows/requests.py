"""What a node needs from the house before the call can go on, and the house's answers.

The engine stays pure: a node returns a request, the host does it and resumes the node with the answer.
Local requests (tickets) are answered within the turn's own transaction; a lookup is done by the background worker
while the caller hears a filler.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class OpenTicket:
    """Open a ticket, or add to the caller's open one on the same matter.

    Attributes:
        subject: one line; may be empty, then the desk makes one.
        category: a category's key, or "" to let the desk's rules decide.
        text: what the caller said, in own words.
        reference: what the matter is about (a tracking number), "" if nothing; same reference means same matter.
        impact / urgency: "low", "normal", "high" or "" for the rules to decide.
        fields: further values of the call worth keeping.
        reason: why the flow opens it ("complaint", "call could not be finished", …).
        node: the node that asks.
    """

    subject: str = ""
    category: str = ""
    text: str = ""
    reference: str = ""
    impact: str = ""
    urgency: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    node: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketNumber:
    """Answer to OpenTicket."""

    number: str
    appended: bool


@dataclass(frozen=True, kw_only=True)
class FindTickets:
    """Look for tickets by `number`, or the caller's own newest ones when it is empty."""

    number: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketSummary:
    """What may be told to a caller about a ticket."""

    number: str
    subject: str
    status: str
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class TicketsFound:
    """Answer to FindTickets, newest first. A ticket of another caller is not told without its exact number."""

    tickets: tuple[TicketSummary, ...]


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """An HTTP request to a system of the organisation.

    `headers` and `url` may name secrets as "secret:NAME"; the worker puts them in, so that they are never stored.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    timeout_s: float = 5.0
    retries: int = 1
    node: str = ""


@dataclass(frozen=True, kw_only=True)
class LookupReply:
    """Answer to Lookup. `outcome` is ok, not_found, error, timeout or refused; `body` the parsed JSON (or text)."""

    outcome: str
    status: int | None = None
    body: Any = None


@dataclass(frozen=True, kw_only=True)
class CheckCallTime:
    """May we call this person at `at` (ISO 8601 with zone)?"""

    at: str
    node: str = ""


@dataclass(frozen=True, kw_only=True)
class CallTimeChecked:
    """Answer to CheckCallTime. When it is not allowed, `next_at` is the next time that is (ISO 8601), "" for none."""

    allowed: bool
    next_at: str = ""


@dataclass(frozen=True, kw_only=True)
class SubflowEnded:
    """A sub-flow came back by one of its ends with its values."""

    end: str
    values: Mapping[str, Any]


Request = OpenTicket | FindTickets | Lookup | CheckCallTime
Answer = TicketNumber | TicketsFound | LookupReply | CallTimeChecked | SubflowEnded
