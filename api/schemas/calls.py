"""Calls as programs see them: what was said, never a link to a recording."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from api.schemas.base import Moment, Number, Out, Paged


class CallOut(Out):
    """A call."""

    id: int
    sid: str | None
    direction: str
    from_number: str
    to_number: str
    status: str
    answered_by: str | None
    language: str
    flow_name: str
    node: str
    outcome: str
    ended_by: str
    ticket_id: int | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    duration_s: int | None


class TurnOut(Out):
    """One exchange."""

    number: int
    at: datetime
    node_before: str
    node_after: str
    heard: dict[str, Any]
    said: list[dict[str, Any]]


class RecordingOut(Out):
    """That a recording is there, and its words; the sound is heard in the console only.

    `whole_call`: it is the call from its first word to its last, which is never transcribed; else a message left.
    """

    id: int
    whole_call: bool
    status: str
    duration_s: int
    text: str
    created_at: datetime


class CallStoryOut(CallOut):
    """A call with what was said on it."""

    turns: list[TurnOut]
    recordings: list[RecordingOut]


class CallsOut(Out):
    """A page of calls, the newest first."""

    items: list[CallOut]
    next: int | None


class CallsQuery(Paged):
    """Which calls."""

    number: Number | None = Field(default=None, description="The caller's or the callee's.")
    direction: Literal["inbound", "outbound"] | None = None
    outcome: str | None = Field(default=None, min_length=1, max_length=32)
    flow_name: str | None = Field(default=None, min_length=1, max_length=60)
    started_from: Moment | None = None
    started_to: Moment | None = None
