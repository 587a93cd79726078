"""A call we make takes its words when it is answered: what was published while it rang is said already."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from flows.phrases import primary
from flows.versions import Flow
from ivr.deps import Deps
from ivr.machine import CompiledFlow
from ivr.scope import CallScope
from ivr.turn import Library
from storage.database import connection_of

_IN_FORCE = select(Flow.published_version_id).where(Flow.name == bindparam("name"))


def flow_at_answer(deps: Deps, scope: CallScope, library: Library) -> CompiledFlow:
    """The flow that an answered call of ours begins with; the call is put on its version.

    Who made the call may say which version that is (a campaign says what it was launched with). A call that nobody
    speaks for takes the version in force, and the one it was prepared with when the flow has none any more.
    """
    prepared = scope.call.flow_version_id
    asked = (ask(scope) for ask in deps.versions_at_answer)
    version = next((found for found in asked if found is not None), None) or _in_force(scope) or prepared
    flow = library.version(version)
    if version != prepared:
        _move(scope, flow)
    return flow


def _in_force(scope: CallScope) -> int | None:
    version: int | None = connection_of(scope.db).scalar(_IN_FORCE, {"name": scope.call.flow_name})
    return version


def _move(scope: CallScope, flow: CompiledFlow) -> None:
    """Put a call that has said nothing yet on another version; its language is kept when the flow speaks it still."""
    scope.columns.update(flow_version_id=flow.version, ear=flow.document.ear)
    talk, spoken = scope.talk, flow.document.languages
    for frame in talk.frames[:1]:
        frame.version = flow.version
    if talk.language not in spoken:
        talk.language = next((tag for tag in spoken if primary(tag) == primary(talk.language)), spoken[0])
