"""The media server over real sockets: whole streams, what must not come in, and everything that can go wrong."""

from __future__ import annotations

import asyncio
import json
import logging
import urllib.request
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from media_lab import SIGNATURE, WORD_MS, caller, media_server, turns
from stream_lab import digits, gather, say
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from audio.hearing.data_voice import DataWords, encode
from audio.hearing.scripted import ScriptedEars
from ivr.streams.conductor import Conductor
from ivr.streams.outbox import FULL, Outbox
from telephony.calls import Digits, Nothing, Silence, Speech
from telephony.twilio.media_stream import TwilioMediaStream
from telephony.verbs import Dial, Hangup, InputMode, Pause, Play, Redirect

BYE = (say("good bye"), Hangup())


def run(scenario: Coroutine[Any, Any, None]) -> None:
    async def within_time() -> None:
        async with asyncio.timeout(30):
            await scenario

    asyncio.run(within_time())


def test_a_call_talks_is_understood_and_hears_the_end_before_the_socket_closes() -> None:
    async def scenario() -> None:
        async with media_server(
            turns((gather(say("how can I help")),), (say("well"), digits(say("which"))), BYE)
        ) as house:
            async with caller(house) as call:
                await call.quiet(1_000)
                assert call.heard_ms == 4 * WORD_MS
                await call.speak("shipping")
                await call.quiet(1_000)
                await call.press("42#")
                await call.quiet(100 + 2 * WORD_MS)
                assert await call.closed() == 1000
                assert call.heard_ms >= 7 * WORD_MS
            assert [told[2] for told in house.doors.of("answer")] == [
                Speech(text="shipping", confidence=0.9),
                Digits(digits="42"),
            ]
            assert house.doors.of("leave", "over") == [("leave", 1, True, "")]
            assert house.doors.notes[0]["engine"] == "scripted"
            assert {"endpoint", "decode"} <= house.doors.notes[0]["latency_ms"].keys()
            await house.empty()
            figures = house.server.figures()
            assert figures["first_audio_ms"]["count"] == 1
            assert figures["streams"] == {"now": 0, "opened": 1}
            assert house.ears.room("en") == house.ears.most
            frames = [message for message in call.received if message["event"] == "media"]
            assert {frozenset(message) for message in frames} == {frozenset({"event", "streamSid", "media"})}

    run(scenario())


def test_only_a_signed_upgrade_on_the_path_comes_in_and_health_is_told() -> None:
    async def scenario() -> None:
        async with media_server({}) as house:
            for path, signature, status in (
                ("/voice/stream", "", 403),
                ("/voice/stream", "x" + SIGNATURE[1:], 403),
                ("/voice/stream?a=1", SIGNATURE, 404),
                ("/voice/other", SIGNATURE, 404),
            ):
                url = f"ws://127.0.0.1:{house.port}{path}"
                with pytest.raises(InvalidStatus) as refused:
                    await connect(url, additional_headers={"X-Twilio-Signature": signature}).__aenter__()
                assert refused.value.response.status_code == status
            answer = await asyncio.to_thread(urllib.request.urlopen, f"http://127.0.0.1:{house.port}/health")
            assert (answer.status, answer.read()) == (200, b"ok\n")
            assert house.doors.of("enter") == []
            beats = await house.told("beat")
            assert beats[0] == ("beat", "media", 0, {"en": 1000, "zh": 1000, "ko": 1000})

    run(scenario())


def test_a_wrong_key_closes_the_socket_and_nothing_else_happens() -> None:
    async def scenario() -> None:
        async with media_server(turns(BYE)) as house, caller(house, key="wrong") as call:
            assert await call.closed() == 1000
            assert house.doors.of("enter", "leave", "over", "answer") == []
            assert (call.received, house.ears.opened) == ([], [])

    run(scenario())


def test_a_connection_that_does_not_start_is_closed_and_sound_before_the_start_means_nothing() -> None:
    async def scenario() -> None:
        async with media_server(turns((gather(),)), start_within_s=0.2) as house:
            async with caller(house, start=False) as call:
                await call.frame(b"\xff" * 160, in_step=False)
                await call.press("1#")
                assert await call.closed() == 1000
            async with caller(house, start=False, stream="MZ2") as call:
                await call.press("1#")
                await call.frame(b"\xff" * 160, in_step=False)
                call.sent = 0
                await call.start("k")
                await call.quiet(500)
                assert house.doors.of("answer") == []
                await call.press("7#")
                assert (await house.told("answer"))[0][2] == Digits(digits="7")

    run(scenario())


