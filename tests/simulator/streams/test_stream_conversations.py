"""People at a phone whose call runs in a live stream: what they hear, when it is their turn, how they sound."""

import base64
import io
import wave

import numpy as np
import pytest
from carrier_app import ACCOUNT, CALLER, NUMBER, TOKEN
from stream_desk import FRAME, StreamDesk, hum, settled

from audio.hearing.data_voice import decode as words_in
from simulator import SimulatedNetwork
from simulator.errors import ScenarioError
from simulator.mu_law import decode, peak
from simulator.scenario import parse_scenario
from simulator.sound import to_wav
from simulator.streams.espeak import synthesized
from simulator.streams.lockstep import in_step_with

AFTER = "<Say>Back on the line</Say>"


async def hear(line, patience=20):
    """What is said next, as mu-law, once it was followed by so many silent frames; or the key that was pressed."""
    heard, quiet = b"", 0
    async for message in line.read():
        if message["event"] == "dtmf":
            return message["dtmf"]["digit"]
        if message["event"] != "media":
            continue
        frame = base64.b64decode(message["media"]["payload"])
        if peak(frame) > 500:
            heard, quiet = heard + frame, 0
        elif heard:
            quiet += 1
            if quiet >= patience:
                return heard
    return heard


def words(sound):
    return [said.text for said in words_in(sound)]


@pytest.fixture
def courier(net, app):
    """A desk that asks two questions, as a flow on our own ear would, and hands the call back."""

    async def talk(line):
        await line.prompt(1, "Welcome. Track or complain?", 2.0)
        first = await hear(line)
        said = first if isinstance(first, str) else " ".join(words(first))
        await line.clear()
        await line.prompt(2, f"You said {said}.", 1.0)
        await line.prompt(3, "Is that right?", 1.0)
        second = await hear(line)
        said = second if isinstance(second, str) else " ".join(words(second))
        await line.prompt(4, f"Thank you for {said}", 0.5)
        await line.until_mark("e4")

    with StreamDesk(talk) as desk:
        net.add_number(NUMBER, voice_url=app.page("/voice", desk.connect() + AFTER))
        net.keep_step(in_step_with(desk.frames_done))
        yield desk


def test_prompts_are_heard_by_their_captions_and_words_are_said_when_the_app_has_finished(net, courier):
    phone = net.call(to=NUMBER, from_=CALLER)
    phone.hear("track or complain")
    phone.say("track, please", 0.8)
    phone.hear("you said track, please", "right?")
    phone.press("1")
    phone.hear("thank you for 1", "back on the line")
    events = {event["text"]: event["t"] for event in phone.events if event["kind"] in ("say", "said")}
    first, said = events["Welcome. Track or complain?"], events["track, please"]
    assert said - first == pytest.approx(2.2, abs=0.1), "not before the prompt has ended"
    assert phone.of_kind("say")[0]["duration_s"] == pytest.approx(2.0, abs=0.05)
    (utterance,) = words_in(courier.line.sound)
    assert (utterance.text, utterance.confidence) == ("track, please", 0.8)
    speech = len(courier.line.sound.replace(b"\xff", b"")) / 8000
    assert phone.of_kind("said")[0]["duration_s"] == pytest.approx(speech, abs=0.05)
    assert phone.notifications == []


def test_the_reply_is_timed_from_the_end_of_what_was_said(net, courier):
    phone = net.call(to=NUMBER, from_=CALLER)
    phone.hear("complain")
    phone.say("track")
    phone.hear("you said track")
    phone.wait(0.1)
    (latency,) = phone.latencies_ms
    assert latency == pytest.approx(20 * 20, abs=60), "the desk waits for twenty silent frames"


def test_silence_until_the_question_is_given_up_works_in_a_stream(net, app):
    async def talk(line):
        await line.prompt(1, "Your number?", 1.0)
        await line.until_mark("e1")
        await line.until_frame(at_ms=4_000)
        await line.prompt(2, "I heard nothing. Your number?", 1.0)
        await hear(line)

    with StreamDesk(talk) as desk:
        net.keep_step(desk.keep_step)
        net.add_number(NUMBER, voice_url=app.page("/voice", desk.connect() + AFTER))
        steps = ["silence", {"hear": "i heard nothing"}, {"press": "7"}, {"hear": "back on the line"}]
        result = net.play({"call": {"to": NUMBER}, "steps": steps, "expect": {"twiml_valid": True}}).require()
        asked = [event["t"] for event in result.events if event["kind"] == "quiet" and event["asked"]]
        assert len(asked) == 2


