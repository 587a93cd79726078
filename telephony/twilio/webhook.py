"""Twilio's webhooks read into neutral events. Unknown parameters are normal, missing ones too.

Source: https://www.twilio.com/docs/voice/twiml#request-parameters,
https://www.twilio.com/docs/voice/api/call-resource#statuscallback and the pages of the single verbs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from urllib.parse import parse_qs

from phonenumbers import convert_alpha_characters_in_number

from telephony.calls import (
    AnsweredBy,
    CallEvent,
    CallStatus,
    DialEnded,
    Digits,
    Direction,
    Heard,
    MessageEvent,
    Nothing,
    QueueEnded,
    Recorded,
    RecordingEvent,
    Silence,
    Speech,
)
from telephony.numbers import is_e164
from telephony.provider import HttpRequest, ProviderError
from telephony.twilio.action_url import is_unanswered
from telephony.twilio.dates import read_date

IDEMPOTENCY_HEADER = "i-twilio-idempotency-token"

# A sid ends up in file names, URLs and log lines, so its shape is held to.
_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_RECORDING_IN_URL = re.compile(r"/Recordings/([A-Za-z0-9_-]{1,64})")
_NOT_STORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# What Twilio puts into From when the number is withheld: these words, typed on a telephone's keys.
# Source: https://help.twilio.com/articles/223179988
_WITHHELD = frozenset(
    "+" + convert_alpha_characters_in_number(word)
    for word in ("ANONYMOUS", "BLOCKED", "PRIVATE", "RESTRICTED", "UNAVAILABLE", "UNKNOWN")
)


def parameters_of(request: HttpRequest) -> dict[str, str]:
    """First value of every parameter, from the body or, for GET, from the query; control characters are taken out.

    NUL and lone surrogates cannot be stored by every database, so they end here.
    """
    if request.method.upper() == "GET":
        received: Mapping[str, object] = parse_qs(
            request.target.partition("#")[0].partition("?")[2], keep_blank_values=True, errors="replace"
        )
    else:
        received = request.form
    values = {}
    for name, given in received.items():
        first = next(iter(given), "") if isinstance(given, (list, tuple)) else str(given)
        values[_storable(name)] = _storable(first)
    return values


def parse_call(request: HttpRequest) -> CallEvent:
    """Read a voice webhook, an action's answer, a status callback or a machine-detection verdict.

    A request without CallStatus (machine detection sends none) counts as in progress.

    Raises:
        ProviderError: the request names no call.
    """
    values = parameters_of(request)
    return CallEvent(
        call_sid=_sid(values, "CallSid", "call"),
        from_number=_number(values.get("From", "")),
        to_number=_number(values.get("To", "")),
        status=_status(values.get("CallStatus", "")),
        direction=Direction.OUTBOUND if values.get("Direction", "").startswith("outbound") else Direction.INBOUND,
        heard=_heard(values, unanswered=is_unanswered(request.target)),
        parent_sid=values.get("ParentCallSid", ""),
        sequence_number=_whole(values.get("SequenceNumber", "")),
        occurred_at=read_date(values.get("Timestamp", "")),
        duration_s=_whole(values.get("CallDuration", "")),
        answered_by=_answered_by(values.get("AnsweredBy", "")),
        sip_code=_whole(values.get("SipResponseCode", "")),
        idempotency_token=_storable(request.headers.get(IDEMPOTENCY_HEADER, "")),
        error_code=values.get("ErrorCode", ""),
        raw=values,
    )


def parse_recording(request: HttpRequest) -> RecordingEvent:
    """Read a recording status callback.

    Raises:
        ProviderError: the request names no call or no recording.
    """
    values = parameters_of(request)
    url = values.get("RecordingUrl", "")
    return RecordingEvent(
        call_sid=_sid(values, "CallSid", "call"),
        recording_sid=_recording_sid(values) or _sid(values, "RecordingSid", "recording"),
        url=url,
        status=values.get("RecordingStatus") or "completed",
        duration_s=_whole(values.get("RecordingDuration", "")) or 0,
        started_at=read_date(values.get("RecordingStartTime", "")),
        error_code=_error_code(values),
    )


def parse_message(request: HttpRequest) -> MessageEvent:
    """Read a message status callback or an inbound message (whose status is "received").

    Raises:
        ProviderError: the request names no message.
    """
    values = parameters_of(request)
    name = "MessageSid" if values.get("MessageSid") else "SmsSid"
    return MessageEvent(
        message_sid=_sid(values, name, "message"),
        from_number=_number(values.get("From", "")),
        to_number=_number(values.get("To", "")),
        status=values.get("MessageStatus") or values.get("SmsStatus") or "received",
        body=values.get("Body", ""),
        error_code=_error_code(values),
    )


def _heard(values: Mapping[str, str], *, unanswered: bool) -> Heard:
    """What the caller did. The mark comes first: a Redirect may still carry what an earlier question heard."""
    if unanswered:
        return Silence()
    if "SequenceNumber" in values or values.get("CallbackSource") == "call-progress-events":
        return Nothing()
    if values.get("DialCallStatus"):
        return DialEnded(
            status=values["DialCallStatus"],
            duration_s=_whole(values.get("DialCallDuration", "")) or 0,
            bridged=_bridged(values),
        )
    if values.get("QueueResult"):
        return QueueEnded(result=values["QueueResult"], waited_s=_whole(values.get("QueueTime", "")) or 0)
    if values.get("RecordingUrl") or values.get("RecordingSid"):
        return _recorded(values)
    return _answer(values)


def _answer(values: Mapping[str, str]) -> Heard:
    """A Gather's answer. Empty Digits are a key only when Twilio names the key that ended them."""
    keys = "".join(key for key in values.get("Digits", "") if key in "0123456789*#")
    if keys:
        return Digits(digits=keys)
    if values.get("SpeechResult", "").strip():
        return Speech(text=values["SpeechResult"].strip(), confidence=_confidence(values.get("Confidence", "")))
    if values.get("FinishedOnKey", "") in tuple("0123456789*#"):
        return Digits(digits="")
    return Silence() if "Digits" in values or "SpeechResult" in values else Nothing()


