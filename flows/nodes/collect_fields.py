"""The fields of the node that collects a value, and which of them fit together."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, model_validator

from flows.field_words import shown
from flows.nodes.base import Localized
from flows.nodes.choice import Choice
from flows.nodes.inquiry import ConfirmPolicy
from flows.nodes.question import Question
from flows.understanding.check_digits import CheckDigit

CollectKind = Literal["digits", "number", "amount", "date", "time", "datetime", "yes_no", "phone", "tracking", "choice"]


class CollectFields(Question):
    """What is asked for, under which name it is kept, and what a valid answer is."""

    prompt: Localized = Field(
        description="The question.", json_schema_extra=shown("提示语", "提出的问题。", widget="prompt")
    )
    kind: CollectKind = Field(
        description="What kind of value is asked for.",
        json_schema_extra=shown(
            "类型",
            "询问的是哪一类内容。",
            en="What is asked for",
            options={
                "digits": ("Digits", "数字串"),
                "number": ("Number", "数值"),
                "amount": ("Amount of money", "金额"),
                "date": ("Date", "日期"),
                "time": ("Time", "时间"),
                "datetime": ("Date and time", "日期和时间"),
                "yes_no": ("Yes or no", "是或否"),
                "phone": ("Telephone number", "电话号码"),
                "tracking": ("Tracking number", "运单号"),
                "choice": ("One of several", "多选一"),
            },
        ),
    )
    value: str = Field(
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
        description="The name under which the value is kept.",
        json_schema_extra=shown("保存为", "保存回答的变量名。", en="Keep as", widget="value"),
    )
    confirm: ConfirmPolicy = Field(
        default="low_confidence",
        description="Read the value back: always, when spoken, when heard badly, never.",
        json_schema_extra=shown(
            "复述确认",
            "何时向来电者复述确认：总是、说出时、听不清时或从不。",
            en="Read back",
            options={
                "always": ("Always", "总是"),
                "speech": ("When spoken", "说出时"),
                "low_confidence": ("When heard badly", "听不清时"),
                "never": ("Never", "从不"),
            },
        ),
    )
    min_length: int | None = Field(
        default=None,
        ge=1,
        le=40,
        description="Fewest characters (digits, tracking).",
        json_schema_extra=shown(
            "最少位数",
            "最少的字符数（数字串、运单号）。",
            en="Fewest characters",
            when={"kind": ["digits", "tracking"]},
        ),
    )
    max_length: int | None = Field(
        default=None,
        ge=1,
        le=40,
        description="Most characters (digits, tracking).",
        json_schema_extra=shown(
            "最多位数", "最多的字符数（数字串、运单号）。", en="Most characters", when={"kind": ["digits", "tracking"]}
        ),
    )
    min: float | None = Field(
        default=None,
        description="Smallest value (number, amount).",
        json_schema_extra=shown(
            "最小值", "允许的最小值（数值、金额）。", en="Smallest value", when={"kind": ["number", "amount"]}
        ),
    )
    max: float | None = Field(
        default=None,
        description="Largest value (number, amount).",
        json_schema_extra=shown(
            "最大值", "允许的最大值（数值、金额）。", en="Largest value", when={"kind": ["number", "amount"]}
        ),
    )
    pattern: str = Field(
        default="",
        max_length=200,
        description="Regular expression that the whole text must match.",
        json_schema_extra=shown("正则表达式", "整段内容必须匹配的正则表达式。", en="Regular expression", advanced=True),
    )
    check: CheckDigit = Field(
        default="none",
        description="Check digit at the end (digits, tracking).",
        json_schema_extra=shown(
            "校验位",
            "末尾的校验位算法（数字串、运单号）。",
            en="Check digit",
            advanced=True,
            when={"kind": ["digits", "tracking"]},
            options={
                "none": ("None", "无"),
                "luhn": ("Luhn", "Luhn"),
                "damm": ("Damm", "Damm"),
                "verhoeff": ("Verhoeff", "Verhoeff"),
                "mod11": ("Modulo 11", "模 11"),
            },
        ),
    )
    prefix: str = Field(
        default="",
        max_length=10,
        description="Letters before a tracking number given without any.",
        json_schema_extra=shown(
            "前缀", "来电者只报数字时，在运单号前补上的字母。", advanced=True, when={"kind": ["tracking"]}
        ),
    )
    currency: str = Field(
        default="",
        pattern=r"^([A-Z]{3})?$",
        description="Currency in which an amount is read back.",
        json_schema_extra=shown("货币", "复述金额时使用的货币。", advanced=True, when={"kind": ["amount"]}),
    )
    earliest_days: int | None = Field(
        default=None,
        description="Earliest day, counted from today (date, datetime).",
        json_schema_extra=shown(
            "最早日期",
            "从今天算起的最早日期（日期）。",
            en="Earliest day (days from today)",
            advanced=True,
            when={"kind": ["date", "datetime"]},
        ),
    )
    latest_days: int | None = Field(
        default=None,
        description="Latest day, counted from today (date, datetime).",
        json_schema_extra=shown(
            "最晚日期",
            "从今天算起的最晚日期（日期）。",
            en="Latest day (days from today)",
            advanced=True,
            when={"kind": ["date", "datetime"]},
        ),
    )
    zone: str = Field(
        default="",
        description="Time zone of dates; the service number's when empty.",
        json_schema_extra=shown(
            "时区",
            "日期所用的时区；留空则用服务号码的时区。",
            en="Time zone",
            widget="zone",
            advanced=True,
            when={"kind": ["date", "time", "datetime"]},
        ),
    )
    choices: tuple[Choice, ...] = Field(
        default=(),
        description="What can be chosen (choice).",
        json_schema_extra=shown("选项", "可以选择的内容（多选一）。", when={"kind": ["choice"]}),
    )

    @model_validator(mode="after")
    def _fits_kind(self) -> Self:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("Choices belong to the kind choice, which needs at least one.")
        if any(c.key == "0" for c in self.choices):
            raise ValueError("Key 0 always leads to a person. Give the choice another key.")
        if self.min_length and self.max_length and self.min_length > self.max_length:
            raise ValueError("min_length is larger than max_length.")
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValueError(f"The pattern is not a regular expression: {error}.") from error
        return self
