"""What is heard beside the conversation: by an agent before a call is joined, by a caller who waits in a queue."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session as DbSession

from flows.documents import FlowDocument
from flows.nodes.base import Context
from flows.nodes.transfer import Transfer
from flows.phrases import primary
from ivr.context import context
from ivr.conversation import scene_of
from ivr.deps import Deps
from ivr.rendering import in_house_voice
from ivr.scope import CallScope
from ivr.sentences import say
from ivr.session import Session
from ivr.store import read_by_token
from ivr.urls import actions
from telephony.calls import CallEvent, Digits, Heard, Nothing
from telephony.verbs import Gather, Hangup, InputMode, Leave, Pause, Play, Prompt, Say, Verb, with_actions

HOUSE_NAME = "Ringback"

ACCEPT = "1"
LEAVE = "1"

OFFER_EVERY_S = 25
"""Silence after the hold prompts before they come again; with the prompts themselves about half a minute."""

WHISPER_WAIT_S = 8


def whisper(heard: Heard, prompts: tuple[Prompt, ...], *, language: str, action: str) -> tuple[Verb, ...]:
    """The agent's side before joining: press 1 to take the call.

    An answering machine presses nothing, so it never gets the caller. An empty document joins the two.
    """
    if isinstance(heard, Nothing):
        return (
            Gather(
                prompts=(*prompts, Pause(), *prompts),
                mode=InputMode.KEYS,
                language=language,
                timeout_s=WHISPER_WAIT_S,
                num_digits=1,
                action=action,
            ),
        )
    accepted = isinstance(heard, Digits) and heard.digits.startswith(ACCEPT)
    return () if accepted else (Hangup(),)


def wait(heard: Heard, hold: tuple[Verb, ...], *, position: str = "", language: str, action: str) -> tuple[Verb, ...]:
    """The caller's side while waiting: hold prompts, the place in the line, and the offer to stop waiting."""
    if isinstance(heard, Digits) and heard.digits.startswith(LEAVE):
        return (Leave(),)
    if any(isinstance(verb, Leave) for verb in hold):
        return (Leave(),)
    held = tuple(verb for verb in hold if isinstance(verb, Say | Play | Pause))
    known = position.isascii() and position.isdigit() and int(position) > 0
    place = (say("position", language, position=position),) if known else ()
    return (
        Gather(
            prompts=(*(held or (say("hold", language),)), *place, say("hold_offer", language)),
            mode=InputMode.KEYS,
            language=language,
            timeout_s=OFFER_EVERY_S,
            num_digits=1,
            action=action,
        ),
    )


def whisper_document(deps: Deps, token: str, turn: int, event: CallEvent) -> str:
    """The document for `/voice/calls/<token>/whisper/<n>`; it changes nothing."""
    about = HOUSE_NAME
    prompts: tuple[Prompt, ...] = ()
    with deps.db.read() as db:
        found = _transfer(deps, db, token)
        if found is not None:
            node, ctx = found
            about = title(ctx.document, deps.language)
            own = node.whisper_prompts(replace(ctx, language=deps.language))
            prompts = (*own, say("whisper_accept", deps.language)) if own else ()
    action = f"{deps.public_base_url}/voice/calls/{token}/whisper/{turn}"
    prompts = prompts or (say("whisper", deps.language, about=about),)
    return _rendered(deps, whisper(event.heard, prompts, language=deps.language, action=action))


def wait_document(deps: Deps, token: str, turn: int, event: CallEvent) -> str:
    """The document for `/voice/calls/<token>/wait/<n>`; it changes nothing."""
    language = deps.language
    hold: tuple[Verb, ...] = ()
    with deps.db.read() as db:
        found = _transfer(deps, db, token)
        if found is not None:
            node, ctx = found
            language = ctx.language
            waited = event.raw.get("QueueTime", "")
            hold = node.hold_verbs(ctx, int(waited) if waited.isascii() and waited.isdigit() else 0)
    action = f"{deps.public_base_url}/voice/calls/{token}/wait/{turn}"
    position = event.raw.get("QueuePosition", "")
    return _rendered(deps, wait(event.heard, hold, position=position, language=language, action=action))


def title(document: FlowDocument, language: str) -> str:
    """The flow's title in a language, or any, or its name."""
    titles = document.title
    fitting = (text for tag, text in titles.items() if primary(tag) == primary(language))
    return next(fitting, None) or next(iter(titles.values()), document.name.replace("_", " "))


def _transfer(deps: Deps, db: DbSession, token: str) -> tuple[Transfer, Context] | None:
    """The transfer node the call is at, with what it may know; None when it is not at one."""
    call = read_by_token(db, token)
    if call is None:
        return None
    scope = CallScope(db=db, call=call, talk=Session.from_json(call.state), now=deps.clock())
    if not scope.talk.node:
        return None
    scene = scene_of(deps, scope)
    flow = scene.library.version(scope.talk.frame.version)
    node = flow.document.nodes.get(scope.talk.node)
    return (node, context(flow, scope.talk, scene)) if isinstance(node, Transfer) else None


def _rendered(deps: Deps, verbs: tuple[Verb, ...]) -> str:
    """The document; sound files below our own base URL."""
    urls = actions(deps.public_base_url, "", 0, "")
    return deps.provider.render([with_actions(in_house_voice(verb, deps.prompt_key), urls) for verb in verbs])
