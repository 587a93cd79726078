"""Whether a Vosk model has a word, read from its files without loading it.

`vosk_model_find_word` needs the whole model in memory (560 MB, 2.7 s). The words stand in graph/words.txt, or, in
models whose graph is put together while decoding, in the symbol table at the head of graph/Gr.fst: each one as its
length (int32, little-endian), its letters in UTF-8 and a number (int64). Source: OpenFst, SymbolTableImpl::Write.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path


def vosk_knows(model: Path) -> Callable[[str], bool]:
    """A function that tells whether the model in this folder has a word, written as the model writes it.

    Without either file everything is taken for known: nothing can be said about it.
    """
    return lambda word: _has(model, word)


@lru_cache(maxsize=65_536)
def _has(model: Path, word: str) -> bool:
    letters = word.encode()
    listed, graph = model / "graph" / "words.txt", model / "graph" / "Gr.fst"
    if listed.is_file():
        return _finds(listed, b"\n" + letters + b" ")
    if graph.is_file():
        return _finds(graph, len(letters).to_bytes(4, "little") + letters)
    return True


def _finds(file: Path, pattern: bytes) -> bool:
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(pattern) >= 0
