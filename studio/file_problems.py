"""What is wrong with a file that cannot be imported, in the reader's language.

The importers tell it as English sentences with foreign words inside. The sentences are known here, so that each can be
found again and told by the tables of Chinese; one that is not known stays English.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from flows.problems import Problem
from studio.sentences import told

SENTENCES = (
    "Two widgets have this name.",
    "Rename one of them in Studio.",
    "Widget {place} has no name.",
    "Widget {place} has a name that is too long.",
    "Name every widget.",
    "The widget has no type.",
    "transitions is not a list of objects.",
    "Export the flow from Studio again.",
    "Its transition {event} leads to “{target}”, which is not in the file.",
    "Export the whole flow from Studio again.",
    "The flow has no trigger, so no call would begin it.",
    "Export the whole flow.",
    "initial_state is “{start}”, which is not a widget.",
    "It should be “{trigger}”.",
    "The flow does not begin at a trigger.",
    "Set initial_state to “{trigger}”.",
    "The container's uuid “{uuid}” is not a UUID.",
    "Two flows have the uuid “{uuid}”, so neither can be named.",
    "The flow's uuid “{uuid}” is not a UUID.",
    "Two blocks have this uuid.",
    "first_block_id is “{first}”, which is not a block.",
    "Block {place} is not an object.",
    "Block {place} ({type}) has no name.",
    "Its uuid “{uuid}” is not a UUID.",
    "Its type “{type}” is not a FLOIP type (Namespace.Type).",
    "Its type {type} is not one that the FLOIP specification knows.",
    "Its exits are not a list of objects.",
    "resources is not a list.",
    "Its exit {exit} leads to “{target}”, which is not in the file.",
    "Its {key} names the resource {resource}, which is not in the file.",
    "Correct it in the other program, and export again.",
    "The file cannot be read from here on.",
)
_WHOLE = re.compile(r"(?:(?P<kind>widget|block) “(?P<name>.*?)”: )?(?P<message>.*?)(?: \((?P<more>\d+) more\))?", re.S)


def localized(problem: Problem) -> Problem:
    """The problem in the reader's language."""
    return replace(problem, message=sentence(problem.message), fix=sentence(problem.fix))


def first_told(text: str) -> str:
    """The first problem as a refusal repeats it: with its widget or block before it, and how many more there are."""
    found = _WHOLE.fullmatch(text)
    if found is None:
        return text
    said = sentence(found["message"])
    if found["kind"]:
        place = "widget “{name}”: {what}" if found["kind"] == "widget" else "block “{name}”: {what}"
        said = told(place, name=found["name"], what=said)
    return told("{what} ({count} more)", what=said, count=found["more"]) if found["more"] else said


def sentence(text: str) -> str:
    """One sentence of an importer in the reader's language; itself when it is not known."""
    for english, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            return told(english, **found.groupdict())
    return text


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((english, _pattern(english)) for english in SENTENCES)


def _pattern(english: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", english)
    return re.compile(
        "".join(f"(?P<{part}>.*)" if place % 2 else re.escape(part) for place, part in enumerate(parts)), re.S
    )
