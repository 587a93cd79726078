"""How a call that we make begins: who calls and why, that a machine speaks, and how to end such calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from audio.speaking_rate import estimate_seconds
from flows.events import PersonRequested
from flows.field_words import shown
from flows.nodes.base import Context, End, Leave, Localized, Node, Step, Wait
from flows.nodes.global_words import Wish, refusal_of_words, wish_of_words
from flows.nodes.hints import expected_phrases
from flows.nodes.refusing import opt_out, opt_out_key
from flows.nodes.sample_answers import SampleAnswer
from flows.nodes.speaking import choose, heard_out, say_phrase, speak, text_of
from flows.phrases import words
from flows.requests import Answer
from telephony.calls import Digits, Heard, Silence, Speech
from telephony.verbs import Gather, Prompt, Say

HEARD_OUT = 0.9
"""Part of the opening, by time, after which somebody who speaks has heard it: the rest is the way of saying no."""


class Opening(Node):
    """Say who calls, why, that it is an automated call, and how to get no more of them; then listen for a moment.

    Nothing is asked. Somebody who talks over it (\u201chello?\u201d) hears it once more, since nobody who speaks has
    listened. Silence, other words and other keys lead on. The organisation and the opt-out key stand in the flow's
    `outbound` section. On a call back (the person rings us after a missed call) the sentences say so.

    Keys: the opt-out key; `wrong_person_key`; 0 a person; 9 again. Words: stop calling, wrong number, call me later,
    and those for a person, again and goodbye. \u201cWrong number\u201d and \u201ccall me later\u201d lead from every
    later question to where these exits lead.

    ```yaml
    type: opening
    about:
      en-US: "parcel {{ parcel }}, which comes today"
      zh-CN: "今天派送的快递{{ parcel }}"
    recorded: true
    exits: {next: ask_where, wrong_person: wrong_person, later: call_later}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Opening", "zh": "外呼开场白"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "Who calls, why, that it is automated, and how to get no more calls.",
        "zh": "说明来电方、事由、自动语音，以及如何不再接听此类来电。",
    }
    group: ClassVar[str] = "talk"
    order: ClassVar[int] = 10
    asks: ClassVar[bool] = True

    type: Literal["opening"] = "opening"
    about: Localized = Field(
        description="What the call is about, as it follows \u201ccalling about\u201d.",
        json_schema_extra=shown("来电事由", "来电的事由，接在“给您打电话是关于”之后。", widget="prompt"),
    )
    prompt: Localized = Field(
        default_factory=dict,
        description="Said after who calls and why.",
        json_schema_extra=shown("提示语", "说明来电方和事由之后播报。", widget="prompt"),
    )
    recorded: bool = Field(
        default=False,
        description="Say that the call may be recorded.",
        json_schema_extra=shown("告知录音", "告知通话可能被录音。", en="Say that it is recorded"),
    )
    wrong_person_key: str = Field(
        default="7",
        pattern=r"^[1-7]?$",
        description="Key for \u201cwrong number\u201d; empty for none.",
        json_schema_extra=shown(
            "“打错了”按键", "表示“打错了”的按键；留空则没有。", en="Key for “wrong number”", advanced=True
        ),
    )
    timeout_s: int = Field(
        default=1,
        ge=1,
        le=10,
        description="Silence after it before the call goes on, seconds.",
        json_schema_extra=shown(
            "等待时间", "播报后静默多久继续通话。", en="Silence before going on (seconds)", advanced=True
        ),
    )

    def exit_names(self) -> tuple[str, ...]:
        """next, wrong_person, later; person and failed may stay unwired."""
        return ("next", "wrong_person", "later", "person", "failed")

    def optional_exits(self) -> frozenset[str]:
        """Somebody who wants to be called later is asked all the same when that leads nowhere."""
        return frozenset({"later", "person", "failed"})

    def spoken(self) -> Mapping[str, Localized]:
        """What it is about, and the prompt."""
        return {"about": self.about, **({"prompt": self.prompt} if self.prompt else {})}

    def generated(self, ctx: Context) -> tuple[str, ...]:
        """The sentences without values, so that a voice can prepare them."""
        found = choose(ctx, self.about)
        with_values = found is not None and "{{" in found[1].text
        prompts = self._prompts(ctx)[1 if with_values else 0 :]
        return tuple(p.text for p in prompts if isinstance(p, Say) and p not in speak(ctx, self.prompt))

    def sample_answers(self, ctx: Context) -> tuple[SampleAnswer, ...]:
        """Silence, the keys that it offers, and "call me later"."""
        keys = (opt_out_key(ctx), self.wrong_person_key)
        later = next(iter(words("call_later", ctx.language)), "call me later")
        return (
            SampleAnswer(heard=Silence()),
            *(SampleAnswer(heard=Digits(digits=key)) for key in keys if key),
            SampleAnswer(heard=Speech(text=later, confidence=0.95)),
        )

    def enter(self, ctx: Context) -> Step:
        """Say it, and listen."""
        return self._open(ctx, times=1)

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Take keys and words that end such calls; else go on, or say it again for somebody who spoke over it."""
        match heard:
            case Digits(digits=key) if key:
                return self._take_key(ctx, key)
            case Speech(text=text) if text.strip():
                return self._take_words(ctx, text)
            case _:
                return Step(then=Leave(exit="next"))

    def _open(self, ctx: Context, *, times: int) -> Step:
        prompts = self._prompts(ctx)
        gather = Gather(
            prompts=prompts,
            language=ctx.language,
            timeout_s=self.timeout_s,
            num_digits=1,
            finish_on_key="",
            hints=expected_phrases((), ctx.language, outbound=True),
            barge_in=times == 1,
        )
        memory = {"times": times, "at": ctx.now.isoformat(), "takes_s": round(_seconds(prompts), 1)}
        return Step(verbs=(gather,), memory=memory, then=Wait())

    def _prompts(self, ctx: Context) -> tuple[Prompt, ...]:
        called_back = bool(ctx.case.get("inbound"))
        who = heard_out(
            say_phrase(
                ctx,
                "opening_called_back" if called_back else "opening",
                organisation=organisation(ctx),
                about=text_of(ctx, self.about).rstrip(" .。"),
            )
        )
        key, wrong = opt_out_key(ctx), self.wrong_person_key
        end = heard_out(say_phrase(ctx, "opening_opt_out", key=key)) if key else ()
        rest = (
            *(heard_out(say_phrase(ctx, "opening_recorded")) if self.recorded else ()),
            *(say_phrase(ctx, "opening_wrong_person", key=wrong) if wrong and not called_back else ()),
        )
        # Advertising must offer the way out within two seconds after the name (47 CFR 64.1200(b)(3)).
        if ctx.outbound is not None and ctx.outbound.purpose == "marketing":
            return (*who, *end, *speak(ctx, self.prompt), *rest)
        return (*who, *speak(ctx, self.prompt), *rest, *end)

    def _take_key(self, ctx: Context, key: str) -> Step:
        if key == opt_out_key(ctx):
            return opt_out(ctx, how="key", evidence=key)
        if key == self.wrong_person_key:
            return Step(then=Leave(exit="wrong_person"))
        if key == "0":
            return Step(events=(PersonRequested(node=ctx.node_id, how="key"),), then=Leave(exit="person"))
        if key in ("9", "*"):
            return self._open(ctx, times=int(ctx.memory.get("times", 1)))
        return Step(then=Leave(exit="next"))

    def _take_words(self, ctx: Context, text: str) -> Step:
        times = int(ctx.memory.get("times", 1))
        wish = refusal_of_words(text, ctx.language, outbound=True, open_speech=False)
        wish = wish or wish_of_words(text, ctx.language, open_speech=False)
        if wish is not None:
            return self._grant(ctx, wish, text, times)
        if times == 1 and _talked_over(ctx):
            return self._open(ctx, times=2)
        return Step(then=Leave(exit="next"))

    def _grant(self, ctx: Context, wish: Wish, text: str, times: int) -> Step:
        match wish:
            case "stop_calling":
                return opt_out(ctx, how="words", evidence=text)
            case "wrong_person":
                return Step(then=Leave(exit="wrong_person"))
            case "later":
                return Step(then=Leave(exit="later" if self.exits.get("later") else "next"))
            case "person":
                return Step(events=(PersonRequested(node=ctx.node_id, how="words"),), then=Leave(exit="person"))
            case "goodbye":
                return Step(verbs=say_phrase(ctx, "goodbye"), then=End(end="goodbye", outcome="goodbye"))
            case _:
                return self._open(replace(ctx, memory={}), times=times)


def organisation(ctx: Context) -> str:
    """Who calls, in the language of the call; "" when the flow does not say."""
    found = choose(ctx, ctx.outbound.organisation) if ctx.outbound is not None else None
    return "" if found is None else str(found[1])


def _talked_over(ctx: Context) -> bool:
    """Whether the words came before the opening was through."""
    try:
        asked_at = datetime.fromisoformat(str(ctx.memory.get("at")))
    except ValueError:
        return True
    return (ctx.now - asked_at).total_seconds() < HEARD_OUT * float(ctx.memory.get("takes_s", 0))


def _seconds(prompts: tuple[Prompt, ...]) -> float:
    return sum(estimate_seconds(p.text, p.language) for p in prompts if isinstance(p, Say))
