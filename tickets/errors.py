"""What can go wrong at the desk, as sentences."""

from __future__ import annotations


class DeskError(Exception):
    """The desk could not do this."""


class TransitionRefusedError(DeskError):
    """The ticket's status does not allow this step."""


class NotFoundError(DeskError):
    """There is no such ticket, person, user or group."""


class InvalidValueError(DeskError):
    """A value that somebody gave cannot be used; the message says which and why."""


class ChangedMeanwhileError(DeskError):
    """Somebody else changed the ticket since it was shown; load it again."""
