"""What TwiML Voice allows where: attributes and children of each element, as far as a voice desk meets them.

Derived from Twilio's libraries (twilio-python 9.13.0, twilio 6.2.0 for Node). Twilio reports what does not fit as
warning 12200 and goes on; the only elements that stop a call are those that cannot be read at all.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from simulator.twiml.languages import GATHER_LANGUAGES, SAY_LANGUAGES

_URL = re.compile(r"\S+")
_INT = re.compile(r"-?\d+")
_BOOL = re.compile(r"true|false", re.IGNORECASE)
_METHOD = re.compile(r"GET|POST", re.IGNORECASE)
_ANY = re.compile(r".*", re.DOTALL)
_KEYS = re.compile(r"[0-9*#]*")
_PROGRESS = re.compile(r"(initiated|ringing|answered|completed)( (initiated|ringing|answered|completed))*")
_RECORDING_EVENTS = re.compile(r"(in-progress|completed|absent)( (in-progress|completed|absent))*")
_TRIM = re.compile(r"trim-silence|do-not-trim")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What one element may have. `text`: it may hold text of its own."""

    attributes: dict[str, re.Pattern[str]] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    text: bool = False


def _one_of(*values: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, values)))


_ACTION = {"action": _URL, "method": _METHOD}
_PROGRESS_CALLBACK = {
    "statusCallback": _URL,
    "statusCallbackEvent": _PROGRESS,
    "statusCallbackMethod": _METHOD,
    "url": _URL,
    "method": _METHOD,
}
_DETECTION = {
    "machineDetection": _one_of("Enable", "DetectMessageEnd"),
    "machineDetectionTimeout": _INT,
    "machineDetectionSpeechThreshold": _INT,
    "machineDetectionSpeechEndThreshold": _INT,
    "machineDetectionSilenceTimeout": _INT,
    "amdStatusCallback": _URL,
    "amdStatusCallbackMethod": _METHOD,
}
_RECORDING_CALLBACK = {
    "recordingStatusCallback": _URL,
    "recordingStatusCallbackMethod": _METHOD,
    "recordingStatusCallbackEvent": _RECORDING_EVENTS,
    "recordingConfigurationId": _ANY,
    "trim": _TRIM,
}
_SSML = frozenset({"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"})
_PROMPTS = frozenset({"Say", "Play", "Pause"})
VERBS = frozenset(
    {
        *("Connect", "Dial", "Echo", "Enqueue", "Gather", "Hangup", "Leave", "Pause", "Pay", "Play", "Prompt", "Queue"),
        *("Record", "Redirect", "Refer", "Reject", "Say", "Sms", "Start", "Stop"),
    }
)

