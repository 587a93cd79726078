"""A ticket's timeline as it is shown: stored entries joined with the calls, recordings and messages they name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import conversation, words
from console.translate import gettext as _
from console.translate import lazy_gettext
from ivr.calls import Call
from ivr.messages import Message
from ivr.recordings import Recording
from tickets import desk, reasons
from tickets.categories import Category
from tickets.ticket import Ticket
from tickets.timeline import Entry, EntryKind
from tickets.users import Group, User

MOST_ENTRIES = 400
OPENING = {
    "the caller hung up": lazy_gettext("the caller hung up"),
    "call could not be finished": lazy_gettext("the call could not be finished"),
    "voicemail while the flow could not be reached": lazy_gettext("left a message while the flow could not be reached"),
}
"""Why the house itself opened a ticket."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One thing on the timeline. `who` is a name, or "" for the house itself; `body` depends on `kind`."""

    key: str
    kind: str
    at: datetime
    who: str
    body: dict[str, Any] = field(default_factory=dict)
    call: Call | None = None
    exchanges: tuple[conversation.Exchange, ...] = ()
    recording: Recording | None = None


@dataclass(frozen=True, kw_only=True)
class _Known:
    """Rows that entries name, fetched in a handful of queries."""

    calls: dict[str, Call]
    exchanges: dict[int, list[conversation.Exchange]]
    recordings: dict[int, Recording]
    messages: dict[int, Message]
    users: dict[int, str]
    groups: dict[int, str]
    categories: dict[str, str]
    language: str


def compose(s: Session, ticket: Ticket, language: str) -> list[Shown]:
    """The timeline, oldest first; every recording of the ticket stands in it once, with its transcript."""
    entries = desk.entries(s, ticket)[-MOST_ENTRIES:]
    known = _known(s, ticket, entries, language)
    shown = [x for entry in entries if (x := _shown(entry, known)) is not None]
    named = {x.recording.id for x in shown if x.recording is not None}
    called = {x.call.id for x in shown if x.call is not None}
    for r in known.recordings.values():
        if r.id not in named:
            shown.append(Shown(key=f"r{r.id}", kind="recording", at=r.created_at, who=_("Caller"), recording=r))
    for call in known.calls.values():
        if call.id not in called:
            shown.append(_call(call, known, f"c{call.id}", call.started_at))
    return sorted(shown, key=lambda x: x.at)


def _known(s: Session, ticket: Ticket, entries: list[Entry], language: str) -> _Known:
    sids = {str(e.payload.get("call_sid")) for e in entries if e.kind == EntryKind.CALL} | {ticket.call_sid}
    sids -= {"", "None"}
    of_ticket = Call.ticket_id == ticket.id
    calls = list(s.scalars(select(Call).where(Call.sid.in_(sids) | of_ticket).order_by(Call.started_at).limit(100)))
    recordings = conversation.recordings_of(s, [c.id for c in calls], ticket.id)
    message_ids = {e.payload.get("message_id") for e in entries if e.kind == EntryKind.MESSAGE} - {None}
    messages = s.scalars(select(Message).where(Message.id.in_(message_ids))) if message_ids else ()
    return _Known(
        calls={c.sid or str(c.id): c for c in calls},
        exchanges=conversation.exchanges_of(s, calls),
        recordings={r.id: r for r in recordings},
        messages={m.id: m for m in messages},
        users={u.id: u.name or u.email for u in _users(s, entries)},
        groups={g.id: words.local_title(g.name, g.key) for g in s.scalars(select(Group))},
        categories={c.key: words.local_title(c.title, c.key) for c in s.scalars(select(Category))},
        language=language,
    )


def _users(s: Session, entries: Iterable[Entry]) -> Iterable[User]:
    ids = {int(e.actor[5:]) for e in entries if e.actor.startswith("user:") and e.actor[5:].isdigit()}
    for e in entries:
        if e.kind == EntryKind.CHANGE and str(e.payload.get("field", "")).startswith("assignee"):
            ids |= {x for x in (e.payload.get("from"), e.payload.get("to")) if isinstance(x, int)}
    return s.scalars(select(User).where(User.id.in_(ids))) if ids else ()