GATHER = '<Gather input="dtmf speech" action="/{}" timeout="5" speechTimeout="1"><Say>{}</Say></Gather>'
BOTH_EARS = """
steps:
  - hear: track or complain
  - interrupt: {after: 0.8s, say: track}
  - hear: [/You said track/, "right?"]
  - speak: {text: yes that is right, language: en}
  - hear: thank you for yes that is right
  - hear: back on the line
expect: {ended_by: app, twiml_valid: true, heard_in_order: [complain, you said, thank you]}
"""


def test_one_scenario_with_interrupting_and_speaking_runs_on_both_ears(net, app, courier):
    scenario = parse_scenario(BOTH_EARS)
    scenario.call.to = NUMBER
    live = net.play(scenario).require()
    cut = next(event for event in live.events if event["kind"] == "say")
    assert cut["duration_s"] < 2.0, "the prompt was not heard to its end"
    said = next(event for event in live.events if event["kind"] == "said")
    assert said["t"] - cut["t"] == pytest.approx(0.8, abs=0.05)

    app.page("/1", lambda form: GATHER.format("2", f"You said {form['SpeechResult']}. Is that right?"))
    app.page("/2", lambda form: f"<Say>Thank you for {form['SpeechResult']}</Say>" + AFTER)
    net.add_number(NUMBER, voice_url=app.page("/gather", GATHER.format("1", "Welcome. Track or complain? " * 2)))
    asked = net.play(scenario).require()
    assert [event["kind"] for event in asked.events].count("stream") == 0


def test_a_short_uh_huh_that_the_app_lets_pass_leaves_the_question_open(net, app):
    async def talk(line):
        await line.prompt(1, "A long explanation of everything.", 4.0)
        await line.until_mark("e1")
        await line.prompt(2, words(await hear(line))[0], 1.0)
        await line.until_mark("e2")

    with StreamDesk(talk) as desk:
        net.keep_step(desk.keep_step)
        net.add_number(NUMBER, voice_url=app.page("/voice", desk.connect() + AFTER))
        phone = net.call(to=NUMBER)
        phone.interrupt(0.8, say="uh-huh")
        phone.say("now I answer")
        phone.hear("now i answer")
        phone.wait(0.1)
        answered = next(event for event in phone.of_kind("said") if event["text"] == "now I answer")
        assert answered["t"] > 4.0
        assert len(phone.latencies_ms) == 1, "the rest of the prompt is no reply to the uh-huh"


def test_a_prompt_that_is_over_before_cannot_be_interrupted(net, courier):
    result = net.play({"call": {"to": NUMBER}, "steps": [{"interrupt": {"after": 3, "press": 1}}]})
    assert "The prompt ended before 3 s" in result.failure


def test_an_app_may_tell_exactly_when_it_listens_and_for_what(net, app):
    async def talk(line):
        await line.prompt(1, "One moment.", 0.5)
        await line.until_frame(at_ms=3_000)
        await line.prompt(2, "Found. Press a key.", 1.0)
        await line.mark("q2 dtmf")
        await hear(line)

    with StreamDesk(talk) as desk:
        net.keep_step(desk.keep_step)
        net.add_number(NUMBER, voice_url=app.page("/voice", desk.connect() + AFTER))
        phone = net.call(to=NUMBER)
        phone.hear("found")
        phone.press("4")
        phone.hear("back on the line")
        assert phone.of_kind("pressed")[0]["t"] == pytest.approx(4.0, abs=0.1)


def test_a_wav_file_is_spoken_as_it_is_and_lies_on_the_recording_of_the_call(net, app, client):
    sound = synthesized("Something is broken in my parcel")
    with StreamDesk() as desk:
        net.keep_step(desk.keep_step)
        net.add_number(NUMBER, voice_url=app.page("/voice", desk.connect() + AFTER))
        phone = net.call(to=NUMBER, from_=CALLER)
        phone.wait(0.5)
        client.calls(phone.call_sid).recordings.create(recording_channels="dual")
        phone.speak(to_wav(sound), early=True)
        phone.wait(len(sound) / 8000 + 0.5)
        phone.hangup()
        line = settled(desk.line)
        net.settle()
    spoken = decode(line.sound)
    begin = int(np.flatnonzero(np.abs(spoken) > 200)[0])
    original = sound[int(np.flatnonzero(np.abs(sound) > 200)[0]) :][:8000]
    assert np.corrcoef(spoken[begin : begin + len(original)], original)[0, 1] > 0.98
    (recording,) = list(net.carrier.recordings)
    with wave.open(io.BytesIO(net.carrier.recordings.media(recording.sid))) as file:
        left = np.frombuffer(file.readframes(file.getnframes()), "<i2")[::2]
    assert np.abs(left).max() == pytest.approx(np.abs(sound).max(), rel=0.05)


