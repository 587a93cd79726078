"""A flow document: one readable YAML or JSON text, validated into frozen models."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flows.document_settings import Confidence, Defaults, HangUp, Variable
from flows.errors import DocumentError
from flows.field_words import shown
from flows.migrations import FORMAT, migrate
from flows.node_reading import explain, read_node
from flows.nodes.base import Localized, Node
from flows.outbound import Outbound
from flows.plain import to_plain, to_yaml
from flows.problems import Problem
from flows.source import Source, read_source

MAX_NODES = 5_000

NODE_NAME = re.compile(r"[^\W\d_][\w-]{0,59}")
"""Node names may be written in any script; they appear in exits, drawings and reports."""


class FlowDocument(BaseModel):
    """A whole call flow.

    `nodes` holds instances of the registered node classes; `voice` maps language tags to a voice: "house" for our own
    synthesized prompts, or the provider's voice name; a missing one means the provider's default.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    format: int = Field(
        default=FORMAT,
        description="Format of the document; older ones are brought up to date.",
        json_schema_extra=shown("格式", "文档的格式；旧格式会自动升级。", advanced=True),
    )
    name: str = Field(
        pattern=r"^[a-z][a-z0-9_]{0,59}$",
        description="Key of the flow.",
        json_schema_extra=shown("流程名", "流程的键。", advanced=True),
    )
    title: dict[str, str] = Field(
        default_factory=dict,
        description="Name for people, per language.",
        json_schema_extra=shown("标题", "给人看的名称，按语言填写。"),
    )
    description: str = Field(
        default="", description="What the flow is for.", json_schema_extra=shown("说明", "流程的用途。")
    )
    languages: tuple[str, ...] = Field(
        min_length=1,
        description="Language tags it speaks, the first one by default.",
        json_schema_extra=shown("语言", "流程使用的语言标签，第一个为默认语言。"),
    )
    start: str = Field(
        description="Node at which a call begins.",
        json_schema_extra=shown("起点", "通话开始的节点。", en="Start node", widget="node"),
    )
    voice: dict[str, str] = Field(
        default_factory=dict,
        description="Voice by language tag: house, piper, piper:joe, http, http:NAME, or one of the provider's.",
        json_schema_extra=shown(
            "声音",
            "按语言标签指定声音：house 为自有声音，另有 piper、http，或运营商的声音。",
            en="Voices",
            advanced=True,
        ),
    )
    ear: Literal["carrier", "house"] = Field(
        default="carrier",
        description="Who listens: the phone company's recogniser, or our own in a live stream.",
        json_schema_extra=shown(
            "谁来听",
            "由运营商识别语音，或由自有识别引擎实时收听。",
            en="Who listens",
            options={"carrier": ("The carrier's recogniser", "运营商识别"), "house": ("Our own ear", "自有识别")},
        ),
    )
    defaults: Defaults = Field(
        default=Defaults(),
        description="What holds for every question.",
        json_schema_extra=shown("提问默认值", "适用于每个问题。", en="For every question"),
    )
    hang_up: HangUp = Field(
        default=HangUp(),
        description="What remains of a call that the caller ends.",
        json_schema_extra=shown("来电者挂断时", "来电者挂断后如何处理。", en="When the caller hangs up"),
    )
    outbound: Outbound | None = Field(
        default=None,
        description="For calls we make; without it, none are made.",
        json_schema_extra=shown("外呼", "用于我方拨出的电话；没有它则不外呼。", en="Calls we make"),
    )
    variables: dict[str, Variable] = Field(
        default_factory=dict,
        description="Values expected from outside, by name.",
        json_schema_extra=shown("外部变量", "由外部给出的值，按名称填写。", en="Values from outside"),
    )
    nodes: dict[str, Node] = Field(
        min_length=1, description="The nodes by name.", json_schema_extra=shown("节点", "按名称列出的节点。")
    )
    layout: dict[str, tuple[float, float]] = Field(
        default_factory=dict,
        description="Where the editor draws nodes.",
        json_schema_extra=shown("布局", "编辑器绘制节点的位置。", advanced=True),
    )
    notes: list[dict[str, Any]] = Field(
        default_factory=list,
        description="Sticky notes of the editor.",
        json_schema_extra=shown("便笺", "编辑器中的便笺。", en="Sticky notes", advanced=True),
    )


def parse(text: str | bytes) -> FlowDocument:
    """Read a document from YAML or JSON.

    Raises DocumentError: for syntax with line and column, for validation with node, field and line of every problem.
    """
    return build(read_source(text))


def from_json(data: Any) -> FlowDocument:
    """Read a document from plain data, as `to_json` gave it. Raises DocumentError with node and field."""
    return build(Source(data=data))


def to_json(document: FlowDocument) -> dict[str, Any]:
    """The document as plain JSON data; what has its default value is left out, order is kept."""
    data: dict[str, Any] = to_plain(document)
    return data


def dump(document: FlowDocument) -> str:
    """The document as readable YAML; `parse` gives the same document back."""
    return to_yaml(to_json(document))


def build(source: Source) -> FlowDocument:
    """Validate data into a document. Raises DocumentError; its lines come from the source."""
    if not isinstance(source.data, dict):
        raise _refused([Problem(message="A flow document is an object with name, languages, start and nodes.")], source)
    try:
        data = migrate(source.data)
    except DocumentError as error:
        raise _refused(list(error.problems), source, error.message) from error
    problems = check_nodes(data.get("nodes"))
    if problems:
        raise _refused(problems, source)
    languages = data.get("languages")
    tags = tuple(str(tag) for tag in languages) if isinstance(languages, list) else ()
    nodes: dict[str, Any] = {}
    for name, value in (data.get("nodes") or {}).items():
        node = read_node(name, value, tags)
        if isinstance(node, Node):
            nodes[name] = node
        else:
            problems.extend(node)
    rest = {**data, "nodes": nodes if nodes or not problems else {"unread": Node(type="unread")}}
    try:
        document = FlowDocument.model_validate(rest)
    except ValidationError as error:
        problems[:0] = explain(error, node="", model=FlowDocument)
    if problems:
        raise _refused(problems, source)
    return document


def check_nodes(nodes: Any) -> list[Problem]:
    """What is wrong with the nodes as a whole, before each is read."""
    if nodes is None:
        return []
    if not isinstance(nodes, dict):
        return [Problem(field="nodes", message="nodes is not an object.", fix="Write each node below its name.")]
    if len(nodes) > MAX_NODES:
        message = f"The flow has {len(nodes)} nodes; the limit is {MAX_NODES}."
        return [Problem(field="nodes", message=message, fix="Split it into sub-flows.")]
    return [
        Problem(
            node=name[:60],
            message="A node's name has 1 to 60 letters, digits, - and _, and begins with a letter.",
            fix="Rename it; what people see is its label.",
        )
        for name in nodes
        if not NODE_NAME.fullmatch(name)
    ]


def _refused(problems: list[Problem], source: Source, message: str = "") -> DocumentError:
    """The error with lines put to its problems."""
    placed = [source.place(problem) for problem in problems]
    count = "1 problem" if len(placed) == 1 else f"{len(placed)} problems"
    return DocumentError(message or f"This is not a flow document that can run: {count}.", placed)


__all__ = [
    "FORMAT",
    "Confidence",
    "Defaults",
    "FlowDocument",
    "HangUp",
    "Localized",
    "Outbound",
    "Variable",
    "build",
    "dump",
    "from_json",
    "parse",
    "to_json",
]