RULES: dict[str, Rule] = {
    "Response": Rule(children=VERBS),
    "Say": Rule(
        attributes={"voice": _ANY, "language": _one_of(*SAY_LANGUAGES), "loop": _INT}, children=_SSML, text=True
    ),
    "Play": Rule(attributes={"loop": _INT, "digits": re.compile(r"[0-9*#wW]*")}, text=True),
    "Pause": Rule(attributes={"length": _INT}),
    "Gather": Rule(
        attributes={
            **_ACTION,
            "actionOnEmptyResult": _BOOL,
            "bargeIn": _BOOL,
            "debug": _BOOL,
            "enhanced": _BOOL,
            "finishOnKey": re.compile(r"[0-9*#]?"),
            "hints": _ANY,
            "input": _one_of("dtmf", "speech", "dtmf speech", "speech dtmf"),
            "language": _one_of(*GATHER_LANGUAGES),
            "maxSpeechTime": _INT,
            "numDigits": _INT,
            "partialResultCallback": _URL,
            "partialResultCallbackMethod": _METHOD,
            "profanityFilter": _BOOL,
            "speechModel": _ANY,
            "speechTimeout": re.compile(r"auto|\d+"),
            "timeout": _INT,
        },
        children=_PROMPTS,
    ),
    "Record": Rule(
        attributes={
            **_ACTION,
            **_RECORDING_CALLBACK,
            "finishOnKey": _KEYS,
            "maxLength": _INT,
            "playBeep": _BOOL,
            "timeout": _INT,
            "transcribe": _BOOL,
            "transcribeCallback": _URL,
        }
    ),
    "Dial": Rule(
        attributes={
            **_ACTION,
            **_RECORDING_CALLBACK,
            "answerOnBridge": _BOOL,
            "callerId": _ANY,
            "events": _one_of("call-progress-event"),
            "hangupOnStar": _BOOL,
            "passports": _ANY,
            "record": _one_of(
                "do-not-record",
                "record-from-answer",
                "record-from-ringing",
                "record-from-answer-dual",
                "record-from-ringing-dual",
            ),
            "recordingTrack": _one_of("both", "inbound", "outbound"),
            "referMethod": _METHOD,
            "referUrl": _URL,
            "ringTone": re.compile(r"[a-z]{2}(-old)?"),
            "sequential": _BOOL,
            "timeLimit": _INT,
            "timeout": _INT,
        },
        children=frozenset({"Application", "Client", "Conference", "Number", "Queue", "Sim", "Sip", "WhatsApp"}),
        text=True,
    ),
    "Number": Rule(
        attributes={**_PROGRESS_CALLBACK, **_DETECTION, "byoc": _ANY, "sendDigits": re.compile(r"[0-9*#wW]*")},
        text=True,
    ),
    "Client": Rule(attributes=_PROGRESS_CALLBACK, children=frozenset({"Identity", "Parameter"}), text=True),
    "Sip": Rule(
        attributes={**_PROGRESS_CALLBACK, **_DETECTION, "username": _ANY, "password": _ANY},
        children=frozenset({"Headers", "SipUri"}),
        text=True,
    ),
    "Queue": Rule(
        attributes={"url": _URL, "method": _METHOD, "reservationSid": _ANY, "postWorkActivitySid": _ANY}, text=True
    ),
    "Enqueue": Rule(
        attributes={**_ACTION, "maxQueueSize": _INT, "waitUrl": _URL, "waitUrlMethod": _METHOD, "workflowSid": _ANY},
        children=frozenset({"Task"}),
        text=True,
    ),
    "Redirect": Rule(attributes={"method": _METHOD}, text=True),
    "Hangup": Rule(children=frozenset({"Parameter"})),
    "Reject": Rule(attributes={"reason": _one_of("rejected", "busy")}, children=frozenset({"Parameter"})),
    "Leave": Rule(),
    "Connect": Rule(
        attributes=_ACTION,
        children=frozenset({"Stream", "ConversationRelay", "Conversation", "Room", "VirtualAgent", "AiSession"}),
    ),
    "Start": Rule(attributes=_ACTION, children=frozenset({"Recording", "Siprec", "Stream", "Transcription"})),
    "Stop": Rule(children=frozenset({"Siprec", "Stream", "Transcription"})),
    "Stream": Rule(
        attributes={
            "name": _ANY,
            "statusCallback": _URL,
            "statusCallbackMethod": _METHOD,
            "track": _one_of("inbound_track", "outbound_track", "both_tracks"),
            "url": _URL,
        },
        children=frozenset({"Parameter"}),
    ),
    "Parameter": Rule(attributes={"name": _ANY, "value": _ANY}),
    "Identity": Rule(text=True),
}


def complaints(element: Element) -> Iterator[str]:
    """One sentence for each thing in `element` and below that the grammar does not know."""
    rule = RULES.get(element.tag)
    if rule is None:
        return  # An element whose inside we do not model (SSML, Pay prompts) is not judged.
    for name, value in element.attrib.items():
        pattern = rule.attributes.get(name)
        if pattern is None:
            yield f"Attribute '{name}' is not allowed to appear in element '{element.tag}'."
        elif not pattern.fullmatch(value):
            yield f"Value '{value[:60]}' is not valid for attribute '{name}' of element '{element.tag}'."
    if not rule.text and ((element.text or "").strip() or any((child.tail or "").strip() for child in element)):
        yield f"Element '{element.tag}' cannot have text."
    for child in element:
        if child.tag not in rule.children:
            yield f"Invalid content was found: element '{child.tag}' is not allowed in '{element.tag}'."
        else:
            yield from complaints(child)
