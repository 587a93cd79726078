"""From the engine's verbs to the provider's document: house prompts as sound, our URLs in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from audio.voices.book import is_own
from ivr.deps import Deps
from ivr.urls import actions
from telephony.verbs import Gather, Play, Say, Verb, with_actions

PromptKey = Callable[[str, str, str], str | None]
"""From text, language and voice to the key of its sound."""


def document(deps: Deps, verbs: Sequence[Verb], *, token: str, turn: int, language: str) -> str:
    """The document of turn `turn`. Raises ProviderError when the provider would refuse it."""
    urls = actions(deps.public_base_url, token, turn, language)
    return deps.provider.render([with_actions(in_house_voice(verb, deps.prompt_key), urls) for verb in verbs])


def in_house_voice(verb: Verb, prompt_key: PromptKey) -> Any:
    """A Say in a voice of ours as the sound made of it, or in the provider's own voice while there is none."""
    match verb:
        case Say(text=text, language=language, voice=voice) if is_own(voice):
            key = prompt_key(text, language, voice)
            if key is None:
                return replace(verb, voice="")
            return Play(url=f"prompts/{key}.wav", text=text, language=language, must_hear=verb.must_hear)
        case Gather():
            return replace(verb, prompts=tuple(in_house_voice(prompt, prompt_key) for prompt in verb.prompts))
        case _:
            return verb
