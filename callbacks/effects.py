"""What callers' wishes about calls cause; `app` adds this table to that of the call itself."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from callbacks.answer_records import audio_offset_ms, understood
from callbacks.call_backs import case_of_call
from callbacks.case import Case
from callbacks.cases import postpone
from callbacks.opting_out import add_opt_out
from callbacks.wishes import CallbackWish, WishState
from flows.events import CallbackRequested, OptedOut, Understood
from flows.requests import OpenTicket
from ivr.effects import EffectTable
from ivr.scope import CallScope
from ivr.ticketing import open_ticket
from tickets import desk
from tickets.timeline import EntryKind


def callback_requested(scope: CallScope, event: CallbackRequested) -> None:
    """The wish is kept and stands on a ticket, so that somebody sees it. A withheld number is kept as "".

    The same wish again in one call (the caller went back and chose another time) replaces the earlier one.
    """
    if event.later:
        call_later(scope, event)
        return
    number = event.number or scope.caller_number
    if scope.ticket_id is None:
        open_ticket(scope, OpenTicket(text=event.reason, reason="the caller wants a call back", node=event.node))
    wish = scope.db.scalar(
        select(CallbackWish).where(CallbackWish.call_id == scope.call.id, CallbackWish.state == WishState.WAITING)
    )
    if wish is None:
        wish = CallbackWish(call_id=scope.call.id, state=WishState.WAITING, created_at=scope.now, demo=scope.call.demo)
        scope.db.add(wish)
    wish.person_id, wish.ticket_id = scope.call.person_id, scope.ticket_id
    wish.number, wish.wanted_at, wish.reason = number, wanted_at(event.at), event.reason
    scope.db.flush()
    ticket = scope.ticket
    if ticket is not None:
        payload = {"number": number, "at": event.at}
        desk.add_entry(scope.db, ticket, EntryKind.CALLBACK, payload, at=scope.now, actor="caller")


def wanted_at(text: str) -> datetime | None:
    """An ISO 8601 time with zone as UTC; None for "" (as soon as possible) and for what cannot be read as one."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None else None


def call_later(scope: CallScope, event: CallbackRequested) -> None:
    """Somebody we called wants to be called another time: their case waits for it, and nobody has to do anything."""
    known = case_of_call(scope.db, scope)
    at = wanted_at(event.at)
    wish = CallbackWish(
        call_id=scope.call.id,
        person_id=scope.call.person_id,
        number=event.number or scope.caller_number,
        wanted_at=at,
        reason=event.reason,
        state=WishState.PLANNED,
        created_at=scope.now,
        demo=scope.call.demo,
    )
    scope.db.add(wish)
    scope.db.flush()
    case = scope.db.get(Case, known[0]) if known is not None else None
    if case is not None and at is not None:
        postpone(scope.db, case, at, scope.now)


def opted_out(scope: CallScope, event: OptedOut) -> None:
    """The number is not called again for this purpose, from this moment on."""
    if scope.caller_number:
        add_opt_out(
            scope.db,
            number=scope.caller_number,
            purpose=event.purpose,
            how=event.how,
            now=scope.now,
            evidence=event.evidence,
            node=event.node,
            call_id=scope.call.id,
            audio_offset_ms=audio_offset_ms(scope),
            demo=scope.call.demo,
        )


EFFECTS: EffectTable = {
    CallbackRequested: (callback_requested,),
    OptedOut: (opted_out,),
    Understood: (understood,),
}
