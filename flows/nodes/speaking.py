"""How a node speaks: the prompt in the caller's language with its values put in, as verbs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from flows.nodes.base import Context, Localized, Spoken
from flows.phrases import phrase, primary
from flows.text import render
from telephony.verbs import Pause, Play, Prompt, Say


def scope(ctx: Context) -> Mapping[str, Any]:
    """The values that expressions and prompts of a node see: the call's own, and those that every call has.

    These are `caller`, `language`, `service_number`, `node` and `case`. `caller` has number, name and vip, and whatever
    the call's own value of that name adds, such as language.
    """
    known = {"number": ctx.caller.number, "name": ctx.caller.name, "vip": ctx.caller.vip}
    added = ctx.values.get("caller")
    caller = {**known, **added} if isinstance(added, Mapping) else known
    always = {
        "language": ctx.language,
        "service_number": ctx.service_number,
        "node": ctx.node_id,
        "case": ctx.case,
    }
    return {**always, **ctx.values, "caller": caller}


def fill(ctx: Context, template: str, language: str = "") -> str:
    """A template with its values put in; what has no value becomes ""."""
    if "{{" not in template:
        return _constant(template)
    return render(template, scope(ctx), language or ctx.language, ctx.now).text


@lru_cache(maxsize=4096)
def _constant(text: str) -> str:
    """Most prompts have no holes; they are cleaned of what cannot be spoken only once."""
    return render(text, {}, "", datetime.min.replace(tzinfo=UTC)).text


def choose(ctx: Context, localized: Mapping[str, Any], language: str = "") -> tuple[str, Any] | None:
    """The entry for a language: its own, that of a sister language (en-GB for en-US), of the document's first, any."""
    wanted = language or ctx.language
    if wanted in localized:
        return wanted, localized[wanted]
    sisters = [tag for tag in localized if primary(tag) == primary(wanted)]
    tag = next(iter([*sisters, *(t for t in ctx.document.languages if t in localized), *localized]), None)
    return None if tag is None else (tag, localized[tag])


def say(ctx: Context, text: str, language: str = "") -> tuple[Prompt, ...]:
    """Ready text as a verb in the voice that the flow names for the language; () for empty text."""
    tag = language or ctx.language
    return (Say(text=text, language=tag, voice=ctx.document.voice.get(tag, "")),) if text.strip() else ()


def say_spoken(ctx: Context, spoken: Spoken, language: str) -> tuple[Prompt, ...]:
    """One language's prompt: its sound file when it has one and no values to put in, else its text."""
    text = fill(ctx, spoken.text, language)
    if spoken.audio and "{{" not in spoken.text:
        return (Play(url="audio/" + spoken.audio.lstrip("/"), text=text, language=language),)
    return say(ctx, text, language)


def speak(ctx: Context, localized: Localized, language: str = "") -> tuple[Prompt, ...]:
    """A node's prompt in the language of the call."""
    found = choose(ctx, localized, language)
    return () if found is None else say_spoken(ctx, found[1], found[0])


def text_of(ctx: Context, localized: Localized) -> str:
    """The words of a label or prompt in the language of the call, values put in."""
    found = choose(ctx, localized)
    return "" if found is None else fill(ctx, found[1].text, found[0])


def say_phrase(ctx: Context, key: str, /, **values: str) -> tuple[Prompt, ...]:
    """A built-in phrase in the language of the call."""
    return say(ctx, phrase(key, ctx.language, **values))


def heard_out(prompts: tuple[Prompt, ...]) -> tuple[Prompt, ...]:
    """The prompts, not to be interrupted."""
    return tuple(prompt if isinstance(prompt, Pause) else replace(prompt, must_hear=True) for prompt in prompts)


def read_out(ctx: Context, value: Any, filter_name: str) -> str:
    """A value as it is read to the caller, by a filter of the templates ("digits", "spell", "date", "time", …)."""
    return render("{{ value | " + filter_name + " }}", {"value": value}, ctx.language, ctx.now).text
