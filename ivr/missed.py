"""Utterances that a flow missed: not understood, asked back and rejected, or heard with little confidence.

Only questions of the call's own flow are listed, not those of its sub-flows; words that the flow takes as a wish at any
time ("repeat", "a person") are understood and not listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.orm import Session, aliased

from flows.documents import FlowDocument
from flows.errors import FlowError
from flows.nodes.global_words import wish_of_words
from flows.understanding.normal import normal
from flows.understanding.yes_no import yes_or_no
from flows.versions import FlowVersion, load_document
from ivr.calls import Call
from ivr.missed_marks import MissedMark
from ivr.turns import TurnRow

CALLS_LOOKED_AT = 2_000
"""The newest calls of a flow; what was missed in older ones has had its time."""

NO_MATCH, REJECTED, UNSURE = "no_match", "rejected", "unsure"

_TELLING = frozenset({"Understood", "NotUnderstood", "NodeLeft", "PersonRequested", "NodeEntered", "CallEnded"})
"""Events of a turn that settled something. A turn without any asked back."""


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """Something said that was missed.

    Attributes:
        why: "no_match", "rejected" (asked back, and it was not that) or "unsure" (heard with less confidence than the
            flow accepts without asking).
        understood: what it was taken for all the same, "" for nothing.
        language: BCP-47 tag the call was held in.
        confidence: 0.0 to 1.0, None when the recogniser gave none.
        at: when the answer had come; `asked_at`: when the question went out, None when nobody knows.
        mark: what somebody has done about it, None while it is open.
    """

    turn_id: int
    call_id: int
    number: int
    version_id: int
    node: str
    text: str
    why: str
    understood: str
    language: str
    confidence: float | None
    at: datetime
    asked_at: datetime | None = None
    mark: MissedMark | None = None

    @property
    def same(self) -> tuple[str, str, str]:
        """What equal utterances have in common: node, language, and the words in one form."""
        return self.node, self.language, normal(self.text)


def missed(s: Session, flow_name: str, *, turn_id: int | None = None) -> list[Utterance]:
    """What calls of a flow said in vain, newest first, dealt with or not; or only that of one turn."""
    documents = _Documents(s)
    query = _spoken(flow_name)
    if turn_id is not None:
        query = query.where(_TURN.id == turn_id)
    else:
        newest = select(Call.id).where(Call.flow_name == flow_name).order_by(Call.started_at.desc(), Call.id.desc())
        query = query.where(_TURN.call_id.in_(newest.limit(CALLS_LOOKED_AT)))
    rows = s.execute(query.order_by(_TURN.at.desc(), _TURN.id.desc())).all()
    return list(_utterances(rows, documents))


def open_utterances(s: Session, flow_name: str) -> list[Utterance]:
    """Those that nobody has dealt with."""
    return [utterance for utterance in missed(s, flow_name) if utterance.mark is None]


def count_open(s: Session, flow_name: str) -> int:
    """How many different things were said in vain and wait for somebody: equal words at one node count once."""
    return len({utterance.same for utterance in open_utterances(s, flow_name)})


_TURN, _BEFORE, _AFTER = aliased(TurnRow), aliased(TurnRow), aliased(TurnRow)


def _spoken(flow_name: str) -> Select[Any]:
    """Turns in which something was said, with the turns around each."""
    return (
        select(
            _TURN.id, _TURN.call_id, _TURN.number, _TURN.at, _TURN.node_before, _TURN.node_after, _TURN.heard,
            _TURN.events, _BEFORE.events.label("events_before"), _BEFORE.said.label("said_before"),
            _BEFORE.at.label("asked_at"),
            _AFTER.events.label("events_after"),
            Call.flow_version_id, Call.language, MissedMark,
        )
        .join(Call, Call.id == _TURN.call_id)
        .outerjoin(_BEFORE, and_(_BEFORE.call_id == _TURN.call_id, _BEFORE.number == _TURN.number - 1))
        .outerjoin(_AFTER, and_(_AFTER.call_id == _TURN.call_id, _AFTER.number == _TURN.number + 1))
        .outerjoin(MissedMark, MissedMark.turn_id == _TURN.id)
        .where(Call.flow_name == flow_name, _TURN.heard["kind"].as_string() == "speech")
    )  # fmt: skip


class _Documents:
    """Documents of versions, each read once."""

    def __init__(self, s: Session) -> None:
        self._s = s
        self._known: dict[int | None, FlowDocument | None] = {None: None}

    def of(self, version_id: int | None) -> FlowDocument | None:
        if version_id not in self._known:
            stored = self._s.get(FlowVersion, version_id)
            try:
                self._known[version_id] = load_document(stored) if stored is not None else None
            except FlowError:
                self._known[version_id] = None
        return self._known[version_id]


def _utterances(rows: Iterable[Row[Any]], documents: _Documents) -> Iterator[Utterance]:
    for row in rows:
        document = documents.of(row.flow_version_id)
        text = str((row.heard or {}).get("text") or "").strip()
        if document is None or not text or row.node_before not in document.nodes:
            continue
        language = _language(row)
        found = _judged(row, text, language, document.defaults.confidence.accept)
        if found is None or _is_wish(text, language):
            continue
        why, understood = found
        yield Utterance(
            turn_id=row.id,
            call_id=row.call_id,
            number=row.number,
            version_id=row.flow_version_id,
            node=row.node_before,
            text=text,
            why=why,
            understood=understood,
            language=language,
            confidence=row.heard.get("confidence"),
            at=row.at,
            asked_at=row.asked_at,
            mark=row.MissedMark,
        )


def _judged(row: Row[Any], text: str, language: str, accept: float) -> tuple[str, str] | None:
    """Why the turn counts as missed, and what it was taken for; None when it was understood well."""
    node, confidence = row.node_before, row.heard.get("confidence")
    low = confidence is not None and confidence < accept
    answers_back = (
        row.events_before is not None and not _told(row.events_before) and yes_or_no(text, language) is not None
    )
    if _has_miss(row.events, node):
        return None if answers_back else (NO_MATCH, "")
    if not _told(row.events) and row.node_after == node:
        if _has_miss(row.events_after or (), node):
            return REJECTED, ""
        value = _value(row.events_after or (), node)
        return (UNSURE, value) if low else None
    value = _value(row.events, node)
    return (UNSURE, value) if low and value and not answers_back else None


@lru_cache(maxsize=4_096)
def _is_wish(text: str, language: str) -> bool:
    """Whether the flow takes the words as a wish at any time. Callers say the same few things."""
    return wish_of_words(text, language, open_speech=False) is not None


def _told(events: Iterable[Mapping[str, Any]]) -> bool:
    return any(event.get("type") in _TELLING for event in events)


def _has_miss(events: Iterable[Mapping[str, Any]], node: str) -> bool:
    return any(
        e.get("type") == "NotUnderstood" and e.get("kind") == "no-match" and e.get("node") == node for e in events
    )


def _value(events: Iterable[Mapping[str, Any]], node: str) -> str:
    found = (e.get("value") for e in events if e.get("type") == "Understood" and e.get("node") == node)
    return next((str(value) for value in found if value is not None), "")


def _language(row: Row[Any]) -> str:
    """The language in which the question was asked."""
    lines = [line for line in row.said_before or () if isinstance(line, dict) and line.get("language")]
    return str(lines[-1]["language"]) if lines else str(row.language)
