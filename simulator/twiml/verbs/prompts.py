"""Say, Play and Pause: by themselves and inside Gather."""

import re
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from simulator.legs import Input
from simulator.sound import RATE_HZ, KnownSound, Samples, SoundError, duration_s, from_wav, murmur
from simulator.speech_time import seconds_to_say
from simulator.streams.espeak import NoVoiceError, synthesized
from simulator.streams.voices import StreamVoice
from simulator.twiml.document import TwimlError
from simulator.twiml.executor import Execution, Step
from simulator.twiml.verbs.attributes import integer
from simulator.webhook import WebhookFailedError, make_webhook

# Say takes 4096 characters with the basic voices, 3000 with the others. Source: Say, "Limits"; error 13521.
SAY_LIMIT = 4096
_KEY_TONE_S = {"w": 0.5, "W": 1.0}
_FOREVER = 1_000_000
LONGEST_KEPT_S = 60.0
Heeds = Callable[[Input], bool]


async def perform_prompt(run: Execution, verb: Element) -> Step | None:
    """A prompt by itself: nothing the caller does interrupts it."""
    await prompt(run, verb, None)
    return None


async def prompt(run: Execution, verb: Element, heeds: Heeds | None) -> Input | None:
    """Speak, play or be silent; returns early with the first input that `heeds` wants."""
    if verb.tag == "Pause":
        seconds = float(integer(verb, "length", 1))
        run.leg.phone.emit("pause", duration_s=seconds)
        return await run.leg.pass_time(seconds, heeds)
    loops = integer(verb, "loop", 1) or _FOREVER
    for _ in range(loops):
        heard = await (_say(run, verb, heeds) if verb.tag == "Say" else _play(run, verb, heeds))
        if heard is not None:
            return heard
    return None


async def _say(run: Execution, verb: Element, heeds: Heeds | None) -> Input | None:
    text = spoken_text(verb)
    if len(text) > SAY_LIMIT:
        run.leg_complains(13521, f"Say has {len(text)} characters.")
        text = text[:SAY_LIMIT]
    spoken = _spoken(run, text, verb.get("language", "en-US")) if text and run.leg.ears else None
    seconds = seconds_to_say(text) + _breaks_s(verb) if text else 0.0
    if spoken is not None:
        seconds = len(spoken) / RATE_HZ
    run.leg.phone.emit(
        "say",
        text=text,
        language=verb.get("language", "en-US"),
        voice=verb.get("voice", "man"),
        duration_s=round(seconds, 2),
        interruptible=heeds is not None,
    )
    return await run.leg.listen_to(seconds, lambda: murmur(text) if spoken is None else spoken, heeds)


def _spoken(run: Execution, text: str, language: str) -> Samples | None:
    """A voice for whoever follows the call live; None where the carrier has none, or not of that language."""
    if run.carrier.settings.stream_voice is not StreamVoice.SPEECH:
        return None
    with suppress(NoVoiceError):
        return synthesized(text, language)
    return None


def spoken_text(verb: Element) -> str:
    """The words of a Say with its speech marks taken off; `sub` is spoken as its alias."""
    parts = [verb.text or ""]
    for child in verb:
        parts += [child.get("alias") or spoken_text(child), " " if child.tag == "break" else "", child.tail or ""]
    return " ".join("".join(parts).split())


def _breaks_s(verb: Element) -> float:
    total = 0.0
    for pause in verb.iter("break"):
        found = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", pause.get("time", "1s"))
        if found:
            total += float(found[1]) / (1000 if found[2] == "ms" else 1)
    return total


async def _play(run: Execution, verb: Element, heeds: Heeds | None) -> Input | None:
    digits = verb.get("digits")
    if digits is not None:
        run.leg.phone.emit("play", url=None, digits=digits, interruptible=False)
        return await run.leg.pass_time(sum(_KEY_TONE_S.get(tone, 0.25) for tone in digits), heeds)
    try:
        url = run.resolve((verb.text or "").strip() or None)
    except TwimlError:
        return None
    sound = await run.leg.until(_fetch(run, url))
    if sound is None:
        return None
    heard = {"text": sound.text} if sound.text else {}
    run.leg.phone.emit("play", url=url, duration_s=round(sound.seconds, 2), interruptible=heeds is not None, **heard)
    return await run.leg.listen_to(sound.seconds, lambda: sound.samples, heeds)


async def _fetch(run: Execution, url: str) -> KnownSound | None:
    """The sound at `url`; None when there is none to hear, which the debugger is told.

    A server may tell a sound's words in the header X-Prompt-Text (percent-encoded UTF-8), for phones without a speaker.
    """
    known = run.carrier.sounds.get(url)
    if known is not None:
        return known
    try:
        answer = await run.carrier.webhooks.send(make_webhook("play", url, {}, run.leg.call, method="GET"))
        kind = answer.content_type.split(";")[0].strip().lower()
        seconds = duration_s(answer.body, kind) if kind.startswith("audio/") else None
    except WebhookFailedError as failure:
        run.carrier.complain(run.leg, failure.code, str(failure), request_url=url, request_method="GET")
        return None
    except SoundError as error:
        run.carrier.complain(run.leg, 12300, str(error), request_url=url, request_method="GET")
        return None
    if seconds is None:
        run.carrier.complain(run.leg, 12300, f"'{kind}' is not audio.", request_url=url, request_method="GET")
        return None
    sound = KnownSound(seconds=seconds, text=_told_text(answer.headers), samples=_samples(answer.body, seconds))
    run.carrier.sounds[url] = sound
    return sound


def _samples(body: bytes, seconds: float) -> Samples | None:
    """A prompt as a recording of the call hears it; None for what is too long to keep, or no WAV."""
    if seconds > LONGEST_KEPT_S or body[:4] != b"RIFF":
        return None
    with suppress(SoundError):
        return from_wav(body)
    return None


def _told_text(headers: str) -> str:
    told = re.search(r"^X-Prompt-Text: *(\S+)", headers, re.IGNORECASE | re.MULTILINE)
    return unquote(told[1]) if told else ""
