"""The one table of what a call can cause: from event type to the effects on the house.

An effect stores within the turn's transaction, or asks a worker there; it never waits and never reaches outside.
Rooms above add their own with `with_effects`. Events that are only kept with the turn have no line here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update

from flows.events import (
    CallEnded,
    Event,
    FlowFailed,
    LanguageChosen,
    MessageRequested,
    Rated,
    RecordingMade,
    ReopenRequested,
    SpeechKept,
    TransferEnded,
)
from ivr.keeping import keep_recording
from ivr.messages import queue_message
from ivr.ratings import Rating
from ivr.reopening import reopen
from ivr.scope import CallScope
from ivr.ticketing import attach_message, tell_speech
from storage.database import connection_of
from tickets import desk
from tickets.people import Person
from tickets.timeline import EntryKind

log = logging.getLogger(__name__)

Effect = Callable[[CallScope, Any], None]
EffectTable = Mapping[type, tuple[Effect, ...]]

_PEOPLE = cast(Table, Person.__table__)
_GREET_IN = update(_PEOPLE).where(_PEOPLE.c.id == bindparam("person")).values(language=bindparam("tag"))
_KEEP_RATING = insert(cast(Table, Rating.__table__))


def speech_kept(scope: CallScope, _event: SpeechKept) -> None:
    """What was said goes onto the ticket when there is one; else the session keeps it until there is."""
    tell_speech(scope)


def recording_made(scope: CallScope, event: RecordingMade) -> None:
    """The recording is noted, fetched and transcribed in the background."""
    keep_recording(
        scope.db,
        sid=event.recording_sid,
        url=event.url,
        duration_s=event.duration_s,
        call_id=scope.call.id,
        ticket=scope.ticket,
        node=event.node,
        language=scope.talk.language,
        now=scope.now,
    )
    scope.talk.recorded = scope.talk.recorded or event.duration_s > 0


def message_requested(scope: CallScope, event: MessageRequested) -> None:
    """The SMS is noted and sent in the background. A withheld number gets none, and the note says so."""
    to = event.to or scope.caller_number
    message = queue_message(
        scope.db, call_id=scope.call.id, from_number=scope.service_number, to=to, body=event.body, now=scope.now
    )
    ticket = scope.ticket
    if ticket is not None:
        attach_message(scope.db, message, ticket, scope.now)


def language_chosen(scope: CallScope, event: LanguageChosen) -> None:
    """The person is greeted in this language the next time."""
    if scope.call.person_id is not None:
        person_id = scope.call.person_id
        connection_of(scope.db).execute(_GREET_IN, {"person": person_id, "tag": event.language})


def rated(scope: CallScope, event: Rated) -> None:
    """The score is kept."""
    connection_of(scope.db).execute(
        _KEEP_RATING,
        {
            "call_id": scope.call.id,
            "ticket_id": scope.ticket_id,
            "node": event.node,
            "score": event.score,
            "about": event.about[:200],
            "at": scope.now,
        },
    )


def transfer_ended(scope: CallScope, event: TransferEnded) -> None:
    """How a transfer went stands on the ticket, for whoever calls back."""
    ticket = scope.ticket
    if ticket is not None:
        payload = {"text": f"transfer: {event.outcome}", "to": event.to, "duration_s": event.duration_s}
        desk.add_entry(scope.db, ticket, EntryKind.SYSTEM, payload, at=scope.now, actor="flow")


def reopen_requested(scope: CallScope, event: ReopenRequested) -> None:
    """The ticket is open again, one step more urgent; of a closed one a new ticket speaks."""
    reopen(scope, number=event.number, comment=event.comment, node=event.node)


def flow_failed(scope: CallScope, event: FlowFailed) -> None:
    """The call's page says what went wrong."""
    log.error("call %s: %s", scope.call.sid, event.error)
    scope.columns["error"] = event.error


def call_ended(scope: CallScope, event: CallEnded) -> None:
    """The call's row says how it ended and by whom."""
    scope.columns["outcome"] = event.outcome[:32]
    scope.columns["ended_by"] = event.by


EFFECTS: EffectTable = {
    SpeechKept: (speech_kept,),
    RecordingMade: (recording_made,),
    MessageRequested: (message_requested,),
    LanguageChosen: (language_chosen,),
    Rated: (rated,),
    TransferEnded: (transfer_ended,),
    ReopenRequested: (reopen_requested,),
    FlowFailed: (flow_failed,),
    CallEnded: (call_ended,),
}


def with_effects(*tables: EffectTable) -> EffectTable:
    """The house's table widened by those of other rooms. An effect that is there already is not added again."""
    merged: dict[type, tuple[Effect, ...]] = dict(EFFECTS)
    for table in tables:
        for event_type, effects in table.items():
            known = merged.get(event_type, ())
            merged[event_type] = (*known, *(effect for effect in effects if effect not in known))
    return merged


def cause(table: EffectTable, scope: CallScope, events: Iterable[Event]) -> None:
    """Let every event have its effects, in order."""
    for event in events:
        for effect in table.get(type(event), ()):
            effect(scope, event)
