"""Making a recording resource, and telling who asked for it."""

from dataclasses import dataclass
from datetime import timedelta

from simulator.carrier import Carrier
from simulator.dates import rfc2822
from simulator.faults import FaultKind
from simulator.legs import Leg
from simulator.recordings import Recording
from simulator.sids import new_sid
from simulator.sound import Samples, silence

# Sound of whole conversations is not simulated; a recording of one is silence of the right length, up to this much.
LONGEST_CONVERSATION_S = 600.0
READY_AFTER_S = 1.0


@dataclass(frozen=True, kw_only=True)
class RecordingCallback:
    """Whom to tell of a recording's states (in-progress, completed, absent)."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True, kw_only=True)
class CallRecording:
    """A recording of a whole call (`source` OutboundAPI) or of a dialled conversation (DialVerb)."""

    source: str
    channels: int = 1
    callback: RecordingCallback | None = None

    def store(self, carrier: Carrier, leg: Leg, seconds: float) -> Recording:
        samples = silence(min(seconds, LONGEST_CONVERSATION_S))
        return store_recording(carrier, leg, samples, seconds, self.source, self.callback, self.channels)


def media_url(carrier: Carrier, recording: Recording) -> str:
    """Where the sound is: the address without suffix, as Twilio writes it in RecordingUrl."""
    account = f"{carrier.settings.public_url}/2010-04-01/Accounts/{carrier.settings.account_sid}"
    return f"{account}/Recordings/{recording.sid}"


def store_recording(
    carrier: Carrier,
    leg: Leg,
    samples: Samples,
    seconds: float,
    source: str,
    callback: RecordingCallback | None,
    channels: int = 1,
) -> Recording:
    """Put sound on the shelf and report it completed a moment later. An empty recording is reported absent."""
    now = carrier.clock.now()
    late = carrier.faults.take(FaultKind.MEDIA_LATE, leg.call)
    recording = Recording(
        sid=new_sid("RE"),
        account_sid=leg.call.account_sid,
        call_sid=leg.call.sid,
        created=now,
        started=now - timedelta(seconds=seconds),
        duration_s=round(seconds) if len(samples) == 0 else max(1, round(seconds)),
        source=source,
        channels=channels,
        available_at_s=carrier.clock.elapsed_s() + (late.seconds if late else 0.0),
    )
    carrier.recordings.add(recording, samples)
    if callback is not None and "completed" in callback.events:
        carrier.spawn(report_recording(carrier, leg, recording, callback, "completed", delay_s=READY_AFTER_S))
    return recording


def report_absent(carrier: Carrier, leg: Leg, callback: RecordingCallback | None, source: str) -> None:
    """Tell that a recording was begun and came to nothing."""
    if callback is None or "absent" not in callback.events:
        return
    now = carrier.clock.now()
    nothing = Recording(
        sid=new_sid("RE"),
        account_sid=leg.call.account_sid,
        call_sid=leg.call.sid,
        created=now,
        started=now,
        duration_s=0,
        source=source,
    )
    carrier.spawn(report_recording(carrier, leg, nothing, callback, "absent", delay_s=READY_AFTER_S))


async def report_recording(
    carrier: Carrier, leg: Leg, recording: Recording, callback: RecordingCallback, status: str, delay_s: float
) -> None:
    """Tell of a recording's state, `delay_s` from now."""
    await carrier.clock.sleep(delay_s)
    params = {
        "AccountSid": recording.account_sid,
        "CallSid": recording.call_sid,
        "RecordingSid": recording.sid,
        "RecordingUrl": media_url(carrier, recording),
        "RecordingStatus": status,
        "RecordingDuration": str(recording.duration_s),
        "RecordingChannels": str(recording.channels),
        "RecordingStartTime": rfc2822(recording.started) or "",
        "RecordingSource": recording.source,
        "RecordingTrack": recording.track,
        "ErrorCode": "0",
    }
    carrier.reports.tell("recording", callback.url, params, leg.call, method=callback.method, event=status)
