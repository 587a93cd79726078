"""Media Streams on the wire: what the app is sent, what it may send, and what it is told off for."""

import asyncio
import base64
import threading
from itertools import pairwise

import pytest
from carrier_app import ACCOUNT, CALLER, NUMBER, TOKEN
from stream_desk import StreamDesk, hum, settled
from twilio.request_validator import RequestValidator

AFTER = "<Say>Back on the line</Say>"


def test_a_stream_is_told_in_the_documented_order_and_with_the_documented_fields(net, dial):
    with StreamDesk() as desk:
        phone = dial(desk.connect('<Parameter name="key" value="k-1"/><Parameter name="node" value="菜单"/>') + AFTER)
        net.keep_step(desk.keep_step)
        phone.wait(0.1)
        phone.press("5#", early=True)
        phone.wait(0.3)
        phone.hangup()
        line = settled(desk.line)

    connected, start, first = line.received[:3]
    sid = start["streamSid"]
    assert connected == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    assert start == {
        "event": "start",
        "sequenceNumber": "1",
        "start": {
            "accountSid": ACCOUNT,
            "streamSid": sid,
            "callSid": phone.call_sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"key": "k-1", "node": "菜单"},
        },
        "streamSid": sid,
    }
    assert sid.startswith("MZ")
    assert len(sid) == 34
    silence = base64.b64encode(b"\xff" * 160).decode()
    media = {"track": "inbound", "chunk": "1", "timestamp": "0", "payload": silence}
    assert first == {"event": "media", "sequenceNumber": "2", "media": media, "streamSid": sid}
    assert [message["media"]["timestamp"] for message in line.of("media")] == [
        str(20 * n) for n in range(len(line.of("media")))
    ]
    keys = line.of("dtmf")
    assert [key["dtmf"] for key in keys] == [
        {"track": "inbound_track", "digit": "5"},
        {"track": "inbound_track", "digit": "#"},
    ]
    between = line.received[line.received.index(keys[0]) : line.received.index(keys[1])]
    assert len([message for message in between if message["event"] == "media"]) == 5, "100 ms between two keys"
    last = line.received[-1]
    numbers = [int(message["sequenceNumber"]) for message in line.received[1:]]
    assert numbers == list(range(1, len(line.received)))
    stop = {"accountSid": ACCOUNT, "callSid": phone.call_sid}
    assert last == {"event": "stop", "sequenceNumber": str(numbers[-1]), "stop": stop, "streamSid": sid}
    assert RequestValidator(TOKEN).validate(desk.url, {}, line.headers["x-twilio-signature"])


def test_the_call_stays_in_the_stream_until_the_app_closes_it_and_then_the_next_verb_runs(app, net, dial):
    told = app.page("/stream", "")

    async def talk(line):
        await line.until_frame(at_ms=480)

    with StreamDesk(talk) as desk:
        net.keep_step(desk.keep_step)
        phone = dial(desk.connect(statusCallback=told) + AFTER)
        phone.hear("back on the line")
        settled(desk.line)
        phone.wait_for_end()
        net.settle()
    began, ended = phone.of_kind("stream")
    assert (began["state"], ended["state"], ended["why"]) == ("began", "ended", "closed by the app")
    assert ended["t"] - began["t"] == pytest.approx(0.5, abs=0.05)
    assert phone.notifications == []
    assert [form["StreamEvent"] for form in app.of("/stream")] == ["stream-started", "stream-stopped"]
    assert app.of("/stream")[0]["StreamSid"] == began["stream_sid"]


def test_a_mark_comes_back_when_what_was_sent_before_it_has_been_played_and_at_once_after_a_clear(net, dial):
    async def talk(line):
        await line.until_frame()
        await line.mark("nothing before")
        await line.media(hum(0.5))
        await line.mark("half a second")
        await line.media(hum(5.0))
        await line.mark("five more")
        await line.mark("and nothing after")
        await line.until_mark("half a second")
        await line.clear()
        await line.mark("after the clear")
        await line.until_mark("after the clear")
        await line.until_frame()

    with StreamDesk(talk) as desk:
        net.keep_step(desk.keep_step)
        dial(desk.connect() + AFTER).hear("back on the line")
        line = settled(desk.line)
    heard = [message.get("mark", {}).get("name") or "·" for message in line.received]
    story = "".join(heard).replace("·" * 3, "", 1)
    assert story.startswith("nothing before" + "·" * 24 + "half a second")
    assert story.replace("·", "").endswith("half a secondfive moreand nothing afterafter the clear")
    cleared = story[story.index("half a second") :]
    assert cleared.count("·") <= 3, "a clear gives the marks back at once"


