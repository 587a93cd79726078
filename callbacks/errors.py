"""What can go wrong with calls we make, as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


class CallbacksError(Exception):
    """Something about the calls we make could not be done."""


class CampaignError(CallbacksError):
    """A campaign cannot be changed or moved like this; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Blocker:
    """One thing that must be put right before a launch: `code` for programs, `sentence` for people.

    `details` holds what the sentence names (variable, count, number), so that it may be said in another language.
    """

    code: str
    sentence: str
    details: Mapping[str, Any] = field(default_factory=dict)


class NotReadyError(CampaignError):
    """The campaign cannot be launched yet; `blockers` say why."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__(" ".join(blocker.sentence for blocker in blockers))
        self.blockers = tuple(blockers)


class CaseError(CallbacksError):
    """A case cannot be made or changed like this."""


class ImportFileError(CallbacksError):
    """A list cannot be read as a whole; nothing of it is imported."""


class ImportStepError(CallbacksError):
    """This step is not possible for the import as it stands."""
