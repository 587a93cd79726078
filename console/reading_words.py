"""What reading a document finds wrong, in Chinese. In English the findings say it themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flows.problems import Problem

MESSAGES: Sequence[tuple[str, str]] = (
    (r"A flow document is an object .*", "流程文档是一个包含 name、languages、start 和 nodes 的对象。"),
    (r"The flow has no nodes yet\.", "流程还没有节点。"),
    (r"The flow has (\d+) nodes; the limit is (\d+)\.", r"流程有 \1 个节点，上限为 \2 个。"),
    (r"nodes is not an object\.", "nodes 不是对象。"),
    (
        r"A node's name has 1 to 60 .*",
        "节点名由 1 到 60 个字母、数字、- 和 _ 组成，并以字母开头。",
    ),
    (r"A node is an object with a type\.", "节点是一个带有类型的对象。"),
    (r"There is no node type “(.*)”\.", r"没有节点类型“\1”。"),
    (r"The node has no type\.", "节点没有类型。"),
    (r"The node has no id\.", "节点没有 id。"),
    (r"(.*) is one text, but it needs one per language \((.*)\)\.", r"\1 只有一段文字，需要为每种语言（\2）各写一段。"),
    (r"There is no field “(.*)”\.", r"没有字段“\1”。"),
    (r"(.*) is missing\.", r"缺少 \1。"),
    (r"The format is not a number\.", "format 不是数字。"),
    (r"The document has format (\d+); this program reads up to (\d+)\.", r"文档的格式为 \1，本程序最高支持 \2。"),
)
"""Whole messages: a pattern of the English one, and the Chinese."""

AFTER_THE_FIELD: Sequence[tuple[str, str]] = (
    (r"Use small letters, digits and _, beginning with a letter\.", "请使用小写字母、数字和 _，并以字母开头。"),
    (r"A key is a number of one or two digits, \* or #\.", "按键是一到两位数字、* 或 #。"),
    (r"Use a key from 1 to 8\.", "请使用 1 到 8 的按键。"),
    (r"Use a key from 1 to 7, or none\.", "请使用 1 到 7 的按键，或留空。"),
    (r"Write three capital letters such as CNY, or nothing\.", "请填写 CNY 这样的三个大写字母，或留空。"),
    (r"Write two capital letters such as CN\.", "请填写 CN 这样的两个大写字母。"),
    (r"Use letters, digits, - and _, at most 60\.", "请使用字母、数字、- 和 _，最多 60 个。"),
    (r"Each entry needs at least one question\.", "每个话题至少需要一个问法。"),
    (r"Two choices have the same key\. .*", "两个选项使用了同一个按键，请各用一个。"),
    (r"Two choices have the same name\. .*", "两个选项使用了同一个名称，请各用一个。"),
    (r"Two languages have the same key\. .*", "两种语言使用了同一个按键，请各用一个。"),
    (r"Key 0 always leads to a person\. .*", "按键 0 始终通向人工，请换一个按键，或把该选项命名为 person。"),
    (r"A choice cannot be named failed; .*", "选项不能命名为 failed，它是出错时的出口。"),
    (r"There is no time zone (.*)\. Write .*", r"没有时区“\1”，请填写 Asia/Shanghai 这样的名称。"),
    (r"No holidays are known for (.*)\. Use exceptions\.", r"没有 \1 的节假日数据，请使用特殊日期。"),
    (r"Choices belong to the kind choice, .*", "选项只用于“多选一”，且至少需要一个。"),
    (r"min_length is larger than max_length\.", "最少位数大于最多位数。"),
    (r"The pattern is not a regular expression: .*", "该内容不是正则表达式。"),
    (r"A period is written like .*", "时段请写成 08:00-21:00；跨午夜写成 22:00-06:00。"),
    (r"A transfer needs either numbers or a queue\.", "转接需要号码或队列，二者选一。"),
    (r"\w+ should have at least (\d+) items? .*", r"至少需要 \1 项。"),
    (r"\w+ should have at most (\d+) items? .*", r"最多 \1 项。"),
    (r"String should have at least (\d+) characters?\.", r"至少需要 \1 个字符。"),
    (r"String should have at most (\d+) characters?\.", r"最多 \1 个字符。"),
    (r"Input should be greater than or equal to (.*)\.", r"不能小于 \1。"),
    (r"Input should be greater than (.*)\.", r"必须大于 \1。"),
    (r"Input should be less than or equal to (.*)\.", r"不能大于 \1。"),
    (r"Input should be less than (.*)\.", r"必须小于 \1。"),
    (r"Input should be a valid (?:integer|number).*", "必须是数字。"),
    (r"Input should be a valid boolean.*", "必须为是或否。"),
    (r"Input should be a valid string\.", "必须是文字。"),
    (r"Input should be a valid (?:list|tuple|array)\.", "必须是列表。"),
    (r"Input should be a valid (?:dictionary|mapping).*", "必须是对象。"),
    (r"Input should be a valid date.*", "必须是 2026-12-31 这样的日期。"),
    (r"Input should be (.*)\.", r"必须是 \1。"),
)
"""What follows the field and a colon."""

FIXES: Sequence[tuple[str, str]] = (
    (r"Did you mean (.*)\? Or declare it under variables\.", r"您是否指 \1？也可以在 variables 中声明它。"),
    (r"There are (.*)\. Or declare it under variables\.", r"可用的有：\1。也可以在 variables 中声明它。"),
    (r"Did you mean (.*)\?", r"您是否指 \1？"),
    (r"There are (.*)\.", r"可用的有：\1。"),
    (r"Give (.*) a value\.", r"请填写 \1。"),
    (r"Write each node below its name\.", "请把每个节点写在它的名称之下。"),
    (r"Write type: message, for example\.", "例如写 type: message。"),
    (r"Write format: (\d+)\.", r"请写 format: \1。"),
    (r"Write (.*) below it\.", r"请在其下写 \1。"),
    (r"Rename it; what people see is its label\.", "请重新命名；给人看的是它的显示名称。"),
    (r"Split it into sub-flows\.", "请拆分为子流程。"),
    (r"Add a node from the palette\.", "请从节点面板添加一个节点。"),
    (r"Give it an id\.", "请给它一个 id。"),
    (r"Update the program, .*", "请升级程序，或用旧程序重新导出该流程。"),
)
OTHER = "填写的内容不符合要求。"


def in_chinese(problem: Problem) -> tuple[str, str]:
    """Message and fix in Chinese."""
    return _message(problem.message), fix_in_chinese(problem.fix) or problem.fix


def fix_in_chinese(english: str) -> str:
    """A piece of advice that reading gives, in Chinese; "" for any other."""
    return _translated(english, FIXES)


def _message(english: str) -> str:
    whole = _translated(english, MESSAGES)
    if whole:
        return whole
    place, colon, rest = english.partition(": ")
    said = _translated(rest if colon else english, AFTER_THE_FIELD) or OTHER
    return f"{place}：{said}" if colon and place != "It" else said


def _translated(english: str, table: Sequence[tuple[str, str]]) -> str:
    for pattern, chinese in table:
        found = re.fullmatch(pattern, english, re.DOTALL)
        if found:
            return found.expand(chinese)
    return ""