INVALID = [
    "no json",
    "[]",
    '{"event": "stop", "streamSid": "SID"}',
    '{"event": "media", "media": {"payload": "/w=="}}',
    '{"event": "media", "streamSid": "SID", "media": {"payload": "/w=="}, "track": "outbound"}',
    '{"event": "media", "streamSid": "SID", "media": {"payload": "/w==", "track": "outbound"}}',
    '{"event": "media", "streamSid": "SID", "media": {"payload": "not base64!"}}',
    '{"event": "media", "streamSid": "MZother", "media": {"payload": "/w=="}}',
    '{"event": "mark", "streamSid": "SID", "mark": {"name": 7}}',
    '{"event": "clear", "streamSid": "SID", "clear": {}}',
]


@pytest.mark.parametrize("message", INVALID)
def test_a_message_that_is_not_exactly_as_documented_is_refused_once_and_the_stream_goes_on(net, dial, message):
    async def talk(line):
        await line.until_frame()
        for _ in range(3):
            await line.socket.send(message.replace("SID", line.sid))
        await line.mark("still here")
        await line.until(lambda message: message["event"] == "mark")

    with StreamDesk(talk) as desk:
        net.keep_step(desk.keep_step)
        phone = dial(desk.connect() + AFTER)
        phone.hear("back on the line")
        assert phone.notifications == [31951]


def test_binary_messages_and_more_sound_than_fits_are_refused_with_their_codes(net, dial):
    async def talk(line):
        await line.until_frame()
        await line.socket.send(b"\x00" * 160)
        for _ in range(5):
            await line.media(hum(30))
        await line.clear()
        await line.mark("cleared")
        await line.until(lambda message: message["event"] == "mark")

    with StreamDesk(talk, code=1011) as desk:
        net.keep_step(desk.keep_step)
        phone = dial(desk.connect() + AFTER)
        phone.hear("back on the line")
    assert phone.notifications == [31950, 31930, 31921]


@pytest.mark.parametrize("status", [403, 404, 500])
def test_an_upgrade_that_is_refused_leads_to_the_next_verb(app, net, dial, status):
    told = app.page("/stream", "")
    with StreamDesk(status=status) as desk:
        phone = dial(desk.connect(statusCallback=told) + AFTER)
        phone.hear("back on the line")
        phone.wait_for_end()
        net.settle()
    assert phone.notifications == [31920]
    assert [event["state"] for event in phone.of_kind("stream")] == ["failed"]
    assert [form["StreamEvent"] for form in app.of("/stream")] == ["stream-error"]


@pytest.mark.parametrize(
    ("noun", "code"),
    [
        ('url="ws://127.0.0.1:{port}/media?key=1"', 31923),
        ('url="wss://"', 31923),
        ('url="ws://desk.example/media"', 31922),
        ('url="https://127.0.0.1:{port}/media"', 31922),
        ('url="ws://127.0.0.1:{port}/media" track="both_tracks"', 31941),
        ('url="ws://127.0.0.1:1/media"', 31901),
    ],
)
def test_a_stream_that_cannot_be_is_complained_of_and_the_next_verb_runs(net, dial, noun, code):
    with StreamDesk() as desk:
        phone = dial(f"<Connect><Stream {noun.format(port=desk.port)}/></Connect>" + AFTER)
        phone.hear("back on the line")
        assert desk.lines == []
    assert phone.notifications == [code]


def test_unknown_attributes_and_too_long_parameters_are_warned_of(net, dial):
    async def talk(line):
        await line.until_frame()

    with StreamDesk(talk) as desk:
        inside = f'<Parameter name="a" value="{"x" * 499}"/><Parameter name="b" value="1"/>'
        phone = dial(desk.connect(inside, audioFormat="pcm") + AFTER)
        phone.hear("back on the line")
        assert phone.notifications == [12200, 12200]
        assert settled(desk.line).start["start"]["customParameters"] == {"b": "1"}


def test_new_twiml_for_the_call_ends_its_stream(net, dial, client):
    with StreamDesk() as desk:
        phone = dial(desk.connect() + AFTER)
        phone.wait(0.2)
        client.calls(phone.call_sid).update(twiml="<Response><Say>Elsewhere now</Say></Response>")
        phone.hear("elsewhere")
        assert settled(desk.line).received[-1]["event"] == "stop"


