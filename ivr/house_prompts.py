"""Which sentences of a flow the house voice can speak ahead of any call."""

from __future__ import annotations

from collections.abc import Iterator

from audio.prompts import PromptItem
from flows.documents import FlowDocument
from flows.generated_texts import generated_texts
from flows.phrases import book
from ivr.rendering import HOUSE


def prompts_of(document: FlowDocument) -> list[PromptItem]:
    """Every fixed text of the flow and of its built-in phrases, in the languages that the house voice speaks."""
    spoken_by_house = [language for language in document.languages if document.voice.get(language) == HOUSE]
    items = [PromptItem(text=text, language=language) for text, language in _texts(document, spoken_by_house)]
    return list(dict.fromkeys(items))


def _texts(document: FlowDocument, languages: list[str]) -> Iterator[tuple[str, str]]:
    for node in document.nodes.values():
        for localized in node.spoken().values():
            for language in languages:
                spoken = localized.get(language)
                if spoken is not None and not spoken.audio and "{{" not in spoken.text:
                    yield spoken.text, language
    for language in languages:
        for text in generated_texts(document, language):
            yield text, language
        for text in book(language).says.values():
            if "{" not in text:
                yield text, language
