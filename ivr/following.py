"""The end of every transaction on a call: rooms above hear what is new about it, then everything is stored."""

from __future__ import annotations

from ivr.deps import Deps
from ivr.scope import CallScope
from ivr.store import save_call

NEWS = ("status", "sid", "answered_by", "outcome")
"""Columns of a call whose change is news to those who follow it; `outcome` is the end of the flow."""


def write_back(deps: Deps, scope: CallScope) -> None:
    """Tell the followers what is new, then store the session and every column that changed."""
    if any(name in scope.columns and scope.columns[name] != getattr(scope.call, name) for name in NEWS):
        for follower in deps.followers:
            follower(scope)
    call, talk = scope.call, scope.talk
    columns, state = dict(scope.columns), talk.to_json()
    if state != call.state:
        columns["state"] = state
    if talk.language != call.language:
        columns["language"] = talk.language
    save_call(scope.db, call.id, columns)
