"""Whether a call went as its scenario expects, seen from the phone, from the carrier, and from inside the app."""

import asyncio
import inspect
import time
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from simulator.actions import Expect
from simulator.conversation import Conversation, find
from simulator.telling import audible

LOOK_EVERY_S = 0.2
_AUDIBLE = frozenset({"say", "play", "greeting", "voice"})
View = Mapping[str, Any]


class Expectations(Protocol):
    """A look inside the app that was called.

    `look` returns {"nodes": [names], "tickets": [{number, category, …}], "messages": […], "outcome": str or None}
    of one call, or an awaitable of that; it runs in a thread when it is an ordinary function.
    """

    def look(self, call_sid: str) -> Any: ...


class Exchange(Protocol):
    """What the carrier can tell of text messages: [{to, from, body, …}]."""

    async def messages(self) -> list[dict[str, Any]]: ...


class Judge:
    """Compares expectations with what happened; what is not there yet is given `within_s` to come true."""

    def __init__(self, exchange: Exchange, inside: Expectations | None) -> None:
        self._exchange = exchange
        self._inside = inside

    async def __call__(self, expect: Expect, conversation: Conversation) -> list[str]:
        """Sentences about what does not hold, with `-` for wanted and `+` for found."""
        problems = list(_heard(expect, conversation)) + list(_carried(expect, conversation))
        if self._inside is None and _asks_inside(expect):
            return [*problems, "The scenario expects things inside the app, but no app address was given (--app URL)."]
        deadline = time.monotonic() + expect.within_s
        while True:
            late = await self._eventually(expect, conversation.phone.call_sid)
            if not late or time.monotonic() >= deadline:
                return problems + late
            await asyncio.sleep(LOOK_EVERY_S)

    async def _eventually(self, expect: Expect, call_sid: str) -> list[str]:
        problems = []
        if expect.sms is not None:
            messages = await self._exchange.messages()
            if not any(_fits(expect.sms, message) for message in messages):
                problems.append(_difference("a message", expect.sms, messages[-3:]))
        if _asks_inside(expect):
            problems += list(_inside(expect, await self._look(call_sid)))
        return problems

    async def _look(self, call_sid: str) -> View:
        if self._inside is None:
            return {}
        look = self._inside.look
        asynchronous = inspect.iscoroutinefunction(look)
        found = look(call_sid) if asynchronous else await asyncio.to_thread(look, call_sid)
        view: View = await found if inspect.isawaitable(found) else found
        return view


def _asks_inside(expect: Expect) -> bool:
    return any(wish is not None for wish in (expect.node, expect.nodes, expect.ticket, expect.tickets, expect.outcome))


def _heard(expect: Expect, conversation: Conversation) -> Iterable[str]:
    heard = [audible(event) for event in conversation.events if event["kind"] in _AUDIBLE]
    rest = "\n".join(heard)
    for piece in expect.heard_in_order:
        cut = find(piece, rest)
        if cut is None:
            yield _difference("to hear in this order", piece, heard)
            break
        rest = rest[cut:]
    for piece in expect.not_heard:
        yield from (f"Heard, but should not have been:\n  + {text}" for text in heard if find(piece, text) is not None)


def _carried(expect: Expect, conversation: Conversation) -> Iterable[str]:
    end = conversation.end or {}
    if expect.ended_by is not None and end.get("by") != expect.ended_by:
        found = f"{end.get('by')} ({end.get('reason')})" if end else "the call goes on"
        yield _difference("the call to be ended by", expect.ended_by, found)
    if expect.status is not None and end.get("status") != expect.status:
        yield _difference("the call's final status", expect.status, end.get("status"))
    notes = [(event["code"], event["message"]) for event in conversation.events if event["kind"] == "notification"]
    if expect.twiml_valid and notes:
        yield _difference("valid TwiML", "no complaint of the carrier", [f"{code} {text}" for code, text in notes])
    codes = sorted(code for code, _ in notes)
    if expect.notifications is not None and codes != sorted(expect.notifications):
        yield _difference("notifications", sorted(expect.notifications), codes)


def _inside(expect: Expect, view: View) -> Iterable[str]:
    nodes, tickets = list(view.get("nodes", [])), list(view.get("tickets", []))
    if expect.node is not None and expect.node not in nodes:
        yield _difference("the call to pass node", expect.node, nodes)
    if expect.nodes is not None and not _in_order(expect.nodes, nodes):
        yield _difference("the call to pass nodes in this order", expect.nodes, nodes)
    if expect.ticket is not None and not any(_fits(expect.ticket, ticket) for ticket in tickets):
        yield _difference("a ticket", expect.ticket, tickets)
    if expect.tickets is not None and len(tickets) != expect.tickets:
        yield _difference("so many tickets", expect.tickets, len(tickets))
    if expect.outcome is not None and view.get("outcome") != expect.outcome:
        yield _difference("outcome", expect.outcome, view.get("outcome"))


def _in_order(wanted: list[str], found: list[str]) -> bool:
    rest = iter(found)
    return all(name in rest for name in wanted)


def _fits(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """True when each wanted field is found; text fields match as prompts do, `/…/` included."""
    for name, value in wanted.items():
        there = found.get(name)
        if isinstance(value, str) and isinstance(there, str):
            if find(value, there) is None:
                return False
        elif value != there:
            return False
    return True


def _difference(what: str, wanted: Any, found: Any) -> str:
    lines = found if isinstance(found, list) else [found]
    return "\n".join([f"Expected {what}:", f"  - {wanted}", *(f"  + {line}" for line in lines or ["(nothing)"])])
