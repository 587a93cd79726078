"""Calls we make: what a flow says about them, and what the words mean by which such a call ends."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from flows.field_words import shown

if TYPE_CHECKING:
    from flows.documents import FlowDocument
    from flows.nodes.base import Node

OPENING = "opening"
"""Type of the node that every outbound flow begins with."""

OUTCOME_VALUE = "outcome"
"""Name of the value by which a flow says how the call went so far, for a callee who hangs up before its end."""


class Outbound(BaseModel):
    """How a flow is used for calls we make. `organisation` is who calls, by language tag."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    purpose: Literal["delivery", "information", "follow_up", "survey", "marketing"] = Field(
        default="information",
        description="What the calls are for; consent and opt-outs go by it.",
        json_schema_extra=shown(
            "来电目的",
            "通话的目的；同意和退订以此为准。",
            options={
                "delivery": ("Delivery", "派送"),
                "information": ("Information", "通知"),
                "follow_up": ("Follow-up", "回访"),
                "survey": ("Survey", "调查"),
                "marketing": ("Marketing", "营销"),
            },
        ),
    )
    organisation: dict[str, str] = Field(
        default_factory=dict,
        description="Who calls, said first; by language tag.",
        json_schema_extra=shown("来电方名称", "首先说明的来电方；按语言填写。", en="Who calls"),
    )
    opt_out_key: str = Field(
        default="8",
        pattern=r"^[1-8]$",
        description="Key that ends the calls for good, at every question.",
        json_schema_extra=shown("退订按键", "在每个问题处都可退订的按键。"),
    )
    opt_out_from: Literal["purpose", "all"] = Field(
        default="purpose",
        description="What the key and the words end: calls of this purpose, or all calls.",
        json_schema_extra=shown(
            "退订范围",
            "按键和说法退订的范围：此类来电，或全部来电。",
            en="What opting out ends",
            options={"purpose": ("Calls of this purpose", "此类来电"), "all": ("All calls", "全部来电")},
        ),
    )
    goals: tuple[str, ...] = Field(
        default=(),
        description="Outcomes that reach the goal of the call.",
        json_schema_extra=shown("目标结果", "达成通话目标的结果。", en="Goal outcomes"),
    )
    voicemail: str = Field(
        default="",
        description="Node that speaks to an answering machine, then hangs up.",
        json_schema_extra=shown(
            "语音信箱节点", "接到语音信箱时播报、随后挂断的节点。", en="Voicemail node", widget="node"
        ),
    )
    callback_number: str = Field(
        default="",
        max_length=20,
        description="Number to call back, E.164; the number we call from when empty.",
        json_schema_extra=shown("回电号码", "供对方回电的号码（E.164）；留空则为主叫号码。", advanced=True),
    )


class Meaning(StrEnum):
    """What the end of a call means for its matter, whatever the flow calls it. Values are wire values."""

    GOAL = "goal"
    DONE = "done"
    """An end of the flow's own that is neither the goal nor any of the others."""
    HANDED_OVER = "handed_over"
    """A person or a ticket takes care of it."""
    INCOMPLETE = "incomplete"
    """A person was there, but the goal was not reached: worth another try."""
    CALL_LATER = "call_later"
    MACHINE = "machine"
    OPTED_OUT = "opted_out"
    WRONG_PERSON = "wrong_person"


MEANINGS: Mapping[str, Meaning] = {
    "opted_out": Meaning.OPTED_OUT,
    "wrong_person": Meaning.WRONG_PERSON,
    "callback": Meaning.CALL_LATER,
    "voicemail": Meaning.MACHINE,
    "machine": Meaning.MACHINE,
    "transferred": Meaning.HANDED_OVER,
    "ticket": Meaning.HANDED_OVER,
    "incomplete": Meaning.INCOMPLETE,
    "abandoned": Meaning.INCOMPLETE,
    "failed": Meaning.INCOMPLETE,
    "goodbye": Meaning.INCOMPLETE,
}
"""Outcomes that mean the same in every flow."""


def is_outbound(document: FlowDocument) -> bool:
    """Whether calls may be made with the flow."""
    return document.outbound is not None


def goal_words(document: FlowDocument) -> tuple[str, ...]:
    """The outcomes that reach the flow's goal; () for a flow that makes no calls."""
    return document.outbound.goals if document.outbound is not None else ()


def meaning_of(document: FlowDocument, outcome: str) -> Meaning:
    """What an outcome of the flow means. No outcome at all is incomplete; a goal may be any word of the flow's own."""
    if not outcome:
        return Meaning.INCOMPLETE
    fixed = MEANINGS.get(outcome)
    if fixed in (Meaning.OPTED_OUT, Meaning.WRONG_PERSON, Meaning.MACHINE, Meaning.CALL_LATER):
        return fixed
    return Meaning.GOAL if outcome in goal_words(document) else fixed or Meaning.DONE


def opening_of(document: FlowDocument) -> Node | None:
    """The flow's opening, None when it has none."""
    return next((node for node in document.nodes.values() if node.type == OPENING), None)


def side_exits(document: FlowDocument) -> Mapping[str, str]:
    """Where "wrong number" and "call me later" lead from every question: to where the opening's exits lead."""
    opening = opening_of(document)
    if opening is None:
        return {}
    return {name: target for name in ("wrong_person", "later") if (target := opening.exits.get(name))}


def case_of(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The case a call is about, from the values of its flow; {} when it is about none."""
    case = values.get("case")
    return case if isinstance(case, Mapping) else {}
