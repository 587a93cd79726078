"""Settings of a flow document: what holds for every question, when a caller hangs up, and values from outside."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from flows.field_words import shown


class Confidence(BaseModel):
    """Bands of recogniser confidence: at or above `accept` do, at or above `confirm` ask back, below is a no-match."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accept: float = Field(
        default=0.75,
        ge=0,
        le=1,
        description="From here on an answer counts at once.",
        json_schema_extra=shown("直接接受", "达到此可信度即算回答。", en="Accept from"),
    )
    confirm: float = Field(
        default=0.45,
        ge=0,
        le=1,
        description="From here on an answer is asked back; below it is none.",
        json_schema_extra=shown("反问确认", "达到此可信度则反问确认，低于它视为没有听懂。", en="Ask back from"),
    )


class Defaults(BaseModel):
    """What holds for every question unless a node says otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    timeout_s: int = Field(
        default=5,
        ge=1,
        le=60,
        description="Silence that counts as no answer, seconds.",
        json_schema_extra=shown("等待时间", "多久没有声音视为没有回答。", en="Wait for an answer (seconds)"),
    )
    max_errors_per_node: int = Field(
        default=3,
        ge=1,
        le=5,
        description="Errors of one kind after which a question ends.",
        json_schema_extra=shown("每个问题的出错上限", "同类错误达到此数即结束该问题。", en="Errors per question"),
    )
    max_errors_per_call: int = Field(
        default=5,
        ge=1,
        le=20,
        description="Errors after which no question is asked again.",
        json_schema_extra=shown("每次通话的出错上限", "错误达到此数后不再提问。", en="Errors per call"),
    )
    person: str = Field(
        default="",
        description="Node that key 0 and the words for a person lead to.",
        json_schema_extra=shown("人工节点", "按键0和要求人工的说法通向的节点。", en="Node for a person", widget="node"),
    )
    failure: str = Field(
        default="",
        description="Node that takes over when something breaks.",
        json_schema_extra=shown("失败节点", "出现故障时接手的节点。", en="Node for failures", widget="node"),
    )
    confidence: Confidence = Field(
        default=Confidence(),
        description="Bands of recogniser confidence.",
        json_schema_extra=shown("识别可信度", "语音识别可信度的分段。", en="Recogniser confidence", advanced=True),
    )


class HangUp(BaseModel):
    """What remains of a call that the caller ends in the middle."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ticket: Literal["auto", "never", "if_said", "always"] = Field(
        default="auto",
        description="Open a ticket when the caller hung up: never, if something was said, always; auto means if_said, "
        "and never on calls we make.",
        json_schema_extra=shown(
            "创建工单",
            "来电者挂断时是否创建工单：从不、说过内容时、总是；自动即说过内容时，外呼则从不。",
            en="Open a ticket",
            options={
                "auto": ("Automatic", "自动"),
                "never": ("Never", "从不"),
                "if_said": ("If something was said", "说过内容时"),
                "always": ("Always", "总是"),
            },
        ),
    )
    category: str = Field(
        default="",
        description="Category of that ticket; the desk's rules decide if empty.",
        json_schema_extra=shown("工单类别", "该工单的类别；留空则由工单规则决定。", en="Category of the ticket"),
    )

    def policy(self, *, outbound: bool) -> Literal["never", "if_said", "always"]:
        """What holds on a call: somebody we called and who hangs up has asked nothing of us."""
        if self.ticket == "auto":
            return "never" if outbound else "if_said"
        return self.ticket


class Variable(BaseModel):
    """A value the flow expects from outside (a campaign row, a calling flow)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str = Field(
        default="", description="What it is, for people.", json_schema_extra=shown("说明", "给人看的说明。")
    )
    default: Any = Field(
        default=None,
        description="Its value when none is given.",
        json_schema_extra=shown("默认值", "未给出时的值。", widget="json"),
    )
