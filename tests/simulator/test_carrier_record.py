"""Record: what is spoken becomes a file that the app can fetch."""

import io
import wave

import numpy as np
import pytest
import requests
from carrier_app import ACCOUNT, TOKEN

from simulator.errors import PhoneStateError
from simulator.sound import RATE_HZ, from_wav, to_wav

RECORD = '<Say>After the beep</Say><Record action="/kept" {}/><Redirect>/nothing</Redirect>'


def tone(seconds: float) -> bytes:
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return to_wav((8000 * np.sin(2 * np.pi * 440 * at)).astype(np.int16))


@pytest.fixture
def record(app, dial):
    app.page("/kept", "<Say>Kept</Say>")
    app.page("/nothing", "<Say>Nothing said</Say>")
    app.page("/recording", "")
    return lambda attributes="": dial(RECORD.format(attributes))


def test_a_spoken_file_is_recorded_and_can_be_fetched_with_the_accounts_password(record, app, net):
    phone = record('timeout="3"')
    phone.record_wav(tone(4.0))
    phone.hear("kept")
    form = app.of("/kept")[0]
    assert (form["RecordingDuration"], form["Digits"]) == ("4", "")
    media = requests.get(form["RecordingUrl"] + ".wav", auth=(ACCOUNT, TOKEN), timeout=10)
    with wave.open(io.BytesIO(media.content)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
    assert np.array_equal(from_wav(media.content), from_wav(tone(4.0)))
    assert requests.get(form["RecordingUrl"] + ".wav", timeout=10).status_code == 401


def test_a_key_ends_the_recording_and_is_reported(record, app):
    phone = record('finishOnKey="#"')
    phone.record_wav(tone(2.0))
    phone.wait(5 - 1)
    phone.press("#")
    phone.hear("kept")
    assert (app.of("/kept")[0]["Digits"], app.of("/kept")[0]["RecordingDuration"]) == ("#", "4")


def test_the_longest_length_ends_the_recording(record, app):
    phone = record('maxLength="3"')
    phone.record_wav(tone(10.0))
    phone.hear("kept")
    assert app.of("/kept")[0]["RecordingDuration"] == "3"


def test_hanging_up_tells_the_action_of_a_call_that_is_over(record, app, net):
    phone = record()
    phone.record_wav(tone(2.0))
    phone.wait(1.5)
    phone.hangup()
    net.settle()
    (form,) = app.of("/kept")
    assert (form["Digits"], form["CallStatus"], form["RecordingDuration"]) == ("hangup", "completed", "2")
    assert "Kept" not in phone.transcript


def test_an_empty_recording_asks_no_action_and_goes_on(record, app, net):
    phone = record('timeout="4" recordingStatusCallback="/recording" recordingStatusCallbackEvent="completed absent"')
    phone.hear("nothing said")
    net.settle()
    assert app.of("/kept") == []
    assert app.of("/recording")[0]["RecordingStatus"] == "absent"


def test_the_recording_callback_comes_when_the_file_is_there(record, app, net):
    phone = record('recordingStatusCallback="/recording"')
    phone.record_wav(tone(1.0))
    phone.wait_for_end()
    net.settle()
    (form,) = app.of("/recording")
    assert (form["RecordingStatus"], form["RecordingSource"], form["RecordingChannels"]) == (
        "completed",
        "RecordVerb",
        "1",
    )
    assert form["RecordingSid"] in app.of("/kept")[0]["RecordingUrl"]


def test_words_typed_into_a_recording_become_a_sound_of_their_length(record, app):
    phone = record()
    phone.say("My parcel has been lying there for a week, please do something")
    phone.hear("kept")
    assert int(app.of("/kept")[0]["RecordingDuration"]) == 4


def test_speaking_when_nobody_records_is_refused_with_a_sentence(dial, net):
    phone = dial("<Pause length='9'/>")
    with pytest.raises(PhoneStateError, match="Nobody records"):
        net._run(phone._phone.speak(tone(1.0)))


@pytest.mark.parametrize("rate_hz", [16_000, 44_100, 48_000])
def test_a_microphones_rate_is_brought_to_the_telephones(rate_hz):
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(np.zeros(rate_hz * 2 * 2, dtype="<i2").tobytes())
    assert len(from_wav(out.getvalue())) == 2 * RATE_HZ


@pytest.mark.parametrize("rubbish", [b"", b"RIFF", b"not audio at all" * 10, b"RIFF\x00\x00\x00\x00WAVEfmt "])
def test_what_is_no_wav_is_refused(rubbish):
    from simulator.sound import SoundError

    with pytest.raises(SoundError):
        from_wav(rubbish)
