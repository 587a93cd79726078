"""The real Korean model, on a person's voice over the telephone."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Iterator
from pathlib import Path
from typing import Any

import pytest

from audio.catalogue import SpeechFolders
from audio.codecs import mulaw
from audio.hearing.choice import HearingSettings
from audio.hearing.ears import Ear, EarFailedError
from audio.hearing.house_ears import HouseEars
from audio.hearing.question import AnswerKind, Question
from audio.pcm import join, silence
from audio.wav import read_wav

pytestmark = pytest.mark.speech

VOICE = Path(__file__).resolve().parents[3] / "demo" / "voices" / "complaint_ko.wav"
# Where single words of it are, in seconds.
PROJECT, SHOWN, LEARNING_AND_SHIPPING = (0.5, 1.25), (2.65, 3.75), (5.5, 7.4)
MENU = Question(language="ko-KR", phrases=("상담원", "프로젝트", "표시 됩니다", "학습 배포", "배송 조회"))
OPEN = Question(language="ko-KR", kind=AnswerKind.OPEN)


class House:
    """Ears on an event loop of their own: the model is loaded once for all tests here."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        nowhere = Path("/nonexistent")
        folders = SpeechFolders(models=nowhere, cache=nowhere)
        self.ears = HouseEars(HearingSettings(folders=folders, max_calls=20, lag_limit_ms=60_000))
        self.run(self.ears.start(["ko-KR"]))

    def run(self, what: Awaitable[Any]) -> Any:
        return self.loop.run_until_complete(asyncio.wait_for(what, 120))

    def close(self) -> None:
        self.run(self.ears.close())
        self.loop.close()


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    house = House()
    yield house
    house.close()


def sound(*span: float) -> bytes:
    return mulaw.encode(join([silence(0.2), read_wav(VOICE).part(*span), silence(0.3)]))


def hear(ear: Ear, payload: bytes) -> None:
    for start in range(0, len(payload), 160):
        ear.hear(payload[start : start + 160])


def test_words_of_a_menu_are_heard_and_written_as_the_menu_has_them(house: House) -> None:
    async def call() -> None:
        told: list[str] = []
        ear = await house.ears.open("ko-KR", told.append)
        ear.ask(MENU)
        for _ in range(2):  # The second time by a recogniser that has heard somebody before.
            for span, text in ((PROJECT, "프로젝트"), (SHOWN, "표시 됩니다"), (LEARNING_AND_SHIPPING, "학습 배포")):
                hear(ear, sound(*span))
                decision = await ear.finish()
                assert decision.text == text
                assert decision.confidence is not None
                assert decision.confidence > 0.4
                assert decision.engine == "vosk"
                assert 0 <= decision.words[0].start_s < decision.words[-1].end_s <= len(sound(*span)) / 8000
        assert "프로젝트" in told
        hear(ear, b"\xff" * 16_000)
        assert (await ear.finish()).nothing
        ear.close()

    house.run(call())


def test_open_speech_is_written_down(house: House) -> None:
    async def call() -> None:
        ear = await house.ears.open("ko-KR")
        ear.ask(OPEN)
        hear(ear, sound(0.4, 3.9))
        decision = await ear.finish()
        assert len({"만든", "후", "표시", "됩니다"} & set(decision.text.split())) >= 2
        ear.close()

    house.run(call())


def test_a_question_of_words_the_model_does_not_know_fails_without_harm(house: House) -> None:
    async def call() -> None:
        ear = await house.ears.open("ko-KR")
        ear.ask(Question(language="fi", phrases=("asiakaspalvelu",)))
        hear(ear, sound(*PROJECT))
        with pytest.raises(EarFailedError, match="No recogniser hears closed questions in fi"):
            await ear.finish()
        ear.ask(Question(language="ko-KR", phrases=("asiakaspalvelu", "[]", '"', "\\", "{}")))
        hear(ear, sound(*PROJECT))
        with pytest.raises(EarFailedError, match="knows none of the words of this question"):
            await ear.finish()
        ear.ask(Question(language="ko-KR", phrases=('["', "\\", "{}", "프로젝트")))
        hear(ear, sound(*PROJECT))
        assert (await ear.finish()).text == "프로젝트"
        ear.close()
        assert [each.deaths for each in house.ears.figures()] == [0]

    house.run(call())


def test_a_worker_killed_while_three_callers_speak_costs_them_nothing(house: House) -> None:
    async def call() -> None:
        spans = {"프로젝트": PROJECT, "표시 됩니다": SHOWN, "학습 배포": LEARNING_AND_SHIPPING}
        calls = [(await house.ears.open("ko-KR"), text, sound(*span)) for text, span in spans.items()]
        for ear, _, payload in calls:
            ear.ask(MENU)
            hear(ear, payload[:3200])
        await asyncio.sleep(0.05)
        process = house.ears.group_for(MENU).processes[0]
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        for ear, _, payload in calls:
            hear(ear, payload[3200:])
        decisions = await asyncio.gather(*(ear.finish() for ear, _, _ in calls))
        assert [decision.text for decision in decisions] == [text for _, text, _ in calls]
        for ear, _, _ in calls:
            ear.close()
        assert [each.deaths for each in house.ears.figures()] == [1]
        assert house.ears.room("ko") == 20

    house.run(call())
