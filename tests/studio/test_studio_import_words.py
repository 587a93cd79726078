"""Every sentence of an import's report can be read in Chinese, with the same things filled in."""

from __future__ import annotations

import ast
import io
import json
import re
from pathlib import Path

from flows.importers.finishing import EXPLAINED
from flows.importers.studio_strangers import STRANGERS
from storage.database import Database
from studio import file_problems
from studio.sentences import chinese
from tests.console.conftest import csrf_of
from tests.studio.studio_desk import editor_of, studio_app

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


def test_every_problem_of_a_file_is_known_and_has_its_chinese() -> None:
    told = set()
    for file in sorted(ROOM.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in ("problem_at", "_problem"):
                told.update(_text(argument) for argument in node.args[1:3])
    told = {text for text in told if " " in text} - {"Widget 7 7."}
    told |= {"Widget 7 has no name.", "Widget 7 has a name that is too long."}
    assert len(told) > 20
    assert sorted(text for text in told if not any(p.fullmatch(text) for _, p in file_problems._patterns())) == []
    table, names = chinese(), re.compile(r"\{(\w+)\}")
    assert [t for t in file_problems.SENTENCES if set(names.findall(t)) != set(names.findall(table[t]))] == []


def _text(argument: ast.expr) -> str:
    """A text as the source has it, with 7 for whatever is filled in; "" for what is no text."""
    if isinstance(argument, ast.Constant):
        return str(argument.value)
    if isinstance(argument, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "7" for part in argument.values)
    return ""


def test_what_is_wrong_with_a_file_is_told_in_chinese_with_its_place(db: Database, tmp_path: Path) -> None:
    app = studio_app(db, tmp_path)
    client = editor_of(app, language="zh").client
    token = csrf_of(client)
    states = [{"name": "Trigger", "type": "trigger", "transitions": [{"event": "incomingCall", "next": "gone"}]}, {}]
    file = json.dumps({"states": states, "initial_state": "Trigger"}).encode()
    sent = {"csrf_token": token, "file": (io.BytesIO(file), "x.json"), "form": "auto", "name": "imported"}
    page = client.post("/flows/import", data=sent, content_type="multipart/form-data")
    text = page.get_data(as_text=True)
    assert page.status_code == 422
    assert "无法导入该 Studio 流程：" in text
    assert "第 2 个组件没有名称。（另有 1 处）" in text
    assert "转移 incomingCall 指向“gone”，文件中没有它。" in text
    assert "请从 Studio 重新导出完整的流程。" in text
