"""One Liquid expression as one of ours: values, filters, comparisons. Nothing is run, nothing foreign gets through."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flows.importers.liquid import LiquidError
from flows.importers.literals import number_literal, quoted

Path = tuple[str, ...]
Resolve = Callable[[Path], str]
"""Our expression for a path of names and indexes. Raises LiquidError when there is none."""

_TOKEN = re.compile(
    r"\s*(?:(?P<text>\"[^\"]*\"|'[^']*')|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])|(?P<sign>==|!=|<>|<=|>=|<|>|\||:|,|\[|\]|\.)"
    r"|(?P<word>[A-Za-z_][\w-]*\??))"
)
_LITERALS = {"true": "true", "false": "false", "nil": "null", "null": "null"}
_EMPTY = frozenset({"blank", "empty", "nil", "null"})


@dataclass
class Said:
    """Our expression with what filters of templates are to follow it (`default`)."""

    expression: str
    default: str | None = None
    is_now: bool = False
    changes: list[str] = field(default_factory=list)
    """Filters that were left out because speech does not need them."""


class Translator:
    """Translates one expression. `known` are the names that the text has assigned."""

    def __init__(self, source: str, resolve: Resolve, known: Mapping[str, str]) -> None:
        self._source, self._resolve, self._known = source, resolve, known
        self._tokens = _scan(source)
        self._at = 0

    def output(self) -> Said:
        """`value | filter: argument | …` to the end of the source."""
        said = self._filtered()
        self._expect_end()
        return said

    def condition(self) -> str:
        """Comparisons joined by and / or; Liquid joins from the right."""
        found = self._joined()
        self._expect_end()
        return found

    def _joined(self) -> str:
        negated = self._take("word", "not")
        left = self._compared()
        left = f"not ({left})" if negated else left
        for word in ("and", "or"):
            if self._take("word", word):
                return f"({left}) {word} ({self._joined()})"
        return left

    def _compared(self) -> str:
        left, left_kind = self._value()
        sign = self._peek()
        if sign == ("word", "contains"):
            self._at += 1
            return f"contains({left}, {self._value()[0]})"
        if sign[0] != "sign" or sign[1] not in ("==", "!=", "<>", "<", ">", "<=", ">="):
            return left if left_kind in ("literal", "number") else f"exists({left})"
        self._at += 1
        right, right_kind = self._value()
        operator = "!=" if sign[1] == "<>" else sign[1]
        if "empty" in (left_kind, right_kind):
            other = left if right_kind == "empty" else right
            return f"exists({other})" if operator == "!=" else f"not exists({other})"
        if operator not in ("==", "!=") or "number" in (left_kind, right_kind):
            return f"{_as_number(left, left_kind)} {operator} {_as_number(right, right_kind)}"
        if "text" in (left_kind, right_kind):
            return f"{_as_text(left, left_kind)} {operator} {_as_text(right, right_kind)}"
        return f"{left} {operator} {right}"

    def _filtered(self) -> Said:
        value, kind = self._value()
        said = Said(expression=value, is_now=kind == "text" and value in ('"now"', '"today"'))
        while self._take("sign", "|"):
            name = self._word()
            arguments: list[tuple[str, str]] = []
            if self._take("sign", ":"):
                arguments.append(self._value())
                while self._take("sign", ","):
                    arguments.append(self._value())
            apply(said, name, [a for a, _ in arguments], [k for _, k in arguments])
        return said

    def _value(self) -> tuple[str, str]:
        """(our expression, "text" | "number" | "literal" | "empty" | "path")."""
        kind, token = self._peek()
        self._at += 1
        if kind == "text":
            return quoted(token[1:-1]), "text"
        if kind == "number":
            return number_literal(token) or "0", "number"
        if kind != "word":
            raise LiquidError("The expression “{source}” cannot be read.", source=self._source[:80])
        if token in _EMPTY:
            return _LITERALS.get(token, '""'), "empty"
        if token in _LITERALS:
            return _LITERALS[token], "literal"
        path = (token, *self._rest_of_path())
        if len(path) == 1 and token in self._known:
            return self._known[token], "path"
        return self._resolve(path), "path"

    def _rest_of_path(self) -> tuple[str, ...]:
        parts: list[str] = []
        while True:
            if self._take("sign", "."):
                parts.append(self._word(numbers=True))
            elif self._take("sign", "["):
                kind, token = self._peek()
                if kind not in ("text", "number"):
                    raise LiquidError("The expression “{source}” cannot be read.", source=self._source[:80])
                self._at += 1
                parts.append(token[1:-1] if kind == "text" else token)
                if not self._take("sign", "]"):
                    raise LiquidError("The expression “{source}” cannot be read.", source=self._source[:80])
            else:
                return tuple(parts)

    def _word(self, *, numbers: bool = False) -> str:
        kind, token = self._peek()
        if kind != "word" and not (numbers and kind == "number"):
            raise LiquidError("The expression “{source}” cannot be read.", source=self._source[:80])
        self._at += 1
        return token

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take(self, kind: str, token: str) -> bool:
        found = self._peek() == (kind, token)
        self._at += found
        return found

    def _expect_end(self) -> None:
        if self._at < len(self._tokens):
            raise LiquidError("The expression “{source}” cannot be read.", source=self._source[:80])


def apply(said: Said, name: str, arguments: list[str], kinds: list[str]) -> None:
    """Put a filter on what is said. Raises LiquidError for one without counterpart."""
    value, first = said.expression, arguments[0] if arguments else ""
    if name == "default" and arguments:
        said.expression = f"first({value}, {first})"
        said.default = first[1:-1] if kinds[0] == "text" else None
    elif name in _PLAIN:
        said.expression = _PLAIN[name].format(value=value)
    elif name in _ONE and arguments:
        as_text = first if kinds[0] == "text" else f"text({first})"
        as_number = first if kinds[0] == "number" else f"number({first})"
        said.expression = _ONE[name].format(value=value, text=as_text, number=as_number)
    elif name == "date" and said.is_now and arguments:
        if first[1:-1] not in CLOCK:
            raise LiquidError("The date format {format} has no counterpart.", format=first[:40])
        said.expression, said.is_now = CLOCK[first[1:-1]], False
    elif name in _NEEDLESS:
        said.changes.append(name)
    else:
        raise LiquidError("The Liquid filter {name} has no counterpart.", name=name[:40])


_PLAIN = {
    "upcase": "upper({value})",
    "downcase": "lower({value})",
    "size": "len({value})",
    "round": "round(number({value}))",
    "to_number": "number({value})",
}
_ONE = {
    "append": "text({value}) + {text}",
    "prepend": "{text} + text({value})",
    "plus": "number(first({value}, 0)) + {number}",
    "minus": "number(first({value}, 0)) - {number}",
    "times": "number({value}) * {number}",
    "divided_by": "number({value}) / {number}",
    "modulo": "number({value}) % {number}",
}
_NEEDLESS = frozenset(
    {"strip", "lstrip", "rstrip", "escape", "escape_once", "strip_html", "strip_newlines", "capitalize", "url_encode"}
)
"""Filters that change nothing that is heard; what is put into a URL is encoded anyway."""

CLOCK = {
    "%H": "hour()",
    "%-H": "hour()",
    "%k": "hour()",
    "%u": "weekday()",
    "%w": "weekday() % 7",
    "%Y-%m-%d": "today()",
}
"""Formats of the present moment that our expressions know."""


def _as_number(value: str, kind: str) -> str:
    return value if kind == "number" else f"number({value})"


def _as_text(value: str, kind: str) -> str:
    return value if kind == "text" else f"text({value})"


def _scan(source: str) -> list[tuple[str, str]]:
    if len(source) > 2_000:
        raise LiquidError("The expression “{source}” is too long.", source=source[:60])
    tokens, at = [], 0
    text = source.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise LiquidError("The expression “{source}” cannot be read.", source=source[:80])
        tokens.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    if not tokens:
        raise LiquidError("A Liquid output is empty.")
    return tokens
