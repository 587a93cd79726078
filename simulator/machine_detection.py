"""Answering-machine detection: what the carrier believes has picked up, and when it knows."""

from dataclasses import dataclass

from simulator.person import Outcome, Person

HUMAN_AFTER_S = 2.5
MACHINE_START_AFTER_S = 4.0
BEEP_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Detection:
    """Settings of one call. `asynchronous` connects the call at once and tells `callback` later."""

    mode: str
    timeout_s: float = 30.0
    asynchronous: bool = False
    callback: str | None = None
    callback_method: str = "POST"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`answered_by` as on the wire, known `after_s` seconds after the answer."""

    answered_by: str
    after_s: float


def detect(detection: Detection, person: Person) -> Verdict:
    """The verdict on `person`: Enable tells a machine early, DetectMessageEnd only at the end of its greeting.

    Source: https://www.twilio.com/docs/voice/answering-machine-detection
    """
    believed = person.answered_by or ("machine" if person.outcome is Outcome.MACHINE else "human")
    waits_for_end = detection.mode == "DetectMessageEnd"
    if not believed.startswith("machine"):
        return Verdict(answered_by=believed, after_s=min(HUMAN_AFTER_S, detection.timeout_s))
    if detection.timeout_s < MACHINE_START_AFTER_S:
        return Verdict(answered_by="unknown", after_s=detection.timeout_s)
    if not waits_for_end:
        return Verdict(answered_by="machine_start", after_s=MACHINE_START_AFTER_S)
    end_s = max(MACHINE_START_AFTER_S, person.greeting_s + BEEP_S)
    if end_s > detection.timeout_s:
        return Verdict(answered_by="machine_end_other", after_s=detection.timeout_s)
    label = believed if believed.startswith("machine_end") else "machine_end_beep"
    return Verdict(answered_by=label, after_s=end_s)
