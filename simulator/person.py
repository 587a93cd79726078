"""A person (or machine) at the other end: when they pick up, and what they do then."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from simulator.errors import ScenarioError
from simulator.scenario import parse_steps
from simulator.speech_time import seconds_to_say


class Outcome(StrEnum):
    """What happens when an address is called.

    attended: a driver (a test, a browser) holds the phone and answers it or not.
    """

    ANSWER = "answer"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    MACHINE = "machine"
    UNREACHABLE = "unreachable"
    REJECTED = "rejected"
    ATTENDED = "attended"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Reply(_Strict):
    """What somebody does when they are asked for an answer.

    Of a person's replies the first one is taken whose `hears` was heard since the last reply (plain words, or `/…/` for
    a regular expression; "" fits anything), which has `times` left, and which can be given here (keys where keys are
    listened for, words where words are). `say` may be a mapping from `zh` and `en` to words: those of the language that
    was just heard are said.
    """

    hears: str = ""
    press: str | None = Field(default=None, pattern=r"^[0-9*#]+$")
    say: str | dict[str, str] | None = None
    confidence: float | None = Field(default=0.9, ge=0, le=1)
    hang_up: bool = False
    silent: bool = False
    after_s: float = Field(default=1.0, ge=0, description="Time to think once the question has been heard.")
    times: int | None = Field(default=None, ge=1, description="How often in one call; null for any number.")

    @model_validator(mode="after")
    def _one_thing(self) -> "Reply":
        if sum((self.press is not None, self.say is not None, self.hang_up, self.silent)) != 1:
            raise ValueError("A reply does exactly one thing: press, say, hang_up or silent.")
        return self


class CallBack(_Strict):
    """Whoever missed a call rings the number that called, `after_s` later, and answers as `replies` say."""

    after_s: float = Field(default=60.0, ge=0)
    replies: list[Reply] = Field(default_factory=list)


class Person(_Strict):
    """A behaviour.

    `accept_key` is pressed at every gather (an agent's whisper); `talk_s` is how long a bridged talk lasts. `replies`
    answer what is asked; `script` holds the steps of a scenario instead; either begins when the phone is answered.
    `talks_over` is said into the first prompt, `talks_over_s` after it began. `answers_from` is the number of the first
    call that is picked up; earlier ones ring unanswered. `answered_by` overrides what machine detection believes,
    right or wrong. A machine records up to `records_s` seconds after its beep, then hangs up.
    """

    outcome: Outcome = Outcome.ANSWER
    answer_after_s: float = Field(default=4.0, ge=0)
    answers_from: int = Field(default=1, ge=1)
    greeting: str = "Hello, nobody is in. Please leave a message after the tone."
    records_s: float = Field(default=120.0, gt=0)
    accept_key: str | None = Field(default=None, pattern=r"^[0-9*#]$")
    talk_s: float = Field(default=30.0, ge=0)
    hang_up_after_s: float | None = Field(default=None, ge=0)
    talks_over: str | dict[str, str] | None = None
    talks_over_s: float = Field(default=0.5, ge=0)
    replies: list[Reply] = Field(default_factory=list)
    script: list[Any] = Field(default_factory=list)
    calls_back: CallBack | None = None
    answered_by: str | None = None

    @field_validator("script")
    @classmethod
    def _steps_exist(cls, rows: list[Any]) -> list[Any]:
        try:
            parse_steps(rows, "the person's script")
        except ScenarioError as error:
            raise ValueError(str(error)) from error
        return rows

    @property
    def greeting_s(self) -> float:
        """Seconds until the machine's beep."""
        return seconds_to_say(self.greeting)
