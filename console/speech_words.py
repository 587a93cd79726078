"""Live speech in words: who listens to a call, how its streams went, how an answer was heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask

from console import words
from console.translate import gettext as _now
from console.translate import lazy_gettext as _
from console.words import Word, word
from ivr.streams.rows import Stream

EAR = {
    "house": word(_("Our recogniser"), "violet"),
    "carrier": word(_("The carrier’s recogniser"), "grey", "hollow"),
}
STREAM = {
    "offered": word(_("Offered"), "grey", "hollow"),
    "live": word(_("Goes on"), "green"),
    "left": word(_("Left"), "blue", "square"),
    "failed": word(_("Failed"), "red", "up"),
    "over": word(_("Ended"), "grey", "square"),
    "superseded": word(_("Replaced"), "amber", "square"),
}
WHY = {
    "stopped": _("The call ended in it."),
    "cut": _("The connection was cut; the question was asked again."),
    "silent": _("Nothing came through it any more."),
    "never began": _("The carrier never opened it; the question was asked again."),
    "superseded": _("A newer stream of the call took its place."),
    "recogniser": _("Our recogniser failed; the carrier’s went on."),
    "overload": _("No recogniser of ours had room; the carrier’s went on."),
    "error": _("Something broke on our side; the carrier’s recogniser went on."),
}
WHY_OF_STATE = {
    "offered": _("The carrier has not opened it yet."),
    "live": _("The call is in it now."),
    "left": _("The flow went on to what a stream cannot do, such as a recording, a transfer or the end."),
}
ENGINES = {"vosk": "Vosk", "whisper": "Whisper", "pocketsphinx": "PocketSphinx"}


def ear_word(ear: str | None) -> Word:
    """Who listens, for the value of a flow or a call."""
    return EAR["house" if ear == "house" else "carrier"]


def why_ended(stream: Stream) -> str:
    """Why a stream is where it is, as a sentence; a reason that nobody foresaw as it is written."""
    return str(WHY.get(stream.why) or stream.why or WHY_OF_STATE.get(stream.state, ""))


def engine_name(engine: str) -> str:
    """ "pocketsphinx+whisper" as people write it."""
    return " + ".join(ENGINES.get(part, part) for part in engine.split("+") if part)


def how_heard(heard: Mapping[str, Any], next_heard: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """How an answer in a live stream came about; () for one that the carrier brought.

    How soon the reply began is known with the next answer only, so `next_heard` is asked for it. Odd notes are read as
    far as they go.
    """
    note, following = _note(heard), _note(next_heard or {})
    latency, reply = _dict(note.get("latency_ms")), _dict(following.get("latency_ms"))
    return (*_hearing(note), *_interruption(_dict(note.get("interrupted"))), *_latency(latency, reply))


def _note(heard: Mapping[str, Any]) -> Mapping[str, Any]:
    return _dict(heard.get("note"))


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _hearing(note: Mapping[str, Any]) -> Iterator[str]:
    engine, decode_ms = engine_name(str(note.get("engine") or "")), _number(note.get("decode_ms"))
    if engine and decode_ms is not None:
        yield _now("heard by %(engine)s in %(ms)s ms", engine=engine, ms=round(decode_ms))
    elif engine:
        yield _now("heard by %(engine)s", engine=engine)


def _interruption(found: Mapping[str, Any]) -> Iterator[str]:
    after_ms = _number(found.get("after_ms"))
    if after_ms is None:
        return
    # Parts count from 0; the first is what is interrupted mostly.
    part, after = int(_number(found.get("prompt")) or 0) + 1, f"{after_ms / 1000:.1f}"
    if part > 1:
        yield _now("interrupted part %(number)s of the prompt after %(seconds)s s", number=part, seconds=after)
    else:
        yield _now("interrupted the prompt after %(seconds)s s", seconds=after)


def _latency(own: Mapping[str, Any], reply: Mapping[str, Any]) -> Iterator[str]:
    named = (
        (_now("end of speech"), own.get("endpoint")),
        (_now("recogniser"), own.get("decode")),
        (_now("turn"), reply.get("turn_before")),
        (_now("voice"), reply.get("voice_before")),
    )
    parts = ", ".join(f"{name} {round(ms)} ms" for name, value in named if (ms := _number(value)) is not None)
    first = _number(reply.get("first_audio_before"))
    if first is not None:
        after = f"{first / 1000:.1f}"
        yield _now("answered after %(seconds)s s (%(parts)s)", seconds=after, parts=parts)
    elif parts and own:
        yield parts


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def register(app: Flask) -> None:
    """Let templates use these."""
    words.TABLES.update(ear=EAR, stream=STREAM)
    app.add_template_filter(ear_word, "ear_word")
    app.add_template_filter(why_ended, "why_ended")
