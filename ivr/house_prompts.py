"""Which sentences of a flow our own voices can speak ahead of any call."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audio.prompts import PromptItem
from audio.speaking.parts import parts
from audio.voices.base import HOUSE
from audio.voices.book import is_own
from flows.documents import FlowDocument
from flows.generated_texts import generated_texts
from flows.phrases import book
from flows.text import split

_HOLE = "\ufffc"  # Stands for an object in a text; no flow says it.
_NAME = re.compile(r"\{\w+\}")


def prompts_of(document: FlowDocument) -> list[PromptItem]:
    """Every fixed text of the flow and of its built-in phrases, and every fixed sentence of those with values in them.

    Only in the languages that a voice of ours speaks, each in the voice that the flow names.
    """
    voices = {language: document.voice.get(language, "") for language in document.languages}
    items = [
        PromptItem(text=text, language=language, voice="" if voice == HOUSE else voice)
        for language, voice in voices.items()
        if is_own(voice)
        for text in _texts(document, language)
    ]
    return list(dict.fromkeys(items))


def _texts(document: FlowDocument, language: str) -> Iterator[str]:
    for node in document.nodes.values():
        for localized in node.spoken().values():
            spoken = localized.get(language)
            if spoken is not None and not spoken.audio:
                template = "".join(part if isinstance(part, str) else _HOLE for part in split(spoken.text))
                yield from _fixed(template, language)
    yield from generated_texts(document, language)
    for text in book(language).says.values():
        yield from _fixed(_NAME.sub(_HOLE, text), language)


def _fixed(template: str, language: str) -> Iterator[str]:
    """The text itself where it has no hole; else the parts, as a live call speaks them, that have none."""
    if _HOLE not in template and parts(template, language):
        yield template
        return
    for part in parts(template, language):
        if _HOLE not in part:
            yield part
