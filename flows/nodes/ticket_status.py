"""Tell the caller how a ticket stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from flows.field_words import shown
from flows.nodes.base import Ask, Context, Leave, Localized, Step
from flows.nodes.inquiry import Inquiry, Taken
from flows.nodes.long_values import digit_groups
from flows.nodes.question import Question
from flows.nodes.speaking import read_out, say_phrase, speak
from flows.phrases import books, phrase, words
from flows.requests import Answer, FindTickets, TicketsFound, TicketSummary
from flows.understanding.check_digits import check_digit_fits
from flows.understanding.normal import normal
from flows.understanding.numbers import spoken_digits
from flows.understanding.reading import Reading
from telephony.calls import Heard
from telephony.verbs import Expects, Prompt

NUMBER_LENGTH = 6


class TicketStatus(Question):
    """Tell the caller how a ticket stands: the caller's own newest ones first, else one by its number.

    With `by_caller`, tickets of the calling number are told without asking. Otherwise, or when there are none, the
    six digits of a ticket number are asked for; the last one is a Damm check digit, so that a slip is noticed at once.
    The hash key or "I don't know" goes on without a number. Sets `ticket` {number, status, subject} when found.

    ```yaml
    type: ticket_status
    exits: {found: anything_else, none: offer_person}
    ```
    """

    title: ClassVar[Mapping[str, str]] = {"en": "Ticket status", "zh": "查询工单"}
    summary: ClassVar[Mapping[str, str]] = {
        "en": "Tell the caller how a ticket stands.",
        "zh": "告诉来电者工单的进展。",
    }
    group: ClassVar[str] = "do"
    order: ClassVar[int] = 40

    type: Literal["ticket_status"] = "ticket_status"
    prompt: Localized = Field(
        default_factory=dict,
        description="Asks for the number; a built-in question if empty.",
        json_schema_extra=shown("提示语", "询问工单号；留空则用内置问句。", widget="prompt"),
    )
    by_caller: bool = Field(
        default=True,
        description="Look for tickets of the calling number first.",
        json_schema_extra=shown("先按来电号码查找", "先查找该来电号码的工单。", en="Look by the caller's number first"),
    )
    most: int = Field(
        default=2,
        ge=1,
        le=3,
        description="How many of the caller's tickets are told.",
        json_schema_extra=shown("最多播报", "最多播报来电者的几张工单。", en="Most tickets told", advanced=True),
    )

    def exit_names(self) -> tuple[str, ...]:
        """found or none."""
        return ("found", "none", "person", "failed")

    def sets_values(self) -> frozenset[str]:
        """ticket."""
        return frozenset({"ticket"})

    def enter(self, ctx: Context) -> Step:
        """Look by the caller's number, or ask."""
        if self.by_caller and ctx.caller.number:
            return Step(memory={"stage": "caller"}, then=Ask(request=FindTickets()))
        return self.ask(ctx, {"stage": "number"})

    def resume(self, ctx: Context, heard: Heard | Answer) -> Step:
        """Tell what the desk found, or take the number."""
        if not isinstance(heard, TicketsFound):
            return super().resume(ctx, heard)
        if heard.tickets:
            return self._tell(ctx, heard.tickets[: self.most])
        none = say_phrase(ctx, "ticket_none")
        if ctx.memory.get("stage") == "caller":
            return self.ask(ctx, {"stage": "number"})
        return Step(verbs=none, then=Leave(exit="none"))

    def inquiry(self, ctx: Context) -> Inquiry:
        """Six digits, or the hash key for none."""
        return Inquiry(
            prompts=speak(ctx, self.prompt) or say_phrase(ctx, "ticket_ask"),
            read_keys=lambda keys: Reading(value="") if keys == "#" else _number(Reading(value=keys.rstrip("#"))),
            read_speech=lambda text: _spoken_number(ctx, text),
            say_value=lambda reading: read_out(ctx, reading.value, "digits"),
            phrases=words("skip", ctx.language) + words("number_words", ctx.language),
            num_digits=NUMBER_LENGTH,
            finish_on_key="",
            # The check digit speaks for what was heard better than a question back would.
            confirm="never",
            expects=Expects.DIGITS,
            groups=digit_groups(ctx, lambda said: _number(Reading(value=said)), lambda said: len(said) < NUMBER_LENGTH),
            speech_end_s=2,
        )

    def answered(self, ctx: Context, taken: Taken) -> Step:
        """Look by number, or go on without one."""
        if not taken.value:
            return Step(verbs=say_phrase(ctx, "ticket_none"), then=Leave(exit="none"))
        memory = {**ctx.memory, "stage": "looking"}
        return Step(memory=memory, then=Ask(request=FindTickets(number=taken.value)))

    def _tell(self, ctx: Context, tickets: tuple[TicketSummary, ...]) -> Step:
        verbs: tuple[Prompt, ...] = ()
        for ticket in tickets:
            number = read_out(ctx, ticket.number, "digits")
            verbs += say_phrase(ctx, "ticket_is", number=number, status=_status_in_words(ctx, ticket.status))
        first = tickets[0]
        value = {"number": first.number, "status": first.status, "subject": first.subject}
        return Step(verbs=verbs, values={"ticket": value}, then=Leave(exit="found"))


def _number(reading: Reading) -> Reading | None:
    if not str(reading.value).isdigit():
        return None
    fits = len(reading.value) == NUMBER_LENGTH and check_digit_fits(reading.value, "damm")
    return reading if fits else Reading(value=reading.value, problem="ticket_wrong_number")


def _spoken_number(ctx: Context, text: str) -> Reading | None:
    if normal(text) in {normal(way) for way in words("skip", ctx.language)}:
        return Reading(value="")
    found = spoken_digits(text, ctx.language)
    return _number(found) if found else None


def _status_in_words(ctx: Context, status: str) -> str:
    key = f"status_{status}"
    return phrase(key, ctx.language) if key in books()["en-US"].says else status
