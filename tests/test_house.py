"""The floors of the house hold, also for imports inside functions."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = (
    {"app", "house", "house_sound", "commands", "demo", "bench", "soak", "docs"},
    {"console"},
    {"api", "studio"},
    {"callbacks"},
    {"ivr"},
    {"flows", "tickets"},
    {"telephony", "audio", "work"},
    {"storage"},
)
ROOMS = set().union(*FLOORS) | {"simulator", "config"}
FLASK_DOORS = (
    *("app.py", "commands/", "console/", "api/", "ivr/webhooks", "ivr/media.py", "bench/"),
    *("studio/doors/", "studio/wiring.py", "studio/deps.py"),
)


def _sources() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return (ROOT / name for name in listed if not name.startswith("tests/"))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


def _floor(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


@pytest.mark.parametrize("path", sorted(_sources()), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_imports_only_from_floors_below(path: Path) -> None:
    here = path.relative_to(ROOT).parts[0].removesuffix(".py")
    for module in _imports(path):
        room = module.split(".")[0]
        if room not in ROOMS or room == here:
            continue
        assert here != "simulator", f"{path.name}: the simulator imports no other room, but imports {module}"
        if room == "config":
            assert here in FLOORS[0] | {"gunicorn.conf"}, f"{path.name} imports config; pass it values instead"
        elif here in ROOMS - {"config"} and here not in FLOORS[0]:
            assert room != "simulator", f"{path.name} imports the simulator"
            assert _floor(room) > _floor(here), f"{path.name} ({here}) imports {module} from a floor above or its own"


@pytest.mark.parametrize("path", sorted(_sources()), ids=lambda p: str(p.relative_to(ROOT)))
def test_only_doors_know_flask(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    if not name.startswith(FLASK_DOORS):
        assert not any(m.split(".")[0].startswith("flask") for m in _imports(path)), f"{name} imports Flask"


def test_the_project_names_no_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    forbidden = ("/" + "work/", "/" + "root/")
    for name in filter(None, listed):
        path = ROOT / name
        if path.suffix in {".py", ".md", ".yaml", ".toml", ".txt", ".html", ".js", ".css", ""} and path.is_file():
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert not any(word in text for word in forbidden), f"{name} carries a path of a machine"
