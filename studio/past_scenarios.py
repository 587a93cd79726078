"""A real call as a scenario, up to one of its turns, without what belongs to its caller.

Who called is replaced by the rehearsal's caller; runs of four or more digits, in keys, words and other systems'
replies, by as many made-up ones; what was said to an open question, recorded, or given to a value of its own words, by
a word that says nothing. Replies keep only what the flow takes from them. Menu choices, confidence, times and outcomes
stay, since they decide the way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flows.documents import FlowDocument
from flows.nodes.base import Node
from flows.nodes.lookup import at_path
from flows.phrases import primary
from ivr.rehearsal.past_call import PastCall, PastTurn
from telephony.calls import DialEnded, Digits, QueueEnded, Recorded, Silence, Speech

NEUTRAL_CALLER = "+8613800138000"
_DIGITS = re.compile(r"\d{4,}")
_MADE_UP = "1234567890"
_ANYTHING = {"zh": "随便说点什么", "ko": "아무 말"}
_TRANSFERS = {"busy": "busy", "no-answer": "no_answer", "failed": "failed", "canceled": "failed"}


def scenario_until(call: PastCall, number_of_turns: int, document: FlowDocument) -> dict[str, Any]:
    """The call's first turns as a scenario's plain data, without expectations: call, setting, lookups, steps."""
    turns = call.turns[1:number_of_turns]
    steps: list[Any] = []
    transfers: dict[str, list[str]] = {}
    for turn in turns:
        node = document.nodes.get(turn.asked_at[1])
        match turn.heard:
            case DialEnded() | QueueEnded():
                transfers.setdefault(turn.asked_at[1], []).append(_transferred(turn.heard))
            case _:
                steps.extend(_steps(turn, node))
    scenario: dict[str, Any] = {
        "call": {"from": NEUTRAL_CALLER if call.caller else "anonymous"},
        "setting": {"at": call.started_at.isoformat(), "vip": call.vip, "values": _values(call, document)},
        "steps": steps,
    }
    if call.language:
        scenario["call"]["language"] = call.language
    if call.outbound:
        scenario["setting"]["outbound"] = True
    if transfers:
        scenario["setting"]["transfers"] = transfers
    passed = {node for turn in call.turns[:number_of_turns] for _flow, node in turn.path}
    lookups = _lookups(call, document, passed)
    return {**scenario, "lookups": lookups} if lookups else scenario


def _steps(turn: PastTurn, node: Node | None) -> list[Any]:
    match turn.heard:
        case Digits(digits=keys):
            return [{"press": neutral(keys) if keys else "#"}]
        case Speech(text=text, confidence=confidence):
            return [{"say": {"text": _speech(text, turn, node), "confidence": confidence}}]
        case Recorded(duration_s=duration_s, ended_by=ended_by):
            talked = [{"say": _anything(turn)}] if duration_s else []
            return [*talked, {"press": ended_by}] if ended_by not in ("", "hangup") else [*talked, {"silence": True}]
        case Silence():
            return [{"silence": True}]
        case _:
            return []


def _speech(text: str, turn: PastTurn, node: Node | None) -> str:
    """Words of a choice stay; an open answer goes; the digits of a value are made up."""
    return _anything(turn) if node is not None and node.type == "listen" else neutral(text)


def _anything(turn: PastTurn) -> str:
    language = next((str(line["language"]) for line in turn.said if line.get("language")), "")
    return _ANYTHING.get(primary(language), "something")


def neutral(text: str) -> str:
    """The text with each run of four or more digits replaced by as many made-up ones."""
    return _DIGITS.sub(lambda match: (_MADE_UP * (len(match[0]) // 10 + 1))[: len(match[0])], text)


def _transferred(heard: DialEnded | QueueEnded) -> str:
    if isinstance(heard, QueueEnded):
        return "answered" if heard.result == "bridged" else "no_answer"
    if heard.status == "completed":
        return "answered" if heard.bridged else "no_answer"
    return _TRANSFERS.get(heard.status, "failed")


def _values(call: PastCall, document: FlowDocument) -> dict[str, Any]:
    """Given switches and numbers by their names; texts, which may name people, are left to the flow's defaults."""
    return {
        name: value
        for name, value in call.values.items()
        if name in document.variables and isinstance(value, bool | int | float)
    }


def _lookups(call: PastCall, document: FlowDocument, passed: set[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for lookup in (lookup for lookup in call.past.lookups if lookup.node in passed):
        taken: Mapping[str, str] = getattr(document.nodes.get(lookup.node), "take", {})
        body = _body(lookup.reply.body, list(taken.values()))
        row = {"outcome": lookup.reply.outcome, "status": lookup.reply.status, "body": body}
        found.setdefault(lookup.node, []).append(row)
    return found


def _body(body: Any, paths: Sequence[str]) -> Any:
    """The parts that a flow takes from a reply, where they are plain fields; their digits made up but for dates."""
    if not isinstance(body, Mapping):
        return neutral(body) if isinstance(body, str) else body
    kept = {path.split(".")[0].split("[")[0] for path in paths if at_path(body, path) is not None}
    return {name: _masked(body[name]) for name in body if name in kept}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return value if re.match(r"\d{4}-\d\d-\d\d", value) else neutral(value)
    if isinstance(value, Mapping):
        return {name: _masked(inner) for name, inner in value.items()}
    return [_masked(inner) for inner in value] if isinstance(value, list) else value
