"""Calls and what was said on them."""

from __future__ import annotations

from apiflask import APIBlueprint
from sqlalchemy import or_, select

from api.operations import Listed, Work, operation
from api.paging import find, page
from api.reading import number_of
from api.schemas.calls import CallOut, CallsOut, CallsQuery, CallStoryOut, RecordingOut, TurnOut
from api.scopes import Scope
from ivr.calls import Call
from ivr.recordings import Recording
from ivr.turns import TurnRow

room = APIBlueprint("calls", __name__, url_prefix="/v1", tag="Calls")


@operation(room, "GET", "/calls", scope=Scope.CALLS_READ, query=CallsQuery, output=CallsOut)
def list_calls(work: Work, query: CallsQuery) -> Listed:
    """List calls, the newest first."""
    wanted = select(Call)
    if query.number is not None:
        number = number_of(query.number, "query.number", region=work.deps.region)
        wanted = wanted.where(or_(Call.from_number == number, Call.to_number == number))
    if query.direction is not None:
        wanted = wanted.where(Call.direction == query.direction)
    if query.outcome is not None:
        wanted = wanted.where(Call.outcome == query.outcome)
    if query.flow_name is not None:
        wanted = wanted.where(Call.flow_name == query.flow_name)
    if query.started_from is not None:
        wanted = wanted.where(Call.started_at >= query.started_from)
    if query.started_to is not None:
        wanted = wanted.where(Call.started_at < query.started_to)
    return page(work.s, wanted, Call.id.expression, query, CallOut.model_validate)


@operation(room, "GET", "/calls/<int:call_id>", scope=Scope.CALLS_READ, output=CallStoryOut, problems=(404,))
def get_call(work: Work, call_id: int) -> CallStoryOut:
    """Read a call with every exchange. Recordings are named, with their words; they are heard in the console only."""
    call = find(work.s, Call, call_id, "call")
    turns = work.s.scalars(select(TurnRow).where(TurnRow.call_id == call.id).order_by(TurnRow.number))
    recordings = work.s.scalars(select(Recording).where(Recording.call_id == call.id).order_by(Recording.id))
    return CallStoryOut(
        **CallOut.model_validate(call).model_dump(),
        turns=[_turn(turn) for turn in turns],
        recordings=[_recording(recording) for recording in recordings],
    )


def _turn(turn: TurnRow) -> TurnOut:
    """An exchange; where the provider keeps a recording is left out."""
    heard = {name: value for name, value in turn.heard.items() if name != "url"}
    return TurnOut(
        number=turn.number,
        at=turn.at,
        node_before=turn.node_before,
        node_after=turn.node_after,
        heard=heard,
        said=turn.said,
    )


def _recording(recording: Recording) -> RecordingOut:
    return RecordingOut(
        id=recording.id,
        whole_call=recording.whole_call,
        status=recording.status,
        duration_s=recording.duration_s,
        text=str((recording.transcript or {}).get("text", "")),
        created_at=recording.created_at,
    )
