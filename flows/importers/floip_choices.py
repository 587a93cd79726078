"""FLOIP's choices as menus: keys and words found by trying out each choice's test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flows.importers.floip_job import FloipJob, put
from flows.importers.floip_model import Block
from flows.importers.literals import no_holes
from flows.importers.naming import exit_name

_LITERAL = re.compile(r"'([^']{1,60})'|\"([^\"]{1,60})\"|=\s*([A-Za-z]\w{0,59})\b(?!\s*\()")


def choose(job: FloipJob, block: Block) -> None:
    """One of several choices by key or words. Several at once become one."""
    config = block.config
    if "Many" in block.type:
        job.board.report.change(block.name, block.type, "The caller chooses one of the choices; several cannot be.")
    found = config.get("choices")
    if isinstance(found, dict):
        found = [{"name": str(name), "prompt": uuid, "test": ""} for name, uuid in found.items()]
    choices = (
        [c for c in found if isinstance(c, dict) and str(c.get("name", "")).strip()] if isinstance(found, list) else []
    )
    if not choices:
        job.pass_by(block)
        job.refuse(block, "It has no choices; the call goes on past it.")
        return
    names: set[str] = set()
    keys: set[str] = set()
    built, exits = [], {}
    for choice in choices[:9]:
        foreign = str(choice["name"])
        name = exit_name(foreign, names, "choice")
        names.add(name)
        job.chosen.setdefault(job.value(block), {})[foreign] = name
        key = _key(job, block, str(choice.get("test", "")), keys)
        keys.add(key)
        label = _label(job, block, choice, foreign)
        words = _words(job, block, str(choice.get("test", "")), label)
        built.append({"key": key, "name": name, "label": label} | ({"words": words} if words else {}))
        exits[name] = _way_of(job, block, foreign)
    for choice in choices[9:]:
        job.board.report.refuse(block.name, "choices", "No key is left for “{name}”.", name=choice["name"])
    asks = "question_prompt" if config.get("question_prompt") else "prompt"
    default = next((e.target for e in block.exits if e.is_default), "")
    put(
        job,
        block,
        "menu",
        prompt=job.texts(block, asks, config.get(asks)),
        choices=built,
        value=job.value(block),
        exits={**exits, "failed": default},
    )
    job.board.report.take(block.name, block.type, "Is a menu of {count} choices, by key or words.", count=len(built))
    if asks == "prompt":
        job.board.report.change(block.name, "prompt", "The options are said after its prompt, each with its key.")


def _key(job: FloipJob, block: Block, test: str, taken: set[str]) -> str:
    """The key for which a choice's test holds; the next free one where there is none."""
    for key in "123456789":
        if test and key not in taken and job.holds(block, test, key):
            return key
    free = next(key for key in "123456789" if key not in taken)
    job.board.report.change(block.name, "choices", "A choice had no key of its own; it has key {key} now.", key=free)
    return free


def _label(job: FloipJob, block: Block, choice: Mapping[str, Any], name: str) -> dict[str, str]:
    uuid = choice.get("prompt")
    if uuid and job.flow.resources.get(str(uuid)):
        return job.texts(block, "choices", uuid)
    return dict.fromkeys(job.board.languages, no_holes(name)[:60])


def _words(job: FloipJob, block: Block, test: str, label: Mapping[str, str]) -> dict[str, list[str]]:
    """Further ways to say a choice: the texts of its test for which it holds, per language, in any mode."""
    literals = [found for match in _LITERAL.finditer(test) for found in match.groups() if found]
    words: dict[str, list[str]] = {}
    for tag in job.board.languages:
        codes = [code for code, known in job.tags.items() if known == tag] or [tag]
        said = [
            word
            for word in dict.fromkeys(literals)
            if any(job.holds(block, test, word, mode=mode, language=code) for mode in ("IVR", "SMS") for code in codes)
        ]
        said = [word for word in said if word.casefold() != label[tag].casefold()]
        if said:
            words[tag] = [no_holes(word) for word in said]
    return words


def _way_of(job: FloipJob, block: Block, name: str) -> str:
    """Where the exits lead when this choice was made."""
    for way in block.exits:
        if way.test and job.holds(block, way.test, name):
            return way.target
    return next((e.target for e in block.exits if e.is_default), "")
