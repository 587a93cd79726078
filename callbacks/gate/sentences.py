"""Why a case was not dialled, in a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from callbacks.gate.zones import zone_error, zone_of

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "campaign_running": "The campaign is not dialling now: it is {state}.",
        "campaign_running.not_started": "The campaign begins later.",
        "campaign_running.over": "The campaign's last day is over.",
        "case_open": "The case waits for nothing any more: it is {state}.",
        "number_valid": "The number cannot be dialled: {problem}.",
        "not_opted_out": "This number asked not to be called ({purpose}).",
        "consent": "Calls for this purpose need {needed} consent, and none is known ({law}).",
        "case_window": "It is too early: the case waits for its time.",
        "case_window.wish": "The person asked to be called later.",
        "case_window.over": "The time in which this matter could be told is over.",
        "zone_known": "Nobody knows the callee's time zone: give the campaign one, or the list a column.",
        "calling_hours": "It is {local} for the callee ({zone}); calls are allowed {hours}.",
        "calling_hours.closed": "It is {local} for the callee ({zone}); there are no calling hours on that day.",
        "holiday": "{date} is a day without calls for the callee ({zone}).",
        "cap": "This number had {counted} calls in {span}; at most {calls} are allowed.",
        "one_per_reference": "There was already a call about this matter; without consent there may be only {calls}.",
        "callee_busy": "Another of our calls to this number is not over yet.",
        "pacing": "All lines are taken; the case waits for its turn.",
        "allowed": "The call is allowed.",
        "": "The case was not dialled.",
        "next": " Next: {at}.",
        "never": " No allowed hour is left before its end.",
        "never_at_all": " There is no hour at which it is ever allowed.",
        "or": " or ",
    },
    "zh": {
        "campaign_running": "外呼任务当前未在拨打：{state}。",
        "campaign_running.not_started": "外呼任务尚未开始。",
        "campaign_running.over": "外呼任务已过结束时间。",
        "case_open": "该事项已无需拨打：{state}。",
        "number_valid": "该号码不能拨打：{problem}。",
        "not_opted_out": "该号码已要求不再接听来电（{purpose}）。",
        "consent": "此类用途的来电需要{needed}同意，目前没有记录（{law}）。",
        "case_window": "时间未到：该事项尚在等待。",
        "case_window.wish": "对方要求稍后再打。",
        "case_window.over": "该事项的有效时间已过。",
        "zone_known": "无法得知对方所在时区：请为任务设置时区，或在名单中增加时区列。",
        "calling_hours": "对方当地时间 {local}（{zone}）；允许拨打的时段为 {hours}。",
        "calling_hours.closed": "对方当地时间 {local}（{zone}）；当天没有可拨打的时段。",
        "holiday": "{date} 在对方当地（{zone}）为不拨打的日子。",
        "cap": "该号码在 {span} 内已接到 {counted} 次来电，最多允许 {calls} 次。",
        "one_per_reference": "此事项已经拨打过；未经同意最多只能拨打 {calls} 次。",
        "callee_busy": "与该号码的另一通来电尚未结束。",
        "pacing": "线路已满，正在排队。",
        "allowed": "允许拨打。",
        "": "该事项未拨打。",
        "next": "下次：{at}。",
        "never": "在截止之前已没有可拨打的时段。",
        "never_at_all": "没有任何允许拨打的时段。",
        "or": "、",
    },
}

_VALUES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "impossible": "no such number can exist",
        "premium_rate": "it costs the caller extra (premium rate)",
        "shared_cost": "it costs the caller extra (shared cost)",
        "pager": "it is a pager",
        "voicemail": "it is a mailbox",
        "all": "any purpose",
    },
    "zh": {
        "impossible": "不存在这样的号码",
        "premium_rate": "属于高额收费号码",
        "shared_cost": "属于分摊收费号码",
        "pager": "属于寻呼机",
        "voicemail": "属于语音信箱",
        "draft": "草稿",
        "ready": "就绪",
        "paused": "已暂停",
        "draining": "收尾中",
        "finished": "已完成",
        "stopped": "已停止",
        "template": "模板",
        "merged": "已合并",
        "closed": "已关闭",
        "implied": "默示",
        "express": "明示",
        "written": "书面",
        "all": "所有用途",
        "delivery": "派送",
        "information": "通知",
        "follow_up": "回访",
        "survey": "调查",
        "marketing": "营销",
    },
}


_AS_IT_IS = frozenset({"zone", "local", "date", "law"})
"""Inputs that are names and times, not words."""


def sentence(decision_json: Mapping[str, Any], language: str) -> str:
    """Say in English or Chinese why a case was not dialled, and when it is next.

    Args:
        decision_json: `Decision.to_json()`, or what a case keeps: {"rule", "inputs"} with "next_at" if wanted.
        language: a tag as "zh-CN"; anything that is not Chinese is told in English.
    """
    words = _WORDS["zh" if language.lower().startswith("zh") else "en"]
    rule, inputs = str(decision_json.get("rule") or ""), dict(decision_json.get("inputs") or {})
    if "inputs" in inputs:
        # A case may keep its whole denial as the rule's inputs.
        outer = {key: value for key, value in decision_json.items() if value and key != "inputs"}
        return sentence(inputs | outer, language)
    values = {key: str(value) if key in _AS_IT_IS else _said(value, words) for key, value in inputs.items()}
    template = words.get(_key(rule, inputs), words[""])
    try:
        said = template.format(**values)
    except KeyError:
        # A decision of an older version may lack a value; the rule itself is still worth telling.
        said = words[""]
    return said + _outlook(decision_json, inputs, words)


def _key(rule: str, inputs: Mapping[str, Any]) -> str:
    kind = inputs.get("why", "")
    if rule.startswith("cap_"):
        return "cap"
    if rule == "calling_hours" and not inputs.get("hours"):
        return "calling_hours.closed"
    return f"{rule}.{kind}" if kind else rule


def _said(value: Any, words: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return words["or"].join(str(part) for part in value)
    language = "zh" if words is _WORDS["zh"] else "en"
    return _VALUES[language].get(str(value), str(value).replace("_", " "))


def _outlook(decision: Mapping[str, Any], inputs: Mapping[str, Any], words: Mapping[str, str]) -> str:
    if inputs.get("never"):
        return words["never" if decision.get("final") == "expired" else "never_at_all"]
    next_at, zone = decision.get("next_at"), str(inputs.get("zone", ""))
    if not next_at:
        return ""
    at = next_at if isinstance(next_at, datetime) else datetime.fromisoformat(str(next_at))
    if not zone or zone_error(zone):
        return words["next"].format(at=f"{at:%Y-%m-%d %H:%M} UTC")
    return words["next"].format(at=f"{at.astimezone(zone_of(zone)):%Y-%m-%d %H:%M} ({zone})")
