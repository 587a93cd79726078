"""A flow's voice of our own: its prompts are sound files for the carrier's ear too, and are made ahead of calls."""

from __future__ import annotations

import yaml

from flows.documents import parse
from ivr.house_prompts import prompts_of
from ivr.rendering import in_house_voice
from telephony.verbs import Gather, Pause, Play, Say, Verb

FLOW = {
    "format": 1,
    "name": "line",
    "languages": ["en-US", "zh-CN", "fr-FR"],
    "voice": {"en-US": "piper:joe", "zh-CN": "house", "fr-FR": "Polly.Lea"},
    "start": "hello",
    "nodes": {
        "hello": {
            "type": "message",
            "prompt": {
                "en-US": "Dear {{ caller_name }}, welcome. We are open from nine to five. It is {{ caller_name }}!",
                "zh-CN": "{{ caller_name }}，您好。欢迎致电快递热线。",
                "fr-FR": "Bonjour.",
            },
            "exits": {"done": "bye"},
        },
        "bye": {
            "type": "hang_up",
            "prompt": {"en-US": "Good bye then.", "zh-CN": "那么，再见。", "fr-FR": "Au revoir."},
        },
    },
}


def key(text: str, language: str, voice: str) -> str | None:
    """A key for everything but one text."""
    return None if text == "Resting." else f"{voice}/{language}/{len(text)}".replace(":", "-")


def test_every_voice_of_ours_is_played_and_the_providers_are_said() -> None:
    said: tuple[Say, ...] = tuple(
        Say(text="Hello.", language="en-US", voice=voice, must_hear=True)
        for voice in ("house", "piper:joe", "http", "Polly.Joanna", "")
    )
    heard: list[Verb] = [in_house_voice(verb, key) for verb in said]
    assert [type(verb) for verb in heard] == [Play, Play, Play, Say, Say]
    assert heard[1] == Play(url="prompts/piper-joe/en-US/6.wav", text="Hello.", language="en-US", must_hear=True)
    assert heard[3:] == list(said[3:])
    resting = Say(text="Resting.", language="en-US", voice="http")
    assert in_house_voice(resting, key) == Say(text="Resting.", language="en-US")
    gather = Gather(prompts=(said[0], Pause()), language="en-US")
    assert [type(prompt) for prompt in in_house_voice(gather, key).prompts] == [Play, Pause]


def test_fixed_texts_and_fixed_sentences_are_made_ahead_in_the_flows_voices() -> None:
    items = prompts_of(parse(yaml.safe_dump(FLOW, allow_unicode=True).encode()))
    by_language = {(item.language, item.voice) for item in items}
    assert by_language == {("en-US", "piper:joe"), ("zh-CN", "")}
    texts = {item.text for item in items}
    assert {"We are open from nine to five.", "Good bye then.", "欢迎致电快递热线。", "那么，再见。"} <= texts
    assert not any("caller_name" in text or "{" in text or "\ufffc" in text for text in texts)
    assert len(items) == len(set(items))
