"""The studio's sentences in the reader's language. Each room mate keeps a table of Chinese in `studio/chinese`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

import studio.chinese as tables
from ivr.rehearsal.sentences import LanguageName
from studio.deps import reader_language


def told(english: str, **values: object) -> str:
    """The sentence in the reader's language with its {names} filled in.

    `english` is written out where it is used: it is the key of the tables, and what is said where Chinese is missing.
    """
    sentence = chinese().get(english, english) if reader_language() == "zh" else english
    shown = {name: v.named(reader_language()) if isinstance(v, LanguageName) else v for name, v in values.items()}
    return sentence.format(**shown) if values else sentence


@cache
def chinese() -> Mapping[str, str]:
    """Every English sentence with its Chinese: the `CHINESE` tables of all files in `studio/chinese`."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(tables.__path__):
        found.update(importlib.import_module(f"{tables.__name__}.{module.name}").CHINESE)
    return found
