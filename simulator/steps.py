"""Doing the steps of a scenario on a phone."""

from collections.abc import Awaitable, Callable, Iterable

from simulator.conversation import Conversation, UnexpectedError
from simulator.errors import PhoneStateError, SimulatorError
from simulator.scenario import Expect, HangUp, Hear, Press, Say, Silence, Speak, Step, Wait
from simulator.sound import SoundError

Check = Callable[[Expect, Conversation], Awaitable[list[str]]]


class ScenarioFailedError(SimulatorError):
    """A step could not be done or an expectation does not hold; the message names the step."""


async def play_steps(conversation: Conversation, steps: Iterable[Step], check: Check | None = None) -> None:
    """Do each step in turn; `check` judges `expect` steps and returns what does not hold."""
    for step in steps:
        try:
            await _do(conversation, step, check)
        except (UnexpectedError, PhoneStateError, SoundError) as error:
            raise ScenarioFailedError(f"{step.place}: {error}") from error


async def _do(conversation: Conversation, step: Step, check: Check | None) -> None:
    match step.action:
        case Hear(words=words, within_s=within_s):
            await conversation.hear(words, within_s)
        case Press(digits=digits, early=early):
            await conversation.press(digits, early=early)
        case Say(text=text, confidence=confidence, early=early):
            await conversation.say(text, confidence, early=early)
        case Silence(seconds=seconds):
            await conversation.silence(seconds)
        case Speak(file=file):
            await conversation.speak(file.read_bytes())
        case Wait(seconds=seconds):
            await conversation.phone.pause(seconds)
        case HangUp():
            await conversation.phone.hang_up()
            await conversation.ended()
        case Expect():
            await conversation.catch_up()
            problems = await check(step.action, conversation) if check else []
            if problems:
                raise ScenarioFailedError(f"{step.place}:\n" + "\n".join(problems))
