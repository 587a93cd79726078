"""Every sentence of an import's report can be read in Chinese, with the same things filled in."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from flows.importers.finishing import EXPLAINED
from flows.importers.studio_strangers import STRANGERS
from studio.sentences import chinese

ROOM = Path(__file__).parents[2] / "flows" / "importers"
TELLING = frozenset({"take", "change", "refuse", "ImportRefused", "LiquidError"})


def sentences() -> set[str]:
    found = {*EXPLAINED.values(), *STRANGERS.values()}
    for file in sorted(ROOM.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in TELLING:
                texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                found.update(text for text in texts[-1:] if " " in text)
    return found


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_every_sentence_has_its_chinese_with_the_same_names() -> None:
    found, table = sentences(), chinese()
    assert len(found) > 150
    assert sorted(text for text in found if text not in table) == []
    names = re.compile(r"\{(\w+)\}")
    assert [t for t in found if set(names.findall(t)) != set(names.findall(table[t]))] == []
