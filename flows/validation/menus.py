"""Rules about choices: how many, which keys, and that prompts tell the keys as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flows.nodes.base import Localized, Node
from flows.outbound import OPENING
from flows.problems import Level
from flows.validation.inspection import Inspection, choices_of
from flows.validation.promised_keys import promised_keys
from flows.validation.rule import Finding, Rule

MAX_CHOICES = 5
"""More than four or five options are not remembered (Avaya, Plum Voice, ACIXD)."""

GLOBAL_KEYS = frozenset("09*")
"""At every question 0 is a person, 9 says it again, * goes back."""

KEYS_BY_TYPE: Mapping[str, frozenset[str]] = {
    "confirm": frozenset("12"),
    "rate": frozenset("12345"),
    "listen": frozenset("#"),
    "record": frozenset("#"),
}
"""Keys that mean something at a question of this type, besides the global ones."""

PROMPTS_THAT_ASK = ("prompt", "reprompt", "help")


def keys_of(node: Node) -> frozenset[str] | None:
    """The keys that mean something at the node, the global ones apart; None when any digits may be keyed."""
    if node.type == OPENING:
        return frozenset({getattr(node, "wrong_person_key", "")} - {""})
    choices = choices_of(node)
    if choices:
        return frozenset(choice.key for choice in choices)
    if node.type == "answer":
        return frozenset("12345678"[: max(2, len(getattr(node, "entries", ())))])
    if node.type == "collect" and getattr(node, "kind", "") == "yes_no":
        return KEYS_BY_TYPE["confirm"]
    return KEYS_BY_TYPE.get(node.type, None if node.asks else frozenset())


def too_many_choices(flow: Inspection) -> Iterator[Finding]:
    """A menu of more than five options."""
    for name, choices in flow.choices.items():
        count = sum(choice.key not in GLOBAL_KEYS for choice in choices)
        if flow.nodes[name].type == "menu" and count > MAX_CHOICES:
            yield Finding(
                node=name,
                field="choices",
                message=f"The menu has {count} options; callers remember at most {MAX_CHOICES}.",
                fix="Put the rarer ones into a second menu.",
            )


def taken_key(flow: Inspection) -> Iterator[Finding]:
    """A choice on a key that means something else everywhere."""
    meanings = {"9": "says the question again", "*": "goes back", "0": "reaches a person"}
    for name, choices in flow.choices.items():
        for place, choice in enumerate(choices):
            if choice.key in meanings and getattr(choice, "name", "") != "person":
                yield Finding(
                    node=name,
                    field=f"choices.{place}.key",
                    message=f"Key {choice.key} {meanings[choice.key]} at every other question.",
                    fix="Give the choice a key from 1 to 8.",
                )


def ambiguous_words(flow: Inspection) -> Iterator[Finding]:
    """Words that stand for two choices of one node."""
    for name, choices in flow.choices.items():
        heard: dict[tuple[str, str], int] = {}
        for place, choice in enumerate(choices):
            for language, path, word in words_of(choice):
                key = (language, word.strip().casefold())
                first = heard.setdefault(key, place)
                if first != place:
                    yield Finding(
                        node=name,
                        field=f"choices.{place}.{path}",
                        message=f"“{word[:40]}” stands for two choices, so saying it chooses neither.",
                        fix="Take it from one of them.",
                    )


def words_of(choice: Any) -> Iterator[tuple[str, str, str]]:
    """Everything that can be said for a choice as (language, field, words); "" for any language."""
    label: Localized = getattr(choice, "label", {})
    for language, spoken in label.items():
        yield language, f"label.{language}", spoken.text
    words = getattr(choice, "words", {})
    for language, ways in words.items() if isinstance(words, Mapping) else [("", words)]:
        for place, word in enumerate(ways):
            yield language, f"words.{language}.{place}".replace("..", "."), word


def _offers(flow: Inspection) -> Iterator[tuple[str, str, Any, frozenset[str]]]:
    """Offers of languages, each a prompt for one key, as (node, field, choice, promised keys)."""
    for name, choices in flow.choices.items():
        if flow.nodes[name].type == "language":
            for place, choice in enumerate(choices):
                promised = promised_keys(choice.prompt.text, choice.language)
                if promised is not None:
                    yield name, f"choices.{place}.prompt", choice, promised


def promised_key(flow: Inspection) -> Iterator[Finding]:
    """A prompt that tells to press a key that does nothing here."""
    for prompt in flow.prompts:
        node = flow.nodes[prompt.node]
        keys = keys_of(node)
        heard_elsewhere = prompt.is_written or prompt.path == "whisper_prompt"
        if keys is None or heard_elsewhere or (node.asks and prompt.path not in PROMPTS_THAT_ASK):
            continue
        promised = promised_keys(prompt.spoken.text, prompt.language)
        for key in sorted((promised or keys) - keys - GLOBAL_KEYS - _opt_out_key(flow, node)):
            has = f"it has {', '.join(sorted(keys))}" if keys else "the caller is not asked here"
            yield Finding(
                node=prompt.node,
                field=f"{prompt.path}.{prompt.language}",
                message=f"The prompt tells the caller to press {key}, but that does nothing: {has}.",
                fix=f"Add a choice with key {key}, or take it out of the prompt.",
            )
    for name, field, choice, promised in _offers(flow):
        for key in sorted(promised - {choice.key} - GLOBAL_KEYS):
            yield Finding(
                node=name,
                field=field,
                message=f"The offer tells the caller to press {key}, but {choice.language} is on key {choice.key}.",
                fix=f"Say “press {choice.key}”.",
            )


def _opt_out_key(flow: Inspection, node: Node) -> frozenset[str]:
    """The key that ends calls for good at every question of a flow for calls we make."""
    outbound = flow.document.outbound
    return frozenset({outbound.opt_out_key}) if outbound is not None and node.asks else frozenset()


def hidden_key(flow: Inspection) -> Iterator[Finding]:
    """A choice whose key no prompt tells."""
    for prompt in flow.prompts:
        node = flow.nodes[prompt.node]
        if prompt.path != "prompt" or prompt.node not in flow.choices or getattr(node, "say_options", True):
            continue
        promised = promised_keys(prompt.spoken.text, prompt.language)
        if promised is None:
            continue
        for place, choice in enumerate(flow.choices.get(prompt.node, ())):
            if choice.key not in promised | GLOBAL_KEYS and len(choice.key) == 1:
                yield Finding(
                    node=prompt.node,
                    field=f"{prompt.path}.{prompt.language}",
                    message=f"The prompt does not tell that key {choice.key} chooses {choice.name} (choices.{place}).",
                    fix=f"Say “press {choice.key}” for it, or turn say_options on.",
                )
    for name, field, choice, promised in _offers(flow):
        if choice.key not in promised:
            yield Finding(
                node=name,
                field=field,
                message=f"The offer of {choice.language} does not tell its key {choice.key}.",
                fix=f"Say “press {choice.key}” in it.",
            )


RULES = (
    Rule(
        name="too_many_choices",
        title={"en": "A menu has more than five options", "zh": "菜单选项超过五个"},
        check=too_many_choices,
    ),
    Rule(
        name="taken_key",
        level=Level.WARNING,
        title={"en": "A choice takes a key that means something else everywhere", "zh": "选项占用了通用按键"},
        check=taken_key,
    ),
    Rule(
        name="ambiguous_words",
        title={"en": "Words stand for two choices", "zh": "同一说法对应两个选项"},
        check=ambiguous_words,
    ),
    Rule(
        name="promised_key",
        title={"en": "A prompt promises a key that does nothing", "zh": "提示语提到无效按键"},
        check=promised_key,
    ),
    Rule(
        name="hidden_key",
        title={"en": "A prompt hides a key that chooses something", "zh": "提示语未提到有效按键"},
        check=hidden_key,
    ),
)
