"""Doing the steps of a scenario on a phone."""

from collections.abc import Awaitable, Callable, Iterable

from simulator.actions import Expect, HangUp, Hear, Interrupt, Press, Say, Silence, Speak, Wait
from simulator.conversation import Conversation, UnexpectedError
from simulator.errors import PhoneStateError, SimulatorError
from simulator.scenario import Step
from simulator.sound import SoundError, from_wav, to_wav
from simulator.streams.espeak import NoVoiceError, synthesized
from simulator.streams.noise import noisy

Check = Callable[[Expect, Conversation], Awaitable[list[str]]]


class ScenarioFailedError(SimulatorError):
    """A step could not be done or an expectation does not hold; the message names the step."""


async def play_steps(conversation: Conversation, steps: Iterable[Step], check: Check | None = None) -> None:
    """Do each step in turn; `check` judges `expect` steps and returns what does not hold."""
    for step in steps:
        try:
            await _do(conversation, step, check)
        except (UnexpectedError, PhoneStateError, SoundError, NoVoiceError) as error:
            raise ScenarioFailedError(f"{step.place}: {error}") from error


async def _do(conversation: Conversation, step: Step, check: Check | None) -> None:
    match step.action:
        case Hear(words=words, within_s=within_s):
            await conversation.hear(words, within_s)
        case Press() | Say() | Speak():
            await _act(conversation, step.action, early=step.action.early)
        case Interrupt(after_s=after_s, action=action):
            await conversation.hear_out(after_s)
            await _act(conversation, action, early=True)
        case Silence(seconds=seconds):
            await conversation.silence(seconds)
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


async def _act(conversation: Conversation, action: Press | Say | Speak, *, early: bool) -> None:
    match action:
        case Press(digits=digits):
            await conversation.press(digits, early=early)
        case Say(text=text, confidence=confidence):
            await conversation.say(text, confidence, early=early)
        case Speak(text=text, confidence=confidence):
            await conversation.speak(spoken_wav(action), text, confidence, early=early)


def spoken_wav(speak: Speak) -> bytes:
    """The sound of a step: its file, or its words synthesized; with noise where noise is wanted."""
    if speak.file is not None and speak.snr_db is None:
        return speak.file.read_bytes()
    samples = from_wav(speak.file.read_bytes()) if speak.file else synthesized(speak.text, speak.language)
    return to_wav(samples if speak.snr_db is None else noisy(samples, speak.snr_db))
