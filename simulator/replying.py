"""Somebody at the phone who listens to what is asked and answers it, as their list of replies says."""

import re
from collections import Counter

from simulator.conversation import find
from simulator.local_phone import LocalPhone
from simulator.person import Person, Reply
from simulator.phones import Event
from simulator.telling import audible

_PROMPTS = frozenset({"say", "play"})
_CJK = re.compile(r"[\u3400-\u9fff]")
# As long as a gather's questions are spoken: the phone knows when each prompt begins and how long it lasts.
_MARGIN_S = 0.2


class Replier:
    """Answers each question once it has been heard to its end, with the first of the replies that fits."""

    def __init__(self, phone: LocalPhone, person: Person) -> None:
        self._phone = phone
        self._person = person
        self._seen = 0
        self._heard = ""
        self._question: Event | None = None
        self._quiet_from_t = 0.0
        self._used: Counter[int] = Counter()
        self._talked_over = person.talks_over is None

    async def run(self) -> None:
        """Go on until the call ends."""
        while not self._phone.over:
            wait_s = self._wait_s()
            events = await self._phone.events_after(self._seen, wait_s)
            for event in events:
                self._take(event)
            if not events and self._question is not None:
                await self._answer(self._question)

    def _wait_s(self) -> float:
        """How long to listen before it is clear that nothing more is said."""
        if self._question is None:
            return 3600.0
        reply = self._choose(self._question)
        thinking_s = reply[1].after_s if reply is not None else 0.0
        return max(0.05, self._quiet_from_t - self._phone.t + thinking_s)

    def _take(self, event: Event) -> None:
        self._seen = event["seq"]
        kind = event["kind"]
        if kind in _PROMPTS:
            self._heard = f"{self._heard} {audible(event)}".strip()
            self._quiet_from_t = max(self._quiet_from_t, event["t"] + float(event.get("duration_s") or 0.0) + _MARGIN_S)
            self._talk_over()
        elif kind == "pause":
            self._quiet_from_t = max(self._quiet_from_t, event["t"] + float(event.get("duration_s") or 0.0))
        elif kind == "gather":
            self._question = event
            self._quiet_from_t = max(self._quiet_from_t, event["t"] + _MARGIN_S)
        elif kind == "quiet" and event["asked"]:
            self._question = event
            self._quiet_from_t = event["t"]
        elif kind in ("gather_end", "hangup") or (kind == "speaking" and self._in_stream()):
            self._question = None

    def _in_stream(self) -> bool:
        return self._question is not None and self._question["kind"] == "quiet"

    def _talk_over(self) -> None:
        if not self._talked_over and self._person.talks_over is not None:
            self._talked_over = True
            self._phone.say_later(self._words(self._person.talks_over), self._person.talks_over_s)

    async def _answer(self, question: Event) -> None:
        chosen = self._choose(question)
        self._question = None
        if chosen is None:
            return
        index, reply = chosen
        self._used[index] += 1
        if reply.hang_up:
            await self._phone.hang_up()
        elif reply.press is not None:
            await self._phone.press(reply.press)
        elif reply.say is not None:
            await self._phone.say(self._words(reply.say), reply.confidence)
        self._heard = ""

    def _choose(self, question: Event) -> tuple[int, Reply] | None:
        ears = question["input"]
        for index, reply in enumerate(self._person.replies):
            fits = not reply.hears or find(reply.hears, self._heard) is not None
            spent = reply.times is not None and self._used[index] >= reply.times
            deaf = (reply.press is not None and "dtmf" not in ears) or (reply.say is not None and "speech" not in ears)
            if fits and not spent and not deaf:
                return index, reply
        return None

    def _words(self, words: str | dict[str, str]) -> str:
        """The words in the language that was heard last; the only ones when there is no choice."""
        if isinstance(words, str):
            return words
        language = "zh" if _CJK.search(self._heard) else "en"
        return words.get(language) or next(iter(words.values()))
