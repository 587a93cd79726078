"""Plays a scenario over any line into the network, and says how it went."""

from dataclasses import dataclass
from typing import Any, Protocol

from simulator.actions import CallSpec
from simulator.conversation import Conversation, TalkingPhone, UnexpectedError
from simulator.expectations import Expectations, Judge
from simulator.phones import Event
from simulator.scenario import Scenario, Step
from simulator.steps import ScenarioFailedError, play_steps
from simulator.telling import audible


class Line(Protocol):
    """A way into the network: in this process, or over HTTP."""

    async def dial(self, call: CallSpec) -> TalkingPhone: ...
    async def messages(self) -> list[dict[str, Any]]: ...


@dataclass(frozen=True, kw_only=True)
class Result:
    """How a scenario went; `failure` is None when all expectations hold, else sentences."""

    scenario: str
    call_sid: str
    phone_id: str
    failure: str | None
    events: tuple[Event, ...]

    @property
    def ok(self) -> bool:
        return self.failure is None

    @property
    def end(self) -> Event | None:
        """The hangup event; None when the call goes on."""
        return next((event for event in reversed(self.events) if event["kind"] == "hangup"), None)

    @property
    def heard(self) -> list[str]:
        """Every prompt as text."""
        return [audible(event) for event in self.events if event["kind"] in ("say", "play", "voice", "greeting")]

    @property
    def documents(self) -> list[str]:
        """Every TwiML document of the call."""
        return [event["document"] for event in self.events if event["kind"] == "twiml"]

    def as_json(self) -> dict[str, Any]:
        """What `call --json` prints."""
        return {
            "scenario": self.scenario,
            "call_sid": self.call_sid,
            "ok": self.ok,
            "failure": self.failure,
            "outcome": self.end,
            "heard": self.heard,
            "documents": self.documents,
            "events": list(self.events),
        }

    def require(self) -> "Result":
        """This result, or an AssertionError that reads like a diff."""
        if self.failure is not None:
            raise AssertionError(f"{self.scenario} ({self.call_sid}):\n{self.failure}")
        return self


async def play(
    scenario: Scenario, line: Line, inside: Expectations | None = None, *, lasts_s: float = 600.0, on_dial: Any = None
) -> Result:
    """Dial, do the steps, see the call to its end and judge it.

    Args:
        lasts_s: how long, after the last step, the app may still talk before the caller hangs up.
        on_dial: called with the Conversation as soon as there is one (a terminal shows it live).
    """
    phone = await line.dial(scenario.call)
    conversation, judge = Conversation(phone), Judge(line, inside)
    if on_dial is not None:
        on_dial(conversation)
    failure: str | None = None
    try:
        await play_steps(conversation, scenario.steps, judge)
        await _see_to_the_end(conversation, scenario, lasts_s)
        await phone.let_go()
        if scenario.expect is not None:
            problems = await judge(scenario.expect, conversation)
            if problems:
                failure = "\n".join(["expect:", *problems, conversation.story()])
    except ScenarioFailedError as error:
        failure = str(error)
        await phone.hang_up()
        await phone.let_go()
    await conversation.catch_up()
    return Result(
        scenario=scenario.name,
        call_sid=phone.call_sid,
        phone_id=phone.id,
        failure=failure,
        events=tuple(conversation.events),
    )


async def _see_to_the_end(conversation: Conversation, scenario: Scenario, lasts_s: float) -> None:
    """After the last step the caller listens on; an app that never ends the call is left."""
    last = Step(place="after the last step", action=scenario.steps[-1].action) if scenario.steps else None
    try:
        await conversation.ended(lasts_s)
    except UnexpectedError as error:
        await conversation.phone.hang_up()
        await conversation.ended()
        if scenario.expect is not None and scenario.expect.ended_by not in (None, "caller"):
            raise ScenarioFailedError(f"{last.place if last else 'the call'}: {error}") from error
