"""Learning from what was missed: one click puts the words into the draft and saves a test made of the very call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from flows.documents import FlowDocument, from_json
from flows.drafts import load_draft
from flows.errors import ConflictError, DocumentError, FlowError
from flows.saved_tests import FlowTest
from flows.versions import Flow, FlowVersion, find_flow, latest, load_document
from ivr.calls import Call
from ivr.missed import Utterance, missed
from ivr.missed_marks import MissedMark
from ivr.rehearsal.playing import rehearse
from ivr.rehearsal.scenario import parse_scenario
from studio import drafts
from studio.deps import StudioViewer
from studio.errors import Refused
from studio.library import published_documents
from studio.past_calls import past_call_of
from studio.past_scenarios import scenario_until
from studio.sentences import told
from studio.synonyms import meanings, with_word, without_word
from studio.tests_of_flow import save_test
from tickets.audit import record

LEARNED, DISMISSED = "learned", "dismissed"
CONFIDENT = 0.9
"""What the saved test's recogniser reports: the test is about the words, not about a bad line."""


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What one click did: the words, what they mean now, how many utterances that settles, and the test's name."""

    text: str
    label: str
    utterances: int
    test: str


def learn(s: Session, flow_name: str, turn_id: int, choice: str, *, by: StudioViewer, now: datetime) -> Learned:
    """Make the words of a turn a synonym of a choice in the draft, and save a test that says them.

    All of it belongs to the session's transaction. Equal words at the same node are settled with it. Raises Refused,
    with a sentence, when the words cannot be learned; nothing is stored then.
    """
    flow = find_flow(s, flow_name)
    utterance, equal = _open(s, flow_name, turn_id)
    data, revision = current(s, flow)
    label = next((m.label for m in meanings(data, utterance.node, utterance.language) if m.name == choice), "")
    changed = with_word(data, utterance.node, choice, utterance.language, utterance.text)
    document = _document(changed)
    name = test_name(utterance, label)
    scenario = {"name": name, **_scenario(s, utterance, document, choice)}
    _must_pass(s, document, scenario, now)
    _save(s, flow_name, changed, revision=revision, by=by, now=now)
    _forget_tests(s, flow, [name])
    save_test(s, flow_name, name=name, scenario=scenario, by=by.name, now=now, user_id=by.id, origin="missed")
    _mark(s, equal, LEARNED, choice, by=by, now=now)
    record(
        s, at=now, user_id=by.id, action="flow.missed.learn", subject=flow_name,
        node=utterance.node, choice=choice, utterances=len(equal),
    )  # fmt: skip
    return Learned(text=utterance.text, label=label, utterances=len(equal), test=name)


def dismiss(s: Session, flow_name: str, turn_id: int, *, by: StudioViewer, now: datetime) -> int:
    """Put the words of a turn, and equal ones, aside: none of the choices was meant. Gives how many."""
    utterance, equal = _open(s, flow_name, turn_id)
    _mark(s, equal, DISMISSED, "", by=by, now=now)
    record(s, at=now, user_id=by.id, action="flow.missed.dismiss", subject=flow_name, node=utterance.node)
    return len(equal)


def undo(s: Session, flow_name: str, turn_id: int, *, by: StudioViewer, now: datetime) -> int:
    """Open the words of a turn, and those settled with it, again; takes synonym and test away. Gives how many.

    What was published meanwhile stays in force; the word goes from the draft that comes next.
    """
    flow = find_flow(s, flow_name)
    utterance = _one(s, flow_name, turn_id)
    if utterance.mark is None:
        raise Refused(told("These words are open already."))
    state, meant = utterance.mark.state, utterance.mark.meant
    same = [
        u for u in missed(s, flow_name) if u.same == utterance.same and u.mark is not None and u.mark.meant == meant
    ]
    if state == LEARNED:
        data, revision = current(s, flow)
        label = next((m.label for m in meanings(data, utterance.node, utterance.language) if m.name == meant), "")
        changed = without_word(data, utterance.node, meant, utterance.language, utterance.text)
        if changed != data:
            _save(s, flow_name, changed, revision=revision, by=by, now=now)
        names = [test_name(u, label) for u in same]
        _forget_tests(s, flow, names)
    s.execute(delete(MissedMark).where(MissedMark.turn_id.in_([u.turn_id for u in same])))
    record(s, at=now, user_id=by.id, action="flow.missed.undo", subject=flow_name, node=utterance.node)
    return len(same)


def current(s: Session, flow: Flow) -> tuple[dict[str, Any], int]:
    """The draft with its revision; where there is none, the published document and 0."""
    draft = load_draft(s, flow.name)
    if draft is not None:
        return dict(draft.document), draft.revision
    return dict(latest(s, flow.name).document), 0


