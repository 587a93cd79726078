"""Taking in a recording of a call that we never answered ourselves."""

from __future__ import annotations

from datetime import datetime

from ivr.deps import Deps
from ivr.orphans import Orphan, adopt
from work.worker import JobCall


def adopt_recording(deps: Deps, call: JobCall) -> None:
    """Ask the provider whose recording it is, and open a voicemail ticket for it."""
    given = call.payload
    created_at = datetime.fromisoformat(given["created_at"]) if given.get("created_at") else call.now
    adopt(
        deps,
        Orphan(
            recording_sid=given["recording_sid"],
            call_sid=given["call_sid"],
            url=given["url"],
            duration_s=given["duration_s"],
            created_at=created_at,
        ),
    )
