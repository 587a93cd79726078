"""After an outage: recordings and calls that the provider knows of and we do not, or not to the end."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from ivr.begin import find_service, store_call
from ivr.calls import Call
from ivr.deps import Deps
from ivr.errors import NoServiceError
from ivr.following import write_back
from ivr.late import take_recording
from ivr.notices import apply_status
from ivr.recordings import Recording
from ivr.scope import CallScope
from ivr.seen import Seen
from ivr.session import Session
from ivr.store import CallRow, lock_by_sid
from ivr.whole_calls import is_ready, note_ready
from telephony.calls import FINAL_STATUSES, CallEvent, CallStatus, Direction, RecordingEvent
from telephony.provider import PlacedCall, ProviderError
from tickets.people import person_for_number
from work.jobs import ask

log = logging.getLogger(__name__)

FIRST_LOOK_BACK = timedelta(days=3)
OVERLAP = timedelta(hours=2)
"""How far each search reaches back behind the last one: the provider lists a recording only when it is finished."""

LONGEST_CALL = timedelta(hours=25)
"""Nobody is on the line longer than this; Twilio ends a call after 24 hours at the latest."""

ORPHANS = "orphan recordings"


@dataclass(frozen=True, kw_only=True)
class Orphan:
    """A recording that no turn of ours took note of."""

    recording_sid: str
    call_sid: str
    url: str
    duration_s: int
    created_at: datetime
    started_at: datetime | None = None
    whole_call: bool = False


def ask_to_adopt(deps: Deps, event: RecordingEvent) -> None:
    """Ask a worker to take in the recording of an unknown call; the webhook does not wait for the provider."""
    now = deps.clock()
    payload = {
        "recording_sid": event.recording_sid,
        "call_sid": event.call_sid,
        "url": event.url,
        "duration_s": event.duration_s,
        "created_at": event.started_at.isoformat() if event.started_at else "",
    }
    with deps.db.write() as db:
        ask(db, "adopt_recording", key=f"adopt:{event.recording_sid}", payload=payload, now=now, max_tries=12)


def adopt_orphan_recordings(deps: Deps) -> int:
    """Turn every recording that we know nothing of into a voicemail ticket; gives their number. Repeatable.

    Raises ProviderError when the provider cannot list; the next run looks at the same time again.
    """
    now = deps.clock()
    with deps.db.read() as db:
        seen = db.get(Seen, ORPHANS)
        since = seen.at - OVERLAP if seen is not None else now - FIRST_LOOK_BACK
    adopted = 0
    for listed in deps.provider.list_recordings(since=since):
        orphan = Orphan(
            recording_sid=listed.recording_sid,
            call_sid=listed.call_sid,
            url=listed.url,
            duration_s=listed.duration_s,
            created_at=listed.created_at,
            started_at=listed.started_at,
            whole_call=listed.whole_call,
        )
        adopted += adopt(deps, orphan)
    with deps.db.write() as db:
        db.merge(Seen(name=ORPHANS, at=now))
    return adopted


def adopt(deps: Deps, orphan: Orphan) -> bool:
    """Take in one recording; False when it is known, empty, or belongs to a call that still goes on.

    One of a whole call is nobody's message: it opens no ticket.
    """
    if orphan.whole_call:
        return _take_whole_call(deps, orphan)
    with deps.db.read() as db:
        if db.scalar(select(Recording.id).where(Recording.sid == orphan.recording_sid)) is not None:
            return False
        call = db.scalar(select(Call).where(Call.sid == orphan.call_sid))
        known, live = call is not None, call is not None and call.status not in FINAL_STATUSES
    if orphan.duration_s == 0 or live:
        return False
    placed = None if known else deps.provider.fetch_call(orphan.call_sid)
    with deps.db.write() as db:
        row = lock_by_sid(db, orphan.call_sid)
        if row is None:
            if placed is None:
                return False
            row = _store_missed_call(deps, db, orphan, placed)
        scope = CallScope(db=db, call=row, talk=Session.from_json(row.state), now=deps.clock())
        take_recording(
            deps,
            scope,
            sid=orphan.recording_sid,
            url=orphan.url,
            duration_s=orphan.duration_s,
            voicemail=True,
        )
        write_back(deps, scope)
    log.info("call %s: a recording was adopted", orphan.call_sid)
    return True


def _take_whole_call(deps: Deps, orphan: Orphan) -> bool:
    """Fetch a whole call whose notice never came; False when it came, or the call is not ours."""
    if orphan.duration_s == 0:
        return False
    with deps.db.write() as db:
        call = lock_by_sid(db, orphan.call_sid)
        if call is None or call.status not in FINAL_STATUSES or is_ready(db, orphan.recording_sid):
            return False
        note_ready(
            db,
            call,
            sid=orphan.recording_sid,
            url=orphan.url,
            started_at=orphan.started_at or orphan.created_at,
            duration_s=orphan.duration_s,
            now=deps.clock(),
        )
    return True


def _store_missed_call(deps: Deps, db: DbSession, orphan: Orphan, placed: PlacedCall) -> CallRow:
    """A row for a call that came while we could not answer."""
    now = deps.clock()
    at = placed.created_at or orphan.created_at
    try:
        service = find_service(deps, db, placed.to_number, at)
    except NoServiceError:
        service = None
    return store_call(
        db,
        sid=orphan.call_sid,
        direction=Direction.INBOUND,
        from_number=placed.from_number,
        to_number=placed.to_number,
        status=placed.status if placed.status.is_final else CallStatus.COMPLETED,
        person=person_for_number(db, placed.from_number, now=now),
        line_id=service.line_id if service else None,
        flow=service.flow if service else None,
        language=deps.language,
        now=at,
        answered_at=at,
    )


def poll_missing_finals(deps: Deps, *, quiet_for: timedelta = timedelta(minutes=10), at_most: int = 50) -> int:
    """Ask the provider about live calls that nothing was heard of for long; gives how many turned out to be over.

    A call may be long and quiet (a transfer, a queue): the provider says so, and it stays as it is.
    """
    now = deps.clock()
    over = 0
    with deps.db.read() as db:
        quiet = db.execute(
            select(Call.sid, Call.started_at)
            .where(Call.status.not_in(FINAL_STATUSES), Call.sid.is_not(None), Call.started_at < now - quiet_for)
            .order_by(Call.started_at)
            .limit(at_most)
        ).all()
    for sid, started_at in quiet:
        try:
            placed = deps.provider.fetch_call(str(sid))
        except ProviderError as error:
            log.warning("call %s: the provider was asked for its state and failed: %s", sid, error)
            if error.retryable or now - started_at < LONGEST_CALL:
                continue
            placed = None
        over += _settle(deps, str(sid), placed, now)
    return over


def _settle(deps: Deps, sid: str, placed: PlacedCall | None, now: datetime) -> bool:
    """End a call that the provider says is over, or (None) says nothing of any more; False while it goes on."""
    if placed is not None and not placed.status.is_final:
        return False
    event = CallEvent(
        call_sid=sid,
        from_number="",
        to_number="",
        status=placed.status if placed is not None else CallStatus.FAILED,
        direction=Direction.INBOUND,
        duration_s=placed.duration_s if placed is not None else None,
    )
    with deps.db.write() as db:
        row = lock_by_sid(db, sid)
        if row is not None:
            apply_status(deps, db, row, event, now)
    return True
