"""The lint's findings in Chinese: one sentence and one piece of advice per rule. In English they say it themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from console import translate
from console.lint_details import detailed
from console.reading_words import fix_in_chinese, in_chinese
from flows.problems import Problem

CHINESE: Mapping[str, tuple[str, str]] = {
    "missing_start": ("流程的起点不是已有的节点。", "请把 start 设为已有节点的名称。"),
    "dangling_exit": ("该出口指向不存在的节点。", "请把它连接到已有节点，或新建该节点。"),
    "missing_exit": ("该出口没有连接。", "请把它连接到一个节点。"),
    "unknown_exit": ("连接了该节点没有的出口。", "请删除这条连接，或改用该节点已有的出口。"),
    "unknown_default": ("默认的人工或失败节点不存在。", "请在 defaults 中填写已有节点的名称。"),
    "missing_default": (
        "有提问依赖默认的人工或失败节点，但没有指定。",
        "请在 defaults 中指定 person 和 failure 节点。",
    ),
    "unreachable": ("没有通话能到达该节点。", "请从某个出口连接到它，或删除它。"),
    "silent_loop": ("流程在这里循环，却从不询问来电者。", "请在循环中加入一个提问，或打断循环。"),
    "no_way_out": ("从这里无法到达人工、工单或结束。", "请连接到转接、创建工单或挂断节点。"),
    "ladder_without_end": ("出错后只会遇到更多提问。", "请让 failed 出口通向人工、留言或工单。"),
    "too_many_choices": ("菜单选项超过五个，来电者记不住。", "请减少选项，或分成两级菜单。"),
    "taken_key": ("该选项占用了处处通用的按键。", "请换一个按键。"),
    "ambiguous_words": ("同一说法对应两个选项。", "请从其中一个选项删除这个说法。"),
    "promised_key": ("提示语提到的按键没有作用。", "请为该按键添加选项，或修改提示语。"),
    "hidden_key": ("提示语没有提到可以选择的按键。", "请在提示语中说明该按键，或由系统播报选项。"),
    "missing_translation": ("缺少某种语言的文字。", "请为流程的每种语言填写文字。"),
    "unused_translation": ("文字所用的语言未在流程中启用。", "请删除这段文字，或在 languages 中加入该语言。"),
    "unknown_language": ("语言标签不存在。", "请使用 zh-CN、en-US 这样的标签。"),
    "long_prompt": ("提示语超过 20 秒。", "请缩短，或分到两个节点。"),
    "long_menu": ("菜单播报超过 10 秒，来电者会停止倾听。", "请缩短，或分到两个节点。"),
    "audio_without_text": ("音频文件没有写下对应的文字。", "请填写音频中所说的文字。"),
    "audio_with_values": ("含变量的文本配了固定的音频文件。", "请去掉音频文件，或去掉文本中的变量。"),
    "secret_in_document": ("文档中含有密码、令牌或密钥。", "请改用密钥名称，并把密钥存放在服务器上。"),
    "unknown_flow": ("调用的子流程不存在。", "请先发布该子流程，或改用已有的流程。"),
    "calls_itself": ("流程直接或间接调用了自身。", "请去掉循环的调用。"),
    "bad_expression": ("表达式无法解析。", "请检查括号、引号和变量名。"),
    "bad_template": ("文本中的占位符写错了。", "请写成 {{ 变量名 }}。"),
    "unknown_value": ("使用了尚未赋值的变量。", "请在此之前为它赋值，或在 variables 中声明。"),
    "unused_value": ("变量从未被使用。", "请使用它，或删除它。"),
    "opening_not_first": ("外呼没有先说明来电方。", "请让通话从开场白节点开始。"),
    "organisation_unnamed": ("某种语言没有来电方名称。", "请在 outbound.organisation 中填写该语言的名称。"),
    "opt_out_key_taken": ("选项占用了退订按键。", "请为该选项换一个按键，或更改 outbound.opt_out_key。"),
    "voicemail_unfit": ("语音信箱留言不可用。", "请让 outbound.voicemail 指向只播报、随后挂断的节点。"),
    "wrong_person_goes_on": ("打错电话后仍会继续拨打。", "请让 wrong_person 出口以结果 wrong_person 结束。"),
    "unknown_words": ("实时识别不认识这个说法中的词。", "请换一种说法，或添加识别引擎认识的同义说法。"),
    "voice_missing": ("这个声音在本机不可用。", "请改用 house 或已安装的声音，或安装它。"),
    "goal_unreachable": ("外呼目标不是流程的任何结果。", "请在某个结束节点使用该结果，或修改 outbound.goals。"),
}
"""By rule: what is wrong, and what to do."""


def localized(problem: Problem) -> Problem:
    """The finding in the reader's language."""
    if translate.language() != "zh":
        return problem
    if problem.rule == "document":
        message, fix = in_chinese(problem)
        return replace(problem, message=message, fix=fix)
    if problem.rule not in CHINESE:
        return problem
    message, fix = CHINESE[problem.rule]
    return replace(problem, message=detailed(problem) or message, fix=fix_in_chinese(problem.fix) or fix)
