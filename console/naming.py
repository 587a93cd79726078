"""Nodes and answers of a call in people's words: a node's label, a choice's label, dates, numbers, yes and no."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_date, format_time
from flask import Flask, g
from sqlalchemy import select
from sqlalchemy.orm import Session

from console import translate, words
from console.deps import deps
from console.recording_reasons import recording_reason
from console.translate import gettext as _
from flows.documents import FlowDocument
from flows.errors import FlowError
from flows.exits import exit_word, text_in
from flows.versions import Flow, FlowVersion, load_document
from ivr.calls import Call


@dataclass(frozen=True, kw_only=True)
class Names:
    """The names that one version of a flow gives to its parts; without a document everything keeps its key."""

    document: FlowDocument | None = None

    def label(self, node: str) -> str:
        """A node's label, "" when it has none."""
        found = self.document.nodes.get(node) if self.document else None
        return found.label if found else ""

    def meaning(self, node: str, value: Any) -> str:
        """What an answer to a node's question meant."""
        found = self.document.nodes.get(node) if self.document else None
        if found is None or not isinstance(value, str):
            return shown(value)
        for choice in getattr(found, "choices", ()):
            label = getattr(choice, "label", None)
            if getattr(choice, "name", None) == value and label:
                return text_in(label, translate.language(), self.document.languages if self.document else ())
        if found.type == "language":
            return words.language_name(value)
        if value in found.exits or value in ("person", "failed"):
            return exit_word(found, value, translate.language(), self.document)
        return self.label(value) or shown(value)


def shown(value: Any) -> str:
    """A value of a call for people: yes or no, a day, a time, a telephone number, a list; else as it is."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{words.key_words(str(k))}: {shown(v)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(shown(v) for v in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _text(str(value))


def _text(text: str) -> str:
    locale = translate.language()
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return str(format_date(date.fromisoformat(text), "full", locale=locale))
        except ValueError:
            return text
    if re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return text
        return f"{format_date(moment, 'full', locale=locale)} {format_time(moment, 'HH:mm', locale=locale)}"
    return words.number_shown(text) if re.fullmatch(r"\+[1-9]\d{6,14}", text) else text


def names_of(s: Session, calls: Iterable[Call]) -> dict[int, Names]:
    """The names of the version each call runs on, by call id."""
    wanted = {call.flow_version_id for call in calls if call.flow_version_id}
    versions = s.scalars(select(FlowVersion).where(FlowVersion.id.in_(wanted))) if wanted else ()
    known = {version.id: Names(document=_document(version)) for version in versions}
    return {call.id: known.get(call.flow_version_id or 0, Names()) for call in calls}


def _document(version: FlowVersion) -> FlowDocument | None:
    try:
        return load_document(version)
    except FlowError:
        return None


def flow_title(name: str) -> str:
    """A flow's title in the reader's language; titles are read once per request."""
    if "flow_titles" not in g:
        with deps().db.read() as s:
            g.flow_titles = dict(s.execute(select(Flow.name, Flow.title)).tuples().all())
    return words.local_title(g.flow_titles.get(name), name)


def register(app: Flask) -> None:
    """Let templates show values."""
    app.add_template_filter(shown, "value_shown")
    app.add_template_filter(recording_reason, "recording_reason")
    app.add_template_filter(flow_title, "flow_title")