def test_unreadable_messages_are_skipped_and_too_many_of_them_end_the_stream(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        async with media_server(turns((gather(),), (gather(),))) as house, caller(house) as call:
            for bad in ("nonsense", b"\x00\x01", '{"event":"media"}', '{"event":"weather"}'):
                await call.socket.send(bad)
            media = {"track": "inbound", "chunk": "1", "timestamp": "0", "payload": "###"}
            bad_sound = {"event": "media", "sequenceNumber": "2", "streamSid": "MZ1", "media": media}
            await call.tell(bad_sound)
            await call.press("5#")
            assert (await house.told("answer"))[0][2] == Digits(digits="5")
            for _ in range(50):
                await call.tell(bad_sound)
            assert await call.closed() == 1000
            assert house.doors.of("leave", "over") == [("leave", 1, False, "error")]

    with caplog.at_level(logging.INFO, logger="ivr"):
        run(scenario())
    assert "CA1" in caplog.text
    assert "###" not in caplog.text


def test_frames_of_any_size_are_understood() -> None:
    async def scenario() -> None:
        async with media_server(turns((gather(),), BYE)) as house, caller(house) as call:
            sound = b"\xff" * 100 + encode(DataWords(text="billing"))
            await call.sound(sound[:500], 1)
            await call.sound(sound[500:2_500], 320)
            await call.sound(sound[2_500:], 47)
            await call.quiet(700)
            assert [told[2] for told in house.doors.of("answer")] == [Speech(text="billing", confidence=0.9)]

    run(scenario())


def test_ten_minutes_of_silence_and_two_of_music_are_turns_like_others() -> None:
    async def scenario() -> None:
        async with media_server({"k": [(gather(say("hello"), timeout_s=20),)] * 60}) as house, caller(house) as call:
            await call.sound(b"\xff" * (8_000 * 600), 8_000)
            silences = house.doors.of("answer")
            assert {told[2] for told in silences} == {Silence()}
            assert len(silences) == 29
            await call.sound(b"\x20\xa0" * (4_000 * 124), 8_000)
            misunderstood = house.doors.of("answer")[29:]
            assert {told[2].confidence for told in misunderstood} == {0.0}
            assert len(misunderstood) == 10
            assert call.fullest_ms <= 3_000

    run(scenario())


def test_a_newer_stream_of_a_call_takes_over_and_the_older_ends_cleanly() -> None:
    async def scenario() -> None:
        plan = {"k": [(gather(),)], "k2": [(gather(),), BYE]}
        async with media_server(plan) as house, caller(house) as older:
            await older.quiet(100)
            async with caller(house, key="nobody's", stream="MZ9") as stranger:
                assert await stranger.closed() == 1000
            assert not older.is_closed.is_set()
            async with caller(house, key="k2", stream="MZ2") as newer:
                assert await older.closed() == 1000
                assert await house.told("over") == [("over", 1, "superseded")]
                await newer.quiet(100)
                await newer.press("3#")
                assert (await house.told("answer"))[0][1:] == (2, Digits(digits="3"))

    run(scenario())


def test_a_hundred_calls_that_open_at_once_are_all_heard() -> None:
    async def scenario() -> None:
        plan = {f"k{n}": [(gather(say("hello there")),), BYE] for n in range(100)}

        async def one(n: int) -> None:
            async with caller(house, key=f"k{n}", call=f"CA{n}", stream=f"MZ{n}") as call:
                while not any(message["event"] == "media" for message in call.received):
                    await call.frame(b"\xff" * 160, in_step=False)
                    await asyncio.sleep(0.01)
                await call.press(f"{n}#")
                await house.told("answer", times=100)

        async with media_server(plan) as house:
            await asyncio.gather(*(one(n) for n in range(100)))
            assert {told[2].digits for told in house.doors.of("answer")} == {str(n) for n in range(100)}
            await house.told("over", times=100)
            await house.empty()
            assert house.server.figures()["streams"]["opened"] == 100
            assert house.ears.room("en") == house.ears.most

    run(scenario())


def test_a_socket_that_is_cut_in_the_middle_of_a_word_leaves_nothing_for_the_next_call() -> None:
    async def scenario() -> None:
        plan = {f"k{n}": [(gather(say("a b c")),), BYE] for n in range(12)}
        async with media_server(plan) as house:
            before = len(asyncio.all_tasks())
            for n in range(11):
                async with caller(house, key=f"k{n}", call=f"CA{n}", stream=f"MZ{n}") as call:
                    await call.quiet(100)
                    await call.speak("shipp")
                    await call.press("1")
                    call.socket.transport.abort()
                assert (await house.told("over", times=n + 1))[n] == ("over", n + 1, "cut")
            async with caller(house, key="k11", call="CA11", stream="MZ11") as call:
                await call.quiet(700)
                await call.speak("billing")
                await call.quiet(700)
                assert house.doors.of("answer") == [("answer", 12, Speech(text="billing", confidence=0.9))]
            await house.told("over", "leave", times=12)
            await house.empty()
            assert len(asyncio.all_tasks()) == before
            assert house.ears.room("en") == house.ears.most
            assert house.server.figures()["streams"] == {"now": 0, "opened": 12}

    run(scenario())


def test_a_call_that_ends_tells_so_and_what_still_comes_means_nothing() -> None:
    async def scenario() -> None:
        async with media_server(turns((gather(say("a b c")),))) as house, caller(house) as call:
            await call.quiet(100)
            await call.hang_up()
            await call.frame(b"\xff" * 160, in_step=False)
            await call.press("1#")
            assert await call.closed() == 1000
            assert house.doors.of("answer", "over", "leave") == [("over", 1, "stopped")]

    run(scenario())


@pytest.mark.parametrize(
    ("broken", "why"),
    [("ear", "recogniser"), ("room", "overload"), ("voice", "error"), ("house", "error"), ("elsewhere", None)],
)
def test_what_breaks_sends_the_call_back_to_the_webhooks(
    broken: str, why: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        after = {"house": ValueError("secret words")}.get(broken)
        plan = turns((gather(say("hello")),), *((after,) if after else ()))
        ears = ScriptedEars(most=0 if broken == "room" else 5, failures=1 if broken == "ear" else 0)
        async with media_server(plan, ears=ears) as house:
            house.speaker.fails = broken == "voice"
            async with caller(house) as call:
                await call.quiet(300)
                if not call.is_closed.is_set():
                    await call.speak("shipping")
                    await call.quiet(700)
                assert await call.closed() == 1000
                assert house.doors.of("leave", "over") == ([("leave", 1, False, why)] if why else [])
                assert ears.room("en") == ears.most

    with caplog.at_level(logging.INFO, logger="ivr"):
        run(scenario())
    assert "secret words" not in caplog.text


def test_a_lookup_is_awaited_with_company_and_its_reply_goes_on() -> None:
    async def scenario() -> None:
        plan = turns((say("let me look"), Redirect()), (gather(say("found")),))
        filler = (say("it takes a moment"),)
        options = {"waiting": 4, "filler": filler, "filler_after_s": 0.1, "filler_again_s": 0.2}
        async with media_server(plan, **options) as house, caller(house) as call:
            for _ in range(600):
                await call.frame(b"\xff" * 160, in_step=False)
                await asyncio.sleep(0.002)
                if any(text == "found" for text, _ in house.speaker.said):
                    break
            said = [text for text, _ in house.speaker.said]
            assert said[:2] == ["let me look", "it takes a moment"]
            assert said[-1] == "found"
            assert set(said[2:-1]) <= {"One more moment, please."}
            assert house.doors.of("answer") == [("answer", 1, Nothing())]

    run(scenario())


def test_a_slow_house_says_that_it_needs_a_moment() -> None:
    async def scenario() -> None:
        async with media_server(turns((gather(),), BYE), filler_after_s=0.1) as house, caller(house) as call:
            house.doors.open.clear()
            await call.quiet(40)
            await call.press("1#")
            async with asyncio.timeout(5):
                while not house.speaker.said:
                    await call.frame(b"\xff" * 160, in_step=False)
                    await asyncio.sleep(0.01)
            assert house.speaker.said == [("One more moment, please.", "en-US")]
            house.doors.open.set()
            await house.told("answer")

    run(scenario())


def test_a_server_that_stops_sends_its_calls_back_and_closes() -> None:
    async def scenario() -> None:
        async with media_server(turns((gather(say("a b c")),))) as house:
            async with caller(house) as call, caller(house, start=False, stream="MZ2") as idle:
                await call.quiet(100)
                house.stop.set()
                assert await call.closed() == 1000
                assert await idle.closed() in (1000, 1001)
            assert house.doors.of("leave", "over") == [("leave", 1, False, "")]
            told = [what for what in house.doors.told if what[0] in ("beat", "leave")]
            assert told[-2:] == [("beat", "media", 1, {}), ("leave", 1, False, "")], "no more calls come here first"

    run(scenario())


def test_an_answer_that_is_being_taken_is_taken_whole_though_the_call_ends() -> None:
    async def scenario() -> None:
        async with media_server(turns((gather(),), (gather(say("next")),))) as house, caller(house) as call:
            await call.quiet(40)
            house.doors.open.clear()
            await call.press("1#")
            await call.hang_up()
            await asyncio.sleep(0.1)
            assert house.doors.of("answer", "over") == []
            house.doors.open.set()
            assert await call.closed() == 1000
            assert house.doors.of("answer", "over") == [("answer", 1, Digits(digits="1")), ("over", 1, "stopped")]
            assert house.speaker.said == []

    run(scenario())


def test_a_stream_of_which_nothing_is_heard_is_given_up() -> None:
    async def scenario() -> None:
        async with media_server(turns((gather(),)), silent_after_s=0.1) as house, caller(house) as call:
            assert await call.closed() == 1000
            assert house.doors.of("over", "leave") == [("over", 1, "silent")]

    run(scenario())


def test_files_are_played_and_texts_are_spoken_in_their_place_where_there_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "audio").mkdir()
    (tmp_path / "audio" / "good.wav").write_bytes(b"good")
    (tmp_path / "audio" / "bad.wav").write_bytes(b"bad")
    (tmp_path / "secret.wav").write_bytes(b"good")

    async def scenario() -> None:
        files = ("audio/good.wav", "audio/bad.wav", "audio/none.wav", "audio/../secret.wav", "https://a.example/b.wav")
        prompts = [Play(url=url, text=f"file {n}", language="en-US") for n, url in enumerate(files)]
        plan = turns((*prompts, Play(url="prompts/none.wav"), Pause(seconds=1), gather(say("so"))))
        async with media_server(plan, audio_dir=tmp_path / "audio", captions=True) as house, caller(house) as call:
            await call.quiet(4_000)
            assert house.speaker.played == ["good.wav", "bad.wav"]
            assert [text for text, _ in house.speaker.said] == ["file 1", "file 2", "file 3", "file 4", "so"]
            assert call.heard_ms == 100 + 4 * 2 * WORD_MS + 1_000 + WORD_MS
            marks = [message["mark"]["name"] for message in call.received if message["event"] == "mark"]
            assert marks[:4] == ["b1 file 0", "e1", "b2 file 1", "e2"]
            assert marks[-2:] == ["b8 so", "e8"]

    run(scenario())


def test_an_ear_is_taken_only_for_words_and_changed_with_the_language() -> None:
    async def scenario() -> None:
        plan = turns(
            (gather(mode=InputMode.KEYS, num_digits=1),),
            (gather(num_digits=1),),
            (gather(num_digits=1, hints=("x",)),),
            ((await_zh := gather(num_digits=1)),),
            (Dial(numbers=("+442071838750",)),),
        )
        plan["k"][3] = (type(await_zh)(prompts=(), language="zh-CN", num_digits=1),)
        async with media_server(plan) as house, caller(house) as call:
            for n, opened in enumerate((0, 1, 1, 2)):
                await call.quiet(60)
                assert len(house.ears.opened) == opened
                assert house.ears.room("en") == house.ears.most - min(1, opened)
                await call.press("1")
                await house.told("answer", times=n + 1)
            assert await call.closed() == 1000
            assert house.doors.of("leave") == [("leave", 1, True, "")]

    run(scenario())


def test_partial_words_are_shown_but_not_more_than_twice_a_second() -> None:
    async def scenario() -> None:
        async with media_server(turns((gather(),), (gather(),))) as house, caller(house) as call:
            for word in ("one", "two", "three"):
                await call.speak(word)
                await call.quiet(40)
            await call.quiet(700)
            await house.told("partial")
            assert 1 <= len(house.doors.of("partial")) <= 2
            assert house.doors.of("partial")[0] == ("partial", 1, "one")

    run(scenario())


def test_a_carrier_that_does_not_read_does_not_grow_our_memory() -> None:
    async def scenario() -> None:
        fullest = 0
        long_prompt = say("word " * 3_000)
        async with media_server(turns((gather(long_prompt),))) as house, caller(house, buffer_bytes=4_096) as call:
            call.socket.transport.pause_reading()
            stream = house.server._streams  # Nothing outside shows it.
            after = 0
            while after < 100:
                after += fullest >= FULL
                await call.frame(b"\xff" * 4_000, in_step=False)
                for _ in range(20):
                    await asyncio.sleep(0)
                if stream:
                    conductor: Conductor = stream["MZ1"]._conductor
                    fullest = max(fullest, len(conductor._outbox._waiting))
            assert stream
            assert fullest <= 2 * FULL
            call.socket.transport.resume_reading()

    run(scenario())


def test_a_clear_takes_the_sound_that_waits_but_leaves_the_marks() -> None:
    async def scenario() -> None:
        outbox = Outbox(TwilioMediaStream(), "MZ1")
        outbox.mark("b1")
        outbox.sound(b"\xff" * 160)
        outbox.clear()
        sent: list[str] = []

        async def send(message: str) -> None:
            sent.append(json.loads(message)["event"])

        draining = asyncio.create_task(outbox.drain(send))
        while not outbox.is_empty:
            await asyncio.sleep(0)
        draining.cancel()
        assert sent == ["mark", "clear"]

    run(scenario())
