"""Recordings in Twilio's REST API: listing them, and recording a whole call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from telephony.provider import ListedRecording, ProviderError
from telephony.twilio.errors import INVALID_CALL_STATE, translated

MEDIA_BASE_URL = "https://api.twilio.com"
WHOLE_CALL = "StartCallRecordingAPI"
"""`source` of a recording that was begun over the REST API on a live call."""

_PAGE_SIZE = 200
_BELOW_CALL = re.compile(r"/Calls/CA[0-9a-fA-F]{32}/")


def list_recordings(client: Any, *, since: datetime, call_sid: str) -> Iterator[ListedRecording]:
    """GET Recordings, of one call where its sid is given, page by page, newest first."""
    of_call = {"call_sid": call_sid} if call_sid else {}
    with translated(repeatable=True):
        for found in client.recordings.stream(date_created_after=since, page_size=_PAGE_SIZE, **of_call):
            recording = _listed(found)
            if recording.created_at >= since:
                yield recording


def start_recording(client: Any, call_sid: str, *, status_url: str) -> ListedRecording:
    """POST Calls/{sid}/Recordings.

    Trimming would take the silence off the beginning, so that no moment of the call could be found again. A call that
    is not answered yet is refused with 21220 as well as one that is over.
    """
    wanted = {
        "recording_channels": "dual",
        "recording_track": "both",
        "trim": "do-not-trim",
        "recording_status_callback": status_url,
        "recording_status_callback_method": "POST",
        "recording_status_callback_event": ["completed", "absent"],
    }
    try:
        with translated(repeatable=False):
            return _listed(client.calls(call_sid).recordings.create(**wanted))
    except ProviderError as error:
        if error.code == INVALID_CALL_STATE:
            sentence = f"The call cannot be recorded in its present state (Twilio {error.code})."
            raise ProviderError(sentence, code=error.code, retryable=True) from error
        raise


def _listed(recording: Any) -> ListedRecording:
    created_at = _utc(recording.date_created)
    if created_at is None:
        raise ValueError("a recording without a date")
    # A create answers with the address below the call, where only the resource is sure to be and not the sound.
    address = _BELOW_CALL.sub("/", str(recording.uri).removesuffix(".json"))
    return ListedRecording(
        recording_sid=str(recording.sid),
        call_sid=str(recording.call_sid or ""),
        url=MEDIA_BASE_URL + address,
        duration_s=_seconds(recording.duration),
        created_at=created_at,
        started_at=_utc(recording.start_time),
        whole_call=str(getattr(recording.source, "value", recording.source)) == WHOLE_CALL,
    )


def _utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _seconds(text: object) -> int:
    """Twilio writes lengths as text, -1 or nothing while a recording is not ready."""
    try:
        return max(0, int(str(text)))
    except ValueError:
        return 0
