"""Models are installed whole or not at all."""

from __future__ import annotations

import hashlib
import http.server
import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from audio.catalogue import SpeechFolders, choose
from audio.download import fetch_model
from audio.errors import InstallFailed
from audio.install import install
from audio.models import Download

NAME = "vosk-model-small-xx-1"
MODEL_FILES = {f"{NAME}/am/final.mdl": b"acoustic" * 100, f"{NAME}/conf/mfcc.conf": b"--sample-frequency=16000\n"}


@dataclass
class Site:
    """A web server with one file on it."""

    address: str = ""
    body: bytes = b""
    status: int = 200
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            self.send_response(site.status)
            self.send_header("Content-Length", str(len(site.body)))
            self.end_headers()
            self.wfile.write(site.body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def folders(tmp_path: Path) -> SpeechFolders:
    return SpeechFolders(models=tmp_path / "models", cache=tmp_path / "cache")


def zipped(files: dict[str, bytes], link: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        if link:
            entry = zipfile.ZipInfo(link)
            entry.external_attr = 0o120777 << 16
            archive.writestr(entry, "/etc")
    return buffer.getvalue()


def fetch(site: Site, folders: SpeechFolders, told: list[tuple[int, int]] | None = None) -> Path:
    """Fetch what the site holds, with the checksum of what it holds."""
    source = Download(size_bytes=max(1, len(site.body)), checksum=f"sha256:{hashlib.sha256(site.body).hexdigest()}")
    heard = told if told is not None else []
    return fetch_model(
        name=NAME,
        url=f"{site.address}/{NAME}.zip",
        source=source,
        folder=folders.models,
        progress=lambda done, total: heard.append((done, total)),
    )


def test_a_model_is_fetched_checked_and_unpacked(site: Site, folders: SpeechFolders) -> None:
    site.body = zipped(MODEL_FILES)
    told: list[tuple[int, int]] = []
    path = fetch(site, folders, told)
    assert path == folders.models / NAME
    assert (path / "am" / "final.mdl").read_bytes() == MODEL_FILES[f"{NAME}/am/final.mdl"]
    assert told[-1] == (len(site.body), len(site.body))
    assert list(folders.models.iterdir()) == [path]


def test_a_broken_copy_in_its_place_is_replaced(site: Site, folders: SpeechFolders) -> None:
    (folders.models / NAME).mkdir(parents=True)
    (folders.models / NAME / "half").touch()
    site.body = zipped(MODEL_FILES)
    assert not (fetch(site, folders) / "half").exists()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<html>Sign in to the hotel</html>", "not a zip file"),
        (zipped({"another-model/am/final.mdl": b"x"}), "does not hold a Vosk model"),
        (zipped({**MODEL_FILES, "../../outside.txt": b"x"}), "land elsewhere"),
        (zipped({**MODEL_FILES, "/tmp/outside.txt": b"x"}), "land elsewhere"),
        (zipped({**MODEL_FILES, "..\\outside.txt": b"x"}), "land elsewhere"),
        (zipped(MODEL_FILES, link=f"{NAME}/link"), "land elsewhere"),
        (zipped({**MODEL_FILES, f"{NAME}/bomb": bytes(1_000_000)}), "more than a model can be"),
    ],
    ids=["a page", "another model", "above", "absolute", "backslash", "link", "bomb"],
)
def test_an_archive_that_is_not_this_model_leaves_nothing(
    site: Site, folders: SpeechFolders, tmp_path: Path, body: bytes, says: str
) -> None:
    site.body = body
    with pytest.raises(InstallFailed, match=says):
        fetch(site, folders)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_another_file_than_the_known_one_is_refused(site: Site, folders: SpeechFolders) -> None:
    site.body = zipped(MODEL_FILES)
    with pytest.raises(InstallFailed, match=r"another sha256"):
        install("zh-CN", folders, engine="vosk", site=site.address)
    assert site.asked == ["/vosk-model-small-cn-0.22.zip"]
    assert list(folders.models.iterdir()) == []


def test_a_file_that_grows_beyond_the_known_size_is_not_read_to_its_end(site: Site, folders: SpeechFolders) -> None:
    site.body = bytes(100_000)
    source = Download(size_bytes=10, checksum=f"md5:{'0' * 32}")
    with pytest.raises(InstallFailed, match="larger than the known model"):
        fetch_model(name=NAME, url=site.address, source=source, folder=folders.models, progress=lambda _a, _b: None)


def test_a_site_that_refuses_is_named_with_its_status(site: Site, folders: SpeechFolders) -> None:
    site.status = 404
    with pytest.raises(InstallFailed, match=r"vosk-model-small-fr-0\.22\.zip answered 404"):
        install("fr", folders, site=site.address)


def test_offline_says_what_to_do(folders: SpeechFolders) -> None:
    with pytest.raises(InstallFailed, match=r"cannot be reached from here\. Fetch it on a machine with internet"):
        install("fr", folders, site="http://127.0.0.1:9")
    assert list(folders.models.iterdir()) == []


def test_a_language_that_no_model_hears_is_said(folders: SpeechFolders) -> None:
    with pytest.raises(InstallFailed, match="No model hears tlh"):
        install("tlh", folders)
    with pytest.raises(InstallFailed, match="No model hears fr by whisper"):
        install("fr", folders, engine="whisper")


def test_what_is_there_is_not_installed_again(folders: SpeechFolders) -> None:
    done = install("en-US", folders, site="http://127.0.0.1:9")
    assert (done.model, done.fresh) == ("whisper-tiny.en", False)
    assert "flask speech install en-US --engine vosk" in done.sentence
    assert install("ko", folders).model == choose("ko", folders).name
