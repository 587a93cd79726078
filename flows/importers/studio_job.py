"""What the converters of Studio widgets share: the file, the board, and how Liquid is read at a widget."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flows.importers.board import Board
from flows.importers.languages import tag_of
from flows.importers.liquid import LiquidError
from flows.importers.liquid_texts import to_expression, to_template
from flows.importers.placeholders import placeholder
from flows.importers.studio_file import StudioFile, Widget
from flows.importers.studio_values import StudioValues

_SSML = re.compile(
    r"</?(?:speak|break|emphasis|prosody|say-as|sub|w|p|s|phoneme|lang|voice|audio)(?:\s[^<>]{0,200})?/?>"
)
_REFERENCE = re.compile(r"widgets\.([^.\s|}%]{1,200}?)\.(Digits|SpeechResult)\b")


@dataclass(kw_only=True)
class Job:
    """One import: what is read, what is built."""

    file: StudioFile
    board: Board
    values: StudioValues
    merged: set[str] = field(default_factory=set)
    """Widgets that became part of another node."""

    def template(self, widget: Widget, key: str, text: str | None = None) -> str:
        """A property's text as our template; what could not be translated is reported and left out."""
        source = widget.text(key) if text is None else text

        def trouble(error: LiquidError) -> None:
            self._no_liquid(widget, key, error)

        return to_template(source, lambda path: self.values.resolve(path), trouble)

    def expression(self, widget: Widget, key: str, text: str) -> str:
        """A text as one expression; `null` and a line in the report when it cannot be."""
        try:
            return to_expression(text, lambda path: self.values.resolve(path))
        except LiquidError as error:
            self._no_liquid(widget, key, error)
            return "null"

    def prompt(self, widget: Widget) -> dict[str, str]:
        """What a widget says, in its language, with everything that cannot be said reported."""
        language = self.language_of(widget)
        text = self.template(widget, "say")
        plain = _SSML.sub(" ", text)
        if plain != text:
            self.board.report.change(
                widget.name, "say", "Speech markup is left out; the words stay. A comma or full stop makes a pause."
            )
        plain = " ".join(plain.split()) if plain != text else plain
        if not plain.strip():
            plain = self._stand_in(widget, language)
        if widget.text("loop") not in ("", "1"):
            self.board.report.change(
                widget.name, "loop", "It is said once; Studio said it {times} times over.", times=widget.text("loop")
            )
        voice = widget.text("voice")
        if voice and voice not in ("default", "man", "woman") and self.board.voices.get(language, voice) != voice:
            self.board.report.change(
                widget.name, "voice", "The voice {voice} is not kept; a flow has one voice per language.", voice=voice
            )
        return self.board.say(plain, language)

    def language_of(self, widget: Widget) -> str:
        """The language a widget speaks; the flow's own when it names none."""
        tag = tag_of(widget.text("language")) if widget.text("language") else ""
        if tag and tag.partition("-")[0] != self.board.language.partition("-")[0]:
            self.board.report.change(
                widget.name,
                "language",
                "It speaks {tag}, the flow {language}: write it in {language}, or make a flow of its own of this part.",
                tag=tag,
                language=self.board.language,
            )
            return tag
        return self.board.language

    def refuse(self, widget: Widget, english: str, /, **values: object) -> None:
        """Say that the widget could not be taken over, in the report and in a note at its place."""
        self.board.report.refuse(widget.name, widget.type, english, **values)
        self.board.note(widget.name, f"{widget.name[:80]} ({widget.type[:60]}): {english.format(**values)}")

    def references(self) -> Counter[tuple[str, str]]:
        """How often the flow reads what a gather heard, by (widget, "Digits" | "SpeechResult")."""
        if not hasattr(self, "_references"):
            self._references = Counter(
                (match[1], match[2]) for widget in self.file.widgets.values() for match in _found(widget)
            )
        return self._references

    def _stand_in(self, widget: Widget, language: str) -> str:
        url = widget.text("play")
        if url:
            self.refuse(widget, "It plays the sound {url}; what it says must be written here.", url=url)
        else:
            self.refuse(widget, "It has nothing to say that could be read.")
        return placeholder(language)

    def _no_liquid(self, widget: Widget, key: str, error: LiquidError) -> None:
        self.board.report.refuse(widget.name, key, error.english, **error.values)


def _found(widget: Widget) -> Iterator[re.Match[str]]:
    for text in _texts(widget.properties):
        yield from _REFERENCE.finditer(text)
    for way in widget.ways:
        for condition in way.conditions:
            yield from _REFERENCE.finditer(condition.argument)


def _texts(data: Any) -> Iterable[str]:
    if isinstance(data, str):
        return (data,)
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, (list, tuple)) else ()
    return (text for part in parts for text in _texts(part))
