"""Worker processes may die, hang, refuse and be late; calls go on."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from audio.catalogue import SpeechFolders
from audio.hearing.capacity import calls_more, cores_for_call
from audio.hearing.choice import HearingSettings, QuestionClass
from audio.hearing.data_voice import DataWords, encode
from audio.hearing.ears import Ear, EarFailedError, NoEarError
from audio.hearing.engine import EngineCapabilities, EngineSpec
from audio.hearing.figures import EngineRecord
from audio.hearing.house_ears import HouseEars
from audio.hearing.hypothesis import Hypothesis
from audio.hearing.question import AnswerKind, Question

NOWHERE = Path("/nonexistent")
SETTINGS = HearingSettings(folders=SpeechFolders(models=NOWHERE, cache=NOWHERE), max_calls=20, lag_limit_ms=60_000)
HUSH = b"\xff" * 4000


def spec(kind: str, **more: Any) -> EngineSpec:
    maker = f"tests.audio.hearing.unruly_engine:make_{kind}"
    return EngineSpec(name=f"unruly-{kind}", maker=maker, languages=("en",), **more)


STREAMING = {QuestionClass.CLOSED: spec("streaming", stuck_s=1.0)}
WHOLE = {QuestionClass.DIGITS: spec("whole", stuck_s=1.0)}
BOTH = STREAMING | WHOLE


@asynccontextmanager
async def house(settings: HearingSettings = SETTINGS, plan: Any = BOTH) -> AsyncIterator[HouseEars]:
    ears = HouseEars(settings, lambda language: plan if language == "en-US" else {})
    await ears.start(["en-US", "zh-CN"])
    try:
        yield ears
    finally:
        await ears.close()


def run(test: Callable[[HouseEars], Awaitable[None]], **given: Any) -> None:
    async def whole() -> None:
        async with house(**given) as ears:
            await test(ears)

    asyncio.run(whole())


class Shared:
    """One house for the tests that harm nobody, on an event loop of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._house = house()
        self._ears = self._loop.run_until_complete(self._house.__aenter__())

    def run(self, test: Callable[[HouseEars], Awaitable[None]]) -> None:
        self._loop.run_until_complete(test(self._ears))

    def close(self) -> None:
        self._loop.run_until_complete(self._house.__aexit__(None, None, None))
        self._loop.close()


@pytest.fixture(scope="module")
def shared() -> Iterator[Shared]:
    shared = Shared()
    yield shared
    shared.close()


def closed(*wishes: str) -> Question:
    return Question(language="en-US", phrases=wishes)


def digits(*wishes: str) -> Question:
    return Question(language="en-US", kind=AnswerKind.DIGITS, phrases=wishes)


def say(ear: Ear, text: str) -> None:
    sound = encode(DataWords(text=text))
    for start in range(0, len(sound), 160):
        ear.hear(sound[start : start + 160])


async def answer(ears: HouseEars, question: Question, text: str) -> Hypothesis:
    ear = await ears.open("en-US")
    ear.ask(question)
    say(ear, text)
    try:
        return await ear.finish()
    finally:
        ear.close()


def pids(ears: HouseEars) -> list[int | None]:
    return [process.pid for group in ears._groups.values() for process in group.processes]


def worker_of(ears: HouseEars, question: Question) -> int:
    pid = ears.group_for(question).processes[0].pid
    assert pid is not None
    return pid


def test_words_are_told_while_they_are_spoken_and_each_utterance_stands_alone(shared: Shared) -> None:
    async def test(ears: HouseEars) -> None:
        told: list[str] = []
        ear = await ears.open("en-US", told.append)
        ear.ask(closed())
        say(ear, "track")
        await until(lambda: told == ["track"])
        say(ear, "my parcel")
        first = await ear.finish()
        assert (first.text, first.confidence, first.engine) == ("track my parcel", 0.9, "unruly")
        assert first.decode_ms > 0
        assert (await ear.finish()).nothing
        say(ear, "nonsense")
        ear.drop()
        say(ear, "billing")
        assert (await ear.finish()).text == "billing"
        ear.ask(digits())
        say(ear, "seven")
        assert (await ear.finish()).text == "seven"
        ear.close()

    shared.run(test)


