"""Exits as people read them: what a choice is called, and words for the exits that many node types share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.documents import FlowDocument
from flows.nodes.base import Localized, Node
from flows.nodes.choice import Choice

WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "answered": "已接通",
        "busy": "忙线",
        "closed": "休息时间",
        "done": "完成",
        "else": "其他",
        "empty": "没有留言",
        "error": "出错",
        "failed": "未成功",
        "found": "找到",
        "holiday": "节假日",
        "next": "下一步",
        "no": "否",
        "no_answer": "无人接听",
        "no_match": "没有答案",
        "no_number": "没有号码",
        "none": "没有",
        "not_found": "未找到",
        "ok": "成功",
        "open": "营业时间",
        "person": "人工",
        "skipped": "跳过",
        "timeout": "超时",
        "yes": "是",
    },
}
"""By language. In English an exit's own name is its word."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """The exits of a node that lead to one target, with one label for people."""

    label: str
    exits: tuple[str, ...]
    target: str


def exit_word(node: Node, exit_name: str, language: str, document: FlowDocument | None = None) -> str:
    """What an exit is called: a choice's label, a shared exit's word, else its name without underscores."""
    primary = language.partition("-")[0]
    choices: Sequence[Choice] = getattr(node, "choices", ()) if node.type == "menu" else ()
    for choice in choices:
        if choice.name == exit_name:
            return text_in(choice.label, primary, document.languages if document else ()) or exit_name
    return WORDS.get(primary, {}).get(exit_name, exit_name.replace("_", " "))


def text_in(localized: Localized, language: str, languages: Sequence[str] = ()) -> str:
    """The text in the language, else in the first of `languages` it has, else in any; "" when there is none."""
    tags = [tag for tag in localized if tag.partition("-")[0] == language.partition("-")[0]]
    tag = next(iter([*tags, *(t for t in languages if t in localized), *localized]), None)
    return " ".join(localized[tag].text.split()) if tag is not None else ""


def ways(node: Node, language: str, document: FlowDocument | None = None) -> tuple[Way, ...]:
    """Where a node leads: exits to one target together, in the order of the document."""
    joined: dict[str, list[str]] = {}
    for exit_name, target in node.exits.items():
        joined.setdefault(target, []).append(exit_name)
    return tuple(
        Way(
            label=", ".join(exit_word(node, name, language, document) for name in names),
            exits=tuple(names),
            target=target,
        )
        for target, names in joined.items()
    )
