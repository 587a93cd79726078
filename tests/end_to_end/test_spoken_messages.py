"""What people say into the tape is heard by the real recognisers and stands on their ticket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from audio.catalogue import choose
from demo.settings import KOREAN_NUMBER, SERVICE_NUMBER
from ivr.recordings import Recording, RecordingStatus
from storage.database import Database
from tests.end_to_end.rehearsal import Stage, rehearse, rows, url_of
from tickets.ticket import Ticket
from tickets.timeline import Entry, EntryKind

VOICES = Path(__file__).resolve().parents[2] / "demo" / "voices"

pytestmark = pytest.mark.speech


@pytest.fixture
def stage(request: pytest.FixtureRequest, sqlite_db: Database, tmp_path: Path) -> Iterator[Stage]:
    """The desk with its real ears; models put together once outlive the run."""
    cache = request.config.cache
    assert cache is not None
    (tmp_path / "cache").symlink_to(cache.mkdir("speech-models"), target_is_directory=True)
    with rehearse(url_of(sqlite_db), tmp_path, transcribe=None) as found:
        yield found


def require_model(stage: Stage, language: str, engine: str) -> None:
    """The model comes with the requirements; it must be the one that this language is heard with."""
    assert choose(language, stage.house.sound.folders).engine == engine


def spoken(stage: Stage) -> tuple[Recording, Ticket, list[Entry]]:
    """The one recording, its ticket, and the ticket's timeline."""
    stage.rest(within_s=150)
    (recording,), (ticket,) = rows(stage.db, Recording), rows(stage.db, Ticket)
    assert recording.status == RecordingStatus.TRANSCRIBED, recording.reason
    return recording, ticket, rows(stage.db, Entry, Entry.ticket_id == ticket.id)


def transcript_of(entries: list[Entry]) -> str:
    """The words on the timeline."""
    (entry,) = (entry for entry in entries if entry.kind == EntryKind.TRANSCRIPT)
    return str(entry.payload["text"])


def test_a_korean_message_is_transcribed_by_vosk_and_stands_on_the_ticket(stage: Stage):
    require_model(stage, "ko-KR", "vosk")
    phone = stage.net.call(to=KOREAN_NUMBER, from_="+821012345678")
    phone.hear("무엇을 도와 드릴까요")
    phone.press("1")
    phone.hear("삐 소리 후")
    phone.record_wav(VOICES / "complaint_ko.wav")
    phone.hear("접수 번호", "안녕히 계세요")
    phone.wait_for_end()
    recording, ticket, entries = spoken(stage)
    text = transcript_of(entries)
    assert "표시" in text
    assert "학습" in text
    assert recording.transcript is not None
    assert (recording.transcript["engine"], recording.language, ticket.language) == ("vosk", "ko-KR", "ko-KR")
    words = recording.transcript["words"]
    assert len(words) > 3
    assert all(0 <= word["start_s"] <= word["end_s"] <= recording.duration_s + 1 for word in words)
    assert 0 < recording.transcript["confidence"] <= 1


@pytest.mark.parametrize(
    ("key", "file", "said", "language"),
    [
        ("2", "complaint_en.wav", "number is not answering", "en-US"),
        ("1", "complaint_zh.wav", "问题没有解决", "zh-CN"),
    ],
    ids=["English", "Chinese"],
)
def test_a_complaint_is_transcribed_by_whisper_and_stands_on_the_ticket(
    stage: Stage, key: str, file: str, said: str, language: str
):
    require_model(stage, language, "whisper")
    phone = stage.net.call(to=SERVICE_NUMBER, from_="+8613900080001")
    phone.hear("For English, press 2")
    phone.press(key)
    phone.hear("/How can I help|请问您需要/")
    phone.press("3")
    phone.hear("/After the tone|提示音后/")
    phone.record_wav(VOICES / file)
    phone.hear("/Your ticket number|工单号/")
    phone.hangup()
    recording, ticket, entries = spoken(stage)
    text = transcript_of(entries)
    assert said in text.lower().replace("，", "").replace(" ", "" if language == "zh-CN" else " ")
    assert recording.transcript is not None
    assert (recording.transcript["engine"], ticket.language, ticket.category) == ("whisper", language, "complaint")
    assert recording.transcript["words"]
    if "退钱" in text:
        # The caller wants the money back, which is a word of anger: the transcript has raised the ticket.
        assert "anger" in {reason["rule"] for reason in ticket.priority_reason}
