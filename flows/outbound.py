"""Calls we make: what a flow says about them, and what the words mean by which such a call ends."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

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
        default="information", description="What the calls are for; consent and opt-outs go by it."
    )
    organisation: dict[str, str] = Field(default_factory=dict, description="Who calls, said first; by language tag.")
    opt_out_key: str = Field(
        default="8", pattern=r"^[1-8]$", description="Key that ends the calls for good, at every question."
    )
    opt_out_from: Literal["purpose", "all"] = Field(
        default="purpose", description="What the key and the words end: calls of this purpose, or all calls."
    )
    goals: tuple[str, ...] = Field(default=(), description="Outcomes that reach the goal of the call.")
    voicemail: str = Field(default="", description="Node that speaks to an answering machine, then hangs up.")
    callback_number: str = Field(
        default="", max_length=20, description="Number to call back, E.164; the number we call from when empty."
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
