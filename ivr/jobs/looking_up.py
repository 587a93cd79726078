"""Doing a lookup while the caller hears a filler."""

from __future__ import annotations

from dataclasses import asdict

from flows.requests import Lookup
from ivr.deps import Deps
from ivr.lookup import LookupPolicy
from ivr.lookup import look_up as look_up_now
from ivr.lookups import LookupRow
from work.worker import JobCall


def look_up(deps: Deps, call: JobCall, *, policy: LookupPolicy) -> None:
    """Make the request and store its answer, unless the caller's patience has run out already."""
    lookup_id = call.payload["lookup_id"]
    with deps.db.read() as db:
        row = db.get(LookupRow, lookup_id)
        if row is None or row.reply is not None or deps.clock() >= row.until:
            return
        lookup = Lookup(**row.request)
    reply = look_up_now(lookup, policy)
    with deps.db.write() as db:
        row = db.get(LookupRow, lookup_id)
        if row is not None and row.reply is None:
            row.reply, row.answered_at = asdict(reply), deps.clock()
