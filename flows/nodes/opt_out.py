"""The caller wants no more calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from flows.events import OptedOut
from flows.nodes.base import Context, End, Leave, Localized, Node, Step
from flows.nodes.speaking import fill, say_phrase, speak
from flows.requests import Answer
from telephony.calls import Heard


class OptOut(Node):
    """Put the caller's number on the list of those not to be called, say so, and end the call or go on.

    Nothing is asked back: who comes here has pressed the key or said the words (47 CFR 64.1200(b)(3) wants the number
    taken off without a further menu, and the call ended).

    ```yaml
    type: opt_out
    purpose: delivery
    evidence: "pressed 8"
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Opt out", "zh": "退订"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "Never call this number again, and say so.",
        "zh": "不再拨打此号码，并告知来电者。",
    }
    group: ClassVar[str] = "do"

    type: Literal["opt_out"] = "opt_out"
    purpose: str = Field(default="all", pattern=r"^[a-z][a-z_]{0,39}$", description="all, or one purpose of calls.")
    evidence: str = Field(
        default="asked in the call", max_length=200, description="How the caller said so; {{ values }}."
    )
    prompt: Localized = Field(default_factory=dict, description="Said instead of the built-in confirmation.")
    then: Literal["end", "next"] = Field(default="end", description="End the call, or go on by next.")

    def exit_names(self) -> tuple[str, ...]:
        """None when the call ends here."""
        return ("next",) if self.then == "next" else ()

    def spoken(self) -> Mapping[str, Localized]:
        """The prompt, if any."""
        return {"prompt": self.prompt} if self.prompt else {}

    def enter(self, ctx: Context) -> Step:
        """Report, confirm, end."""
        event = OptedOut(node=ctx.node_id, purpose=self.purpose, evidence=fill(ctx, self.evidence))
        said = speak(ctx, self.prompt) or say_phrase(ctx, "opted_out" if self.purpose == "all" else "opted_out_purpose")
        then = Leave(exit="next") if self.then == "next" else End(end="opted_out", outcome="opted_out")
        return Step(verbs=said, events=(event,), then=then)

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Nothing is asked."""
        return Step(then=End(end="opted_out", outcome="opted_out"))
