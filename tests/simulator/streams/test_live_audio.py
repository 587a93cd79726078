"""A browser's microphone and loudspeaker at a phone of the carrier, and the telephone in the terminal."""

import asyncio
import base64
import json
import time
import urllib.error
import urllib.request

import pytest
from carrier_app import ACCOUNT, CALLER, NUMBER, TOKEN
from flask import Response
from stream_desk import StreamDesk, hum, settled
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from simulator import SimulatedNetwork
from simulator.cli import main
from simulator.mu_law import decode, encode, peak
from simulator.server import ServerSettings
from simulator.sound import murmur, to_wav
from simulator.streams.espeak import synthesized

CONTROL = "the-control-token"
AFTER = "<Say>Back on the line</Say>"


@pytest.fixture
def live(tmp_path, app):
    """A carrier on the real clock, whose phones really speak."""
    carrier = SimulatedNetwork(ACCOUNT, TOKEN, clock="real", data_dir=tmp_path, stream_voice="speech")
    carrier._server_settings = ServerSettings(port=0, control_token=CONTROL)
    with carrier as network:
        network.app = app
        yield network
        assert network.carrier.crashes == []


def ticket(net, phone_id):
    request = urllib.request.Request(f"{net.base_url}/phones/{phone_id}/audio", method="POST")
    request.add_header("Authorization", f"Bearer {CONTROL}")
    with urllib.request.urlopen(request, timeout=5) as response:
        assert response.status == 201
        return json.loads(response.read())


def phone_id_of(net, phone):
    return next(leg.phone.id for leg in net.carrier.phones.values() if leg.call.sid == phone.call_sid)


def address(net, path):
    return net.base_url.replace("http://", "ws://") + path


def hear(socket, at_least=1):
    """What came within a moment: sound, and notes."""
    sound, notes = b"", []
    try:
        while len(sound) < at_least:
            message = socket.recv(timeout=2)
            if isinstance(message, bytes):
                sound += message
            else:
                notes.append(json.loads(message))
    except (TimeoutError, ConnectionClosed):
        pass
    return sound, notes


def test_a_browser_speaks_into_the_stream_and_hears_it_and_is_told_of_clear_and_latency(live):
    async def talk(line):
        await line.prompt(1, "Say something.", 0.3)
        loud = quiet = 0
        async for message in line.read():
            if message["event"] == "media":
                is_loud = peak(base64.b64decode(message["media"]["payload"])) > 2000
                loud, quiet = loud + is_loud, 0 if is_loud else quiet + 1
                if loud >= 20 and quiet >= 20:
                    break
        await line.media(hum(5))
        await asyncio.sleep(0.3)
        await line.clear()
        await line.media(b"\x30\xb0" * 400)
        await asyncio.sleep(0.3)

    with StreamDesk(talk) as desk:
        live.add_number(NUMBER, voice_url=live.app.page("/voice", desk.connect() + AFTER))
        phone = live.call(to=NUMBER, from_=CALLER)
        phone_id = phone_id_of(live, phone)
        shown = ticket(live, phone_id)
        with connect(address(live, shown["path"])) as browser:
            heard, _ = hear(browser, at_least=1600)
            assert peak(heard) > 5000
            speech = encode(murmur("I would like to complain"))
            for at in range(0, len(speech), 555):
                browser.send(speech[at : at + 555])
                time.sleep(0.05)
            sounds, notes = hear(browser, at_least=100_000)
            assert [note["kind"] for note in notes] == ["latency", "clear"]
            assert 100 <= notes[0]["ms"] <= 3000
            assert len(sounds) < 2 * 8000, "what was cleared is not sent"
        phone.hear("back on the line")
        line = settled(desk.line)
    said = decode(line.sound)
    assert abs(said).max() > 5000


def test_a_ticket_opens_one_phone_once_and_the_token_is_not_asked_of_the_browser(live):
    with StreamDesk() as desk:
        live.add_number(NUMBER, voice_url=live.app.page("/voice", desk.connect() + AFTER))
        phone = live.call(to=NUMBER, from_=CALLER)
        phone_id = phone_id_of(live, phone)
        shown = ticket(live, phone_id)
        with connect(address(live, shown["path"])):
            pass
        for path in (shown["path"], f"/phones/{phone_id}/audio?ticket=x", f"/phones/{phone_id}/audio"):
            with pytest.raises(InvalidStatus) as refused:
                connect(address(live, path))
            assert refused.value.response.status_code == 403
        phone.hangup()
        with pytest.raises(urllib.error.HTTPError) as over:
            ticket(live, phone_id)
        assert over.value.code == 409


def test_a_browser_hears_prompts_of_a_call_without_a_stream_in_real_time(live):
    prompt = synthesized("Please press one, or say track")
    live.app.page("/prompt.wav", Response(to_wav(prompt), content_type="audio/wav"))
    gather = '<Pause length="1"/><Gather numDigits="1" action="/next"><Play>/prompt.wav</Play></Gather>'
    live.app.page("/next", "<Say>Thank you.</Say>")
    live.add_number(NUMBER, voice_url=live.app.page("/voice", gather))
    phone = live.call(to=NUMBER, from_=CALLER)
    shown = ticket(live, phone_id_of(live, phone))
    with connect(address(live, shown["path"])) as browser:
        first, _ = hear(browser, at_least=1)
        begun = time.monotonic()
        rest, _ = hear(browser, at_least=6400)
        ahead_s = len(first + rest) / 8000 - (time.monotonic() - begun)
        assert ahead_s < 0.3, "never far ahead of what is to be heard"
        assert encode(prompt).startswith((first + rest)[:4000])
        phone.press("1", early=True)
        said, notes = hear(browser, at_least=100_000)
        assert notes == [{"kind": "clear"}], "the prompt was interrupted, the last one was not"
        assert encode(synthesized("Thank you.", "en-US"))[:4000] in said, "Say has a voice, too"
        assert phone.transcript[-1] == "Thank you."


def test_the_terminal_speaks_wav_files_into_a_live_stream_and_tells_the_latency(live, capsys, tmp_path):
    async def talk(line):
        for number in (1, 2):
            await line.prompt(number, f"Question {number}.", 0.3)
            loud = quiet = 0
            async for message in line.read():
                if message["event"] == "media":
                    is_loud = peak(base64.b64decode(message["media"]["payload"])) > 1000
                    loud, quiet = loud + is_loud, 0 if is_loud else quiet + 1
                    if loud >= 5 and quiet >= 15:
                        break
        await line.prompt(3, "Good bye.", 0.3)
        await line.until_mark("e3")

    files = []
    for number, text in enumerate(("track", "yes")):
        files.append(str(tmp_path / f"{number}.wav"))
        (tmp_path / f"{number}.wav").write_bytes(to_wav(synthesized(text)))
    with StreamDesk(talk) as desk:
        live.add_number(NUMBER, voice_url=live.app.page("/voice", desk.connect()))
        assert main(["call", NUMBER, "--wav", *files, "--carrier", live.base_url, "--control-token", CONTROL]) == 0
    told = capsys.readouterr().out
    assert "“Question 1.”" in told
    assert "“Good bye.”" in told
    assert "Replies began after" in told
    assert "median of 2" in told
