"""Words that nobody will hear are told when a flow is written."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from audio.catalogue import SpeechFolders
from audio.hearing.choice import HearingSettings
from audio.hearing.vocabulary import Vocabulary
from audio.hearing.vocabulary_symbols import vosk_knows


def vocabulary(tmp_path: Path, engines: str = "") -> Vocabulary:
    folders = SpeechFolders(models=tmp_path / "models", cache=tmp_path / "cache")
    return Vocabulary(HearingSettings(folders=folders, engines=engines))


@pytest.mark.speech
def test_vosk_words_are_looked_up_in_the_model(tmp_path: Path) -> None:
    known = vocabulary(tmp_path)
    assert known.unknown_words(("배송 조회", "상담원"), "ko-KR") == ()
    assert known.unknown_words(("배송 Zzyzx", "클릭합니다"), "ko-KR") == ("zzyzx",)


def test_pocketsphinx_takes_every_word_that_can_be_said(tmp_path: Path) -> None:
    known = vocabulary(tmp_path, "en:closed=pocketsphinx, en:digits=pocketsphinx, en:open=whisper")
    assert known.unknown_words(("Track brumkel", "中文"), "en-US") == ("中", "文")


def test_settings_at_fault_and_languages_nobody_hears_are_told_elsewhere(tmp_path: Path) -> None:
    assert vocabulary(tmp_path, "xx").unknown_words(("anything",), "en-US") == ()
    assert vocabulary(tmp_path).unknown_words(("anything",), "sw-KE") == ()


def test_words_stand_in_a_list_or_in_the_symbol_table_of_the_graph(tmp_path: Path) -> None:
    listed, built = tmp_path / "listed", tmp_path / "built"
    for folder in (listed, built):
        (folder / "graph").mkdir(parents=True)
    (listed / "graph" / "words.txt").write_text("<eps> 0\nhello 1\nworldly 2\n")
    table = b"".join(struct.pack("<i", len(w)) + w + struct.pack("<q", n) for n, w in enumerate((b"hello", b"worldly")))
    (built / "graph" / "Gr.fst").write_bytes(b"head" * 8 + table)
    for folder in (listed, built):
        knows = vosk_knows(folder)
        assert [knows(word) for word in ("hello", "worldly", "world", "hell")] == [True, True, False, False]
    assert vosk_knows(tmp_path / "nothing")("anything")
