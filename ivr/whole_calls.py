"""Recordings of whole calls, on lines that record: asked for, begun, ready, and why there is none.

Their way is apart from that of what callers are asked to say: they join no ticket, and nobody transcribes them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from ivr.deps import Deps
from ivr.keeping import FETCH_TRIES
from ivr.notices import NO_RECORDING
from ivr.recordings import Recording, RecordingStatus
from ivr.store import CallRow, lock_by_token
from telephony.calls import RecordingEvent
from work.jobs import ask

RECORD = "record_call"
START_TRIES = 6

ALREADY_OVER = "This call was not recorded: it was over before its recording began."
REFUSED = "This call was not recorded: the telephone company refused."
NEVER_BEGAN = "This call was not recorded: its recording could not be begun."


def ask_to_record(db: DbSession, call_id: int, now: datetime) -> None:
    """Ask for the recording of a call that is being answered: with it or not at all, and once."""
    ask(db, RECORD, key=f"record:{call_id}", payload={"call_id": call_id}, now=now, max_tries=START_TRIES)


def status_url(deps: Deps, token: str) -> str:
    """Where the provider tells that the sound of a whole call is ready."""
    return f"{deps.public_base_url}/voice/calls/{token}/recorded"


def known_recording(db: DbSession, call_id: int) -> Recording | None:
    """The recording of a whole call, or the note that there is none; None while it was not tried."""
    found = select(Recording).where(Recording.call_id == call_id, Recording.whole_call).order_by(Recording.id)
    return db.scalars(found.limit(1)).first()


def note_started(db: DbSession, call: CallRow, *, sid: str, url: str, started_at: datetime | None) -> Recording:
    """The row of a whole call's recording, made or completed; its sound is asked for when its notice comes."""
    recording = db.scalar(select(Recording).where(Recording.sid == sid))
    if recording is None:
        recording = Recording(
            sid=sid,
            call_id=call.id,
            status=RecordingStatus.WAITING,
            language=call.language,
            created_at=started_at or call.started_at,
            whole_call=True,
            duration_s=0,
            path="",
            url="",
        )
        db.add(recording)
    recording.url = recording.url or url
    recording.started_at = recording.started_at or started_at
    db.flush()
    return recording


def note_none(db: DbSession, call: CallRow, reason: str, now: datetime) -> None:
    """Keep why a call that was to be recorded is not, once."""
    if known_recording(db, call.id) is None:
        nothing = Recording(
            sid=f"none:{call.token}",
            call_id=call.id,
            status=RecordingStatus.UNAVAILABLE,
            reason=reason,
            created_at=now,
            whole_call=True,
        )
        db.add(nothing)


def note_ready(
    db: DbSession, call: CallRow, *, sid: str, url: str, started_at: datetime | None, duration_s: int, now: datetime
) -> None:
    """The sound of a whole call is ready: fetch it, once however often this is told."""
    recording = note_started(db, call, sid=sid, url=url, started_at=started_at)
    recording.duration_s = recording.duration_s or duration_s
    payload = {"recording_id": recording.id}
    ask(db, "fetch_recording", key=f"fetch:{sid}", payload=payload, now=now, max_tries=FETCH_TRIES)


def is_ready(db: DbSession, sid: str) -> bool:
    """Whether the sound of a recording was asked for, or there is none to ask for."""
    recording = db.scalar(select(Recording).where(Recording.sid == sid))
    return recording is not None and (recording.duration_s > 0 or recording.status != RecordingStatus.WAITING)


def whole_call_notice(deps: Deps, token: str, event: RecordingEvent) -> bool:
    """Take in the status callback of a whole call's recording. False when it is not of this call."""
    now = deps.clock()
    with deps.db.write() as db:
        call = lock_by_token(db, token)
        if call is None or call.sid != event.call_sid:
            return False
        if event.status in NO_RECORDING:
            recording = note_started(db, call, sid=event.recording_sid, url="", started_at=event.started_at)
            if recording.status == RecordingStatus.WAITING:
                recording.status, recording.reason = RecordingStatus.UNAVAILABLE, NO_RECORDING[event.status]
        elif event.status == "completed":
            note_ready(
                db,
                call,
                sid=event.recording_sid,
                url=event.url,
                started_at=event.started_at,
                duration_s=event.duration_s,
                now=now,
            )
    return True
