"""What can go wrong on a call, in sentences."""

from __future__ import annotations

import traceback


class CallError(Exception):
    """The call could not go on as asked."""


class UnknownCallError(CallError):
    """The request names a call that does not exist, or a turn that the call has not reached."""


class NoServiceError(CallError):
    """The number called is not ours, or no published flow answers it."""


def place_of(error: Exception) -> str:
    """Kind and place of an error, for a log. Its text is left out: it may quote the caller."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {frames[-1].filename}:{frames[-1].lineno}" if frames else type(error).__name__
