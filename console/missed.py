"""What a flow missed: words it did not understand, per question, and one click to teach it what was meant."""

from __future__ import annotations

import io
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from audio.errors import NotAudio
from audio.quiet_ends import without_silence
from audio.wav import read_wav, wav_bytes
from console.deps import deps, now
from console.guard import needs, viewer
from console.recordings import stored_sound
from console.translate import gettext as _
from console.translate import ngettext
from flows.errors import UnknownFlow
from flows.versions import Flow
from ivr.missed import Utterance, missed
from ivr.missed_sounds import CALLER_CHANNEL, other_recordings, utterance_sounds
from studio import learning
from studio.deps import StudioViewer
from studio.errors import Refused
from studio.synonyms import Meaning, meanings
from tickets.users import Role

blueprint = Blueprint("missed", __name__)

VIEWS = ("open", "learned", "dismissed")
SHOWN_AT_MOST = 200
"""Different things said that one page shows."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """Equal words at one question: the newest time they were said, how often, and what they may have meant.

    `sound` is the newest of their turns that can be heard, None for none; `has_message` tells that a message was
    recorded in the call, which is not the sound of these words.
    """

    newest: Utterance
    times: int
    choices: tuple[Meaning, ...]
    meant: str
    sound: int | None
    has_message: bool


@dataclass(frozen=True, kw_only=True)
class Question:
    """One node with what was said there in vain. `is_there` is False when the draft has no such node any more."""

    node: str
    label: str
    kind: str
    is_there: bool
    said: tuple[Said, ...]

    @property
    def times(self) -> int:
        """How often something was missed here."""
        return sum(group.times for group in self.said)


@blueprint.get("/flows/<name>/missed")
@needs(Role.OPS)
def page(name: str) -> str:
    """The queue: what waits, what was learned, what was put aside."""
    view = request.args.get("view", "open")
    view = view if view in VIEWS else "open"
    with deps().db.read() as s:
        flow = _flow(s, name)
        every = missed(s, flow.name)
        counts = {state: len({u.same for u in every if _state(u) == state}) for state in VIEWS}
        questions = _questions(s, flow, [u for u in every if _state(u) == view])
        return render_template("missed.html", flow=flow, view=view, counts=counts, questions=questions)


@blueprint.get("/flows/<name>/missed/<int:turn_id>/sound.wav")
@needs(Role.OPS)
def sound(name: str, turn_id: int) -> ResponseReturnValue:
    """The words of a turn as the caller spoke them, one channel, without the silence before."""
    with deps().db.read() as s:
        said = missed(s, _flow(s, name).name, turn_id=turn_id) if turn_id < 2**31 else []
        found = utterance_sounds(s, said).get(turn_id)
    path = stored_sound(found.path) if found is not None else None
    if found is None or path is None:
        abort(404)
    try:
        call = read_wav(path, channel=CALLER_CHANNEL)
    except NotAudio:
        abort(404)
    words = without_silence(call.part(found.start_s, found.end_s))
    response = send_file(io.BytesIO(wav_bytes(words)), mimetype="audio/wav", conditional=True)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@blueprint.post("/flows/<name>/missed/<int:turn_id>/learn")
@needs(Role.ADMIN)
def learn(name: str, turn_id: int) -> ResponseReturnValue:
    """The words become a synonym of the choice in the draft, and a saved test."""

    def act(s: Session) -> str:
        choice = request.form.get("choice", "")[:80]
        done = learning.learn(s, name, turn_id, choice, by=_by(), now=now())
        return _(
            "“%(words)s” now means %(choice)s in the draft, and a test says so.", words=done.text, choice=done.label
        )

    return _do(name, act)


@blueprint.post("/flows/<name>/missed/<int:turn_id>/dismiss")
@needs(Role.ADMIN)
def dismiss(name: str, turn_id: int) -> ResponseReturnValue:
    """None of the choices was meant."""

    def act(s: Session) -> str:
        learning.dismiss(s, name, turn_id, by=_by(), now=now())
        return _("Put aside.")

    return _do(name, act)


@blueprint.post("/flows/<name>/missed/<int:turn_id>/undo")
@needs(Role.ADMIN)
def undo(name: str, turn_id: int) -> ResponseReturnValue:
    """The words wait again; synonym and test are gone."""

    def act(s: Session) -> str:
        count = learning.undo(s, name, turn_id, by=_by(), now=now())
        return ngettext("Opened again.", "%(num)s utterances are open again.", count)

    return _do(name, act)


def _do(name: str, act: Callable[[Session], str]) -> ResponseReturnValue:
    """Do it in one transaction and go back to the list with a sentence, also with the one why it was refused."""
    try:
        with deps().db.write() as s:
            flow = _flow(s, name).name
            told = act(s)
        flash(told, "done")
    except Refused as refused:
        if refused.status == 404:
            abort(404)
        flow = name
        flash(refused.sentence, "error")
    except UnknownFlow:
        abort(404)
    view = request.form.get("view", "open")
    return redirect(url_for("console.missed.page", name=flow, view=view if view in VIEWS else "open"), code=303)


def _flow(s: Session, name: str) -> Flow:
    found = s.scalar(select(Flow).where(Flow.name == name[:60]))
    return found if found is not None else abort(404)


def _by() -> StudioViewer:
    return StudioViewer(id=viewer().id, name=viewer().name or viewer().email, role=viewer().role.value)


def _state(utterance: Utterance) -> str:
    return utterance.mark.state if utterance.mark is not None else "open"


def _questions(s: Session, flow: Flow, utterances: Iterable[Utterance]) -> list[Question]:
    """By node, the most missed first; within a node the newest first."""
    data = _document(s, flow)
    groups: dict[tuple[str, str, str], list[Utterance]] = {}
    for utterance in utterances:
        groups.setdefault(utterance.same, []).append(utterance)
    newest = list(groups.values())[:SHOWN_AT_MOST]
    sounds = utterance_sounds(s, [utterance for group in newest for utterance in group])
    messages = other_recordings(s, [group[0] for group in newest])
    by_node: dict[str, list[Said]] = {}
    for group in newest:
        by_node.setdefault(group[0].node, []).append(_said(group, data, sounds, messages))
    nodes = data.get("nodes") or {}
    found = [
        Question(
            node=node,
            label=str(nodes.get(node, {}).get("label") or ""),
            kind=str(nodes.get(node, {}).get("type") or ""),
            is_there=node in nodes,
            said=tuple(said),
        )
        for node, said in by_node.items()
    ]
    return sorted(found, key=lambda question: -question.times)


def _said(group: list[Utterance], data: Mapping[str, Any], sounds: Container[int], messages: Container[int]) -> Said:
    utterance = group[0]
    choices = meanings(data, utterance.node, utterance.language)
    meant = utterance.mark.meant if utterance.mark is not None else utterance.understood
    return Said(
        newest=utterance,
        times=len(group),
        choices=choices,
        meant=next((choice.label for choice in choices if choice.name == meant), meant),
        sound=next((said.turn_id for said in group if said.turn_id in sounds), None),
        has_message=utterance.call_id in messages,
    )


def _document(s: Session, flow: Flow) -> Mapping[str, Any]:
    try:
        return learning.current(s, flow)[0]
    except UnknownFlow:
        return {}
