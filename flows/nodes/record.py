"""Record what the caller says after a tone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Literal

from pydantic import Field

from flows.events import NotUnderstood, PersonRequested, RecordingMade
from flows.field_words import shown
from flows.nodes.base import Context, Leave, Localized, Node, Step, Wait
from flows.nodes.sample_answers import SampleAnswer
from flows.nodes.speaking import say_phrase, speak
from flows.requests import Answer
from telephony.calls import Heard, Recorded
from telephony.verbs import Prompt
from telephony.verbs import Record as RecordVerb


class Record(Node):
    """Take a voice message; it is transcribed afterwards.

    Silence or the hash key ends it, 0 leads to a person (what was said until then is kept). An empty recording is asked
    for once more, then the call leaves by `empty`. The value holds {sid, duration_s}.

    ```yaml
    type: record
    prompt: {en-US: "Please leave a message after the tone.", zh-CN: 请在提示音后留言。}
    value: complaint
    max_length_s: 120
    exits: {next: open_ticket, empty: goodbye}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Record a message", "zh": "录音留言"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "Record what the caller says after a tone.",
        "zh": "提示音后录下来电者的留言。",
    }
    group: ClassVar[str] = "ask"
    order: ClassVar[int] = 50
    asks: ClassVar[bool] = True

    type: Literal["record"] = "record"
    prompt: Localized = Field(
        description="What is said before the tone.",
        json_schema_extra=shown("提示语", "提示音之前播报的内容。", widget="prompt"),
    )
    value: str = Field(
        default="",
        pattern=r"^([a-z][a-z0-9_]{0,39})?$",
        description="Keep sid and length as this value.",
        json_schema_extra=shown(
            "保存为", "把录音编号和时长保存为该变量。", en="Keep as", widget="value", advanced=True
        ),
    )
    max_length_s: int = Field(
        default=120,
        ge=5,
        le=840,
        description="Longest recording, seconds.",
        json_schema_extra=shown("最长录音", "录音的最长时间。", en="Longest recording (seconds)"),
    )
    silence_s: int = Field(
        default=5,
        ge=2,
        le=30,
        description="Silence that ends it, seconds.",
        json_schema_extra=shown("静默结束", "静默多久结束录音。", en="Silence that ends it (seconds)", advanced=True),
    )
    beep: bool = Field(
        default=True,
        description="Play a tone before it begins.",
        json_schema_extra=shown("播放提示音", "录音开始前播放提示音。", en="Play a tone", advanced=True),
    )

    def exit_names(self) -> tuple[str, ...]:
        """next with a recording, empty without one."""
        return ("next", "empty", "person", "failed")

    def spoken(self) -> Mapping[str, Localized]:
        """The prompt."""
        return {"prompt": self.prompt}

    def sets_values(self) -> frozenset[str]:
        """The value's name, if any."""
        return frozenset({self.value} - {""})

    def sample_answers(self, ctx: Context) -> tuple[SampleAnswer, ...]:
        """A message, a message that ends with the wish for a person, and none."""
        some = Recorded(url="sample", sid="sample", duration_s=3, ended_by="#")
        return (
            SampleAnswer(heard=some),
            SampleAnswer(heard=replace(some, ended_by="0")),
            SampleAnswer(heard=Recorded(url="", sid="", duration_s=0)),
        )

    def enter(self, ctx: Context) -> Step:
        """Ask and record."""
        return self._record(ctx, speak(ctx, self.prompt), {})

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Report the recording, or ask again when there is none."""
        if not isinstance(heard, Recorded) or heard.duration_s == 0:
            pressed_zero = isinstance(heard, Recorded) and heard.ended_by == "0"
            return self._to_person(ctx, ()) if pressed_zero else self._empty(ctx)
        made = RecordingMade(node=ctx.node_id, recording_sid=heard.sid, url=heard.url, duration_s=heard.duration_s)
        values = {self.value: {"sid": heard.sid, "duration_s": heard.duration_s}} if self.value else {}
        if heard.ended_by == "0":
            return self._to_person(ctx, (made,), values)
        return Step(events=(made,), values=values, then=Leave(exit="next"))

    def _record(self, ctx: Context, prompts: tuple[Prompt, ...], memory: Mapping[str, int]) -> Step:
        verb = RecordVerb(max_length_s=self.max_length_s, silence_s=self.silence_s, finish_on_key="#0", beep=self.beep)
        return Step(verbs=(*prompts, verb), memory=memory, then=Wait())

    def _empty(self, ctx: Context) -> Step:
        count = int(ctx.memory.get("empty", 0)) + 1
        event = NotUnderstood(node=ctx.node_id, kind="no-input", count=count)
        if count > 1 or ctx.errors_in_call + 1 >= ctx.document.defaults.max_errors_per_call:
            return Step(events=(event,), then=Leave(exit="empty"))
        if self.sensitive:
            return self._to_person(ctx, (event,), how="errors")
        again = self._record(ctx, say_phrase(ctx, "record_empty") + say_phrase(ctx, "record_hint"), {"empty": count})
        return Step(verbs=again.verbs, events=(event,), memory=again.memory, then=again.then)

    def _to_person(
        self,
        ctx: Context,
        events: tuple[RecordingMade | NotUnderstood, ...],
        values: Mapping[str, object] | None = None,
        how: str = "key",
    ) -> Step:
        asked = PersonRequested(node=ctx.node_id, how=how)
        return Step(events=(*events, asked), values=values or {}, then=Leave(exit="person"))
