"""Gather: keys, speech, or whichever comes first."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from simulator.legs import Input, Key, Speech
from simulator.request_parameters import call_parameters
from simulator.twiml.executor import Execution, Step
from simulator.twiml.verbs.attributes import integer, truth
from simulator.twiml.verbs.prompts import prompt

# What `auto` comes to: the recogniser's own idea of a sentence's end.
AUTO_SPEECH_TIMEOUT_S = 1.0
LONGEST_SPEECH_S = 60
_KEYS = re.compile(r"[0-9*#]?")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a Gather wants. `num_digits` None: as many as come; `finish_on` empty: no key ends it."""

    keys: bool
    speech: bool
    timeout_s: int
    num_digits: int | None
    finish_on: str
    speech_timeout_s: float
    barge_in: bool
    action_on_empty: bool

    def heeds(self, item: Input) -> bool:
        """True for input that this question takes."""
        return (self.keys and isinstance(item, Key)) or (self.speech and isinstance(item, Speech))


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came. `params` is what the action is told, None when there is nothing to tell."""

    reason: str
    params: dict[str, str] | None = None


async def gather(run: Execution, verb: Element) -> Step | None:
    """Ask, listen, and go to the action; without an answer the next verb runs."""
    question = read_question(run, verb)
    run.leg.phone.emit(
        "gather",
        input=[name for name, wanted in (("dtmf", question.keys), ("speech", question.speech)) if wanted],
        num_digits=question.num_digits,
        finish_on_key=question.finish_on,
        timeout_s=question.timeout_s,
        language=verb.get("language", "en-US"),
        hints=[hint.strip() for hint in verb.get("hints", "").split(",") if hint.strip()],
    )
    first: Input | None = None
    for child in verb:
        if child.tag in ("Say", "Play", "Pause"):
            first = await prompt(run, child, question.heeds if question.barge_in else _keys_only(question))
        else:
            run.leg_complains(13320, f"'{child.tag}' cannot stand inside Gather.")
        if first is not None:
            break
    reply = await _listen(run, verb, question, first)
    run.leg.phone.emit("gather_end", reason=reply.reason, result=reply.params)
    if reply.params is not None:
        return run.step(verb, reply.params)
    if question.action_on_empty:
        empty = {"Digits": ""} if question.keys else {}
        return run.step(verb, empty | ({"SpeechResult": ""} if question.speech else {}))
    return None


def read_question(run: Execution, verb: Element) -> Question:
    """The attributes of a Gather, with Twilio's defaults and its complaints about what does not go together."""
    wanted = verb.get("input", "dtmf").split()
    finish_on = verb.get("finishOnKey", "#")
    if not _KEYS.fullmatch(finish_on):
        run.leg_complains(13310, f"finishOnKey is '{finish_on[:20]}'; one of 0-9, *, # or nothing is wanted.")
        finish_on = "#"
    timeout_s = integer(verb, "timeout", 5)
    speech_timeout = verb.get("speechTimeout", "")
    if speech_timeout == "auto" and verb.get("speechModel"):
        run.leg_complains(13335, "With speechModel, speechTimeout must be a positive number.")
    auto_s = AUTO_SPEECH_TIMEOUT_S if speech_timeout == "auto" else float(timeout_s)
    return Question(
        keys="dtmf" in wanted or "speech" not in wanted,
        speech="speech" in wanted,
        timeout_s=timeout_s,
        num_digits=integer(verb, "numDigits", 0) or None,
        finish_on=finish_on,
        speech_timeout_s=float(integer(verb, "speechTimeout", 0, low=1)) or auto_s,
        barge_in=truth(verb, "bargeIn", True),
        action_on_empty=truth(verb, "actionOnEmptyResult", False),
    )


def _keys_only(question: Question) -> Callable[[Input], bool]:
    return lambda item: question.keys and isinstance(item, Key)


async def _listen(run: Execution, verb: Element, question: Question, first: Input | None) -> Reply:
    """Keys or speech, whichever comes first; each key starts the timeout anew."""
    digits = ""
    item = first or await run.leg.pass_time(question.timeout_s, question.heeds)
    while item is not None:
        if isinstance(item, Speech) and not digits:
            return await _hear_out(run, verb, question, item)
        if isinstance(item, Key) and item.digit == question.finish_on:
            # The finish key alone is an empty answer, and an empty answer is none.
            params = {"msg": "Gather End", "Digits": digits, "FinishedOnKey": item.digit} if digits else None
            return Reply(reason="finish key", params=params)
        if isinstance(item, Key):
            digits += item.digit
            if len(digits) == question.num_digits:
                return Reply(reason="all digits", params={"msg": "Gather End", "Digits": digits, "FinishedOnKey": ""})
        item = await run.leg.pass_time(question.timeout_s, question.heeds)
    if digits:
        return Reply(reason="timeout", params={"msg": "Gather End", "Digits": digits, "FinishedOnKey": ""})
    return Reply(reason="timeout")


async def _hear_out(run: Execution, verb: Element, question: Question, first: Speech) -> Reply:
    """Let the speaker finish; speech within the speech timeout is added to what was said."""
    text, confidence, item = "", first.confidence, first
    _tell_partial(run, verb, first.text)
    spoken_s = 0.0
    while spoken_s < LONGEST_SPEECH_S:
        text = join_speech(text, item.text)
        spoken_s += item.seconds
        await run.leg.pass_time(item.seconds)
        more = await run.leg.pass_time(question.speech_timeout_s, lambda heard: isinstance(heard, Speech))
        if not isinstance(more, Speech):
            break
        item = more
    params = {"SpeechResult": text, "Language": verb.get("language", "en-US")}
    if confidence is not None:
        params["Confidence"] = str(confidence)
    return Reply(reason="speech", params=params)


def join_speech(before: str, after: str) -> str:
    """Two utterances as one: with a space between, except after Chinese or Japanese."""
    glue = " " if before and before[-1].isascii() else ""
    return before + glue + after


def _tell_partial(run: Execution, verb: Element, text: str) -> None:
    url = verb.get("partialResultCallback")
    if not url:
        return
    halves = [text[: max(1, len(text) // 2)], text]
    for number, unstable in enumerate(halves):
        params = call_parameters(run.leg.call) | {
            "UnstableSpeechResult": unstable,
            "StableSpeechResult": "",
            "Stability": "0.5",
            "SequenceNumber": str(number),
            "Language": verb.get("language", "en-US"),
        }
        method = verb.get("partialResultCallbackMethod", "POST")
        run.carrier.reports.tell("partial", run.resolve(url), params, run.leg.call, method=method, event="partial")
