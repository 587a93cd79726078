"""A live call recorded over REST: both of its sides, where they belong, and told when it is over."""

import io
import wave

import numpy as np
import pytest
import requests
from carrier_app import ACCOUNT, TOKEN
from flask import Response
from twilio.base.exceptions import TwilioRestException

from simulator.sound import RATE_HZ, to_wav

ASK = (
    '<Say>Please tell us what it is about</Say><Gather input="speech dtmf" action="/heard" timeout="5" '
    'speechTimeout="2"><Play>/prompt.wav</Play></Gather><Hangup/>'
)


def tone(seconds: float, loud: int = 8000) -> bytes:
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return to_wav((loud * np.sin(2 * np.pi * 440 * at)).astype(np.int16))


def sound(wav: bytes) -> Response:
    return Response(wav, mimetype="audio/wav")


@pytest.fixture
def asked(app, dial):
    app.page("/heard", '<Pause length="2"/><Hangup/>')
    app.page("/recorded", "")
    app.page("/prompt.wav", sound(tone(4.0, 3000)))
    return lambda: dial(ASK)


def sides(net, sid: str) -> tuple[np.ndarray, ...]:
    """The samples of the channels of a recording."""
    url = f"{net.base_url}/2010-04-01/Accounts/{ACCOUNT}/Recordings/{sid}.wav"
    media = requests.get(url, auth=(ACCOUNT, TOKEN), timeout=10)
    with wave.open(io.BytesIO(media.content)) as file:
        assert file.getframerate() == RATE_HZ
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return tuple(samples.reshape(-1, file.getnchannels()).T)


def loud_from_to(samples: np.ndarray) -> tuple[float, float]:
    """Seconds of the first and last loud sample."""
    loud = np.flatnonzero(np.abs(samples.astype(int)) > 500)
    return loud[0] / RATE_HZ, loud[-1] / RATE_HZ


def test_both_sides_are_on_the_tape_at_their_times(asked, client, app, net):
    phone = asked()
    phone.wait(1.0)
    begun = client.calls(phone.call_sid).recordings.create(
        recording_channels="dual",
        recording_status_callback=app.url + "/recorded",
        recording_status_callback_event=["in-progress", "completed"],
    )
    assert (begun.status, begun.source, begun.channels, begun.duration) == (
        "in-progress", "StartCallRecordingAPI", 2, None
    )  # fmt: skip
    [listed] = client.calls(phone.call_sid).recordings.list()
    assert (listed.sid, listed.status) == (begun.sid, "in-progress")
    phone.wait(4.0)
    phone.say("a parcel", wav=tone(1.5))
    end = phone.wait_for_end()
    net.settle()
    events = {event["kind"]: event["t"] for event in phone.events}
    began_t = 1.0
    caller, heard = sides(net, begun.sid)
    assert len(caller) == pytest.approx((end["t"] - began_t) * RATE_HZ, abs=2)
    first, last = loud_from_to(caller)
    assert first == pytest.approx(events["said"] - began_t, abs=0.02)
    assert last - first == pytest.approx(1.5, abs=0.02)
    first, last = loud_from_to(heard)
    assert first == pytest.approx(0.0, abs=0.02)
    assert last == pytest.approx(events["said"] - began_t, abs=0.02)
    told = app.of("/recorded")
    assert [form["RecordingStatus"] for form in told] == ["in-progress", "completed"]
    done = client.recordings(begun.sid).fetch()
    assert (told[1]["RecordingSid"], told[1]["RecordingDuration"]) == (begun.sid, done.duration)
    assert (told[1]["RecordingChannels"], told[1]["RecordingSource"]) == ("2", "StartCallRecordingAPI")
    assert done.status == "completed"


def test_typed_words_are_a_hum_and_one_channel_holds_both_sides(asked, client, net):
    phone = asked()
    phone.wait(0.5)
    two, one = (client.calls(phone.call_sid).recordings.create(recording_channels=n) for n in ("dual", "mono"))
    phone.wait(5.0)
    phone.say("a parcel that never came")
    phone.wait_for_end()
    caller, heard = sides(net, two.sid)
    (both,) = sides(net, one.sid)
    first, last = loud_from_to(caller)
    assert first == pytest.approx(phone.of_kind("said")[0]["t"] - 0.5, abs=0.02)
    assert last - first == pytest.approx(phone.of_kind("said")[0]["duration_s"], abs=0.02)
    assert np.array_equal(both, np.clip(caller.astype(int) + heard, -32768, 32767))


def test_a_call_that_is_over_or_not_there_is_not_recorded(asked, client):
    phone = asked()
    phone.hangup()
    with pytest.raises(TwilioRestException) as caught:
        client.calls(phone.call_sid).recordings.create()
    assert (caught.value.status, caught.value.code) == (400, 21220)
    with pytest.raises(TwilioRestException) as caught:
        client.calls("CA" + "0" * 32).recordings.create()
    assert caught.value.code == 20404
