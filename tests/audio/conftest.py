"""Models and corpus for tests that hear."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audio.catalogue import SpeechFolders


@pytest.fixture(scope="session")
def folders(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SpeechFolders:
    """No downloaded model, and a cache that outlives the run: putting Whisper together writes 145 MB."""
    cache = request.config.cache
    assert cache is not None
    return SpeechFolders(models=tmp_path_factory.mktemp("models"), cache=cache.mkdir("speech-models"))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of human test audio, where there is one."""
    root = Path(__file__).resolve().parents[2]
    path = Path(os.environ.get("RINGBACK_CORPUS", root / ".." / "shared" / "corpus")) / "audio"
    if not (path / "transcripts.tsv").is_file():
        pytest.skip("corpus not present")
    return path
