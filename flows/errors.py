"""What can go wrong with flow documents, as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flows.problems import Problem


class FlowError(Exception):
    """Something is wrong with a flow."""


class DocumentError(FlowError):
    """The text is not a flow document.

    `problems` says where: each has a line (syntax) or a node and a field (validation), and what to do about it.
    """

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  {problem}" for problem in self.problems)])


class ExpressionError(FlowError):
    """An expression cannot be read or computed. `position` counts characters from 0, None if unknown."""

    def __init__(self, message: str, *, position: int | None = None, source: str = "") -> None:
        super().__init__(message if position is None else f"{message.rstrip('.')} (at character {position + 1}).")
        self.message = message
        self.position = position
        self.source = source


class UnknownFlow(FlowError):  # noqa: N818
    """There is no such flow, or it has no published version."""


class PublishRefused(FlowError):  # noqa: N818
    """The lint finds errors and no reason for publishing all the same was given. `problems` are the errors."""

    def __init__(self, message: str, problems: Sequence[Problem]) -> None:
        super().__init__(message)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join([str(self.args[0]), *(f"  {problem}" for problem in self.problems)])


class ConflictError(FlowError):
    """Somebody saved the draft in the meantime.

    Attributes:
        yours / theirs: the two documents as JSON objects.
        your_revision: the revision yours was made from; revision: the one that is stored now.
        updated_by: who saved the stored one.
    """

    def __init__(
        self, *, yours: dict[str, Any], theirs: dict[str, Any], your_revision: int, revision: int, updated_by: str
    ) -> None:
        super().__init__(
            f"{updated_by or 'Somebody'} saved this draft in the meantime "
            f"(revision {revision}; yours is made from {your_revision}). Compare both and save again."
        )
        self.yours = yours
        self.theirs = theirs
        self.your_revision = your_revision
        self.revision = revision
        self.updated_by = updated_by


class ImmutableVersion(FlowError):  # noqa: N818
    """A published version is never changed or deleted; publish a new one instead."""
