"""How a turn reaches the caller: as the provider's document, or through a live stream of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ivr.deps import Deps
from ivr.rendering import document
from ivr.scope import CallScope
from ivr.streams.offering import connect_document, may_offer
from ivr.turn import Turn
from telephony import verb_json
from telephony.verbs import Gather, Verb


@dataclass(frozen=True, kw_only=True)
class Written:
    """What is kept of a turn that was answered.

    Attributes:
        reply: the document that is sent; "" when the answer goes through a stream.
        verbs: what a stream is to say, as `turns.verbs` holds it; None for a document.
        said: what the caller hears, as it is stored.
    """

    reply: str
    verbs: Mapping[str, Any] | None
    said: Sequence[Mapping[str, Any]]


Writer = Callable[[Deps, CallScope, Turn, int], Written]


def for_webhook(deps: Deps, scope: CallScope, turn: Turn, number: int) -> Written:
    """The document of turn `number`; for a question that our own ear can hear, one that leads into a live stream."""
    if turn.verbs and isinstance(turn.verbs[-1], Gather) and may_offer(deps, scope):
        reply = connect_document(deps, scope)
        return Written(reply=reply, verbs=kept(turn), said=turn.said)
    aloud = replace(turn, verbs=turn.aloud)
    return Written(reply=in_words(deps, scope, aloud.verbs, number), verbs=None, said=aloud.said)


def for_stream(_deps: Deps, _scope: CallScope, turn: Turn, _number: int) -> Written:
    """Nothing is sent: the stream that asked says it."""
    return Written(reply="", verbs=kept(turn), said=turn.said)


def in_words(deps: Deps, scope: CallScope, verbs: Sequence[Verb], number: int) -> str:
    """The provider's document of verbs."""
    return document(deps, verbs, token=scope.call.token, turn=number, language=scope.talk.language)


def kept(turn: Turn) -> dict[str, Any]:
    """The verbs of a turn as `turns.verbs` holds them."""
    return {"verbs": verb_json.to_json(turn.verbs), "filler": verb_json.to_json(turn.filler)}
