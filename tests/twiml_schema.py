"""Whether a TwiML document is one that Twilio would run to a good end: for every document that any test produces.

`assert_valid_twiml` always holds a document to the rules below. Where the XSD of Twilio's own libraries is present (see
`XSD`), the document is held to that as well.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(os.environ.get("RINGBACK_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
XSD = CORPUS / "twiml" / "twiml-voice.xsd"

MAX_DOCUMENT_BYTES = 64 * 1024
MAX_SAY_CHARACTERS = 3_000
MAX_HINTS = 500
MAX_HINT_CHARACTERS = 100

# Element: its attributes, then its children. Only what this product uses; anything else is a finding.
GRAMMAR: dict[str, tuple[str, str]] = {
    "Response": ("", "Say Play Pause Gather Record Dial Enqueue Leave Redirect Hangup Reject Connect Start Stop"),
    "Say": ("language voice loop", ""),
    "Play": ("loop digits", ""),
    "Pause": ("length", ""),
    "Gather": (
        "action method input timeout numDigits finishOnKey language hints speechTimeout bargeIn profanityFilter"
        " actionOnEmptyResult maxSpeechTime",
        "Say Play Pause",
    ),
    "Record": (
        "action method maxLength timeout finishOnKey playBeep trim recordingStatusCallback"
        " recordingStatusCallbackMethod recordingStatusCallbackEvent",
        "",
    ),
    "Dial": ("action method timeout timeLimit callerId answerOnBridge hangupOnStar ringTone", "Number Queue"),
    "Number": ("url method statusCallback statusCallbackEvent statusCallbackMethod", ""),
    "Queue": ("url method", ""),
    "Enqueue": ("action method waitUrl waitUrlMethod maxQueueSize", ""),
    "Leave": ("", ""),
    "Redirect": ("method", ""),
    "Hangup": ("", ""),
    "Reject": ("reason", ""),
    "Connect": ("action method", "Stream"),
    "Start": ("", "Stream"),
    "Stop": ("", "Stream"),
    "Stream": ("url name track statusCallback statusCallbackMethod", "Parameter"),
    "Parameter": ("name value", ""),
}
VALUES = {
    "method": r"GET|POST",
    "waitUrlMethod": r"GET|POST",
    "recordingStatusCallbackMethod": r"GET|POST",
    "statusCallbackMethod": r"GET|POST",
    "input": r"dtmf|speech|dtmf speech",
    "timeout": r"\d+",
    "timeLimit": r"[1-9]\d*",
    "maxLength": r"[1-9]\d*",
    "length": r"[1-9]\d*",
    "numDigits": r"[1-9]\d*",
    "speechTimeout": r"auto|[1-9]\d*",
    "bargeIn": r"true|false",
    "profanityFilter": r"true|false",
    "actionOnEmptyResult": r"true|false",
    "playBeep": r"true|false",
    "finishOnKey": r"[0-9*#]*",
    "callerId": r"\+[1-9]\d{6,14}",
    "reason": r"rejected|busy",
    "recordingStatusCallbackEvent": r"(in-progress|completed|absent)( (in-progress|completed|absent))*",
    "language": r"[a-z]{2,3}(-[A-Za-z]{2,4}){0,2}",
    "voice": r"(Polly|Google)\.\S+|man|woman|alice",
}
URL_ATTRIBUTES = ("action", "url", "waitUrl", "recordingStatusCallback", "statusCallback")
ABSOLUTE_URL = re.compile(r"https?://[A-Za-z0-9\[\]][!-~]*")
# Twilio takes wss only; the simulated carrier on this machine ws too.
STREAM_URL = re.compile(r"wss://[^/?#]+[^?#]*|ws://(127\.0\.0\.1|localhost)(:\d+)?/[^?#]*")
# Verbs that, once they ran, never let the document go on when they have an action (or by what they are).
LAST = ("Dial", "Enqueue", "Leave", "Redirect", "Hangup", "Reject")
# Verbs that let the document go on when the caller gives no answer.
ASKING = ("Gather", "Record")
NEED_ACTION = ("Gather", "Record", "Dial", "Enqueue")


def assert_valid_twiml(document: str, *, may_lack_action: bool = False) -> None:
    """Fail with every finding about a document.

    Args:
        document: the TwiML as sent.
        may_lack_action: for a static document, whose Record goes back to the document itself.
    """
    found = list(findings(document, may_lack_action=may_lack_action))
    assert not found, "\n".join([*found, document[:2_000]])


def findings(document: str, *, may_lack_action: bool = False) -> Iterator[str]:
    """What is wrong with a document, in sentences."""
    if len(document.encode("utf-8", "surrogatepass")) > MAX_DOCUMENT_BYTES:
        yield "The document is over 64 KB."
    try:
        root = etree.fromstring(document.encode())
    except (etree.XMLSyntaxError, UnicodeEncodeError) as error:
        yield f"The document is not XML: {error}"
        return
    if root.tag != "Response":
        yield f"The document is a {root.tag}, not a Response."
        return
    for element in root.iter():
        yield from _grammar_findings(element)
        yield from _value_findings(element)
    yield from _order_findings([str(child.tag) for child in root])
    if not may_lack_action:
        yield from (f"{verb.tag} has no action." for verb in root if verb.tag in NEED_ACTION and not verb.get("action"))
    schema = _schema()
    if schema is not None and not schema.validate(root):
        yield from (f"By the schema: {error.message}" for error in schema.error_log)


@cache
def _schema() -> etree.XMLSchema | None:
    return etree.XMLSchema(etree.parse(XSD)) if XSD.exists() else None


def _grammar_findings(element: etree._Element) -> Iterator[str]:
    if element.tag not in GRAMMAR:
        yield f"{element.tag} is not a verb or noun that is used here."
        return
    attributes, children = (words.split() for words in GRAMMAR[str(element.tag)])
    yield from (f"{element.tag} has no attribute {name}." for name in element.attrib if name not in attributes)
    yield from (f"{child.tag} does not belong into {element.tag}." for child in element if child.tag not in children)


def _value_findings(element: etree._Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        pattern = VALUES.get(str(name))
        if pattern and not re.fullmatch(pattern, str(value)):
            yield f"{element.tag} {name}={value!r} is not a value Twilio takes."
        if name in URL_ATTRIBUTES:
            wanted = STREAM_URL if (element.tag, name) == ("Stream", "url") else ABSOLUTE_URL
            if not wanted.fullmatch(str(value)):
                yield f"{element.tag} {name}={value!r} is not an absolute URL."
    hints = element.get("hints", "").split(",")
    if len(hints) > MAX_HINTS or any(len(hint) > MAX_HINT_CHARACTERS for hint in hints):
        yield "Gather has too many hints, or too long ones."
    yield from _text_findings(element, element.text or "")


def _text_findings(element: etree._Element, text: str) -> Iterator[str]:
    if element.tag == "Say" and not text.strip():
        yield "Say says nothing."
    if element.tag == "Say" and len(text) > MAX_SAY_CHARACTERS:
        yield "Say is too long for a voice."
    if element.tag in ("Redirect", "Play") and not ABSOLUTE_URL.fullmatch(text):
        yield f"{element.tag}'s {text!r} is not an absolute URL."
    if element.tag == "Number" and not re.fullmatch(r"\+[1-9]\d{6,14}", text):
        yield "Number is not in E.164 form."
    if element.tag in ("Enqueue", "Queue") and not 1 <= len(text) <= 64:
        yield f"{element.tag} needs a name of 1 to 64 characters."


def _order_findings(verbs: list[str]) -> Iterator[str]:
    for position, verb in enumerate(verbs):
        following = verbs[position + 1 :]
        if verb in ASKING and not following:
            yield f"Nothing follows {verb}: a caller who gives no answer is cut off."
        if verb in LAST and following:
            yield f"{following[0]} after {verb} can never run."
    if "Reject" in verbs and len(verbs) > 1:
        yield "Reject must be the only verb."
