"""The editor's page, its built files, its types and its voice, through the real doors."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from audio.house_voice import HouseVoice
from audio.voices.scripted import ScriptedVoice
from storage.database import Database
from studio import sentences
from studio.sound import example_text, spoken_by
from tests.studio.studio_desk import Editor, editor_of, studio_app

STUDIO = Path(sentences.__file__).parent


@pytest.fixture
def spoken() -> list[tuple[str, str]]:
    """What the voice was asked to say, with its language."""
    return []


@pytest.fixture
def desk(sqlite_db: Database, tmp_path: Path, spoken: list[tuple[str, str]]) -> Iterator[Editor]:
    """An administrator's editor on a desk whose house voice is the scripted one."""
    voice = HouseVoice(tmp_path / "prompts", ScriptedVoice())

    def speak(text: str, language: str, name: str) -> Path | None:
        spoken.append((text, language))
        return spoken_by(voice)(text, language, name)

    app = studio_app(sqlite_db, tmp_path, speak=speak)
    ada = editor_of(app)
    ada.post("/flows", {"name": "hotline", "title": "Hotline", "languages": ["en-US"]})
    yield ada
    voice.close()


def test_the_page_says_how_to_build_the_editor_and_then_loads_what_was_built(desk: Editor, tmp_path: Path) -> None:
    missing = desk.client.get("/flows/hotline/edit")
    assert missing.status_code == 503
    assert "make editor" in missing.get_data(as_text=True)
    assert "not built" in desk.get("/editor/editor.js").get_json()["error"]
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "editor.js").write_text("console.log('editor')", encoding="utf-8")
    (folder / "editor.css").write_text("#editor { color: red }", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("not for browsers", encoding="utf-8")
    page = desk.client.get("/flows/hotline/edit")
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert 'data-flow="hotline" data-base="/studio"' in text
    assert f'data-token="{text.split("data-token=")[1].split(chr(34))[1]}"' in text
    assert '<script type="module" src="/studio/editor/editor.js?v=' in text
    assert "/studio/editor/editor.css?v=" in text
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    script = desk.get("/editor/editor.js")
    assert script.mimetype in ("text/javascript", "application/javascript")
    mark = script.headers["ETag"]
    assert desk.send("GET", "/editor/editor.js", headers={"If-None-Match": mark}).status_code == 304
    for path in ("/editor/../secret.txt", "/editor/%2e%2e/secret.txt", "/editor/..%2fsecret.txt"):
        assert desk.get(path).status_code == 404
    assert desk.client.get("/flows/nothing/edit").status_code == 404


def test_types_are_sent_once_and_then_known_by_their_mark(desk: Editor) -> None:
    first = desk.get("/types")
    assert (first.status_code, first.mimetype) == (200, "application/json")
    assert len(first.get_json()["types"]) >= 23
    again = desk.send("GET", "/types", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_prompt_is_heard_with_examples_in_its_holes(desk: Editor, spoken: list[tuple[str, str]]) -> None:
    text = "Your number is {{ number | digits }}, {{ caller.name | default('friend') }}."
    heard = desk.post("/hotline/sound", {"text": text, "language": "en-US", "voice": ""})
    assert (heard.status_code, heard.mimetype) == (200, "audio/wav")
    assert heard.data[:4] == b"RIFF"
    assert spoken == [("Your number is 1, 2, 3, 4, example.", "en-US")]
    for body, status, sentence in (
        ({"text": "x" * 801, "language": "en-US"}, 422, "at most 800 characters"),
        ({"text": " … ", "language": "en-US"}, 422, "nothing to say"),
        ({"text": 3, "language": "en-US"}, 422, "must be a text"),
        ({"text": "Hello"}, 422, "must be a text"),
    ):
        answer = desk.post("/hotline/sound", body)
        assert answer.status_code == status
        assert sentence in answer.get_json()["error"]
    assert len(spoken) == 1


def test_without_a_voice_the_desk_says_so(sqlite_db: Database, tmp_path: Path) -> None:
    ada = editor_of(studio_app(sqlite_db, tmp_path), language="zh")
    ada.post("/flows", {"name": "hotline", "languages": ["en-US"]})
    answer = ada.post("/hotline/sound", {"text": "Hello", "language": "en-US"})
    assert answer.status_code == 503
    assert answer.get_json()["error"].startswith("暂时没有可用的声音")


def test_holes_are_filled_in_the_prompts_language() -> None:
    assert example_text("您的包裹{{ number | digits }}在{{ place }}。", "zh-CN") == "您的包裹一、二、三、四在示例。"
    assert example_text("On {{ day | date }} {{ never closed", "en-US").startswith("On Monday, November 23 ")


def test_every_sentence_of_the_studio_has_its_chinese() -> None:
    calls = [
        (path.name, node.args[0].value)
        for path in sorted(STUDIO.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "told"
        if node.args and isinstance(node.args[0], ast.Constant)
    ]
    table = sentences.chinese()
    assert len(calls) > 50
    assert [(file, sentence) for file, sentence in calls if sentence not in table] == []
    for english, chinese in table.items():
        assert {part.split("}")[0] for part in english.split("{")[1:]} >= {
            part.split("}")[0] for part in chinese.split("{")[1:]
        }, english
