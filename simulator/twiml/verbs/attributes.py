"""Attribute values with their defaults; what cannot be read counts as the default, as on Twilio."""

from xml.etree.ElementTree import Element

from simulator.tape_recorder import RecordingCallback
from simulator.twiml.executor import Execution


def integer(element: Element, name: str, default: int, low: int = 0, high: int = 1_000_000) -> int:
    """A whole number within low..high, else the default."""
    text = element.get(name, "").strip()
    return int(text) if text.isdecimal() and low <= int(text) <= high else default


def truth(element: Element, name: str, default: bool) -> bool:
    """`true` or `false` in any case, else the default."""
    return {"true": True, "false": False}.get(element.get(name, "").strip().lower(), default)


def recording_callback(run: Execution, element: Element) -> RecordingCallback | None:
    """The recordingStatusCallback attributes of Record and Dial."""
    url = element.get("recordingStatusCallback")
    if not url:
        return None
    events = frozenset(element.get("recordingStatusCallbackEvent", "completed").split())
    method = element.get("recordingStatusCallbackMethod", "POST").upper()
    return RecordingCallback(url=run.resolve(url), method=method, events=events)
