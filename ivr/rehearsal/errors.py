"""What can be wrong with a scenario, as sentences."""

from __future__ import annotations

from ivr.rehearsal.sentences import Sentence, sentence


class RehearsalError(Exception):
    """Something cannot be rehearsed."""


class ScenarioError(RehearsalError):
    """The scenario cannot be understood. `sentence` names the step and what is wrong with it."""

    def __init__(self, told: Sentence) -> None:
        super().__init__(str(told))
        self.sentence = told


def refused(english: str, **values: object) -> ScenarioError:
    """The error with its sentence."""
    return ScenarioError(sentence(english, **values))