def _who(actor: str, known: _Known) -> str:
    if actor.startswith("user:") and actor[5:].isdigit():
        return known.users.get(int(actor[5:]), _("A former user"))
    if actor.startswith("api:"):
        return _("A program (API)")
    return {"caller": _("Caller"), "flow": _("Call flow"), "system": _("Ringback")}.get(actor, actor)


def _call(call: Call, known: _Known, key: str, at: datetime) -> Shown:
    exchanges = tuple(known.exchanges.get(call.id, ()))
    return Shown(key=key, kind="call", at=at, who=_("Caller"), call=call, exchanges=exchanges)


def _shown(entry: Entry, known: _Known) -> Shown | None:
    """An entry for the page, or None for one that another already shows."""
    payload, key, who = entry.payload or {}, f"e{entry.id}", _who(entry.actor, known)
    kind = str(entry.kind)
    if kind == EntryKind.CALL:
        call = known.calls.get(str(payload.get("call_sid")))
        if call is not None:
            return _call(call, known, key, min(entry.at, call.started_at))
        return Shown(key=key, kind=kind, at=entry.at, who=who, body=dict(payload))
    if kind in (EntryKind.RECORDING, EntryKind.TRANSCRIPT):
        recording = known.recordings.get(payload.get("recording_id", 0))
        if kind == EntryKind.TRANSCRIPT and recording is not None and recording.transcript:
            return None
        return Shown(key=key, kind=kind, at=entry.at, who=who, body=dict(payload), recording=recording)
    if kind == EntryKind.SPEECH and _is_in_a_call(payload, known):
        return None
    return Shown(key=key, kind=kind, at=entry.at, who=who, body=_body(kind, dict(payload), known))


def _is_in_a_call(payload: dict[str, Any], known: _Known) -> bool:
    text = str(payload.get("text", ""))
    return any(e.heard == text for exchanges in known.exchanges.values() for e in exchanges)


def _body(kind: str, payload: dict[str, Any], known: _Known) -> dict[str, Any]:
    if kind == EntryKind.CHANGE:
        return _change(payload, known)
    if kind == EntryKind.SYSTEM:
        return {"text": _house_sentence(payload, known)}
    if kind == EntryKind.MESSAGE:
        message = known.messages.get(payload.get("message_id", 0))
        if message is not None:
            payload |= {"status": message.status, "error": message.error, "to": message.to_number}
    return payload


def _house_sentence(payload: dict[str, Any], known: _Known) -> str:
    """What the house itself did, in the reader's language."""
    text, event, reason = str(payload.get("text", "")), payload.get("event"), str(payload.get("reason") or "")
    if event in ("opened", "appended"):
        did = _("The ticket was opened") if event == "opened" else _("Called again on the same matter; added here")
        why = OPENING.get(reason) or known.categories.get(reason, reason)
        return f"{did} ({why})" if reason else did
    if text.startswith("transfer: "):
        to = words.number_shown(str(payload.get("to", "")))
        return _("A transfer to %(to)s ended: %(outcome)s", to=to, outcome=words.shown("dial", text[10:]).label)
    return _("The caller hung up") if text == "The caller hung up." else text


def _change(payload: dict[str, Any], known: _Known) -> dict[str, Any]:
    name = str(payload.get("field", ""))
    return {
        "field": words.FIELD.get(name, name),
        "table": name if name in ("status", "priority") else "",
        "from": _value(name, payload.get("from"), known),
        "to": _value(name, payload.get("to"), known),
        "reason": _reason(payload.get("reason"), known.language),
    }


def _value(name: str, value: Any, known: _Known) -> str:
    if value in (None, ""):
        return ""
    if name.startswith("assignee") and isinstance(value, int):
        return known.users.get(value, _("A former user"))
    if name.startswith("group") and isinstance(value, int):
        return known.groups.get(value, str(value))
    if name == "category":
        return known.categories.get(str(value), str(value))
    return str(value)


def _reason(reason: Any, language: str) -> str:
    """A reason as stored (a text, one rule, or several) as sentences."""
    if isinstance(reason, dict):
        return reasons.sentence(reason, language)
    if isinstance(reason, list):
        return " ".join(reasons.sentence(r, language) for r in reason if isinstance(r, dict))
    known = {"called_again": _("The caller called again.")}
    return known.get(str(reason), str(reason or ""))
