"""Settling a call that ended while its caller was being recorded."""

from __future__ import annotations

from ivr import notices
from ivr.deps import Deps
from work.worker import JobCall


def close_call(deps: Deps, call: JobCall) -> None:
    """Apply the flow's hang-up policy, unless the recording's notice came and the flow went on."""
    notices.close_call(deps, call.payload["token"], call.now)
