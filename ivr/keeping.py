"""Taking note of a recording, whichever of its notices comes first: the flow's, the provider's, or a later search."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session as DbSession

from ivr.recordings import Recording, RecordingStatus
from ivr.ticketing import attach_recording
from tickets.ticket import Ticket
from work.jobs import ask

_BY_SID = select(Recording).where(Recording.sid == bindparam("sid"))

EMPTY = "The recording is empty: nobody spoke."

FETCH_TRIES = 12
"""With the worker's growing waits this reaches over an hour, longer than the provider needs to get a file ready."""


def keep_recording(
    db: DbSession,
    *,
    sid: str,
    url: str,
    duration_s: int,
    call_id: int | None,
    ticket: Ticket | None,
    node: str,
    language: str,
    now: datetime,
) -> Recording | None:
    """The row of a recording, made or completed by what this notice knows; its sound is asked for once.

    None when the notice names no recording: the caller said nothing, so the provider made none.
    """
    if not sid:
        return None
    recording = db.scalar(_BY_SID, {"sid": sid})
    if recording is None:
        recording = Recording(
            sid=sid, status=RecordingStatus.WAITING, duration_s=0, url="", node="", language="", path="", created_at=now
        )
        db.add(recording)
    recording.call_id = recording.call_id or call_id
    recording.node = recording.node or node
    recording.url = recording.url or url
    recording.language = recording.language or language
    recording.duration_s = recording.duration_s or duration_s
    joins = ticket is not None and recording.ticket_id is None
    if ticket is not None and joins:
        recording.ticket_id = ticket.id
    db.flush()
    if ticket is not None and joins:
        attach_recording(db, recording, ticket, now)
    if duration_s == 0 and recording.duration_s == 0:
        if recording.status == RecordingStatus.WAITING:
            recording.status, recording.reason = RecordingStatus.BROKEN, EMPTY
        return recording
    if recording.reason == EMPTY:
        recording.status, recording.reason = RecordingStatus.WAITING, ""
    payload = {"recording_id": recording.id}
    ask(db, "fetch_recording", key=f"fetch:{sid}", payload=payload, now=now, max_tries=FETCH_TRIES)
    return recording


def mark_missing(db: DbSession, sid: str, reason: str) -> None:
    """Note that the provider has no such sound."""
    recording = db.scalar(_BY_SID, {"sid": sid})
    if recording is not None and recording.status == RecordingStatus.WAITING:
        recording.status, recording.reason = RecordingStatus.UNAVAILABLE, reason
