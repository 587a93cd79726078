"""What the house is told in a rehearsal, one sentence each, for whoever tries a flow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from flows.events import (
    CallbackRequested,
    CallEnded,
    Event,
    FlowFailed,
    LanguageChosen,
    MessageRequested,
    NotUnderstood,
    OptedOut,
    PersonRequested,
    Rated,
    RecordingMade,
    ReopenRequested,
    SpeechKept,
    TicketOpened,
    TransferEnded,
    Understood,
)
from flows.nodes.base import Node
from ivr.rehearsal.sentences import LanguageName, Sentence, sentence

_TAG = re.compile(r"[a-z]{2,3}-[A-Z]{2}")
"""A language as a language node gives it; nothing else that is understood looks like one."""


def _understood(event: Understood) -> Sentence:
    if isinstance(event.value, bool):
        return sentence("Understood: {value}.", value=sentence("yes" if event.value else "no"))
    if isinstance(event.value, str) and _TAG.fullmatch(event.value):
        return sentence("Understood: {value}.", value=LanguageName(tag=event.value))
    return sentence("Understood: {value}.", value=event.value)


def _not_understood(event: NotUnderstood) -> Sentence:
    if event.kind == "no-input":
        return sentence("Nothing was heard; that is error {count} here.", count=event.count)
    return sentence("This was not understood; that is error {count} here.", count=event.count)


def _callback(event: CallbackRequested) -> Sentence:
    if not event.at:
        return sentence("The caller wants to be called back on {number}, as soon as possible.", number=event.number)
    return sentence("The caller wants to be called back on {number} at {at}.", number=event.number, at=event.at)


def _ticket(event: TicketOpened) -> Sentence:
    if event.appended:
        return sentence("Added to ticket {number}.", number=event.number)
    return sentence("Ticket {number} was opened.", number=event.number)


def _ended(event: CallEnded) -> Sentence:
    if event.by == "caller":
        return sentence("The caller hung up; outcome: {outcome}.", outcome=event.outcome)
    return sentence("The flow ended the call; outcome: {outcome}.", outcome=event.outcome)


_TOLD: Mapping[type, Callable[[Any], Sentence]] = {
    Understood: _understood,
    NotUnderstood: _not_understood,
    PersonRequested: lambda event: sentence("The caller is to speak to a person."),
    SpeechKept: lambda event: sentence("Kept in the caller's own words: “{text}”.", text=event.text),
    RecordingMade: lambda event: sentence("A recording of {seconds} s was made.", seconds=event.duration_s),
    LanguageChosen: lambda event: sentence(
        "The call goes on in {language}.", language=LanguageName(tag=event.language)
    ),
    MessageRequested: lambda event: sentence("A text message would be sent: “{body}”", body=event.body),
    CallbackRequested: _callback,
    OptedOut: lambda event: sentence("The number would not be called again ({purpose}).", purpose=event.purpose),
    Rated: lambda event: sentence("The caller gave {score} of 5.", score=event.score),
    TransferEnded: lambda event: sentence("The transfer ended: {outcome}.", outcome=event.outcome),
    TicketOpened: _ticket,
    ReopenRequested: lambda event: sentence("Ticket {number} would be opened again.", number=event.number),
    FlowFailed: lambda event: sentence(
        "The flow could not go on at {node}: {error}", node=event.node, error=event.error
    ),
    CallEnded: _ended,
}
"""By event; those that the path shows already have none."""


def labelled(notes: Iterable[Sentence], nodes: Mapping[str, Node]) -> list[Sentence]:
    """The sentences with the label of the node they tell of, as people know it, where it has one."""
    return [
        replace(note, values={**note.values, "node": node.label})
        if (node := nodes.get(note.values.get("node", ""))) is not None and node.label
        else note
        for note in notes
    ]


def notes_of(events: Iterable[Event], missing: Iterable[str] = ()) -> tuple[Sentence, ...]:
    """Sentences about events, in order; `missing` are names of flows that were called and are not published."""
    lost = (sentence("There is no published flow “{name}”.", name=name[:60]) for name in missing)
    return (*lost, *(_TOLD[type(event)](event) for event in events if type(event) in _TOLD))
