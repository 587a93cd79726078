"""Connect the caller with a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from flows.events import TransferEnded
from flows.field_words import shown
from flows.nodes.base import Context, Leave, Localized, Node, Step, Wait
from flows.nodes.sample_answers import SampleAnswer
from flows.nodes.speaking import fill, say_phrase, speak
from flows.requests import Answer
from telephony.calls import DialEnded, Heard, QueueEnded
from telephony.verbs import Dial, Enqueue, Prompt, Verb
from telephony.verbs import Leave as LeaveQueue

_DIAL_OUTCOMES = {"busy": "busy", "no-answer": "no_answer", "canceled": "no_answer", "failed": "failed"}
_QUEUE_OUTCOMES = {
    "bridged": "answered",
    "bridging-in-process": "answered",
    "redirected-from-bridged": "answered",
    "hangup": "no_answer",
    "leave": "no_answer",
    "redirected": "no_answer",
    "queue-full": "busy",
}


class Transfer(Node):
    """Connect the caller with a person: numbers rung at once, or a queue in which the caller waits.

    An agent is reached by number: `numbers` may be expressions such as "{{ agent_number }}". With `whisper` whoever
    answers is told of the call and presses 1 to take it, so that a mailbox never does. In a queue the caller hears
    `hold` again and again, and leaves by `no_answer` after `max_wait_s`.

    Exits: answered (the talk is over), busy (or the queue is full), no_answer, failed. An unwired busy is no_answer.

    ```yaml
    type: transfer
    queue: service
    hold: {en-US: "Please hold, somebody will be with you soon.", zh-CN: 请稍候，马上为您接通。}
    max_wait_s: 180
    exits: {answered: rate, no_answer: voicemail}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Transfer", "zh": "转接"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "Connect the caller with a number, an agent or a queue.",
        "zh": "转接到号码、坐席或队列。",
    }
    group: ClassVar[str] = "person"
    order: ClassVar[int] = 10
    fresh: ClassVar[Mapping[str, Any]] = {"queue": "service"}

    type: Literal["transfer"] = "transfer"
    prompt: Localized = Field(
        default_factory=dict,
        description="Said before; a built-in sentence if empty.",
        json_schema_extra=shown("提示语", "转接前播报；留空则用内置句子。", widget="prompt"),
    )
    numbers: tuple[str, ...] = Field(
        default=(),
        max_length=10,
        description="E.164 numbers, or {{ values }}, rung at once.",
        json_schema_extra=shown("号码", "同时振铃的号码（E.164），或 {{ 变量名 }}。", inner="template"),
    )
    queue: str = Field(
        default="",
        pattern=r"^[\w-]{0,60}$",
        description="Queue in which the caller waits.",
        json_schema_extra=shown("队列", "来电者等待的队列。"),
    )
    caller_id: str = Field(
        default="",
        description="Number shown to the person; the caller's own if empty.",
        json_schema_extra=shown(
            "主叫号码",
            "向接听者显示的号码；留空则显示来电者的号码。",
            en="Number shown",
            widget="template",
            advanced=True,
        ),
    )
    timeout_s: int = Field(
        default=30,
        ge=5,
        le=120,
        description="Time to ring, seconds.",
        json_schema_extra=shown("振铃时间", "振铃的最长时间。", en="Time to ring (seconds)", advanced=True),
    )
    whisper: bool = Field(
        default=True,
        description="Whoever answers presses 1 to take the call.",
        json_schema_extra=shown(
            "按1接听", "接听者按1才接通，避免转入对方的语音信箱。", en="Press 1 to take the call", advanced=True
        ),
    )
    whisper_prompt: Localized = Field(
        default_factory=dict,
        description="What whoever answers hears first.",
        json_schema_extra=shown(
            "接听提示", "接听者首先听到的内容。", en="Whoever answers hears", advanced=True, widget="prompt"
        ),
    )
    hold: Localized = Field(
        default_factory=dict,
        description="Heard again and again while waiting in the queue.",
        json_schema_extra=shown("等待语", "在队列中等待时反复播报。", en="Heard while waiting", widget="prompt"),
    )
    max_wait_s: int = Field(
        default=300,
        ge=10,
        le=3600,
        description="Longest wait in the queue, seconds.",
        json_schema_extra=shown("最长等待", "在队列中等待的最长时间。", en="Longest wait (seconds)", advanced=True),
    )

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if bool(self.numbers) == bool(self.queue):
            raise ValueError("A transfer needs either numbers or a queue.")
        return self

    def exit_names(self) -> tuple[str, ...]:
        """How the transfer can end."""
        return ("answered", "no_answer", "busy", "failed")

    def optional_exits(self) -> frozenset[str]:
        """busy falls back to no_answer; failed to the flow's defaults."""
        return frozenset({"busy", "failed"})

    def spoken(self) -> Mapping[str, Localized]:
        """The prompts that are there."""
        fields = {"prompt": self.prompt, "hold": self.hold, "whisper_prompt": self.whisper_prompt}
        return {name: prompts for name, prompts in fields.items() if prompts}

    def sample_answers(self, ctx: Context) -> tuple[SampleAnswer, ...]:
        """Every way in which the transfer can end."""
        if self.queue:
            return tuple(SampleAnswer(heard=QueueEnded(result=r)) for r in ("bridged", "leave", "queue-full", "error"))
        ends = (DialEnded(status=status) for status in ("no-answer", "busy", "failed"))
        talked = DialEnded(status="completed", bridged=True, duration_s=60)
        return tuple(SampleAnswer(heard=end) for end in (talked, *ends))

    def enter(self, ctx: Context) -> Step:
        """Ring or queue."""
        before = speak(ctx, self.prompt) or say_phrase(ctx, "transfer_wait")
        numbers = tuple(n for n in (fill(ctx, number).strip() for number in self.numbers) if n)
        if not self.queue and not numbers:
            return self._leave(ctx, "failed", 0)
        verb: Verb
        if self.queue:
            verb = Enqueue(queue=self.queue)
        else:
            verb = Dial(
                numbers=numbers,
                caller_id=fill(ctx, self.caller_id),
                timeout_s=self.timeout_s,
                whisper="default" if self.whisper else "",
            )
        return Step(verbs=(*before, verb), then=Wait())

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Leave by how it ended."""
        match heard:
            case DialEnded(status="completed", bridged=bridged, duration_s=duration_s):
                return self._leave(ctx, "answered" if bridged else "no_answer", duration_s)
            case DialEnded(status=status, duration_s=duration_s):
                return self._leave(ctx, _DIAL_OUTCOMES.get(status, "failed"), duration_s)
            case QueueEnded(result=result):
                return self._leave(ctx, _QUEUE_OUTCOMES.get(result, "failed"), 0)
            case _:
                return self._leave(ctx, "failed", 0)

    def hold_verbs(self, ctx: Context, waited_s: int) -> tuple[Verb, ...]:
        """What the queue's wait page plays now: the hold prompt, or the way out when the wait has been too long."""
        if waited_s >= self.max_wait_s:
            return (LeaveQueue(),)
        return speak(ctx, self.hold) or say_phrase(ctx, "transfer_wait")

    def whisper_prompts(self, ctx: Context) -> tuple[Prompt, ...]:
        """What whoever answers hears before "press 1 to take the call"; () for the house's own sentence."""
        return speak(ctx, self.whisper_prompt)

    def _leave(self, ctx: Context, outcome: str, duration_s: int) -> Step:
        to = self.queue or ", ".join(self.numbers)
        event = TransferEnded(node=ctx.node_id, to=to, outcome=outcome, duration_s=duration_s)
        exit_name = "no_answer" if outcome == "busy" and "busy" not in self.exits else outcome
        return Step(events=(event,), then=Leave(exit=exit_name))
