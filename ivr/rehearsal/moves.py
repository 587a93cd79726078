"""What may be done at a point of a rehearsed call, as steps of a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flows.documents import FlowDocument
from flows.nodes.inquiry import Inquiry
from flows.nodes.question import Question
from ivr.context import context
from ivr.rehearsal.making_values import assignments, read_names
from ivr.rehearsal.steps import Press, Say, Silence, Step
from ivr.rehearsal.telephone import Telephone
from telephony.calls import DialEnded, Digits, Heard, QueueEnded, Recorded, Speech
from telephony.calls import Silence as SilenceHeard

NONSENSE = "xyzzy plugh"
"""Words that no flow expects."""

_DIAL = {"completed": "answered", "no-answer": "no_answer", "busy": "busy", "failed": "failed"}
_QUEUE = {"bridged": "answered", "leave": "no_answer", "queue-full": "busy", "error": "failed"}
_SILENCE = Step(kind="silence", action=Silence())


@dataclass(frozen=True, kw_only=True)
class Move:
    """Something to do: steps of a scenario, and how a transfer ends with them. `errs`: it is no answer."""

    steps: tuple[Step, ...]
    transfer: tuple[str, str] | None = None
    errs: bool = False


def inputs_for_conditions(document: FlowDocument, now: datetime) -> Mapping[str, tuple[str, ...]]:
    """By node that asks, inputs that make conditions on the asked value come out one way and the other."""
    found: dict[str, tuple[str, ...]] = {}
    read = read_names(document)
    together = tuple(assignments(document, read, now))
    for name, node in document.nodes.items():
        asked = node.sets_values() & read if isinstance(node, Question) else frozenset()
        alone = tuple(assignments(document, asked, now)) if asked else ()
        made = [values[key] for values in (*alone, *together) for key in sorted(asked) if key in values]
        found[name] = tuple(dict.fromkeys(text for value in made if (text := _keyed(value))))
    return found


def _keyed(value: object) -> str:
    """How a value is keyed or said; "" for what nobody says."""
    if isinstance(value, bool):
        return "1" if value else "2"
    if isinstance(value, int | float):
        return f"{value:g}".replace(".", "*") if value >= 0 else ""
    return value.replace("-", "") if isinstance(value, str) and value[:4].isdigit() else str(value or "")


def moves_at(phone: Telephone, inputs: tuple[str, ...] = ()) -> Iterator[Move]:
    """What may be done where the call stands: the node's own samples, a person, and words nobody understands.

    `inputs` are tried besides, where the question takes them.
    """
    talk = phone.talk
    if phone.over:
        return
    flow = talk.library.version(talk.session.frame.version)
    node = flow.document.nodes[talk.session.node]
    ctx = context(flow, talk.session, talk.scene)
    for sample in node.sample_answers(ctx):
        move = move_of(sample.heard, talk.session.node, phone)
        if move is not None:
            yield replace(move, errs=sample.errs)
    if isinstance(node, Question) and inputs and not ctx.memory.get("pending"):
        for heard in _taken(node.inquiry(ctx), inputs):
            if (move := move_of(heard, talk.session.node, phone)) is not None:
                yield move
    if talk.session.waits_for == "gather":
        yield Move(steps=(Step(kind="press", action=Press(digits="0")),))
        yield Move(steps=(Step(kind="say", action=Say(text=NONSENSE)),), errs=True)


def _taken(inquiry: Inquiry, inputs: tuple[str, ...]) -> Iterator[Heard]:
    for text in inputs:
        by_keys = inquiry.read_keys(text) if not set(text) - set("0123456789*") else None
        if by_keys is not None and not by_keys.problem:
            yield Digits(digits=text)
        elif (spoken := inquiry.read_speech(text)) is not None and not spoken.problem:
            yield Speech(text=text, confidence=0.95)


def move_of(heard: Heard, node: str, phone: Telephone) -> Move | None:
    """What is done at the phone so that the flow gets this."""
    match heard:
        case Digits(digits=digits):
            ends = phone.finish_key
            many = len(digits) > 1 and ends and not digits.endswith(ends)
            return Move(steps=(Step(kind="press", action=Press(digits=digits + ends if many else digits)),))
        case Speech(text=text, confidence=confidence):
            return Move(steps=(Step(kind="say", action=Say(text=text, confidence=confidence)),))
        case Recorded(duration_s=duration_s, ended_by=ended_by) if duration_s:
            key = ended_by or "#"
            say = Step(kind="say", action=Say(text="This is a message."))
            return Move(steps=(say, Step(kind="press", action=Press(digits=key))))
        case DialEnded(status=status):
            return Move(steps=(_SILENCE,), transfer=(node, _DIAL.get(status, "failed")))
        case QueueEnded(result=result):
            return Move(steps=(_SILENCE,), transfer=(node, _QUEUE.get(result, "failed")))
        case SilenceHeard() | Recorded():
            return Move(steps=(_SILENCE,))
        case _:
            return None


def make(phone: Telephone, move: Move | None) -> None:
    """Do a move; None is the beginning of the call."""
    if move is None:
        phone.dial()
        return
    if move.transfer is not None:
        phone.transfer = move.transfer[1]
    for step in move.steps:
        match step.action:
            case Press(digits=digits):
                phone.press(digits, -1)
            case Say(text=text, confidence=confidence):
                phone.say(text, confidence, -1)
            case _:
                phone.silence(-1)
    phone.transfer = ""
