"""Where in the recording of a whole call a missed utterance can be heard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.calls import Call
from ivr.missed import Utterance
from ivr.recordings import Recording, RecordingStatus

CALLER_CHANNEL = 0
LONGEST_S = 20.0
"""No recogniser waits longer for the end of an answer; what was before is the flow speaking."""

BEFORE_S = 1.0
"""Providers tell the beginning of a recording in whole seconds, cut off: things lie up to this much earlier in it."""

AFTER_S = 0.3


@dataclass(frozen=True, kw_only=True)
class UtteranceSound:
    """A part of a stored recording: `path` below the recordings directory, seconds from its beginning."""

    path: str
    start_s: float
    end_s: float


def utterance_sounds(s: Session, utterances: Iterable[Utterance]) -> Mapping[int, UtteranceSound]:
    """By turn id, where its call was recorded whole and the sound is here.

    A turn is stored when its answer has arrived, so the words end a little before it; they begin after the question
    was asked, which is when the turn before was answered.
    """
    wanted = list(utterances)
    rows = s.execute(
        select(Recording, Call.answered_at, Call.started_at)
        .join(Call, Call.id == Recording.call_id)
        .where(
            Recording.call_id.in_({utterance.call_id for utterance in wanted}),
            Recording.whole_call,
            Recording.path != "",
            Recording.status != RecordingStatus.BROKEN,
        )
    )
    begun = {r.call_id: (r.path, r.started_at or answered or started) for r, answered, started in rows}
    found: dict[int, UtteranceSound] = {}
    for utterance in wanted:
        path, started_at = begun.get(utterance.call_id, ("", utterance.at))
        end_s = (utterance.at - started_at) / timedelta(seconds=1)
        if not path or end_s <= 0:
            continue
        asked_s = (utterance.asked_at - started_at) / timedelta(seconds=1) if utterance.asked_at else 0.0
        start_s = max(0.0, asked_s - BEFORE_S, end_s - LONGEST_S)
        found[utterance.turn_id] = UtteranceSound(path=path, start_s=start_s, end_s=end_s + AFTER_S)
    return found


def other_recordings(s: Session, utterances: Iterable[Utterance]) -> frozenset[int]:
    """Ids of the calls of which only a message was recorded, which holds none of these words."""
    calls = {utterance.call_id for utterance in utterances}
    found = s.scalars(
        select(Recording.call_id).where(Recording.call_id.in_(calls), Recording.path != "", ~Recording.whole_call)
    )
    return frozenset(call_id for call_id in found if call_id is not None)