def test_trouble_on_the_line_comes_on_request(net, dial):
    sent = []
    with StreamDesk() as desk:

        async def keep_step(sid, frames):
            sent.append(frames)
            await desk.keep_step(sid, frames)

        net.keep_step(keep_step)
        net.fault("stream_loss", share=0.1)
        net.fault("stream_jitter", share=0.3, milliseconds=200, to=NUMBER)
        net.fault("stream_late_media", call_sid=None, from_=CALLER)
        phone = dial(desk.connect() + AFTER)
        phone.wait(6)
        phone.hangup()
        line = settled(desk.line)
    events = [message["event"] for message in line.received]
    assert events[-6:] == ["stop"] + ["media"] * 5
    media = line.of("media")[:-5]
    times = [int(message["media"]["timestamp"]) for message in media]
    assert times == sorted(times)
    assert [int(message["media"]["chunk"]) for message in media] == list(range(1, len(media) + 1))
    lost = len(range(0, times[-1] + 20, 20)) - len(times)
    assert 10 <= lost <= 60
    bunches = [after - before for before, after in pairwise(sent)]
    assert 3 <= max(bunches) <= 10


def test_a_socket_that_breaks_in_the_middle_leaves_the_call_alive(net, dial):
    with StreamDesk() as desk:
        net.fault("stream_cut", seconds=1.0, times=1)
        phone = dial(desk.connect() + AFTER)
        phone.hear("back on the line")
        line = settled(desk.line)
    assert line.received[-1]["event"] == "media"
    assert phone.of_kind("stream")[-1]["why"] == "cut"


def test_a_minute_of_stream_in_virtual_time_is_three_thousand_frames_in_step(net, dial):
    ahead = []

    async def talk(line):
        await line.until_frame(at_ms=59_980)

    with StreamDesk(talk) as desk:

        async def keep_step(sid, frames):
            ahead.append(frames - desk.line.frames_done if desk.lines else frames)
            await desk.keep_step(sid, frames)

        net.keep_step(keep_step)
        phone = dial(desk.connect() + AFTER)
        phone.hear("back on the line")
        settled(desk.line)
    assert phone.of_kind("stream")[1]["t"] - phone.of_kind("stream")[0]["t"] == pytest.approx(60, abs=0.1)
    assert max(ahead[:-1]) <= 2, "virtual time waits for the desk after every frame"


def test_a_copy_of_the_call_goes_out_beside_it_until_it_is_stopped(app, net, dial):
    """The phone speaks, a prompt plays, the copy is stopped by name, and the call never notices."""
    from simulator.sound import to_wav
    from simulator.streams.espeak import synthesized

    app.page(
        "/next", lambda form: f"<Stop><Stream name='ear'/></Stop><Pause length='1'/><Say>{form['SpeechResult']}</Say>"
    )
    told = app.page("/stream", "")
    with StreamDesk() as desk:
        noun = f'<Stream name="ear" url="{desk.url}" track="both_tracks" statusCallback="{told}"/>'
        phone = dial(
            f'<Start>{noun}</Start><Start>{noun}</Start><Gather input="speech" action="/next" speechTimeout="1">'
            "<Say>What would you like?</Say></Gather>"
        )
        phone.wait(3)
        phone.say("track my parcel", wav=to_wav(synthesized("track my parcel")))
        phone.hear("track my parcel")
        line = settled(desk.line)
        phone.wait_for_end()
        net.settle()
    assert line.start["start"]["tracks"] == ["inbound", "outbound"]
    assert phone.notifications == [12200], "a name is taken once"
    loud = {"inbound": 0, "outbound": 0}
    for message in line.of("media"):
        loud[message["media"]["track"]] += base64.b64decode(message["media"]["payload"]) != b"\xff" * 160
    assert loud["inbound"] >= 40
    assert loud["outbound"] >= 50
    assert line.received[-1]["event"] == "stop"
    assert [form["StreamName"] for form in app.of("/stream")] == ["ear", "ear"]
    assert phone.of_kind("stream") == []


def test_an_app_that_does_not_read_loses_sound_but_not_the_call(net, dial):
    let_go = threading.Event()

    async def talk(line):
        line.socket.transport.pause_reading()
        await asyncio.to_thread(let_go.wait, 60)
        line.socket.transport.abort()

    with StreamDesk(talk) as desk:
        phone = dial(desk.connect() + AFTER)
        while 31930 not in phone.notifications and phone.events[-1]["t"] < 600:
            phone.wait(1)
        let_go.set()
        phone.hear("back on the line")
        phone.hangup()
    assert phone.notifications == [31930, 31903]
