"""The white list of expressions: each kind of syntax that is allowed, and the closure it becomes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from flows.errors import ExpressionError
from flows.functions import FUNCTIONS, Scope
from flows.operators import BINARY, COMPARISONS, get_key, limit_size

MAX_DEPTH = 30
MAX_PARTS = 300

WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None, "none": None}
"""Literals as JSON and YAML spell them, beside Python's own True, False and None."""

Run = Callable[[Scope], Any]


class Compiler:
    """Turns a syntax tree into closures and collects the names it reads."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.free: set[str] = set()
        self.asked: set[str] = set()
        self._parts = 0
        self._guard = False

    def build(self, node: ast.expr, depth: int) -> Run:
        """The closure that computes `node`. Raises ExpressionError for what is not on the white list."""
        self._parts += 1
        if depth > MAX_DEPTH or self._parts > MAX_PARTS:
            self._refuse(node, "The expression is too large; split it over several set-value nodes.")
        builder = _BUILDERS.get(type(node))
        if builder is None:
            self._refuse(node, f"{_WHAT.get(type(node), 'This')} cannot be used in an expression.")
        return builder(self, node, depth + 1)

    def _refuse(self, node: ast.AST, message: str) -> NoReturn:
        raise ExpressionError(message, position=self._position(node), source=self.source)

    def _position(self, node: ast.AST) -> int:
        text = self.source.replace("\r", " ").replace("\n", " ")
        lead = len(text) - len(text.lstrip())
        offset = getattr(node, "col_offset", 0)
        return lead + len(text.strip().encode()[:offset].decode(errors="ignore"))

    def _safely(self, node: ast.AST, run: Run) -> Run:
        """Give errors of computing the position of what was computed."""
        position = self._position(node)

        def safe(scope: Scope) -> Any:
            try:
                return limit_size(run(scope))
            except (ValueError, OverflowError, ZeroDivisionError) as error:
                message = str(error) if isinstance(error, ValueError) else "The result is not a number."
                raise ExpressionError(message, position=position) from error

        return safe

    def constant(self, node: ast.Constant, _depth: int) -> Run:
        """A literal: text, number, true, false or nothing."""
        value = node.value
        if value is not None and type(value) not in (str, int, float, bool):
            self._refuse(node, "Only text, numbers, true, false and null can be written here.")
        return self._safely(node, lambda _: value)

    def name(self, node: ast.Name, _depth: int) -> Run:
        """A value of the call, or one of the words true, false, null."""
        key = node.id
        if key in WORDS:
            word = WORDS[key]
            return lambda _: word
        if key.startswith("_"):
            self._refuse(node, "Names do not begin with an underscore.")
        if key in FUNCTIONS and key not in ("text", "number", "digits", "first"):
            self._refuse(node, f"{key} is a function; write {FUNCTIONS[key].usage}.")
        (self.asked if self._guard else self.free).add(key)
        return lambda scope: scope.values.get(key)

    def attribute(self, node: ast.Attribute, depth: int) -> Run:
        """A key of a JSON object, written with a dot."""
        key = node.attr
        if key.startswith("_"):
            self._refuse(node, "Names do not begin with an underscore.")
        if isinstance(node.value, ast.Constant):
            self._refuse(node, "A dot follows a name.")
        whole = self.build(node.value, depth)
        return lambda scope: get_key(whole(scope), key)

    def subscript(self, node: ast.Subscript, depth: int) -> Run:
        """A key of an object or an item of a list, written with brackets; missing ones are None."""
        whole, key = self.build(node.value, depth), self.build(node.slice, depth)
        return lambda scope: get_key(whole(scope), key(scope))

    def sequence(self, node: ast.List | ast.Tuple, depth: int) -> Run:
        """A list of expressions."""
        items = [self.build(item, depth) for item in node.elts]
        return lambda scope: [item(scope) for item in items]

    def boolean(self, node: ast.BoolOp, depth: int) -> Run:
        """`and` and `or`: the later parts are computed only when needed."""
        parts = [self.build(part, depth) for part in node.values]
        stop_at = isinstance(node.op, ast.Or)

        def run(scope: Scope) -> Any:
            value: Any = None
            for part in parts:
                value = part(scope)
                if bool(value) is stop_at:
                    break
            return value

        return run

    def unary(self, node: ast.UnaryOp, depth: int) -> Run:
        """`not`, plus and minus."""
        part = self.build(node.operand, depth)
        if isinstance(node.op, ast.Not):
            return lambda scope: not part(scope)
        if isinstance(node.op, ast.Invert):
            self._refuse(node, "“~” cannot be used in an expression.")
        subtract, sign = BINARY[ast.Sub], isinstance(node.op, ast.USub)
        return self._safely(node, lambda scope: subtract(0, part(scope)) if sign else subtract(part(scope), 0))

    def binary(self, node: ast.BinOp, depth: int) -> Run:
        """Arithmetic on numbers; `+` also joins texts."""
        left, right = self.build(node.left, depth), self.build(node.right, depth)
        compute = BINARY.get(type(node.op))
        if compute is None:
            self._refuse(node, "Only + - * / // % and ** compute.")
        return self._safely(node, lambda scope: compute(left(scope), right(scope)))

    def compare(self, node: ast.Compare, depth: int) -> Run:
        """One or more comparisons, as in 0 < count <= 5."""
        parts = [self.build(part, depth) for part in (node.left, *node.comparators)]
        tests = [COMPARISONS.get(type(op)) for op in node.ops]

        def run(scope: Scope) -> bool:
            left = parts[0](scope)
            for test, part in zip(tests, parts[1:], strict=True):
                right = part(scope)
                if test is None or not test(left, right):
                    return False
                left = right
            return True

        return self._safely(node, run)

    def condition(self, node: ast.IfExp, depth: int) -> Run:
        """`a if condition else b`."""
        test, yes, no = (self.build(part, depth) for part in (node.test, node.body, node.orelse))
        return lambda scope: yes(scope) if test(scope) else no(scope)

    def call(self, node: ast.Call, depth: int) -> Run:
        """One of the functions."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        function = FUNCTIONS.get(name)
        if function is None:
            self._refuse(node, f"There is no function {name or 'here'}; there are {', '.join(FUNCTIONS)}.")
        if node.keywords or not function.least <= len(node.args) <= function.most:
            self._refuse(node, f"{name} is written {function.usage}.")
        outer, self._guard = self._guard, self._guard or name in ("exists", "first")
        arguments = [self.build(argument, depth) for argument in node.args]
        self._guard = outer
        return self._safely(node, lambda scope: function.run(scope, *(argument(scope) for argument in arguments)))


_BUILDERS: Mapping[type, Callable[[Compiler, Any, int], Run]] = {
    ast.Constant: Compiler.constant,
    ast.Name: Compiler.name,
    ast.Attribute: Compiler.attribute,
    ast.Subscript: Compiler.subscript,
    ast.List: Compiler.sequence,
    ast.Tuple: Compiler.sequence,
    ast.BoolOp: Compiler.boolean,
    ast.UnaryOp: Compiler.unary,
    ast.BinOp: Compiler.binary,
    ast.Compare: Compiler.compare,
    ast.IfExp: Compiler.condition,
    ast.Call: Compiler.call,
}

_WHAT: Mapping[type, str] = {
    ast.Lambda: "A lambda",
    ast.ListComp: "A comprehension",
    ast.SetComp: "A comprehension",
    ast.DictComp: "A comprehension",
    ast.GeneratorExp: "A comprehension",
    ast.JoinedStr: "A format string",
    ast.NamedExpr: "An assignment",
    ast.Slice: "A slice",
    ast.Starred: "A star",
    ast.Await: "await",
    ast.Dict: "An object",
    ast.Set: "A set",
}