def test_a_worker_killed_in_mid_utterance_costs_no_call_its_words() -> None:
    async def test(ears: HouseEars) -> None:
        calls = [await ears.open("en-US") for _ in range(6)]
        for number, ear in enumerate(calls):
            ear.ask(closed() if number % 2 else digits())
            say(ear, f"first half {number}")
        os.kill(worker_of(ears, closed()), signal.SIGKILL)
        await until(lambda: not ears.group_for(closed()).is_ready)
        assert ears.room("en") == 0
        for ear in calls:
            say(ear, "second half")
        decisions = await asyncio.gather(*(ear.finish() for ear in calls))
        assert [decision.text for decision in decisions] == [f"first half {n} second half" for n in range(6)]
        assert {each.name: each.deaths for each in ears.figures()} == {"unruly-streaming": 1, "unruly-whole": 0}
        for ear in calls:
            ear.close()
        assert ears.room("en") == 20

    run(test)


@pytest.mark.parametrize(("way", "ask"), [("abort", closed), ("segfault", digits)])
def test_a_question_that_kills_twice_fails_alone_and_is_not_asked_again(way: str, ask: Callable[..., Question]) -> None:
    async def test(ears: HouseEars) -> None:
        deadly = ask(way)
        innocent = [answer(ears, ask(f"question {n}"), f"answer {n}") for n in range(5)]
        fatal, *others = await asyncio.gather(answer(ears, deadly, "hello"), *innocent, return_exceptions=True)
        assert isinstance(fatal, EarFailedError)
        assert [each.text for each in others if isinstance(each, Hypothesis)] == [f"answer {n}" for n in range(5)]
        deaths = ears.group_for(ask()).record.deaths
        assert deaths == 2
        await until(lambda: ears.room("en") > 0)
        with pytest.raises(EarFailedError, match="ended the recogniser before"):
            await answer(ears, deadly, "hello")
        assert (await answer(ears, ask("another"), "fine")).text == "fine"
        assert ears.group_for(ask()).record.deaths == deaths

    run(test, plan=plan_of(ask))


@pytest.mark.parametrize(("way", "ask"), [("hang", closed), ("abort", digits)])
def test_what_kills_or_hangs_once_is_heard_the_second_time(
    way: str, ask: Callable[..., Question], tmp_path: Path
) -> None:
    async def test(ears: HouseEars) -> None:
        heard = await asyncio.gather(
            answer(ears, ask(way, str(tmp_path / "once")), "hello"), answer(ears, ask(), "hello too")
        )
        assert [each.text for each in heard] == ["hello", "hello too"]
        assert ears.group_for(ask()).record.deaths == 1

    run(test, plan=plan_of(ask))


def test_an_engine_that_refuses_fails_one_utterance_without_telling_what_was_said(shared: Shared) -> None:
    async def test(ears: HouseEars) -> None:
        for ask in (closed, digits):
            with pytest.raises(EarFailedError, match="I will not"):
                await answer(ears, ask("refuse"), "hello")
            with pytest.raises(EarFailedError, match=r"^The recogniser failed: ValueError\.$"):
                await answer(ears, ask("blunder"), "hello")
        assert all(each.deaths == 0 and each.failures == 2 for each in ears.figures())

    shared.run(test)


def test_a_decision_is_prepared_in_a_pause_and_taken_back_when_more_is_said() -> None:
    async def test(ears: HouseEars) -> None:
        told: list[str] = []
        ear = await ears.open("en-US", told.append)
        ear.ask(digits("slow"))
        say(ear, "one two")
        ear.paused()
        ear.hear(HUSH)
        await until(lambda: told == ["one two"])
        ready = await ear.finish()
        assert (ready.text, ready.engine) == ("one two", "unruly-whole 1")
        say(ear, "three")
        ear.paused()
        ear.hear(HUSH)
        say(ear, "four")
        ear.hear(HUSH)
        ear.paused()
        assert (await ear.finish()).text == "three four"
        say(ear, "five")
        ear.paused()
        say(ear, "six")  # The utterance is cut while the caller speaks: no second pause is told.
        assert (await ear.finish()).text == "five six"
        (figures,) = [each for each in ears.figures() if each.name == "unruly-whole"]
        assert (figures.decisions, figures.prepared, figures.queue) == (3, 1, 0)

    run(test, plan=WHOLE)


def test_a_question_is_prepared_once_when_it_is_asked() -> None:
    async def test(ears: HouseEars) -> None:
        ear = await ears.open("en-US")
        for question in (digits("one"), digits("blunder"), digits("one"), digits("prepared?")):
            ear.ask(question)
        prepared = ""
        while prepared.count(" ") < 2:  # Answers go before preparations; these are done when there is time.
            say(ear, "anything")
            prepared = (await ear.finish()).text
        assert prepared == "one blunder prepared?"

    run(test, plan=WHOLE)


