"""Where Studio's variables are in our calls: what a widget heard, what came from outside, who is on the line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from keyword import iskeyword

from flows.importers.board import Board
from flows.importers.liquid import LiquidError
from flows.importers.liquid_expressions import Path
from flows.importers.literals import quoted
from flows.importers.studio_file import Widget

_CALLER = "caller.number"
_FIXED: Mapping[Path, str] = {
    ("trigger", "call", "From"): _CALLER,
    ("trigger", "call", "Caller"): _CALLER,
    ("trigger", "From"): _CALLER,
    ("trigger", "call", "To"): "service_number",
    ("trigger", "call", "Called"): "service_number",
    ("trigger", "To"): "service_number",
    ("trigger", "call", "CallerName"): "caller.name",
    ("contact", "channel", "address"): _CALLER,
    ("flow", "channel", "address"): "service_number",
    ("flow", "language"): "language",
}


@dataclass(kw_only=True)
class StudioValues:
    """Resolves Studio's paths. `taken` collects, per lookup, the paths of its reply that the flow reads."""

    board: Board
    widgets: Mapping[str, Widget]
    heard: dict[tuple[str, str], str] = field(default_factory=dict)
    """(widget, its variable) to the value that holds it."""
    taken: dict[str, dict[str, str]] = field(default_factory=dict)

    def resolve(self, path: Path) -> str:
        """Our expression for a path. Raises LiquidError naming it when there is none."""
        if path in _FIXED:
            return _FIXED[path]
        root = path[0]
        if root == "widgets" and len(path) >= 3:
            return self._of_widget(path[1], path[2:])
        if root == "flow" and len(path) >= 3 and path[1] in ("variables", "data"):
            where = "by set-variables or a calling flow" if path[1] == "variables" else "by who starts the flow"
            name = self.board.names.value(path[2])
            if path[1] == "data":
                self.board.expect(name, f"Given {where}.")
            return _inside(name, path[3:])
        if path[:3] == ("trigger", "request", "parameters") and len(path) >= 4:
            return _inside(
                self.board.expect(self.board.names.value(path[3]), "Given by who starts the flow."), path[4:]
            )
        if path[:3] == ("trigger", "parent", "parameters") and len(path) >= 4:
            return _inside(self.board.expect(self.board.names.value(path[3]), "Given by the calling flow."), path[4:])
        raise LiquidError("The variable {name} has no counterpart; it is left empty.", name=".".join(path)[:120])

    def _of_widget(self, name: str, rest: Path) -> str:
        if (name, rest[0]) in self.heard:
            return _inside(self.heard[name, rest[0]], rest[1:])
        widget = self.widgets.get(name)
        if widget is None:
            raise LiquidError("There is no widget {name}; what it should give is left empty.", name=name[:80])
        if widget.type in ("make-http-request", "run-function") and rest[0] in ("parsed", "body"):
            return self._of_reply(name, rest[1:] if rest[0] == "parsed" else ())
        if widget.type == "set-variables":
            return _inside(self.board.names.value(rest[0]), rest[1:])
        if widget.type == "run-subflow":
            return self._of_reply(name, rest)
        raise LiquidError(
            "What {variable} of widget {name} gives has no counterpart; it is left empty.",
            variable=".".join(rest)[:60],
            name=name[:80],
        )

    def _of_reply(self, name: str, path: Path) -> str:
        if any(re.search(r"[.\[\]]", part) for part in path):
            raise LiquidError("The part {part} of a variable cannot be looked up.", part=".".join(path)[:60])
        taken = self.taken.setdefault(name, {})
        where = "".join(f"[{part}]" if part.isdecimal() else f".{part}" for part in path).lstrip(".") or "."
        for value, known in taken.items():
            if known == where:
                return value
        value = self.board.names.value(f"{name}\n{'_'.join(path)}")
        taken[value] = where
        return value


def _inside(name: str, rest: Path) -> str:
    """A part of a value; names that the expressions' grammar has no word for are looked up in brackets."""
    for part in rest:
        if part.isdecimal():
            name += f"[{part}]"
        elif part.isidentifier() and part.isascii() and not part.startswith("_") and not iskeyword(part):
            name += f".{part}"
        else:
            name += f"[{quoted(part)}]"
    return name
