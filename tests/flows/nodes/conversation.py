"""A tiny driver: one node of a flow talked to as a caller would, step by step."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flows.documents import from_json
from flows.events import Event, NotUnderstood
from flows.nodes.base import Ask, Back, Caller, CallFlow, Context, End, Leave, Node, Step
from flows.outbound import case_of
from flows.source import read_source
from telephony.calls import Digits, Heard, Silence, Speech
from telephony.verbs import Gather, Play, Say

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
"""Saturday, 21 November 2026, 15:00 in Shanghai."""


class Conversation:
    """A call at one node. Each method returns the conversation, so that they can be chained."""

    def __init__(
        self,
        text: str,
        *,
        language: str = "en-US",
        values: dict[str, Any] | None = None,
        number: str = "+8613800138000",
        now: datetime = NOW,
        errors_in_call: int = 0,
        document: dict[str, Any] | None = None,
    ) -> None:
        # A document that begins with a brace is read as JSON, hence the key in front.
        data = read_source("node: " + text).data["node"] if text.startswith("{") else read_source(text).data
        flow = {"format": 1, "name": "tested", "languages": ["en-US", "zh-CN"], "start": "node"}
        nodes = {"node": data, "end": {"type": "hang_up"}}
        given = document or {}
        self.document = from_json({**flow, **given, "nodes": {**nodes, **given.get("nodes", {})}})
        self.node: Node = self.document.nodes["node"]
        self.values: dict[str, Any] = dict(values or {})
        self.events: list[Event] = []
        self.context = Context(
            document=self.document,
            node_id="node",
            now=now,
            language=language,
            values=self.values,
            caller=Caller(number=number),
            service_number="+861084321000",
            errors_in_call=errors_in_call,
            call_sid="CA1",
            outbound=self.document.outbound,
            case=case_of(self.values),
        )
        self.step: Step = self._take(self.node.enter(self.context))

    def press(self, keys: str) -> Conversation:
        """Press keys."""
        return self.hear(Digits(digits=keys))

    def say(self, text: str, confidence: float | None = None) -> Conversation:
        """Say something; without confidence as when the provider sent none."""
        return self.hear(Speech(text=text, confidence=confidence))

    def silence(self) -> Conversation:
        """Say and press nothing."""
        return self.hear(Silence())

    def hear(self, heard: Heard | Any) -> Conversation:
        """Give the node any answer."""
        self.step = self._take(self.node.resume(self.context, heard))
        return self

    def _take(self, step: Step) -> Step:
        self.events.extend(step.events)
        self.values.update(step.values)
        errors = self.context.errors_in_call + sum(isinstance(e, NotUnderstood) for e in step.events)
        self.context = replace(
            self.context,
            memory=step.memory,
            values=dict(self.values),
            errors_in_call=errors,
            language=step.language or self.context.language,
        )
        return step

    @property
    def said(self) -> str:
        """Everything that the last step says, as one text."""
        texts = []
        for verb in self.step.verbs:
            prompts = verb.prompts if isinstance(verb, Gather) else (verb,)
            texts.extend(p.text for p in prompts if isinstance(p, (Say, Play)))
        return " ".join(texts)

    @property
    def gather(self) -> Gather:
        """The question that waits for an answer."""
        last = self.step.verbs[-1]
        assert isinstance(last, Gather)
        return last

    @property
    def exit(self) -> str | None:
        """The exit by which the node was left, None while it was not."""
        return self.step.then.exit if isinstance(self.step.then, Leave) else None

    @property
    def request(self) -> Any:
        """What the house is asked for."""
        assert isinstance(self.step.then, (Ask, CallFlow))
        return self.step.then.request if isinstance(self.step.then, Ask) else self.step.then

    @property
    def went_back(self) -> bool:
        """True when the caller went back."""
        return isinstance(self.step.then, Back)

    @property
    def end(self) -> End | None:
        """How the flow ended, None while it did not."""
        return self.step.then if isinstance(self.step.then, End) else None

    def seen(self, kind: type) -> list[Any]:
        """Every event of a kind so far."""
        return [e for e in self.events if isinstance(e, kind)]
