"""From a call that is recorded to the sound of the words that its flow did not understand."""

from __future__ import annotations

import io
import wave

import numpy as np
from sqlalchemy import update

from audio.pcm import Pcm
from audio.wav import wav_bytes
from demo.settings import SERVICE_NUMBER
from ivr.lines import Line
from ivr.missed import open_utterances
from ivr.recordings import Recording, RecordingStatus
from storage.database import Database
from tests.console.conftest import add_users
from tests.end_to_end.rehearsal import Stage, rows
from tests.studio.studio_desk import editor_of
from tickets.ticket import Ticket

FLOW = "courier_hotline"
RATE_HZ = 8000


def tone(seconds: float, hertz: float) -> bytes:
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return wav_bytes(Pcm(samples=(9000 * np.sin(2 * np.pi * hertz * at)).astype(np.int16), rate_hz=RATE_HZ))


def strongest_hertz(samples: np.ndarray) -> float:
    return float(np.fft.rfftfreq(len(samples), 1 / RATE_HZ)[np.abs(np.fft.rfft(samples)).argmax()])


def samples_of(wav: bytes) -> tuple[int, np.ndarray]:
    """Channels and samples of a WAV file."""
    with wave.open(io.BytesIO(wav)) as file:
        assert file.getframerate() == RATE_HZ
        return file.getnchannels(), np.frombuffer(file.readframes(file.getnframes()), "<i2")


def test_words_that_were_not_understood_are_heard_on_the_page_of_missed_words(stage: Stage):
    record_calls(stage.db)
    phone = stage.net.call(to=SERVICE_NUMBER, from_="+8613800138000")
    phone.hear("For English")
    phone.press("2")
    phone.hear("This call may be recorded", "How can I help")
    phone.say("purple elephants", wav=tone(1.5, 700))
    phone.hear("did not understand")
    phone.wait(2.0)
    phone.say("seven green bananas", wav=tone(2.0, 1_100))
    phone.wait(3.0)
    phone.hangup()
    stage.rest()

    [recording] = rows(stage.db, Recording)
    assert (recording.status, recording.whole_call, recording.ticket_id) == (RecordingStatus.FETCHED, True, None)
    assert rows(stage.db, Ticket) == []
    with stage.db.read() as s:
        turns = {utterance.text: utterance.turn_id for utterance in open_utterances(s, FLOW)}
    assert turns.keys() == {"purple elephants", "seven green bananas"}

    add_users(stage.db)
    assert stage.web.app is not None
    client = editor_of(stage.web.app).client
    page = client.get(f"/flows/{FLOW}/missed").get_data(as_text=True)
    for text, seconds, hertz in (("purple elephants", 1.5, 700), ("seven green bananas", 2.0, 1_100)):
        address = f"/flows/{FLOW}/missed/{turns[text]}/sound.wav"
        assert f'src="{address}"' in page
        channels, heard = samples_of(client.get(address).data)
        assert channels == 1
        assert abs((np.abs(heard.astype(int)) > 500).sum() / RATE_HZ - seconds) < 0.15
        assert abs(strongest_hertz(heard) - hertz) < 5
    call = client.get(f"/calls/{recording.call_id}").get_data(as_text=True)
    assert "The whole call" in call
    channels, both = samples_of(client.get(f"/recordings/{recording.id}.wav").data)
    assert channels == 2
    assert np.abs(both[1::2].astype(int)).max() > 500


def record_calls(db: Database) -> None:
    with db.write() as s:
        s.execute(update(Line).where(Line.number == SERVICE_NUMBER).values(records_calls=True))
