"""Write or check the generated reference pages: `python -m docs.generate [--check]`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from config import Config
from flows import reference

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"


def settings() -> str:
    """The settings page, from `config.Config`."""
    rows = [
        f"| `{name.upper()}` | {_shown(field.default)} | {field.description} |"
        for name, field in Config.model_fields.items()
    ]
    head = (
        "# Settings\n\nEnvironment variables, read once at the start (`config.py`).\n\n"
        "| variable | default | meaning |\n|---|---|---|\n"
    )
    tail = (
        "\n`LOOKUP_SECRET_<NAME>` gives lookups a secret that flows name as `secret:<NAME>`. "
        "`WEB_CONCURRENCY` is the number of web processes on PostgreSQL.\n"
    )
    return head + "\n".join(rows) + "\n" + tail


def _shown(default: object) -> str:
    text = str(getattr(default, "value", default))
    return "(empty)" if text in ("", "None", "PydanticUndefined") else f"`{text}`"


def make_targets() -> str:
    """The page of make targets, from the Makefile."""
    found = re.findall(r"^([a-z-]+):.*?## (.*)$", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    rows = [f"| `make {name}` | {text} |" for name, text in found]
    return "# Make targets\n\n| command | what it does |\n|---|---|\n" + "\n".join(rows) + "\n"


def pages() -> dict[str, Callable[[], str]]:
    """Every generated page by file name."""
    return {"settings.md": settings, "make.md": make_targets, **reference.pages()}


def main() -> None:
    """Write the pages, or with --check say which differ and end with 1."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    stale = []
    for name, write in pages().items():
        path, text = FOLDER / name, write()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if stale:
        print(("These pages differ: " if "--check" in sys.argv else "Written: ") + ", ".join(stale))
        sys.exit("--check" in sys.argv)


if __name__ == "__main__":
    main()
