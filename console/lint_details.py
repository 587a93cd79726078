"""The lint's findings in Chinese with the names and numbers they speak of, where the English sentence has some."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from flows.problems import Problem

DETAILS: Mapping[str, Sequence[tuple[str, str]]] = {
    "missing_start": ((r"The flow starts at “(.+)”, .*", r"流程的起点“\1”不是已有的节点。"),),
    "dangling_exit": ((r"The exit (\S+) leads to “(.*)”, .*", r"出口 \1 指向不存在的节点“\2”。"),),
    "missing_exit": ((r"The exit (\S+) is not wired\.", r"出口 \1 没有连接。"),),
    "unknown_exit": ((r"A (\S+) node has no exit “(.*)”\.", r"\1 节点没有出口“\2”。"),),
    "unknown_default": ((r"(\S+) is “(.*)”, which is not a node\.", r"\1 是“\2”，不是已有的节点。"),),
    "missing_default": (
        (
            r"No node is named for key 0 .*; (.*) rely on it\.",
            r"没有指定人工节点（按键 0 和要求人工的说法）；\1 依赖它。",
        ),
        (r"No node is named for three .*; (.*) rely on it\.", r"没有指定失败节点（连续出错或故障）；\1 依赖它。"),
    ),
    "silent_loop": ((r".* \(with (.*)\)\.", r"流程在这里循环（经过 \1），却从不询问来电者。"),),
    "ladder_without_end": (
        (r"After its errors this question leads to (\S+), .*", r"出错后该问题通向 \1，从那里只会遇到更多提问。"),
    ),
    "too_many_choices": (
        (r"The menu has (\d+) options; .* at most (\d+)\.", r"菜单有 \1 个选项，来电者最多记住 \2 个。"),
    ),
    "taken_key": (
        (r"Key (\S+) says .*", r"按键 \1 在其他问题处表示重听。"),
        (r"Key (\S+) goes .*", r"按键 \1 在其他问题处表示返回。"),
        (r"Key (\S+) reaches .*", r"按键 \1 在其他问题处表示转人工。"),
    ),
    "ambiguous_words": ((r"“(.*)” stands for two choices, .*", r"“\1”同时对应两个选项，说出它时两个都选不中。"),),
    "promised_key": (
        (
            r"The prompt tells .* press (\S+), .*: it has (.*)\.",
            r"提示语让来电者按 \1，但它没有作用：可用的按键是 \2。",
        ),
        (r"The prompt tells .* press (\S+), .*", r"提示语让来电者按 \1，但此处并不询问来电者。"),
        (r"The offer tells .* press (\S+), but (\S+) is on key (\S+)\.", r"提示语让来电者按 \1，但 \2 在按键 \3 上。"),
    ),
    "hidden_key": (
        (r"The prompt does not tell that key (\S+) chooses (\S+) .*", r"提示语没有说明按键 \1 选择 \2。"),
        (r"The offer of (\S+) does not tell its key (\S+)\.", r"\1 的提示语没有说明按键 \2。"),
    ),
    "missing_translation": ((r"(\S+) has no text in (\S+)\.", r"\1 缺少 \2 的文字。"),),
    "unused_translation": (
        (r"The flow does not speak (.+), so .*", r"流程不使用 \1，没有人会听到这段文字。"),
        (r"A voice is set for “(.*)”, .*", r"为“\1”设置了声音，但流程不使用该语言。"),
    ),
    "unknown_language": (
        (r"“(.*)” stands twice\.", r"“\1”出现了两次。"),
        (r"“(.*)” is not a language tag\.", r"“\1”不是语言标签。"),
    ),
    "long_prompt": ((r"This takes about (\d+) s .* after (\d+) s\.", r"播报约需 \1 秒；超过 \2 秒来电者会停止倾听。"),),
    "long_menu": ((r"This takes about (\d+) s .* after (\d+) s\.", r"播报约需 \1 秒；超过 \2 秒来电者会停止倾听。"),),
    "unknown_flow": ((r"There is no published flow “(.*)”\.", r"没有已发布的流程“\1”。"),),
    "calls_itself": ((r"The flow would call itself: (.*)\.", r"流程会调用自身：\1。"),),
    "unknown_value": (
        (r"No node sets (\S+)\.", r"没有节点给 \1 赋值。"),
        (r"(\S+) has no value yet: (.*) sets it, .*", r"\1 在此处还没有值：给它赋值的 \2 从不在此节点之前。"),
    ),
    "unused_value": ((r"Nothing in the flow uses (\S+)\.", r"流程中没有用到 \1。"),),
    "unknown_words": (
        (r"The recogniser does not know “(.*)”, so .*", r"实时识别不认识“\1”，来电者说出它时听不出来。"),
        (r"No recogniser here understands (\S+), so .*", r"本机没有能识别 \1 的引擎，这种语言的通话由运营商识别。"),
    ),
    "voice_missing": ((r"The voice “(.*)” cannot speak (\S+) here: .*", r"声音“\1”在本机不能说 \2。"),),
    "organisation_unnamed": ((r"In (\S+) the call .*", r"\1 没有说明来电方是谁。"),),
    "opt_out_key_taken": ((r"Key (\S+) ends our calls .*", r"按键 \1 在此流程的每个问题处都表示退订。"),),
    "voicemail_unfit": (
        (r"outbound\.voicemail is “(.*)”, .*", r"outbound.voicemail 是“\1”，不是已有的节点。"),
        (r"A machine is asked .*", "此处会向语音信箱提问。"),
        (r"The message to a machine .*", "给语音信箱的留言没有以语音信箱的结果结束。"),
        (r"The message names no number .*", "留言没有说明回电号码。"),
    ),
    "goal_unreachable": ((r"No node ends .* outcome (\S+)\.", r"没有节点以结果 \1 结束通话。"),),
    "bad_template": (
        (r"“(.*)” is not a filter\.", r"“\1”不是过滤器。"),
        (r"There is no filter (\S+); there are (.*)\.", r"没有过滤器 \1；可用的有 \2。"),
        (r"The hole is empty\.", "占位符是空的。"),
        (r"“\{\{” is never closed .*", "“{{”没有用“}}”结束。"),
    ),
    "bad_expression": (
        (r"In “\{\{ (.*) \}\}”: .*\(at character (\d+)\)\.", r"“{{ \1 }}”中的表达式在第 \2 个字符处有误。"),
        (r"In “\{\{ (.*) \}\}”: .*", r"“{{ \1 }}”中的表达式有误。"),
        (r".*\(at character (\d+)\)\.", r"表达式在第 \1 个字符处有误。"),
    ),
}
"""By rule: patterns of the English message, and the Chinese."""


def detailed(problem: Problem) -> str:
    """The message in Chinese with its details; "" where the rule's own sentence says all there is to say."""
    for pattern, chinese in DETAILS.get(problem.rule, ()):
        found = re.fullmatch(pattern, problem.message, re.DOTALL)
        if found:
            return found.expand(chinese)
    return ""
