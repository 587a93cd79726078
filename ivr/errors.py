"""What can go wrong on a call, in sentences."""

from __future__ import annotations


class CallError(Exception):
    """The call could not go on as asked."""


class UnknownCallError(CallError):
    """The request names a call that does not exist, or a turn that the call has not reached."""


class NoServiceError(CallError):
    """The number called is not ours, or no published flow answers it."""
