"""The caller wants to be called back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from flows.events import CallbackRequested, NotUnderstood
from flows.field_words import shown
from flows.nodes.base import Ask, Context, End, Leave, Localized, Step
from flows.nodes.callback_moments import ahead, day_and_time_words, in_zone, own_number, say_moment, say_when
from flows.nodes.inquiry import Inquiry, Taken
from flows.nodes.long_values import phone_groups
from flows.nodes.question import Question
from flows.nodes.speaking import fill, read_out, say_phrase, speak
from flows.phrases import words
from flows.requests import Answer, CallTimeChecked, CheckCallTime
from flows.understanding.choices import best_choice
from flows.understanding.delays import spoken_delay
from flows.understanding.phone_numbers import phone_from_digits, region, spoken_phone
from flows.understanding.reading import Reading
from flows.understanding.times import keyed_datetime, spoken_datetime
from flows.understanding.zones import zone_for
from telephony.calls import Heard
from telephony.verbs import Expects


class RequestCallback(Question):
    """Ask when and on which number the caller wants to be called, read it back, and report the wish.

    When: 1 or "as soon as possible"; a day and time may be said at once, or after 2 or "choose a time", by keys as
    MMDDHHMM. Number: the caller's own after a yes, else one that is keyed or said. Sets `callback` {number, at}.

    On a call we make, this is \u201ccall me later\u201d: only the time is asked, the house is asked whether we may call
    then, and the call ends with the outcome `callback`; `next` is for calls that come in.

    ```yaml
    type: request_callback
    reason: "{{ topic }}"
    ask_time: true
    exits: {next: goodbye}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Request a call back", "zh": "预约回电"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "Ask when and where the caller wants to be called back.",
        "zh": "询问回电时间和号码。",
    }
    group: ClassVar[str] = "person"
    order: ClassVar[int] = 20

    type: Literal["request_callback"] = "request_callback"
    prompt: Localized = Field(
        default_factory=dict,
        description="Said before the first question.",
        json_schema_extra=shown("提示语", "第一个问题之前播报的内容。", widget="prompt"),
    )
    ask_time: bool = Field(
        default=True,
        description="Ask when; off means as soon as possible.",
        json_schema_extra=shown("询问时间", "询问何时回电；关闭则尽快回电。", en="Ask when"),
    )
    ask_number: bool = Field(
        default=True,
        description="Ask whether the caller's own number is right.",
        json_schema_extra=shown("确认号码", "询问来电号码是否可以回电。", en="Ask for the number"),
    )
    reason: str = Field(
        default="",
        max_length=200,
        description="What it is about, with {{ values }}.",
        json_schema_extra=shown("回电事由", "与何事有关，可用 {{ 变量名 }}。", widget="template"),
    )
    zone: str = Field(
        default="",
        description="Time zone of the times; the service number's when empty.",
        json_schema_extra=shown(
            "时区", "时间所用的时区；留空则用服务号码的时区。", en="Time zone", widget="zone", advanced=True
        ),
    )

    def sets_values(self) -> frozenset[str]:
        """callback."""
        return frozenset({"callback"})

    def enter(self, ctx: Context) -> Step:
        """Ask when, or the number, or nothing at all; on a call we make only the time."""
        if ctx.outbound is not None:
            return self.ask(ctx, {"stage": "later"}, before=speak(ctx, self.prompt))
        if self.ask_time:
            return self.ask(ctx, {"stage": "when"}, before=speak(ctx, self.prompt))
        return self._ask_number(ctx, {"at": ""}, first=True)

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """What the person says, or what the house says to the time."""
        if isinstance(heard, CallTimeChecked):
            return self._checked(ctx, heard)
        return super().resume(ctx, heard)

    def inquiry(self, ctx: Context) -> Inquiry:
        """The question of the stage: later, when, time, number, other_number."""
        stages = {
            "later": self._time_inquiry,
            "time": self._time_inquiry,
            "number": self._number_inquiry,
            "other_number": self._other_number_inquiry,
        }
        return stages.get(str(ctx.memory.get("stage")), self._when_inquiry)(ctx)

    def answered(self, ctx: Context, taken: Taken) -> Step:
        """On to the next stage, or done."""
        memory = dict(ctx.memory)
        match memory.get("stage"), taken.value:
            case "later", value:
                at = str(value)
                return Step(memory={**memory, "at": at}, then=Ask(request=CheckCallTime(at=at, node=ctx.node_id)))
            case "when", "later":
                return self.ask(ctx, {**memory, "stage": "time"})
            case "when" | "time", value:
                return self._ask_number(ctx, {**memory, "at": "" if value == "now" else str(value)})
            case "number", False:
                return self.ask(ctx, {**memory, "stage": "other_number"})
            case "number", _:
                return self._done(ctx, ctx.caller.number, str(memory.get("at", "")))
            case _, value:
                return self._done(ctx, str(value), str(memory.get("at", "")))

    def _checked(self, ctx: Context, checked: CallTimeChecked) -> Step:
        """Agree to the time and end the call, or name the next one that is possible and ask again."""
        at = str(ctx.memory.get("at", ""))
        if checked.allowed:
            wish = CallbackRequested(
                node=ctx.node_id, number=ctx.caller.number, at=at, reason=fill(ctx, self.reason), later=True
            )
            return Step(
                verbs=say_phrase(ctx, "later_read", when=say_moment(ctx, at)),
                events=(wish,),
                values={"callback": {"number": ctx.caller.number, "at": at}},
                then=End(end="callback", outcome="callback", whole=True),
            )
        next_at = in_zone(checked.next_at, self._zone(ctx))
        key = "later_not_allowed" if next_at else "later_never"
        before = say_phrase(ctx, key, when=say_moment(ctx, next_at))
        count = int(ctx.memory.get("refused", 0)) + 1
        refused = NotUnderstood(node=ctx.node_id, kind="no-match", count=count)
        if count >= ctx.document.defaults.max_errors_per_node:
            return self.exhausted(ctx, "no-match", (refused,))
        return self.ask(ctx, {"stage": "later", "refused": count}, before=before, events=(refused,))

    def _ask_number(self, ctx: Context, memory: Mapping[str, object], *, first: bool = False) -> Step:
        before = speak(ctx, self.prompt) if first else ()
        if not ctx.caller.number:
            return self.ask(ctx, {**memory, "stage": "other_number"}, before=before)
        if self.ask_number:
            return self.ask(ctx, {**memory, "stage": "number"}, before=before)
        return self._done(ctx, ctx.caller.number, str(memory.get("at", "")))

    def _done(self, ctx: Context, number: str, at: str) -> Step:
        wish = CallbackRequested(node=ctx.node_id, number=number, at=at, reason=fill(ctx, self.reason))
        read = read_out(ctx, number, "phone")
        key = "callback_read_at" if at else "callback_read_now"
        return Step(
            verbs=say_phrase(ctx, key, number=read, when=say_moment(ctx, at)),
            events=(wish,),
            values={"callback": {"number": number, "at": at}},
            then=Leave(exit="next"),
        )

    def _when_inquiry(self, ctx: Context) -> Inquiry:
        return Inquiry(
            prompts=say_phrase(ctx, "callback_when"),
            read_keys=lambda keys: {"1": Reading(value="now"), "2": Reading(value="later")}.get(keys),
            read_speech=lambda text: self._read_time(ctx, text) or _now_or_later(ctx, text),
            say_value=lambda reading: say_when(ctx, str(reading.value)),
            phrases=words("now", ctx.language) + words("later", ctx.language) + day_and_time_words(ctx),
            num_digits=1,
            finish_on_key="",
            expects=Expects.DATE,
        )

    def _time_inquiry(self, ctx: Context) -> Inquiry:
        prompts = say_phrase(ctx, "later_time" if ctx.memory.get("stage") == "later" else "callback_time")
        return Inquiry(
            prompts=prompts + say_phrase(ctx, "keys_datetime"),
            read_keys=lambda keys: self._read_keyed_time(ctx, keys.rstrip("#")),
            read_speech=lambda text: self._read_time(ctx, text),
            say_value=lambda reading: say_when(ctx, str(reading.value)),
            phrases=day_and_time_words(ctx),
            confirm="speech",
            expects=Expects.DATE,
        )

    def _number_inquiry(self, ctx: Context) -> Inquiry:
        return Inquiry(
            prompts=say_phrase(ctx, "callback_number", number=read_out(ctx, ctx.caller.number, "phone")),
            read_keys=lambda keys: {"1": Reading(value=True), "2": Reading(value=False)}.get(keys),
            read_speech=lambda text: own_number(ctx, text),
            phrases=words("yes", ctx.language) + words("no", ctx.language) + words("other", ctx.language),
            num_digits=1,
            finish_on_key="",
            confirm="never",
            expects=Expects.YES_NO,
        )

    def _other_number_inquiry(self, ctx: Context) -> Inquiry:
        country = region(ctx.service_number, ctx.language)
        return Inquiry(
            prompts=say_phrase(ctx, "callback_ask_number") + say_phrase(ctx, "keys_phone"),
            read_keys=lambda keys: phone_from_digits(keys.rstrip("#"), country),
            read_speech=lambda text: spoken_phone(text, ctx.language, country),
            say_value=lambda reading: read_out(ctx, reading.value, "phone"),
            phrases=words("number_words", ctx.language),
            confirm="always",
            expects=Expects.DIGITS,
            groups=phone_groups(ctx, country),
            speech_end_s=2,
        )

    def _read_keyed_time(self, ctx: Context, keys: str) -> Reading | None:
        zone = self._zone(ctx)
        return ahead(ctx, keyed_datetime(keys, ctx.now.astimezone(zone).date(), zone) if keys.isdigit() else None)

    def _read_time(self, ctx: Context, text: str) -> Reading | None:
        now = ctx.now.astimezone(self._zone(ctx))
        return ahead(ctx, spoken_delay(text, ctx.language, now) or spoken_datetime(text, ctx.language, now))

    def _zone(self, ctx: Context) -> ZoneInfo:
        """In which times are meant: the node's, that of the case we call about, else that of a telephone number.

        It is the number of the person who is called: they say a time of their own day.
        """
        named = self.zone or str(ctx.case.get("zone") or "")
        return zone_for(named, ctx.caller.number if ctx.outbound is not None else ctx.service_number)


def _now_or_later(ctx: Context, text: str) -> Reading | None:
    ways = {"now": words("now", ctx.language), "later": words("later", ctx.language)}
    return best_choice(text, ways, ctx.language)
