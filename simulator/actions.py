"""What a scenario's steps do, and what it expects; scenarios.md beside this file describes them."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class CallSpec(_Strict):
    """Who calls whom. `from` and `to` may be filled in later by whoever plays the scenario."""

    to: str | None = None
    from_: str | None = Field(default=None, alias="from")
    language: str | None = None
    forwarded_from: str | None = None


class Hear(_Strict):
    """Wait for prompts with these words, in order."""

    words: list[str] = Field(min_length=1)
    within_s: float = Field(default=120.0, gt=0)


class Press(_Strict):
    """Press keys when somebody listens; `early`: at once."""

    digits: str = Field(pattern=r"^[0-9*#]+$")
    early: bool = False


class Say(_Strict):
    """Say words; `confidence` is what the carrier's recogniser will report, null for none."""

    text: str = Field(min_length=1)
    confidence: float | None = Field(default=0.9, ge=0, le=1)
    early: bool = False


class Silence(_Strict):
    """Say nothing until the question is given up, or for `seconds`."""

    seconds: float | None = Field(default=None, ge=0)


class Speak(_Strict):
    """Speak a WAV file, or synthesized words, after the beep, in a stream, or (when the words are known) to a question.

    `text` is what a file says, or what is to be synthesized; `snr_db` puts noise so far below it.
    """

    file: Path | None = None
    text: str = ""
    language: str | None = None
    snr_db: float | None = Field(default=None, ge=-10, le=60)
    confidence: float | None = Field(default=0.9, ge=0, le=1)
    early: bool = False

    @model_validator(mode="after")
    def _something(self) -> "Speak":
        if self.file is None and not self.text.strip():
            raise ValueError("name a WAV file, or the text to speak")
        return self


class Interrupt(_Strict):
    """Say, speak or press once so many seconds of the current prompt (or the next, when none sounds) were heard."""

    after_s: float = Field(ge=0)
    action: Press | Say | Speak


class Wait(_Strict):
    """Let time pass."""

    seconds: float = Field(ge=0)


class HangUp(_Strict):
    """Put the phone down."""


class Expect(_Strict):
    """What must be true. `within_s` is how long, in real time, the app may take to make it so."""

    ended_by: str | None = Field(default=None, pattern="^(caller|callee|app|carrier)$")
    status: str | None = None
    heard_in_order: list[str] = Field(default_factory=list)
    not_heard: list[str] = Field(default_factory=list)
    twiml_valid: bool | None = None
    notifications: list[int] | None = None
    node: str | None = None
    nodes: list[str] | None = None
    ticket: dict[str, Any] | None = None
    tickets: int | None = None
    outcome: str | None = None
    sms: dict[str, str] | None = None
    within_s: float = Field(default=10.0, ge=0)


Action = Hear | Press | Say | Silence | Speak | Interrupt | Wait | HangUp | Expect
