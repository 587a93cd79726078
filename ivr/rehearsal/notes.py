"""What the house is told in a rehearsal, one sentence each, for whoever tries a flow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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
from ivr.rehearsal.sentences import Sentence, sentence


def _understood(event: Understood) -> Sentence:
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
    LanguageChosen: lambda event: sentence("The call goes on in {language}.", language=event.language),
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


def notes_of(events: Iterable[Event], missing: Iterable[str] = ()) -> tuple[Sentence, ...]:
    """Sentences about events, in order; `missing` are names of flows that were called and are not published."""
    lost = (sentence("There is no published flow “{name}”.", name=name[:60]) for name in missing)
    return (*lost, *(_TOLD[type(event)](event) for event in events if type(event) in _TOLD))
