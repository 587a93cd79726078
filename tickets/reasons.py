"""Reasons as sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_LEVELS_ZH = {"low": "低", "normal": "普通", "high": "高", "urgent": "紧急"}

_SENTENCES: dict[str, dict[str, str]] = {
    "flow": {"en": "The call flow chose it.", "zh": "由呼叫流程指定。"},
    "intent": {"en": "The caller's intent is “{intent}”.", "zh": "来电意图为“{intent}”。"},
    "words": {"en": "The caller said “{words}”.", "zh": "来电者提到“{words}”。"},
    "node": {"en": "The call came by the step “{node}”.", "zh": "来自流程步骤“{node}”。"},
    "default": {"en": "No rule fits.", "zh": "没有匹配的规则。"},
    "person": {"en": "Set by hand. {why}", "zh": "人工设置。{why}"},
    "matrix": {
        "en": "Impact {impact} and urgency {urgency} give {priority}.",
        "zh": "影响{impact}、紧急度{urgency}，优先级为{priority}。",
    },
    "vip": {"en": "Raised: the caller is a VIP.", "zh": "提升：来电者是 VIP。"},
    "anger": {"en": "Raised: the caller said “{word}”.", "zh": "提升：来电者说了“{word}”。"},
    "danger": {"en": "Urgent: the caller said “{word}”.", "zh": "紧急：来电者说了“{word}”。"},
    "errors": {
        "en": "Raised: {count} answers in the call were not understood.",
        "zh": "提升：通话中有 {count} 次未能识别。",
    },
    "repeat": {
        "en": "Raised: the caller called before within 24 hours ({calls}).",
        "zh": "提升：24 小时内已来电 {calls} 次。",
    },
    "reopened": {"en": "Raised: the caller says that it is not solved.", "zh": "提升：来电者表示问题没有解决。"},
}

RULES = tuple(_SENTENCES)
"""Every rule that a reason can name."""


def sentence(reason: Mapping[str, Any], language: str) -> str:
    """A reason as a sentence in "zh…" or English; "" for no reason. Unknown rules are named as they are."""
    rule = str(reason.get("rule", ""))
    tongue = "zh" if language.lower().startswith("zh") else "en"
    template = _SENTENCES.get(rule, {}).get(tongue)
    if template is None:
        return rule
    values = {key: _shown(value, tongue) for key, value in reason.items()}
    return template.format_map(_Missing(values)).strip()


def _shown(value: Any, tongue: str) -> str:
    if isinstance(value, list):
        return ("、" if tongue == "zh" else ", ").join(str(v) for v in value)
    return _LEVELS_ZH.get(str(value), str(value)) if tongue == "zh" else str(value)


class _Missing(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""
