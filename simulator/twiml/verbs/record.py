"""Record: a beep, a voice, a file."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from simulator.legs import HungUp, Key, Sound, Speech
from simulator.sound import Tape
from simulator.tape_recorder import RecordingCallback, media_url, report_absent, store_recording
from simulator.twiml.executor import Execution, Step
from simulator.twiml.verbs.attributes import integer, recording_callback, truth

BEEP_S = 0.5
LONGEST_S = 14_400


@dataclass(frozen=True, kw_only=True)
class _End:
    """How a recording stopped: `digits` is the key, `hangup`, or empty; `length_s` is how long it is."""

    digits: str
    reason: str
    length_s: float
    hung_up: HungUp | None = None


async def record(run: Execution, verb: Element) -> Step | None:
    """Record until silence, a key, the longest length or a hang-up; an empty recording leads to the next verb."""
    callback = recording_callback(run, verb)
    leg = run.leg
    leg.phone.emit(
        "record_start",
        finish_on_key=verb.get("finishOnKey", "1234567890*#"),
        max_length_s=integer(verb, "maxLength", 3600, low=1, high=LONGEST_S),
        timeout_s=integer(verb, "timeout", 5),
        beep=truth(verb, "playBeep", True),
    )
    if truth(verb, "playBeep", True):
        await leg.pass_time(BEEP_S)
        leg.phone.emit("beep")
    tape = Tape()
    end = await _listen(run, verb, tape)
    leg.phone.emit("record_end", reason=end.reason, duration_s=round(end.length_s, 2), empty=tape.empty)
    if tape.empty:
        report_absent(run.carrier, leg, callback, "RecordVerb")
        if end.hung_up is not None:
            raise end.hung_up
        return None
    return await _keep(run, verb, tape, end, callback)


async def _keep(
    run: Execution, verb: Element, tape: Tape, end: _End, callback: RecordingCallback | None
) -> Step | None:
    recording = store_recording(run.carrier, run.leg, tape.samples(end.length_s), end.length_s, "RecordVerb", callback)
    params = {
        "RecordingUrl": media_url(run.carrier, recording),
        "RecordingSid": recording.sid,
        "RecordingDuration": str(recording.duration_s),
        "Digits": end.digits,
    }
    if end.hung_up is None:
        return run.step(verb, params)
    # The caller has gone: the action is told, with the call already over, and its TwiML is not run.
    run.carrier.finish(run.leg, end.hung_up)
    await run.tell(verb, params)
    raise end.hung_up


async def _listen(run: Execution, verb: Element, tape: Tape) -> _End:
    """Lay what is spoken on the tape until something ends it."""
    leg, clock = run.leg, run.carrier.clock
    finish_on = verb.get("finishOnKey", "1234567890*#")
    longest_s = float(integer(verb, "maxLength", 3600, low=1, high=LONGEST_S))
    patience_s = float(integer(verb, "timeout", 5)) or longest_s
    keeps_silence = verb.get("trim", "trim-silence") == "do-not-trim"
    begun_s = clock.elapsed_s()
    sound_until_s = 0.0
    try:
        while True:
            now_s = clock.elapsed_s() - begun_s
            item = await leg.wait(min(longest_s, sound_until_s + patience_s) - now_s)
            now_s = clock.elapsed_s() - begun_s
            if isinstance(item, Key) and item.digit in finish_on:
                return _End(digits=item.digit, reason="key", length_s=now_s)
            if isinstance(item, Sound | Speech):
                samples = item.samples if isinstance(item, Sound) else item.sound
                at_s = max(now_s, sound_until_s)
                tape.lay(at_s, samples)
                sound_until_s = at_s + item.seconds
            elif item is None and now_s >= longest_s - 1e-6:
                return _End(digits="", reason="max length", length_s=longest_s)
            elif item is None and now_s >= sound_until_s + patience_s - 1e-6:
                return _End(digits="", reason="silence", length_s=now_s if keeps_silence else sound_until_s)
    except HungUp as signal:
        now_s = clock.elapsed_s() - begun_s
        return _End(digits="hangup", reason="hangup", length_s=now_s, hung_up=signal)
