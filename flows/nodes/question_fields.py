"""The fields that every node that asks has."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from flows.field_words import shown
from flows.nodes.base import Localized, Node


class QuestionFields(Node):
    """What is said after errors, and how long and whether over the prompt an answer is listened for."""

    asks: ClassVar[bool] = True

    reprompt: Localized = Field(
        default_factory=dict,
        description="Said after the first error; the prompt again if empty.",
        json_schema_extra=shown(
            "再次提问",
            "第一次出错后播报；留空则重复提示语。",
            en="After the first error",
            advanced=True,
            widget="prompt",
        ),
    )
    help: Localized = Field(
        default_factory=dict,
        description="Said after the second error, with examples and keys.",
        json_schema_extra=shown(
            "详细说明",
            "第二次出错后播报，包含示例和按键。",
            en="After the second error",
            advanced=True,
            widget="prompt",
        ),
    )
    timeout_s: int | None = Field(
        default=None,
        ge=1,
        le=60,
        description="Silence that counts as no answer, seconds.",
        json_schema_extra=shown(
            "等待时间", "多久没有声音视为没有回答。", en="Wait for an answer (seconds)", advanced=True
        ),
    )
    speech_end_s: int | None = Field(
        default=None,
        ge=1,
        le=10,
        description="Silence that ends what somebody says, seconds; what fits the question if empty.",
        json_schema_extra=shown(
            "说完判定",
            "停顿多久视为说完；留空则按问题类型决定。",
            en="Silence that ends speech (seconds)",
            advanced=True,
        ),
    )
    barge_in: bool = Field(
        default=True,
        description="The caller may speak over the prompt; keys always may be pressed.",
        json_schema_extra=shown(
            "允许打断", "来电者可以在播报时开口说话；按键随时有效。", en="Caller may interrupt", advanced=True
        ),
    )
