"""Connect the caller with a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from flows.events import TransferEnded
from flows.nodes.base import Context, Leave, Localized, Node, Step, Wait
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

    type: Literal["transfer"] = "transfer"
    prompt: Localized = Field(default_factory=dict, description="Said before; a built-in sentence if empty.")
    numbers: tuple[str, ...] = Field(
        default=(), max_length=10, description="E.164 numbers, or {{ values }}, rung at once."
    )
    queue: str = Field(default="", pattern=r"^[\w-]{0,60}$", description="Queue in which the caller waits.")
    caller_id: str = Field(default="", description="Number shown to the person; the caller's own if empty.")
    timeout_s: int = Field(default=30, ge=5, le=120, description="Time to ring, seconds.")
    whisper: bool = Field(default=True, description="Whoever answers presses 1 to take the call.")
    whisper_prompt: Localized = Field(default_factory=dict, description="What whoever answers hears first.")
    hold: Localized = Field(default_factory=dict, description="Heard again and again while waiting in the queue.")
    max_wait_s: int = Field(default=300, ge=10, le=3600, description="Longest wait in the queue, seconds.")

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
