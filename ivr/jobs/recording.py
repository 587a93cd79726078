"""Beginning the recording of a whole call, at most once."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from ivr.deps import Deps
from ivr.store import CallRow, lock_by_token, read_by_id
from ivr.whole_calls import ALREADY_OVER, NEVER_BEGAN, REFUSED, known_recording, note_none, note_started, status_url
from telephony.calls import CallStatus
from telephony.errors import OutcomeUnknownError
from telephony.provider import ListedRecording, ProviderError
from work.worker import JobCall, Retry

log = logging.getLogger(__name__)

NOT_YET_S = 1.0
PAUSES_S = (0.1, 0.3, 0.8)
"""Between the requests of one try. A later try costs the sound of the seconds until a sweep finds it."""

CLOCKS_APART = timedelta(minutes=5)
"""How far the provider's clock may be behind ours."""


def record_call(deps: Deps, call: JobCall) -> None:
    """Let the provider record a live call. Whatever it answers, the call itself goes on undisturbed.

    A try that broke off after the provider had begun left a recording there; it is taken over, not begun again.
    """
    with deps.db.read() as db:
        row = read_by_id(db, int(call.payload["call_id"]))
        if row is None or row.sid is None or known_recording(db, row.id) is not None:
            return
    try:
        begun = _begun_before(deps, row) if call.tries > 1 else None
        if begun is None and CallStatus(row.status).is_final:
            _none(deps, row, ALREADY_OVER, call)
            return
        begun = begun or _begin(deps, row)
    except ProviderError as error:
        if error.retryable or isinstance(error, OutcomeUnknownError):
            raise Retry(NOT_YET_S * call.tries, str(error)) from error
        log.warning("call %s: its recording was refused: %s", row.sid, error)
        _none(deps, row, REFUSED, call)
        return
    with deps.db.write() as db:
        lock_by_token(db, row.token)  # The notice of the recording's end may come at the same moment.
        note_started(db, row, sid=begun.recording_sid, url=begun.url, started_at=begun.started_at or begun.created_at)


def record_gave_up(deps: Deps, call: JobCall, _reason: str) -> None:
    """The provider could not be brought to record; the call page says so."""
    with deps.db.read() as db:
        row = read_by_id(db, int(call.payload["call_id"]))
    if row is not None:
        _none(deps, row, ALREADY_OVER if CallStatus(row.status).is_final else NEVER_BEGAN, call)


def _begun_before(deps: Deps, row: CallRow) -> ListedRecording | None:
    """A recording of the whole call that an earlier try began."""
    listed = deps.provider.list_recordings(since=row.started_at - CLOCKS_APART, call_sid=str(row.sid))
    return next((recording for recording in listed if recording.whole_call), None)


def _begin(deps: Deps, row: CallRow) -> ListedRecording:
    """Begin, and wait a moment for a call whose first document is still on its way: it counts as answered only then."""
    for pause_s in PAUSES_S:
        try:
            return deps.provider.start_recording(str(row.sid), status_url=status_url(deps, row.token))
        except ProviderError as error:
            if not error.retryable:
                raise
            time.sleep(pause_s)
    return deps.provider.start_recording(str(row.sid), status_url=status_url(deps, row.token))


def _none(deps: Deps, row: CallRow, reason: str, call: JobCall) -> None:
    with deps.db.write() as db:
        lock_by_token(db, row.token)
        note_none(db, row, reason, call.now)