def _recorded(values: Mapping[str, str]) -> Recorded:
    ended_by = values.get("Digits", "")
    return Recorded(
        url=values.get("RecordingUrl", ""),
        sid=_recording_sid(values),
        duration_s=_whole(values.get("RecordingDuration", "")) or 0,
        ended_by=ended_by if ended_by == "hangup" or len(ended_by) == 1 else "",
    )


def _bridged(values: Mapping[str, str]) -> bool:
    said = values.get("DialBridged", "").lower()
    return said == "true" if said else values["DialCallStatus"] in {"completed", "answered"}


def _recording_sid(values: Mapping[str, str]) -> str:
    """RecordingSid, or the one in RecordingUrl: a Record's action request may lack the parameter. "" without either."""
    sid = values.get("RecordingSid", "")
    if _SID.fullmatch(sid):
        return sid
    match = _RECORDING_IN_URL.search(values.get("RecordingUrl", ""))
    return match.group(1) if match else ""


def _sid(values: Mapping[str, str], name: str, thing: str) -> str:
    sid = values.get(name, "")
    if not _SID.fullmatch(sid):
        raise ProviderError(f"The webhook names no {thing}: its {name} is missing or misshapen.")
    return sid


def _number(text: str) -> str:
    """E.164 or "". A "+" that somebody forgot to encode arrives as a space."""
    number = "+" + text[1:] if text.startswith(" ") else text
    return number if is_e164(number) and number not in _WITHHELD else ""


def _status(text: str) -> CallStatus:
    try:
        return CallStatus(text)
    except ValueError:
        return CallStatus.IN_PROGRESS


def _answered_by(text: str) -> AnsweredBy | None:
    if not text:
        return None
    try:
        return AnsweredBy(text)
    except ValueError:
        return AnsweredBy.UNKNOWN


def _confidence(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return min(max(value, 0.0), 1.0) if math.isfinite(value) else None


def _whole(text: str) -> int | None:
    """A whole number of 0 or more in ASCII digits; None for anything else, -1 ("not known yet") included."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _error_code(values: Mapping[str, str]) -> str:
    code = values.get("ErrorCode", "")
    return "" if code == "0" else code


def _storable(text: str) -> str:
    return _NOT_STORABLE.sub("", text)
