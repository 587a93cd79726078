"""The flow's choice of voice, put into what its nodes say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from telephony.verbs import Gather, Say, Verb


def voiced(verb: Verb, voices: Mapping[str, str]) -> Verb:
    """The verb with the document's voice for its language where none is named."""
    if isinstance(verb, Say) and not verb.voice:
        return replace(verb, voice=voices.get(verb.language, ""))
    if isinstance(verb, Gather):
        return replace(verb, prompts=tuple(voiced(prompt, voices) for prompt in verb.prompts))  # type: ignore[misc]
    return verb
