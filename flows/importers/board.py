"""The board on which an importer lays out a flow: nodes as plain data, detours, notes, values, and the report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flows.importers.literals import no_holes
from flows.importers.naming import Names
from flows.importers.report import Report

Data = dict[str, Any]


class Board:
    """What is built of a foreign flow.

    Targets are foreign names until `flows.importers.finishing` puts ours in. A place that has no node (a widget without
    counterpart) is a detour: who would come there goes on to its target.
    """

    def __init__(self, *, format_name: str, languages: Sequence[str]) -> None:
        self.languages = tuple(languages)
        self.language = self.languages[0]
        self.report = Report(format=format_name)
        self.names = Names()
        self.called: dict[str, str] = {}
        self.nodes: dict[str, Data] = {}
        self.detours: dict[str, str] = {}
        self.places: dict[str, tuple[float, float]] = {}
        self.notes: list[Data] = []
        self.variables: dict[str, Data] = {}
        self.voices: dict[str, str] = {}
        self.person = ""
        self.start = ""

    def call(self, foreign: str, wanted: str) -> None:
        """Say what a foreign key (a UUID) is called: its node gets a name made of that."""
        self.called[foreign] = wanted
        self.names.call(foreign, wanted)

    def put(self, foreign: str, node_type: str, *, exits: dict[str, str] | None = None, **fields: Any) -> Data:
        """A node for a foreign name. `exits` lead to foreign names; "" leads nowhere yet."""
        name = self.names.node(foreign)
        data: Data = {"type": node_type}
        if (
            name != foreign
            and foreign not in self.called
            and foreign.isprintable()
            and 0 < len(no_holes(foreign)) <= 80
        ):
            data["label"] = no_holes(foreign)
        data |= {key: value for key, value in fields.items() if value not in (None, "", {}, [])}
        data["exits"] = {key: target for key, target in (exits or {}).items() if target}
        self.nodes[foreign] = data
        return data

    def pass_by(self, foreign: str, target: str, note: str = "") -> None:
        """No node stands here: the way leads straight on. What stood here is told by a note at its place."""
        self.detours[foreign] = target
        if note:
            self.note(foreign, note)

    def note(self, foreign: str, text: str) -> None:
        """A sticky note where the foreign flow drew the widget."""
        x, y = self.places.get(foreign, (0.0, 0.0))
        self.notes.append({"id": f"import-{len(self.notes) + 1}", "text": _without_keys(text)[:400], "x": x, "y": y})

    def say(self, text: str, language: str = "") -> dict[str, str]:
        """A prompt of one language."""
        return {language or self.language: text} if text.strip() else {}

    def expect(self, value: str, description: str) -> str:
        """Declare a value that comes from outside, and return its name."""
        self.variables.setdefault(value, {"description": description[:200]})
        return value


def _without_keys(text: str) -> str:
    """A note without what might be a key: names of accounts cut short, no passwords or queries of addresses."""
    plain = re.sub(r"://[^/\s@]*@", "://", re.sub(r"(://[^\s?#]*)[?#]\S*", r"\1", text))
    return re.sub(r"[A-Za-z0-9+=_]{24,}", lambda match: match[0][:6] + "…", plain)
