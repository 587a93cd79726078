"""A flow document: one readable YAML or JSON text, validated into frozen models."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flows.errors import DocumentError
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


class Confidence(BaseModel):
    """Bands of recogniser confidence: at or above `accept` do, at or above `confirm` ask back, below is a no-match."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accept: float = Field(default=0.75, ge=0, le=1, description="From here on an answer counts at once.")
    confirm: float = Field(
        default=0.45, ge=0, le=1, description="From here on an answer is asked back; below it is none."
    )


class Defaults(BaseModel):
    """What holds for every question unless a node says otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    timeout_s: int = Field(default=5, ge=1, le=60, description="Silence that counts as no answer, seconds.")
    max_errors_per_node: int = Field(
        default=3, ge=1, le=5, description="Errors of one kind after which a question ends."
    )
    max_errors_per_call: int = Field(
        default=5, ge=1, le=20, description="Errors after which no question is asked again."
    )
    person: str = Field(default="", description="Node that key 0 and the words for a person lead to.")
    failure: str = Field(default="", description="Node that takes over when something breaks.")
    confidence: Confidence = Field(default=Confidence(), description="Bands of recogniser confidence.")


class HangUp(BaseModel):
    """What remains of a call that the caller ends in the middle."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ticket: Literal["auto", "never", "if_said", "always"] = Field(
        default="auto",
        description="Open a ticket when the caller hung up: never, if something was said, always; auto means if_said, "
        "and never on calls we make.",
    )
    category: str = Field(default="", description="Category of that ticket; the desk's rules decide if empty.")

    def policy(self, *, outbound: bool) -> Literal["never", "if_said", "always"]:
        """What holds on a call: somebody we called and who hangs up has asked nothing of us."""
        if self.ticket == "auto":
            return "never" if outbound else "if_said"
        return self.ticket


class Variable(BaseModel):
    """A value the flow expects from outside (a campaign row, a calling flow)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str = Field(default="", description="What it is, for people.")
    default: Any = Field(default=None, description="Its value when none is given.")


class FlowDocument(BaseModel):
    """A whole call flow.

    `nodes` holds instances of the registered node classes; `voice` maps language tags to a voice: "house" for our own
    synthesized prompts, or the provider's voice name; a missing one means the provider's default.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    format: int = Field(default=FORMAT, description="Format of the document; older ones are brought up to date.")
    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,59}$", description="Key of the flow.")
    title: dict[str, str] = Field(default_factory=dict, description="Name for people, per language.")
    description: str = Field(default="", description="What the flow is for.")
    languages: tuple[str, ...] = Field(min_length=1, description="Language tags it speaks, the first one by default.")
    start: str = Field(description="Node at which a call begins.")
    voice: dict[str, str] = Field(default_factory=dict, description="Voice by language tag; house for our own.")
    defaults: Defaults = Field(default=Defaults(), description="What holds for every question.")
    hang_up: HangUp = Field(default=HangUp(), description="What remains of a call that the caller ends.")
    outbound: Outbound | None = Field(default=None, description="For calls we make; without it, none are made.")
    variables: dict[str, Variable] = Field(default_factory=dict, description="Values expected from outside, by name.")
    nodes: dict[str, Node] = Field(min_length=1, description="The nodes by name.")
    layout: dict[str, tuple[float, float]] = Field(default_factory=dict, description="Where the editor draws nodes.")
    notes: list[dict[str, Any]] = Field(default_factory=list, description="Sticky notes of the editor.")


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
    problems = _check_nodes(data.get("nodes"))
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


def _check_nodes(nodes: Any) -> list[Problem]:
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
