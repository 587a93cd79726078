"""What every phone company asks of an answer: absolute URLs, sane figures, nothing after a verb that ends it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from telephony.numbers import is_e164
from telephony.provider import ProviderError
from telephony.verbs import (
    Connect,
    Dial,
    DialQueue,
    Enqueue,
    Gather,
    Hangup,
    InputMode,
    Leave,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)

LAST_VERBS = (Gather, Record, Dial, DialQueue, Enqueue, Leave, Redirect, Hangup, Reject)

_STREAM_URL = re.compile(r"wss?://[A-Za-z0-9\[\]][!-~]*")
_ABSOLUTE_URL = re.compile(r"https?://[A-Za-z0-9\[\]][!-~]*")
_FINISH_KEYS = re.compile(r"[0-9*#]*")
_LONGEST_URL = 4_000
_LONGEST_QUEUE_NAME = 64
_LONGEST_PARAMETER = 499


def require_well_formed(verbs: Sequence[Verb]) -> None:
    """Check an answer before it is written in a provider's dialect.

    Raises:
        ProviderError: naming the verb and what is wrong with it. Texts and numbers are not repeated.
    """
    for position, verb in enumerate(verbs):
        if isinstance(verb, Reject) and len(verbs) > 1:
            raise ProviderError("Reject must be the only verb: a call that is turned away hears nothing.")
        if isinstance(verb, LAST_VERBS) and position < len(verbs) - 1:
            following = type(verbs[position + 1]).__name__
            raise ProviderError(
                f"{following} after {type(verb).__name__} can never run: {type(verb).__name__} ends the answer."
            )
        _require_verb(verb)


def _require_verb(verb: Verb) -> None:
    match verb:
        case Gather():
            _require_gather(verb)
        case Record():
            _require_record(verb)
        case Dial():
            _require_dial(verb)
        case Enqueue():
            _require_queue(verb.queue, "Enqueue")
            _require_url(verb.action, "Enqueue's action")
            _require_url(verb.wait, "Enqueue's wait")
        case DialQueue():
            _require_queue(verb.queue, "DialQueue")
            _require_url(verb.action, "DialQueue's action")
        case Connect():
            _require_stream(verb)
        case Redirect() | Play():
            _require_url(verb.url, f"{type(verb).__name__}'s url")
        case Pause():
            _require_range(verb.seconds, 1, 600, "Pause's seconds")
        case Say() | Leave() | Hangup() | Reject():
            pass


def _require_stream(verb: Connect) -> None:
    if not _STREAM_URL.fullmatch(verb.url) or "?" in verb.url or "#" in verb.url:
        raise ProviderError("Connect's url must be a wss:// address without a query; values go into parameters.")
    for name, value in verb.parameters:
        if len(name) + len(value) > _LONGEST_PARAMETER:
            raise ProviderError(
                "A parameter of Connect is too long: name and value together have under 500 characters."
            )


def _require_gather(verb: Gather) -> None:
    _require_url(verb.action, "Gather's action")
    _require_range(verb.timeout_s, 1, 60, "Gather's timeout_s")
    if verb.num_digits is not None:
        _require_range(verb.num_digits, 1, 255, "Gather's num_digits")
    if verb.speech_end_s is not None and verb.mode is not InputMode.KEYS:
        _require_range(verb.speech_end_s, 1, 60, "Gather's speech_end_s")
    if len(verb.finish_on_key) > 1:
        raise ProviderError("Gather's finish_on_key must be one key or empty.")
    _require_keys(verb.finish_on_key, "Gather's finish_on_key")
    for prompt in verb.prompts:
        _require_verb(prompt)


def _require_record(verb: Record) -> None:
    _require_url(verb.action, "Record's action")
    if verb.recording_status:
        _require_url(verb.recording_status, "Record's recording_status")
    _require_range(verb.max_length_s, 1, 14_400, "Record's max_length_s")
    _require_range(verb.silence_s, 0, 600, "Record's silence_s")
    _require_keys(verb.finish_on_key, "Record's finish_on_key")


def _require_dial(verb: Dial) -> None:
    _require_url(verb.action, "Dial's action")
    if verb.whisper:
        _require_url(verb.whisper, "Dial's whisper")
    if not 1 <= len(verb.numbers) <= 10:
        raise ProviderError(f"Dial rings 1 to 10 numbers at once, not {len(verb.numbers)}.")
    for number in (*verb.numbers, *([verb.caller_id] if verb.caller_id else [])):
        if not is_e164(number):
            raise ProviderError("Dial needs every number, and its caller_id, in E.164 form: +, country code, number.")
    _require_range(verb.timeout_s, 1, 600, "Dial's timeout_s")
    _require_range(verb.time_limit_s, 1, 14_400, "Dial's time_limit_s")


def _require_queue(name: str, what: str) -> None:
    if not name.strip() or len(name) > _LONGEST_QUEUE_NAME or not name.isprintable():
        raise ProviderError(f"{what}'s queue needs a printable name of 1 to {_LONGEST_QUEUE_NAME} characters.")


def _require_keys(keys: str, what: str) -> None:
    if not _FINISH_KEYS.fullmatch(keys):
        raise ProviderError(f"{what} may hold only the keys 0 to 9, * and #.")


def _require_range(value: int, low: int, high: int, what: str) -> None:
    if not low <= value <= high:
        raise ProviderError(f"{what} must be between {low} and {high}, not {value}.")


def _require_url(url: str, what: str) -> None:
    if len(url) > _LONGEST_URL or not _ABSOLUTE_URL.fullmatch(url):
        raise ProviderError(f"{what} must be an absolute http or https URL, percent-encoded, as with_actions makes it.")
