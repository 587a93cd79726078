"""The editor is built with a Node.js that can, and only when its sources have changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flows.editor import building
from flows.editor.node import is_new_enough


@pytest.mark.parametrize(
    ("version", "fits"),
    [
        ("v18.20.4", False),
        ("v20.18.9", False),
        ("v20.19.0", True),
        ("v21.7.3", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.19.0", True),
        ("", False),
    ],
)
def test_only_releases_that_the_builder_runs_on_are_taken(version: str, fits: bool) -> None:
    assert is_new_enough(version) is fits


def test_what_is_built_is_out_of_date_once_a_source_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("package.json", "package-lock.json", "vite.config.ts", "tsconfig.json"):
        shutil.copy(building.FOLDER / name, tmp_path / name)
    (tmp_path / "src").mkdir()
    source = tmp_path / "src" / "main.tsx"
    source.write_text("one")
    built = tmp_path / "dist"
    built.mkdir()
    monkeypatch.setattr(building, "FOLDER", tmp_path)
    monkeypatch.setattr(building, "BUILT", built)
    assert not building.is_built()
    (built / "editor.js").write_text("")
    (built / ".sources").write_text(building.fingerprint())
    assert building.is_built()
    source.write_text("two")
    assert not building.is_built()
