"""Recordings: begin, list, fetch, media, delete."""

from aiohttp import web

from simulator.calls import CallStatus
from simulator.errors import RestError
from simulator.live_recording import record_call
from simulator.recordings import Recording
from simulator.rest.access import carrier_of, form, not_found
from simulator.rest.call_orders import recording_callback
from simulator.rest.paging import matches_date, page
from simulator.rest.shapes import account_uri, recording_shape


async def create(request: web.Request) -> web.Response:
    """Record a live call: 201 and `in-progress`. 21220 for a call that is not answered yet, or over."""
    carrier, wishes = carrier_of(request), await form(request)
    call = carrier.calls.get(request.match_info["call_sid"])
    if call is None:
        raise not_found(request)
    leg = carrier.legs.get(call.sid)
    if leg is None or call.status is not CallStatus.IN_PROGRESS:
        raise RestError(400, 21220, "Unable to create record: Requested resource is not eligible for recording")
    channels = 2 if wishes.text("RecordingChannels") == "dual" else 1
    recording = record_call(carrier, leg, channels=channels, callback=recording_callback(wishes))
    base = account_uri(carrier, f"Calls/{call.sid}/Recordings/{recording.sid}.json")
    return web.json_response(recording_shape(carrier, recording) | {"uri": base}, status=201)


async def index(request: web.Request) -> web.Response:
    """List recordings, newest first: all, of one call (by address or CallSid), by DateCreated."""
    carrier = carrier_of(request)
    call_sid = request.match_info.get("call_sid") or request.query.get("CallSid")
    found = [
        recording
        for recording in carrier.recordings
        if (not call_sid or recording.call_sid == call_sid) and matches_date(request, "DateCreated", recording.created)
    ]
    return page(request, "recordings", found, lambda recording: recording_shape(carrier, recording))


def _find(request: web.Request) -> Recording:
    recording = carrier_of(request).recordings.get(request.match_info["sid"])
    call_sid = request.match_info.get("call_sid")
    if recording is None or (call_sid and recording.call_sid != call_sid):
        raise not_found(request)
    return recording


async def fetch(request: web.Request) -> web.Response:
    """The resource with `.json`; the sound with `.wav` or no suffix. MP3 is not encoded here."""
    carrier, suffix = carrier_of(request), request.match_info.get("suffix", "")
    recording = _find(request)
    if suffix == ".json":
        return web.json_response(recording_shape(carrier, recording))
    if suffix == ".mp3":
        raise RestError(415, 20415, "This carrier keeps recordings as WAV only; ask for .wav.")
    if recording.status != "completed" or carrier.clock.elapsed_s() < recording.available_at_s:
        raise not_found(request)
    return web.Response(body=carrier.recordings.media(recording.sid), content_type="audio/x-wav")


async def delete(request: web.Request) -> web.Response:
    """Delete sound and resource; not while the call goes on."""
    carrier, recording = carrier_of(request), _find(request)
    call = carrier.calls.get(recording.call_sid)
    if call is not None and not call.status.final:
        raise RestError(400, 21220, "The call of this recording is in-progress. Cannot delete.")
    carrier.recordings.remove(recording.sid)
    return web.Response(status=204)
