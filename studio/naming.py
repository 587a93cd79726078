"""Names of flows, languages and values as the reader reads them."""

from __future__ import annotations

from collections.abc import Iterable

from babel import Locale, UnknownLocaleError

from flows.versions import Flow
from studio.deps import reader_language


def title_of(flow: Flow) -> str:
    """The flow's title in the reader's language, else in any, else its name."""
    language = reader_language()
    titles = flow.title or {}
    own = next((text for tag, text in titles.items() if tag.partition("-")[0] == language and text), "")
    return own or next((text for text in titles.values() if text), flow.name)


def names(words: Iterable[str]) -> str:
    """Names in a row, each in quotation marks."""
    return ("、" if reader_language() == "zh" else ", ").join(f"“{word[:60]}”" for word in words)


def language_words(tags: Iterable[str]) -> str:
    """Languages by what the reader calls them."""
    return ("、" if reader_language() == "zh" else ", ").join(dict.fromkeys(_language(tag) for tag in tags))


def _language(tag: str) -> str:
    try:
        return Locale.parse(tag.partition("-")[0]).get_display_name(reader_language()) or tag
    except (UnknownLocaleError, ValueError):
        return tag[:20]
