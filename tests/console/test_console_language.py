"""The pages speak English and Chinese, wholly, and show times where the reader is."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from console import language
from tests.console.conftest import csrf_of, sign_in

CONSOLE = Path(language.__file__).parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "_now": None}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]


def wanted() -> Iterator[str | tuple[str, ...]]:
    """Every text that the pages put into the reader's language."""
    found = extract_from_dir(
        str(CONSOLE), method_map=METHODS, options_map={"**.html": {"encoding": "utf-8"}}, keywords=KEYWORDS
    )
    for _file, _line, message, _comments, _context in found:
        yield message if isinstance(message, str) else tuple(message[:2])


def chinese() -> Catalog:
    """The Chinese catalogs as one."""
    whole = Catalog(locale="zh")
    for name in language.CATALOGS:
        with (CONSOLE / f"translations/zh/LC_MESSAGES/{name}.po").open("rb") as file:
            for message in read_po(file, locale="zh"):
                if message.id:
                    whole[message.id] = message
    return whole


def texts(message: object) -> list[str]:
    """Its translation's forms."""
    return [message] if isinstance(message, str) else list(message) if isinstance(message, tuple | list) else []


def test_every_text_has_a_chinese_translation() -> None:
    catalog = chinese()
    missing = [m for m in set(wanted()) if not (entry := catalog.get(m)) or not all(texts(entry.string)) or entry.fuzzy]
    assert missing == []


def test_no_translation_is_for_a_text_that_is_gone() -> None:
    known = {m if isinstance(m, str) else m[0] for m in wanted()}
    gone = [m.id for m in chinese() if m.id and (m.id if isinstance(m.id, str) else m.id[0]) not in known]
    assert gone == []


def test_every_translation_keeps_its_values() -> None:
    for message in chinese():
        if not message.id:
            continue
        ids = texts(message.id)
        for text in texts(message.string):
            assert set(re.findall(r"%\(\w+\)s", text)) == set(re.findall(r"%\(\w+\)s", ids[-1])), message.id


def test_catalogs_are_compiled_when_missing_or_older(tmp_path: Path) -> None:
    shutil.copytree(CONSOLE / "translations", tmp_path / "t", ignore=shutil.ignore_patterns("*.mo"))
    compiled = language.compile_catalogs(tmp_path / "t")
    assert sorted(p.stem for p in compiled) == sorted(language.CATALOGS)
    assert language.compile_catalogs(tmp_path / "t") == []
    compiled[0].write_bytes(b"")
    import os

    os.utime(compiled[0], (1, 1))
    assert language.compile_catalogs(tmp_path / "t") == compiled[:1]


def test_a_stranger_reads_the_language_the_browser_asks_for(empty_app: Flask) -> None:
    client = empty_app.test_client()
    assert "登录" in client.get("/login", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).get_data(as_text=True)
    assert "Sign in" in client.get("/login", headers={"Accept-Language": "fr"}).get_data(as_text=True)


def test_the_chosen_language_stays_with_the_user(empty_app: Flask) -> None:
    client = sign_in(empty_app.test_client())
    form = {"language": "zh", "next": "/tickets", "csrf_token": csrf_of(client)}
    answer = client.post("/language", data=form)
    assert answer.location == "/tickets"
    other = sign_in(empty_app.test_client())
    assert "概览" in other.get("/").get_data(as_text=True)


def test_a_language_nobody_speaks_changes_nothing(empty_app: Flask) -> None:
    client = sign_in(empty_app.test_client())
    client.post("/language", data={"language": "xx", "csrf_token": csrf_of(client)})
    assert "Overview" in client.get("/").get_data(as_text=True)


def test_times_are_shown_in_the_users_zone(agent: FlaskClient) -> None:
    assert "20 Nov 2026, 14:30:00" in agent.get("/").get_data(as_text=True)
    agent.post("/settings/zone", data={"time_zone": "America/New_York", "csrf_token": csrf_of(agent)})
    assert "20 Nov 2026, 01:30:00" in agent.get("/").get_data(as_text=True)
    agent.post("/settings/zone", data={"time_zone": "Mars/Olympus", "csrf_token": csrf_of(agent)})
    assert "20 Nov 2026, 01:30:00" in agent.get("/").get_data(as_text=True)
