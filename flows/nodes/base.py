"""What every node type is: fields, exits, and two pure functions, `enter` and `resume`, that return a Step.

Adding a node type takes one file here with a subclass of Node. The editor's palette and forms, schema, reference
documentation and lint are generated from the class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from flows.events import Event
from flows.field_words import shown
from flows.nodes.sample_answers import SampleAnswer
from flows.outbound import Outbound
from flows.requests import Answer, Request
from telephony.calls import Heard
from telephony.verbs import Verb

if TYPE_CHECKING:
    from flows.documents import FlowDocument


class Spoken(BaseModel):
    """What is said in one language: text (with {{ expressions }}), or an audio file with the text it says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(
        description="What is said; {{ name }} puts a value in.",
        json_schema_extra=shown("文字", "播报的文字；{{ 变量名 }} 处填入变量的值。", widget="template"),
    )
    audio: str = Field(
        default="",
        description="A sound file below the flow's audio folder that says the text.",
        json_schema_extra=shown("音频文件", "流程音频文件夹中说出这段文字的文件。", en="Sound file", advanced=True),
    )


GROUPS: Mapping[str, Mapping[str, str]] = {
    "talk": {"en": "Say", "zh": "播报"},
    "ask": {"en": "Ask", "zh": "询问"},
    "decide": {"en": "Decide", "zh": "判断"},
    "do": {"en": "Do", "zh": "办理"},
    "person": {"en": "People", "zh": "人工"},
}
"""The groups of the palette in their order, with what people call them."""

Localized = dict[str, Spoken]
"""Per language tag what is said. In a document a plain string stands for {text: …}."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who is on the line. `number` is E.164 or "" when withheld; `name` "" when unknown."""

    number: str = ""
    name: str = ""
    vip: bool = False


@dataclass(frozen=True, kw_only=True)
class Context:
    """All that a node may know at one moment of a call.

    Attributes:
        document: the flow document the node belongs to.
        node_id: the node's own name in it.
        now: aware, UTC.
        language: BCP-47 tag the call is held in.
        values: the call's values by name (JSON values); read only.
        memory: what this node returned as `Step.memory` since it was entered; {} on enter.
        caller: who is on the line.
        service_number: the number that was called (E.164).
        errors_in_call: no-inputs and no-matches so far in the whole call.
        call_sid: the provider's name of the call, for telling apart, never spoken.
        outbound: what the call's own flow says about calls we make; None when it makes none. A sub-flow sees it too.
        case: the case the call is about (id, purpose, reference, inbound, …); {} for none.
    """

    document: FlowDocument
    node_id: str
    now: datetime
    language: str
    values: Mapping[str, Any] = field(default_factory=dict)
    memory: Mapping[str, Any] = field(default_factory=dict)
    caller: Caller = field(default_factory=Caller)
    service_number: str = ""
    errors_in_call: int = 0
    call_sid: str = ""
    outbound: Outbound | None = None
    case: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Leave:
    """Leave the node by this exit, at once."""

    exit: str


@dataclass(frozen=True, kw_only=True)
class Wait:
    """The verbs end with one that brings an answer (Gather, Record, Dial, Enqueue, Redirect); wait for it."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Ask the house; the node is resumed with its answer. `filler` is heard while a slow request is under way."""

    request: Request
    filler: tuple[Verb, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CallFlow:
    """Run another flow; this node is resumed with SubflowEnded. `values` are what it is given."""

    flow: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Back:
    """Go back to the question before this one (the `*` key)."""


@dataclass(frozen=True, kw_only=True)
class End:
    """The flow ends. In a sub-flow `end` names how, and the calling node goes on; else the call is hung up.

    `whole`: the call is hung up from within a sub-flow too.
    """

    end: str = "done"
    outcome: str = "completed"
    whole: bool = False


Then = Leave | Wait | Ask | CallFlow | Back | End


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a node does now.

    Attributes:
        verbs: heard by the caller, after what earlier nodes of this turn said.
        events: told to the house.
        values: values of the call to set.
        memory: what the node wants to find in `Context.memory` when resumed.
        language: the language the call goes on in, None for no change.
        then: what comes next.
    """

    verbs: tuple[Verb, ...] = ()
    events: tuple[Event, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    memory: Mapping[str, Any] = field(default_factory=dict)
    language: str | None = None
    then: Then


class Node(BaseModel):
    """A step of a call flow.

    Class attributes describe the type to people and generators: `title` and `summary` per language ("en", "zh"),
    `group` and, within it, `order` for the palette, `icon` for a picture (SVG path data of lines on a grid of 24 by 24;
    empty for the group's), `fresh` for what a new node begins with where the fields' types do not tell. The instance's
    exits map exit names to node names.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: ClassVar[Mapping[str, str]] = {}
    summary: ClassVar[Mapping[str, str]] = {}
    group: ClassVar[str] = "talk"
    order: ClassVar[int] = 100
    icon: ClassVar[str] = ""
    fresh: ClassVar[Mapping[str, Any]] = {}
    asks: ClassVar[bool] = False
    """True when the caller is asked something: the error ladder and the global keys apply."""

    type: str
    label: str = Field(
        default="",
        max_length=80,
        description="A name for people; the node's own name if empty.",
        json_schema_extra=shown("显示名称", "给人看的名称；留空则显示节点名。"),
    )
    sensitive: bool = Field(
        default=False,
        description="A moment in which one error leads straight to a person.",
        json_schema_extra=shown("敏感环节", "在此环节出错一次就直接转人工。", en="Sensitive moment", advanced=True),
    )
    exits: dict[str, str] = Field(
        default_factory=dict,
        description="Exit name to node name.",
        json_schema_extra=shown("出口", "每个出口通向哪个节点。", inner="node"),
    )

    def exit_names(self) -> tuple[str, ...]:
        """Every exit this node can leave by, required ones first. Override."""
        return ("next",)

    def optional_exits(self) -> frozenset[str]:
        """Exits that may stay unwired: the flow's defaults or the engine's last resort serve them."""
        return frozenset({"person", "failed"}) if self.asks else frozenset()

    def spoken(self) -> Mapping[str, Localized]:
        """Every per-language prompt by field path ("prompt", "choices.0.label"), for lint and for making audio."""
        return {}

    def expressions(self) -> Mapping[str, str]:
        """Every expression by field path, for lint. Those inside prompts are found by the lint itself."""
        return {}

    def generated(self, ctx: Context) -> tuple[str, ...]:
        """Sentences that the node makes of its labels in the call's language, so that a voice can prepare them."""
        return ()

    def sets_values(self) -> frozenset[str]:
        """Names of the call's values this node may set, for lint and completion."""
        return frozenset()

    def sample_answers(self, ctx: Context) -> tuple[SampleAnswer, ...]:
        """What may be answered where the call stands at this node, so that it can be tried and searched for tests.

        One answer for each way on that depends on the caller; () for a node that waits for nothing.
        """
        return ()

    def enter(self, ctx: Context) -> Step:
        """The call arrives here."""
        raise NotImplementedError

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """The answer to what `enter` or an earlier `resume` waited or asked for."""
        raise NotImplementedError
