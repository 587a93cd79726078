"""A scenario: a whole call as YAML, in the simulator's format, with the setting of a rehearsal.

    name: A complaint at night
    call: {from: "+8613800138000", language: zh}
    setting: {at: Sunday 03:00, values: {vip_line: true}}
    lookups: {look_up: [{outcome: ok, body: {status: delivered}}]}
    steps: [{hear: press 1}, {press: 1}, {say: it broke}, hang up]
    expect: {node: thanks, outcome: ticket, ticket: {category: complaint}}

`setting` and `lookups` belong to rehearsals; whoever plays the scenario on a telephone skips them.
"""

from __future__ import annotations

import json
from typing import Any, Literal

import yaml
from pydantic import Field

from flows.requests import LookupReply
from ivr.rehearsal.errors import ScenarioError, refused
from ivr.rehearsal.steps import Expect, Part, Step, read_part, read_step

LONGEST = 64_000
"""Characters of a scenario."""

STEPS_AT_MOST = 200
PARTS = ("name", "description", "call", "setting", "lookups", "steps", "expect")
Transferred = Literal["answered", "busy", "no_answer", "failed"]


class CallSpec(Part):
    """Who calls whom. `language` is what the caller is known to speak; nobody is asked for it then."""

    to: str | None = Field(default=None, max_length=64)
    from_: str | None = Field(default=None, alias="from", max_length=64)
    language: str | None = Field(default=None, max_length=20)
    forwarded_from: str | None = Field(default=None, max_length=64)


class KnownTicket(Part):
    """A ticket that the desk has."""

    number: str = Field(max_length=20)
    subject: str = Field(default="", max_length=300)
    status: str = Field(default="open", max_length=32)


class Setting(Part):
    """What surrounds the call.

    Attributes:
        at: when it is: ISO 8601, "Sunday 03:00", "31 December 10:00", "tomorrow", or "now"; "" for now. Without a
            zone it is meant in the flow's own (that of its business hours, else UTC).
        values: what the flow starts with.
        outbound: a call we make; None takes it from the flow.
        transfers: how the transfers at a node end, in order, the last one again and again; no_answer otherwise.
        tickets: the caller's tickets, newest first.
    """

    at: str = Field(default="", max_length=60)
    caller_name: str = Field(default="", max_length=120)
    vip: bool = False
    values: dict[str, Any] = Field(default_factory=dict)
    outbound: bool | None = None
    transfers: dict[str, list[Transferred]] = Field(default_factory=dict)
    tickets: list[KnownTicket] = Field(default_factory=list, max_length=20)


class LookupSample(Part):
    """One answer of another system."""

    outcome: Literal["ok", "not_found", "error", "timeout", "refused"] = "ok"
    status: int | None = Field(default=None, ge=0, le=999)
    body: Any = None
    name: str = Field(default="", max_length=80)

    @property
    def reply(self) -> LookupReply:
        """The answer as the flow gets it."""
        return LookupReply(outcome=self.outcome, status=self.status, body=self.body)


class Scenario(Part):
    """A whole call."""

    model_config = Part.model_config | {"arbitrary_types_allowed": True}

    name: str = Field(default="", max_length=120)
    description: str = Field(default="", max_length=2_000)
    call: CallSpec = CallSpec()
    setting: Setting = Setting()
    lookups: dict[str, list[LookupSample]] = Field(default_factory=dict)
    steps: tuple[Step, ...] = Field(default=(), max_length=STEPS_AT_MOST)
    expect: Expect | None = None


class _PlainWords(yaml.SafeLoader):
    """YAML in which yes, no, on and off are words, as in YAML 1.2: callers say them all the time."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise refused("Anchors and aliases (& and *) are not used in scenarios.")
        return super().compose_node(parent, index)


_PlainWords.yaml_implicit_resolvers = {
    letter: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag != "tag:yaml.org,2002:timestamp" and (tag != "tag:yaml.org,2002:bool" or letter in "tTfF")
    ]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse_scenario(source: str | bytes | dict[str, Any], name: str = "") -> Scenario:
    """A scenario from YAML or JSON text, or from the mapping that it would give.

    Raises ScenarioError: a sentence that names the step and what is wrong with it.
    """
    data = _read(source) if isinstance(source, str | bytes) else source
    if not isinstance(data, dict):
        raise refused("A scenario is a mapping with “call” and “steps”.")
    unknown = [str(key)[:40] for key in data if key not in PARTS]
    if unknown:
        raise refused("The scenario has unknown parts: {parts}.", parts=", ".join(sorted(unknown)))
    _small(data)
    rows = data.get("steps") or []
    if not isinstance(rows, list):
        raise refused("“steps” must be a list.")
    if len(rows) > STEPS_AT_MOST:
        raise refused(
            "A scenario has at most {limit} steps; this one has {count}.", limit=STEPS_AT_MOST, count=len(rows)
        )
    expect = data.get("expect")
    given = {
        "name": str(data.get("name") or name)[:120],
        "description": str(data.get("description") or "")[:2_000],
        "call": read_part(CallSpec, data.get("call") or {}, "call"),
        "setting": read_part(Setting, data.get("setting") or {}, "setting"),
        "lookups": _lookups(data.get("lookups") or {}),
        "steps": tuple(read_step(row, number) for number, row in enumerate(rows, 1)),
        "expect": None if expect is None else read_part(Expect, expect, "expect"),
    }
    return Scenario(**given)


def _read(source: str | bytes) -> Any:
    if len(source) > LONGEST:
        raise refused("The scenario is longer than {limit} characters.", limit=LONGEST)
    try:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
        return yaml.load(text, _PlainWords)  # noqa: S506 - a safe loader.
    except ScenarioError:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        if mark is None:
            raise refused("The scenario is not YAML.") from error
        raise refused(
            "The scenario is not YAML: line {line}, column {column}.", line=mark.line + 1, column=mark.column + 1
        ) from error


def _small(data: dict[str, Any]) -> None:
    try:
        length = len(json.dumps(data, ensure_ascii=False, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise refused("The scenario has a value that is not JSON.") from error
    if length > LONGEST:
        raise refused("The scenario is longer than {limit} characters.", limit=LONGEST)


def _lookups(data: Any) -> dict[str, list[LookupSample]]:
    if not isinstance(data, dict):
        raise refused("“lookups” gives a list of answers for each node's name.")
    found = {}
    for node, rows in data.items():
        listed = rows if isinstance(rows, list) else [rows]
        found[str(node)] = [read_part(LookupSample, row, f"lookups: {node}") for row in listed]
    return found
