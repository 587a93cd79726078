"""Building the editor: TypeScript and React become one script and one style sheet, when the sources have changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

from flows.editor.node import EditorBuildError, Node, find_node

FOLDER = Path(__file__).resolve().parent
BUILT = FOLDER / "dist"
CHECKS = (
    ("typescript/bin/tsc", "--noEmit"),
    ("prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "src", "tests"),
    ("vitest/vitest.mjs", "run", "--reporter=dot"),
)
"""Programs of the packages with their arguments, run by node itself: the npm of a wheel cannot start another npm."""

INPUTS = ("package.json", "package-lock.json", "vite.config.ts", "tsconfig.json", "src/**/*")


def is_built() -> bool:
    """Whether what is built came from the present sources."""
    return _read(BUILT / ".sources") == fingerprint() and (BUILT / "editor.js").is_file()


def fingerprint() -> str:
    """A checksum of everything that the built files depend on."""
    whole = hashlib.sha256()
    for pattern in INPUTS:
        for path in sorted(FOLDER.glob(pattern)):
            if path.is_file():
                whole.update(f"{path.relative_to(FOLDER)}\0".encode() + path.read_bytes() + b"\0")
    return whole.hexdigest()


def build() -> None:
    """Install the packages that the lock file names, and build. Raises EditorBuildError."""
    node = find_node()
    install_packages(node)
    _run(node, [str(FOLDER / "node_modules" / "vite" / "bin" / "vite.js"), "build", "--logLevel", "warn"], "be built")
    (BUILT / ".sources").write_text(fingerprint(), encoding="utf-8")


def check() -> None:
    """Types, format, lint and tests of the sources. Raises EditorBuildError."""
    node = find_node()
    install_packages(node)
    for program, *arguments in CHECKS:
        _run(node, [str(FOLDER / "node_modules" / program), *arguments], "pass its checks")


def install_packages(node: Node) -> None:
    """Install what the lock file names, unless that is what is there. Raises EditorBuildError."""
    lock = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    stamp = FOLDER / "node_modules" / ".installed"
    if _read(stamp) == lock:
        return
    _run(node, [str(node.npm), "ci", "--no-audit", "--no-fund", "--loglevel=error"], "get its packages")
    stamp.write_text(lock, encoding="utf-8")


def _run(node: Node, command: list[str], what: str) -> None:
    path = os.pathsep.join([str(node.program.parent), os.environ.get("PATH", "")])
    done = subprocess.run([str(node.program), *command], cwd=FOLDER, env={**os.environ, "PATH": path}, check=False)
    if done.returncode != 0:
        raise EditorBuildError(f"The flow editor could not {what}; the lines above say why.")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