def test_name(utterance: Utterance, label: str) -> str:
    """The name of the test that learning an utterance saves; the same words at the same node give the same name."""
    # In nobody's language, since whoever undoes it may read another one.
    return " ".join(f"“{utterance.text[:50]}” → {label[:30]} ({utterance.node})"[:120].split())


def _forget_tests(s: Session, flow: Flow, names: list[str]) -> None:
    """Remove tests that were saved by learning, and no others."""
    s.execute(
        delete(FlowTest).where(FlowTest.flow_id == flow.id, FlowTest.origin == "missed", FlowTest.name.in_(names))
    )


def _one(s: Session, flow_name: str, turn_id: int) -> Utterance:
    found = missed(s, flow_name, turn_id=turn_id)
    if not found:
        raise Refused(told("There is no such utterance in this flow."), status=404)
    return found[0]


def _open(s: Session, flow_name: str, turn_id: int) -> tuple[Utterance, list[Utterance]]:
    """The utterance, and every open one that is equal to it. Raises Refused when it is dealt with."""
    utterance = _one(s, flow_name, turn_id)
    if utterance.mark is not None:
        raise Refused(told("Somebody has dealt with these words already. Reload the page."), status=409)
    return utterance, [u for u in missed(s, flow_name) if u.same == utterance.same and u.mark is None]


def _document(data: dict[str, Any]) -> FlowDocument:
    try:
        return from_json(data)
    except DocumentError:
        sentence = told(
            "The draft cannot run at the moment, so nothing can be tested with it. Finish it in the editor first."
        )
        raise Refused(sentence) from None


def _scenario(s: Session, utterance: Utterance, document: FlowDocument, choice: str) -> dict[str, Any]:
    """The call up to the words, then the words; they must lead where the choice leads."""
    call, version = s.get(Call, utterance.call_id), s.get(FlowVersion, utterance.version_id)
    if call is None or version is None:
        raise Refused(told("The call of these words is gone."))
    try:
        past = past_call_of(s, call, load_document(version))
    except FlowError:
        past = None
    if past is None:
        raise Refused(told("The record of the call cannot be read."))
    place = next((n for n, turn in enumerate(past.turns) if turn.number == utterance.number), 1)
    # What was tried at this very question just before may be these words, too.
    while place > 1 and past.turns[place - 1].asked_at == past.turns[place].asked_at:
        place -= 1
    scenario = scenario_until(past, place, document)
    scenario["steps"] = [*scenario["steps"], said_well(utterance)]
    return {**scenario, "expect": _expected(document, utterance, choice)}


def _expected(document: FlowDocument, utterance: Utterance, choice: str) -> dict[str, Any]:
    """That the call goes where the choice leads; of an answer from a list, that it is heard."""
    node = document.nodes[utterance.node]
    entries = getattr(node, "entries", ())
    if entries:
        answer = entries[int(choice)].answer
        spoken = answer.get(utterance.language)
        heard = [spoken.text] if spoken is not None and "{{" not in spoken.text else []
        return {"nodes": [utterance.node], "heard_in_order": heard}
    target = node.exits.get(choice) or node.exits.get("next", "")
    return {"nodes": [utterance.node, target] if target else [utterance.node]}


def said_well(utterance: Utterance) -> dict[str, Any]:
    """The step that says the words on a good line."""
    return {"say": {"text": utterance.text, "confidence": max(CONFIDENT, utterance.confidence or 0.0)}}


def _must_pass(s: Session, document: FlowDocument, scenario: dict[str, Any], now: datetime) -> None:
    played = rehearse(document, parse_scenario(scenario), others=published_documents(s), now=now, to_the_end=True)
    if played.failures:
        raise Refused(
            told(
                "The words were not learned: the test made of this call does not pass ({why}). "
                "Add the words in the editor.",
                why=played.failures[0].sentence.told(told),
            )
        )


def _save(s: Session, name: str, data: dict[str, Any], *, revision: int, by: StudioViewer, now: datetime) -> None:
    try:
        drafts.save(s, name, data, revision=revision, by=by, now=now)
    except ConflictError as error:
        person = error.updated_by or told("Somebody")
        raise Refused(
            told("{person} saved the draft at this very moment. Nothing was changed; try again.", person=person),
            status=409,
        ) from None


def _mark(s: Session, utterances: list[Utterance], state: str, meant: str, *, by: StudioViewer, now: datetime) -> None:
    taken = set(s.scalars(select(MissedMark.turn_id).where(MissedMark.turn_id.in_([u.turn_id for u in utterances]))))
    s.add_all(
        MissedMark(turn_id=u.turn_id, state=state, meant=meant, at=now, by=by.name)
        for u in utterances
        if u.turn_id not in taken
    )
    s.flush()
