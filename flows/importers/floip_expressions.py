"""FLOIP expressions, the part that flows use, as ours: tests of exits and choices, and `@…` in texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from flows.errors import ExpressionError
from flows.expressions import compile_expression
from flows.importers.literals import no_holes, number_literal, quoted

Path = tuple[str, ...]
Resolve = Callable[[Path], str]
"""Our expression for a path such as block.value. Raises FloipExpressionError when there is none."""

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")|(?P<number>\d+(?:\.\d+)?)(?![\w.])|(?P<sign>!=|<>|<=|>=|[=<>+\-*/&(),])"
    r"|(?P<word>[A-Za-z_]\w*(?:\.\w+)*))"
)
_CALLS: Mapping[str, str] = {
    "UPPER": "upper(text({0}))",
    "LOWER": "lower(text({0}))",
    "LEN": "len(text({0}))",
    "ABS": "number({0})",
    "TODAY": "today()",
    "ROUND": "round(number({0}))",
}
_IN_TEXT = re.compile(r"@@|@\(((?:[^()'\"]|'[^']*'|\"[^\"]*\"|\((?:[^()]|\([^()]*\))*\))*)\)|@([A-Za-z_]\w*(?:\.\w+)*)")


class FloipExpressionError(Exception):
    """An expression that has no counterpart."""


def to_expression(source: str, resolve: Resolve) -> str:
    """The expression as one of ours. Raises FloipExpressionError."""
    parser = _Parser(source.strip().removeprefix("@").strip(), resolve)
    found = parser.whole()
    try:
        compile_expression(found)
    except ExpressionError as error:
        raise FloipExpressionError(str(error)) from error
    return found


def to_template(text: str, resolve: Resolve, trouble: Callable[[str], None]) -> str:
    """A text with our holes for its `@name` and `@(…)`; what has no counterpart is told and left out."""

    def hole(match: re.Match[str]) -> str:
        if match[0] == "@@":
            return "@"
        source = match[1] if match[1] is not None else match[2]
        if match[1] is None and "." not in source:
            return match[0]  # An address like info@example is no expression.
        try:
            return "{{ " + to_expression(source, resolve) + " }}"
        except FloipExpressionError:
            trouble(source)
            return ""

    return _IN_TEXT.sub(hole, no_holes(text)[:20_000])


class _Parser:
    """Recursive descent; every method returns one of our expressions."""

    def __init__(self, source: str, resolve: Resolve) -> None:
        if len(source) > 2_000:
            raise FloipExpressionError("too long")
        self._resolve = resolve
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(source.rstrip()):
            match = _TOKEN.match(source, at)
            if match is None or match.lastgroup is None:
                raise FloipExpressionError(source[:60])
            self._tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()
        self._at = 0

    def whole(self) -> str:
        found = self._compare()
        if self._at < len(self._tokens):
            raise FloipExpressionError(self._tokens[self._at][1])
        return found

    def _compare(self, depth: int = 0) -> str:
        if depth > 20:
            raise FloipExpressionError("nested too deeply")
        left = self._sum(depth)
        kind, sign = self._peek()
        if kind != "sign" or sign not in ("=", "!=", "<>", "<", ">", "<=", ">="):
            return left
        self._at += 1
        # The specification's own examples write names of choices without quotes.
        bare = (
            self._peek()[0] == "word"
            and "." not in self._peek()[1]
            and self._peek()[1].upper() not in ("TRUE", "FALSE")
        )
        following = self._tokens[self._at + 1][1] if self._at + 1 < len(self._tokens) else ""
        if bare and following != "(":
            right = quoted(self._peek()[1])
            self._at += 1
        else:
            right = self._sum(depth)
        if sign in ("=", "!=", "<>"):
            return f"{_text(left)} {'==' if sign == '=' else '!='} {_text(right)}"
        return f"{_number(left)} {sign} {_number(right)}"

    def _sum(self, depth: int) -> str:
        found = self._product(depth)
        while self._peek() in (("sign", "+"), ("sign", "-"), ("sign", "&")):
            sign = self._peek()[1]
            self._at += 1
            right = self._product(depth)
            found = (
                f"({_text(found)} + {_text(right)})" if sign == "&" else f"({_number(found)} {sign} {_number(right)})"
            )
        return found

    def _product(self, depth: int) -> str:
        found = self._term(depth)
        while self._peek() in (("sign", "*"), ("sign", "/")):
            sign = self._peek()[1]
            self._at += 1
            found = f"({_number(found)} {sign} {_number(self._term(depth))})"
        return found

    def _term(self, depth: int) -> str:
        kind, token = self._peek()
        self._at += 1
        if kind == "text":
            quote = token[0]
            return quoted(token[1:-1].replace(quote * 2, quote))
        if kind == "number":
            return number_literal(token) or "0"
        if (kind, token) == ("sign", "-"):
            return f"(0 - number({self._term(depth)}))"
        if (kind, token) == ("sign", "("):
            inner = self._compare(depth + 1)
            self._expect(")")
            return f"({inner})"
        if kind != "word":
            raise FloipExpressionError(token or "nothing")
        if self._peek() == ("sign", "("):
            return self._call(token.upper(), depth)
        if token.upper() in ("TRUE", "FALSE"):
            return token.lower()
        return self._resolve(tuple(token.split(".")))

    def _call(self, name: str, depth: int) -> str:
        self._at += 1
        arguments: list[str] = []
        while self._peek() != ("sign", ")"):
            arguments.append(self._compare(depth + 1))
            if self._peek() == ("sign", ","):
                self._at += 1
            elif self._peek() != ("sign", ")"):
                raise FloipExpressionError(name)
        self._at += 1
        if name in ("AND", "OR") and arguments:
            return "(" + f" {name.lower()} ".join(f"({a})" for a in arguments) + ")"
        if name == "NOT" and len(arguments) == 1:
            return f"(not ({arguments[0]}))"
        if name == "IF" and len(arguments) == 3:
            return f"(({arguments[1]}) if ({arguments[0]}) else ({arguments[2]}))"
        if name == "CONCATENATE" and arguments:
            return "(" + " + ".join(_text(a) for a in arguments) + ")"
        if name in _CALLS and len(arguments) == _CALLS[name].count("{0}"):
            return _CALLS[name].format(*arguments)
        raise FloipExpressionError(name)

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _expect(self, sign: str) -> None:
        if self._peek() != ("sign", sign):
            raise FloipExpressionError(self._peek()[1])
        self._at += 1


def _text(expression: str) -> str:
    """The expression as text; a literal is one already."""
    is_literal = expression[:1] in "\"'" and expression.count(expression[:1]) == 2 and expression[-1:] == expression[:1]
    return expression if is_literal else f"text({expression})"


def _number(expression: str) -> str:
    return expression if number_literal(expression) else f"number({expression})"
