"""The lint of flow documents: `lint` gives every problem, `RULES` every rule."""

from flows.problems import Level, Problem
from flows.validation.lint import RULES, lint
from flows.validation.rule import Rule
from flows.validation.speech_knowledge import NO_EAR, SpeechKnowledge

__all__ = ["NO_EAR", "RULES", "Level", "Problem", "Rule", "SpeechKnowledge", "lint"]
