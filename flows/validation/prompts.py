"""Rules about what is said: not too long, never a sound without its text, no key that does nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from audio.speaking_rate import estimate_seconds
from flows.nodes.base import Node
from flows.problems import Level
from flows.text import Hole, split
from flows.validation.inspection import Inspection, choices_of
from flows.validation.rule import Finding, Rule

MAX_PROMPT_S = 20.0
MAX_MENU_S = 10.0
"""Callers stop listening after some 20 s, at menus after 8 to 10 s (Plum Voice; W3C COGA)."""

PRESS_S = 0.6
"""“For … press …” around an option's label and key."""

STAND_INS = {"digits": "1 2 3, 4 5 6", "spell": "A as in Alpha, 1, 2, 3", "phone": "1 3 8, 0 0 1 3, 8 0 0 0"}
"""What a hole is taken to say, by filter, when a prompt's length is estimated."""


@lru_cache(maxsize=8192)
def seconds_of(text: str, language: str) -> float:
    """How long the template takes to say, holes taken as a short word or a number."""
    said = "".join(part if isinstance(part, str) else _stand_in(part) for part in split(text))
    return estimate_seconds(said, language)


def _options_s(node: Node, language: str) -> float:
    """How long the options take that a menu says after its prompt."""
    choices = choices_of(node)
    if not choices or not getattr(node, "say_options", False):
        return 0.0
    labels = [(choice.label.get(language), choice.key) for choice in choices]
    return sum(seconds_of(f"{label.text} {key}.", language) + PRESS_S for label, key in labels if label)


def _stand_in(hole: Hole) -> str:
    return next((STAND_INS[name] for name, _ in hole.filters if name in STAND_INS), "12 34")


def _too_long(flow: Inspection, *, menus: bool, limit_s: float) -> Iterator[Finding]:
    for prompt in flow.prompts:
        if prompt.is_written or (flow.nodes[prompt.node].type == "menu") is not menus:
            continue
        seconds = seconds_of(prompt.spoken.text, prompt.language)
        if prompt.path == "prompt":
            seconds += _options_s(flow.nodes[prompt.node], prompt.language)
        if seconds > limit_s:
            yield Finding(
                node=prompt.node,
                field=f"{prompt.path}.{prompt.language}",
                message=f"This takes about {seconds:.0f} s to say; callers stop listening after {limit_s:.0f} s.",
                fix="Shorten it, or split it over two nodes.",
            )


def long_prompt(flow: Inspection) -> Iterator[Finding]:
    """A prompt over 20 seconds, in a menu too."""
    yield from _too_long(flow, menus=False, limit_s=MAX_PROMPT_S)
    yield from _too_long(flow, menus=True, limit_s=MAX_PROMPT_S)


def long_menu(flow: Inspection) -> Iterator[Finding]:
    """A menu's prompt between 10 and 20 seconds."""
    long = {(f.node, f.field) for f in _too_long(flow, menus=True, limit_s=MAX_PROMPT_S)}
    for finding in _too_long(flow, menus=True, limit_s=MAX_MENU_S):
        if (finding.node, finding.field) not in long:
            yield finding


def audio_without_text(flow: Inspection) -> Iterator[Finding]:
    """A sound file whose words are not written down."""
    for prompt in flow.prompts:
        if prompt.spoken.audio and not prompt.spoken.text.strip():
            yield Finding(
                node=prompt.node,
                field=f"{prompt.path}.{prompt.language}.text",
                message="The sound file's words are not written down.",
                fix="Write what it says: transcripts, lint and the phone without sound need it.",
            )


def audio_with_values(flow: Inspection) -> Iterator[Finding]:
    """A sound file for a text that changes from call to call."""
    for prompt in flow.prompts:
        if prompt.spoken.audio and "{{" in prompt.spoken.text:
            yield Finding(
                node=prompt.node,
                field=f"{prompt.path}.{prompt.language}.audio",
                message="The text has values in it, so the sound file is never played.",
                fix="Remove the sound file, or say the value in a node of its own.",
            )


RULES = (
    Rule(name="long_prompt", title={"en": "A prompt takes over 20 s", "zh": "提示语超过 20 秒"}, check=long_prompt),
    Rule(
        name="long_menu",
        level=Level.WARNING,
        title={"en": "A menu's prompt takes over 10 seconds", "zh": "菜单提示语超过 10 秒"},
        check=long_menu,
    ),
    Rule(
        name="audio_without_text",
        title={"en": "A sound file's words are not written down", "zh": "音频文件没有对应文字"},
        check=audio_without_text,
    ),
    Rule(
        name="audio_with_values",
        level=Level.WARNING,
        title={"en": "A sound file for a text with values", "zh": "含变量的文本配了音频文件"},
        check=audio_with_values,
    ),
)