def test_work_that_nobody_wants_any_more_is_not_done() -> None:
    async def test(ears: HouseEars) -> None:
        busy = asyncio.create_task(answer(ears, digits("slow"), "busy"))
        await until(lambda: sum(each.queue for each in ears.figures()) == 1)
        dropped = [await ears.open("en-US") for _ in range(10)]
        for ear in dropped:
            ear.ask(digits("slow"))
            say(ear, "never mind")
            ear.paused()
            ear.close()
        assert (await busy).text == "busy"
        assert (await answer(ears, digits(), "next")).engine == "unruly-whole 2"

    run(test, plan=WHOLE)


def test_there_is_room_for_so_many_calls_and_the_next_is_told_at_once(shared: Shared) -> None:
    async def test(ears: HouseEars) -> None:
        assert (ears.room("en-GB"), ears.room("zh-CN"), ears.room("ko")) == (20, 0, 0)
        held = [await ears.open("en-US") for _ in range(20)]
        with pytest.raises(NoEarError, match="busy"):
            await ears.open("en-US")
        with pytest.raises(NoEarError, match="no recogniser was started"):
            await ears.open("zh-CN")
        held[0].close()
        held[0].close()
        assert ears.room("en-US") == 1
        for ear in held:
            ear.close()

    shared.run(test)


def test_late_decisions_close_the_door_for_new_calls() -> None:
    strict = HearingSettings(folders=SETTINGS.folders, max_calls=20, lag_limit_ms=200)

    async def test(ears: HouseEars) -> None:
        await answer(ears, digits("slow"), "one late decision may be chance")
        assert ears.room("en") == 20
        await asyncio.gather(*(answer(ears, digits("slow"), "more are not") for _ in range(2)))
        assert ears.room("en") == 0
        with pytest.raises(NoEarError, match="busy"):
            await ears.open("en-US")

    run(test, settings=strict, plan=WHOLE)


def test_without_a_limit_the_processor_is_the_limit() -> None:
    stream, whole = (
        EngineCapabilities(languages=frozenset({"en"}), streaming=streaming, closed=True, open=True, cost=cost)
        for streaming, cost in ((True, 0.035), (False, 0.15))
    )
    given: dict[str, Any] = {"processes": 1, "cores": 2, "used": [], "used_of_engine": 0.0}
    assert calls_more(stream, **given) == 45
    assert calls_more(stream, **{**given, "used": [0.035] * 40, "used_of_engine": 1.4}) == 5
    assert calls_more(whole, **given) == 11
    assert calls_more(whole, **{**given, "processes": 2}) == 22
    assert calls_more(whole, **{**given, "used": [0.035] * 45}) == 0
    assert cores_for_call(whole) == pytest.approx(0.045)

    async def test(ears: HouseEars) -> None:
        before = ears.room("en")
        ear = await ears.open("en")
        assert ears.room("en") == before - 1
        ear.close()
        assert ears.room("en") == before

    unlimited = HearingSettings(folders=SETTINGS.folders)
    run(test, settings=unlimited, plan={QuestionClass.CLOSED: spec("streaming")})


def test_the_door_opens_again_when_the_late_decisions_are_old() -> None:
    now = [100.0]
    record = EngineRecord(clock=lambda: now[0])
    for _ in range(5):
        record.decided(3000, was_prepared=False)
    assert record.recent_p95_ms() == 3000
    now[0] += 11
    assert record.recent_p95_ms() == 0


def test_an_engine_that_does_not_start_leaves_its_language_without_room() -> None:
    async def test(ears: HouseEars) -> None:
        assert ears.room("en") == 0
        assert pids(ears) == []

    run(test, plan={QuestionClass.CLOSED: spec("unable")})


def test_another_engine_of_the_language_steps_in_for_one_that_does_not_start() -> None:
    async def test(ears: HouseEars) -> None:
        assert (await answer(ears, digits(), "seven")).engine == "unruly"

    run(test, plan={QuestionClass.DIGITS: spec("unable"), QuestionClass.CLOSED: spec("streaming")})


def test_a_closed_house_leaves_no_process_behind() -> None:
    async def whole() -> list[int | None]:
        async with house(plan={QuestionClass.CLOSED: spec("whole", processes=2)}) as ears:
            assert len(set(pids(ears))) == 2
            return pids(ears)

    for pid in asyncio.run(whole()):
        assert pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def plan_of(ask: Callable[..., Question]) -> Any:
    """Only the engine that is asked, so that a test starts no more processes than it needs."""
    return STREAMING if ask is closed else WHOLE


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(3000):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("It did not come about within 30 s.")
