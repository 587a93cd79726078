"""Recording a live call from the moment it is asked for to its end."""

from simulator.call_tape import CallTape
from simulator.carrier import Carrier
from simulator.faults import FaultKind
from simulator.legs import Leg
from simulator.recordings import Recording
from simulator.sids import new_sid
from simulator.tape_recorder import READY_AFTER_S, RecordingCallback, report_recording

SOURCE = "StartCallRecordingAPI"
LONGEST_KEPT_S = 1_800.0
"""The sound of a longer call is kept up to here, or one call would fill the memory."""


def record_call(carrier: Carrier, leg: Leg, *, channels: int, callback: RecordingCallback | None) -> Recording:
    """Begin at once; the sound is ready, and `callback` told, a moment after the call's end.

    The left channel holds what the phone's holder says: the sound they spoke, a hum as long as the words where they
    typed them, and no keys. The right one holds what they are played: prompts as they were fetched, a hum for Say, and
    silence for music and for people they are put through to.
    """
    now = carrier.clock.now()
    recording = Recording(
        sid=new_sid("RE"),
        account_sid=leg.call.account_sid,
        call_sid=leg.call.sid,
        created=now,
        started=now,
        duration_s=0,
        source=SOURCE,
        status="in-progress",
        channels=channels,
        track="both",
    )
    carrier.recordings.begin(recording)
    tape = CallTape(carrier.clock.elapsed_s())
    leg.tapes.append(tape)
    leg.at_end.append(lambda: _finish(carrier, leg, recording, tape, callback))
    if callback is not None and "in-progress" in callback.events:
        carrier.spawn(report_recording(carrier, leg, recording, callback, "in-progress", delay_s=0.0))
    return recording


def _finish(
    carrier: Carrier, leg: Leg, recording: Recording, tape: CallTape, callback: RecordingCallback | None
) -> None:
    """The call is over: what is on the tape becomes a file."""
    leg.tapes.remove(tape)
    length_s = carrier.clock.elapsed_s() - tape.begun_s
    late = carrier.faults.take(FaultKind.MEDIA_LATE, leg.call)
    recording.status = "completed"
    recording.duration_s = max(1, round(length_s))
    recording.available_at_s = carrier.clock.elapsed_s() + (late.seconds if late else 0.0)
    carrier.recordings.add(recording, tape.samples(min(length_s, LONGEST_KEPT_S), channels=recording.channels))
    if callback is not None and "completed" in callback.events:
        carrier.spawn(report_recording(carrier, leg, recording, callback, "completed", delay_s=READY_AFTER_S))
