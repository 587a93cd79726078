"""Neutral verbs written as TwiML, through Twilio's own library, within Twilio's limits.

Sources: https://www.twilio.com/docs/voice/twiml and the pages below it; errors 11750 (a document over 64 KB), 13520 (a
Say without text), 13521 (a Say that is too long).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from twilio.twiml import voice_response as twiml

from telephony.provider import ProviderError
from telephony.twilio.action_url import unanswered
from telephony.twilio.languages import default_voice, gather_language, say_language
from telephony.twilio.spoken_text import clean, hints, pieces
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
    Prompt,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)
from telephony.well_formed import require_well_formed

MAX_DOCUMENT_BYTES = 64 * 1024
MAX_HINTS = 500
MAX_HINT_CHARACTERS = 100
# Polly refuses longer texts, the basic voices take 4,096 characters.
MAX_SAY_CHARACTERS = 3_000
# Hints are a help, prompts are not: 500 long Chinese hints alone would fill the document twice.
_MAX_HINTS_BYTES = 24_000

# A name of another company's voice is no reason to leave a caller in silence: the default speaks.
_VOICE = re.compile(r"(Polly|Google)\.[\w.-]+|man|woman|alice")

Parent: TypeAlias = twiml.VoiceResponse | twiml.Gather


def render(verbs: Sequence[Verb]) -> str:
    """Write an answer as a TwiML document.

    After each Gather and Record stands a Redirect to the same action with the mark of `telephony.twilio.action_url`:
    a caller who gives no answer is never hung up on.

    Raises:
        ProviderError: Twilio would refuse the document or parts of it could never run.
    """
    require_well_formed(verbs)
    response = twiml.VoiceResponse()
    for verb in verbs:
        _append(response, verb)
    document = str(response)
    size = len(document.encode())
    if size > MAX_DOCUMENT_BYTES:
        raise ProviderError(f"The answer is {size:,} bytes; Twilio takes {MAX_DOCUMENT_BYTES:,}. Shorten its prompts.")
    return document


def _append(response: twiml.VoiceResponse, verb: Verb) -> None:
    match verb:
        case Say() | Play() | Pause():
            append_prompt(response, verb)
        case Gather():
            _append_gather(response, verb)
        case Record():
            _append_record(response, verb)
        case Dial():
            _append_dial(response, verb)
        case DialQueue():
            response.dial(action=verb.action, method="POST").queue(verb.queue)
        case Enqueue():
            response.enqueue(verb.queue, action=verb.action, method="POST", wait_url=verb.wait, wait_url_method="POST")
        case Connect():
            stream = response.connect().stream(url=verb.url)
            for name, value in verb.parameters:
                stream.parameter(name=name, value=value)
        case _:
            _append_end(response, verb)


def _append_end(response: twiml.VoiceResponse, verb: Leave | Redirect | Hangup | Reject) -> None:
    match verb:
        case Leave():
            response.leave()
        case Redirect():
            response.redirect(verb.url, method="POST")
        case Hangup():
            response.hangup()
        case Reject():
            response.reject(reason="busy" if verb.busy else "rejected")


def append_prompt(parent: Parent, prompt: Prompt) -> None:
    """Add a prompt to a response or a Gather; a text too long for one Say becomes several, an empty one none."""
    match prompt:
        case Say():
            code = say_language(prompt.language)
            voice = prompt.voice if _VOICE.fullmatch(prompt.voice) else default_voice(code)
            for piece in pieces(clean(prompt.text), MAX_SAY_CHARACTERS):
                parent.say(piece, language=code, voice=voice)
        case Play():
            parent.play(prompt.url)
        case Pause():
            parent.pause(length=prompt.seconds)


def _append_gather(response: twiml.VoiceResponse, verb: Gather) -> None:
    attributes: dict[str, object] = {}
    if verb.mode is not InputMode.SPEECH:
        attributes |= {"finish_on_key": verb.finish_on_key, "num_digits": verb.num_digits}
    if verb.mode is not InputMode.KEYS:
        words = hints(verb.hints, most=MAX_HINTS, longest=MAX_HINT_CHARACTERS, most_bytes=_MAX_HINTS_BYTES)
        attributes |= {
            "language": gather_language(verb.language),
            "hints": words or None,
            # "auto" is refused beside a speechModel (error 13335), so no speechModel is ever named.
            "speech_timeout": "auto" if verb.speech_end_s is None else str(verb.speech_end_s),
            "barge_in": verb.barge_in,
            # Words of anger decide about priority; the filter would hand them over as asterisks.
            "profanity_filter": False,
        }
    gather = response.gather(
        input=verb.mode.value, action=verb.action, method="POST", timeout=verb.timeout_s, **attributes
    )
    for prompt in verb.prompts:
        append_prompt(gather, prompt)
    response.redirect(unanswered(verb.action), method="POST")


def _append_record(response: twiml.VoiceResponse, verb: Record) -> None:
    attributes: dict[str, object] = {}
    if verb.recording_status:
        attributes = {
            "recording_status_callback": verb.recording_status,
            "recording_status_callback_method": "POST",
            "recording_status_callback_event": "completed absent",
        }
    response.record(
        action=verb.action,
        method="POST",
        max_length=verb.max_length_s,
        timeout=verb.silence_s,
        finish_on_key=verb.finish_on_key,
        play_beep=verb.beep,
        **attributes,
    )
    response.redirect(unanswered(verb.action), method="POST")


def _append_dial(response: twiml.VoiceResponse, verb: Dial) -> None:
    dial = response.dial(
        action=verb.action,
        method="POST",
        timeout=verb.timeout_s,
        time_limit=verb.time_limit_s,
        caller_id=verb.caller_id or None,
    )
    for number in verb.numbers:
        if verb.whisper:
            dial.number(number, url=verb.whisper, method="POST")
        else:
            dial.number(number)
