"""A machine of few talents for the lint: a recogniser without one word and one language, and one voice."""

from __future__ import annotations

from flows.validation import NO_EAR, SpeechKnowledge


def _unknown_words(phrases: tuple[str, ...], language: str) -> tuple[str, ...]:
    if language.startswith("fr"):
        return (NO_EAR,)
    return tuple(sorted({"zorbing"} & {word for phrase in phrases for word in phrase.split()}))


def _voice_problem(name: str, _language: str) -> str | None:
    return None if name == "house" else "It is not installed."


SMALL_EAR = SpeechKnowledge(unknown_words=_unknown_words, voice_problem=_voice_problem)
