"""Who picks up: how the person, machine or agent at an address behaves when called."""

from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

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


class Person(BaseModel):
    """A behaviour.

    `accept_key` is pressed at every gather (an agent's whisper); `talk_s` is how long a bridged talk lasts. `script`
    holds the steps of a scenario; it runs when the phone is answered. `answered_by` overrides what machine detection
    believes, right or wrong.
    """

    model_config = ConfigDict(extra="forbid")

    outcome: Outcome = Outcome.ANSWER
    answer_after_s: float = Field(default=4.0, ge=0)
    greeting: str = "Hello, nobody is in. Please leave a message after the tone."
    accept_key: str | None = Field(default=None, pattern=r"^[0-9*#]$")
    talk_s: float = Field(default=30.0, ge=0)
    hang_up_after_s: float | None = Field(default=None, ge=0)
    script: list[Any] = Field(default_factory=list)
    answered_by: str | None = None

    @property
    def greeting_s(self) -> float:
        """Seconds until the machine's beep."""
        return seconds_to_say(self.greeting)


# Named behaviours, so that `{"number": "+86…", "behaviour": "agent"}` is enough.
NAMED: dict[str, Person] = {
    "answers": Person(),
    "busy": Person(outcome=Outcome.BUSY),
    "no-answer": Person(outcome=Outcome.NO_ANSWER),
    "machine": Person(outcome=Outcome.MACHINE),
    "unreachable": Person(outcome=Outcome.UNREACHABLE),
    "rejects": Person(outcome=Outcome.REJECTED),
    "agent": Person(accept_key="1"),
    "agent-declines": Person(accept_key="2"),
    "hangs-up": Person(hang_up_after_s=3.0),
    "attended": Person(outcome=Outcome.ATTENDED),
}


class People:
    """Behaviours by address pattern (`*` and `?` as in file names); the last one set that fits is taken."""

    def __init__(self) -> None:
        self._rules: dict[str, Person] = {}
        self.default = NAMED["answers"]

    def set(self, pattern: str, behaviour: str | None = None, **settings: Any) -> Person:
        """Say how whoever fits `pattern` behaves; `settings` change single points of the named behaviour.

        Raises:
            ValueError: an unknown name or setting, as a sentence (pydantic's ValidationError is one too).
        """
        if behaviour is not None and behaviour not in NAMED:
            raise ValueError(f"There is no behaviour {behaviour!r}; there are {', '.join(NAMED)}.")
        base = NAMED[behaviour or "answers"].model_dump()
        person = Person.model_validate({**base, **settings})
        self._rules.pop(pattern, None)
        self._rules[pattern] = person
        return person

    def forget(self, pattern: str) -> bool:
        return self._rules.pop(pattern, None) is not None

    def rules(self) -> dict[str, Person]:
        return dict(self._rules)

    def at(self, address: str) -> Person:
        """How the holder of `address` behaves. A client or SIP address that nobody set cannot be reached."""
        for pattern in reversed(self._rules):
            if fnmatchcase(address, pattern):
                return self._rules[pattern]
        return self.default if address.startswith("+") else NAMED["unreachable"]