def test_what_a_stream_plays_lies_on_the_recording_too(net, courier, client):
    phone = net.call(to=NUMBER, from_=CALLER)
    phone.wait(0.01)
    client.calls(phone.call_sid).recordings.create(recording_channels="dual")
    phone.hear("complain")
    phone.wait(2.5)
    phone.hangup()
    net.settle()
    (recording,) = list(net.carrier.recordings)
    with wave.open(io.BytesIO(net.carrier.recordings.media(recording.sid))) as file:
        right = np.frombuffer(file.readframes(file.getnframes()), "<i2")[1::2]
    assert np.count_nonzero(np.abs(right) > 1000) / 8000 == pytest.approx(2.0, abs=0.15)


def test_real_speech_with_line_noise_goes_out_where_it_is_wanted(tmp_path, app):
    with (
        StreamDesk() as desk,
        SimulatedNetwork(ACCOUNT, TOKEN, data_dir=tmp_path, stream_voice="speech") as net,
    ):
        net.carrier.settings.line_noise_db = 20.0
        net.keep_step(desk.keep_step)
        net.add_number(NUMBER, voice_url=app.page("/voice", desk.connect()))
        phone = net.call(to=NUMBER, language="zh")
        phone.say("我要查快递", early=True)
        phone.wait(3)
        phone.hangup()
        sound = decode(settled(desk.line).sound).astype(float)
    levels = [float(np.sqrt(np.mean(np.square(sound[at : at + FRAME])))) for at in range(0, len(sound), FRAME)]
    hiss, speech = float(np.median(levels[-25:])), float(np.percentile(levels, 95))
    assert 250 < hiss < 420, "20 dB below usual speech"
    assert speech > 8 * hiss


def test_people_who_are_called_answer_in_a_stream_as_they_do_elsewhere(net, app, client):
    async def talk(line):
        await line.prompt(1, "Shall we come tomorrow? Press 1 for yes.", 2.0)
        await line.prompt(2, f"Noted: {await hear(line)}", 1.0)
        await line.until_mark("e2")

    with StreamDesk(talk) as desk:
        net.keep_step(desk.keep_step)
        net.add_number(NUMBER, voice_url="")
        net.people.set(CALLER, "answers-and-agrees")
        made = client.calls.create(to=CALLER, from_=NUMBER, twiml=f"<Response>{desk.connect()}</Response>")
        net.settle()
    (leg,) = [leg for leg in net.carrier.phones.values() if leg.call.sid == made.sid]
    assert "Noted: 1" in [event.get("text") for event in leg.phone.events if event["kind"] == "say"]


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("interrupt: {after: 1s}", "wants after"),
        ("interrupt: {after: 1s, say: hi, press: 1}", "wants after"),
        ("interrupt: {after: -1, say: hi}", "after_s"),
        ("interrupt: {after: 1s, press: abc}", "press: digits"),
        ("speak: {language: en}", "name a WAV file"),
        ("speak: {file: missing.wav, text: hi}", "there is no file"),
        ("speak: {text: hi, snr_db: loud}", "snr_db"),
    ],
)
def test_a_step_that_cannot_be_understood_is_refused_with_its_place(step, problem):
    with pytest.raises(ScenarioError, match=problem):
        parse_scenario(f"steps: [{{{step}}}]")


def test_a_copy_of_the_sound_has_both_sides_of_a_live_stream_and_its_end_leads_to_the_action(net, app):
    async def talk(line):
        if len(line.start["start"]["tracks"]) == 2:
            await line.until_the_end()
            return
        await line.prompt(1, "Well?", 1.0)
        await hear(line)

    app.page("/done", "<Say>That was that</Say>")
    with StreamDesk(talk) as desk:
        copy = f'<Start><Stream url="{desk.url}" track="both_tracks"/></Start>'
        live = desk.connect().replace("<Connect>", '<Connect action="/done">')
        net.add_number(NUMBER, voice_url=app.page("/voice", copy + live + AFTER))
        phone = net.call(to=NUMBER, from_=CALLER)
        phone.hear("well?")
        phone.say("this is what I say")
        phone.hear("that was that")
        phone.wait_for_end()
        fork = next(line for line in desk.lines if len(line.start["start"]["tracks"]) == 2)
        settled(fork)
    sides = {"inbound": b"", "outbound": b""}
    for message in fork.of("media"):
        sides[message["media"]["track"]] += base64.b64decode(message["media"]["payload"])
    assert words(sides["inbound"])[0] == "this is what I say"
    assert sides["outbound"].count(hum(1)[:4]) * 4 / 8000 == pytest.approx(1.0, abs=0.1)
