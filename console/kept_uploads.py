"""An uploaded flow between its report and the word to keep it: a file under a name nobody can guess.

Nothing of it is in the database; what is not confirmed is gone after a day.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

KEPT_FOR = timedelta(days=1)
FOLDER = "flow-imports"

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,30}")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How a file shall be read: its name, format, the flow's name here, which flow of it, and its language."""

    file_name: str = ""
    form: str = "auto"
    name: str = ""
    flow: str = ""
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class KeptUpload:
    """A file that waits for the word to keep it."""

    token: str
    wish: Wish
    data: bytes


def keep_upload(data_dir: Path, wish: Wish, data: bytes, *, user_id: int, now: datetime) -> str:
    """Keep the file and return its token. Files of yesterday are removed."""
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(folder, now)
    token = secrets.token_urlsafe(18)
    head = json.dumps({"user": user_id, **asdict(wish)}, ensure_ascii=True).encode()
    path = folder / token
    path.touch(mode=0o600)
    path.write_bytes(head + b"\n" + data)
    return token


def find_upload(data_dir: Path, token: str, *, user_id: int) -> KeptUpload | None:
    """The kept file of this user; None when there is none."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        head, _, data = (data_dir / FOLDER / token).read_bytes().partition(b"\n")
    except OSError:
        return None
    about = json.loads(head)
    if about.pop("user") != user_id:
        return None
    return KeptUpload(token=token, wish=Wish(**about), data=data)


def drop_upload(data_dir: Path, token: str) -> None:
    """Forget the file."""
    if _TOKEN.fullmatch(token):
        (data_dir / FOLDER / token).unlink(missing_ok=True)


def _sweep(folder: Path, now: datetime) -> None:
    oldest = (now - KEPT_FOR).timestamp()
    for path in folder.iterdir():
        try:
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)
        except OSError:
            continue  # Another process swept it first.
