"""The lint of flow documents: `lint` gives every problem, `RULES` every rule."""

from flows.problems import Level, Problem
from flows.validation.lint import RULES, lint
from flows.validation.rule import Rule

__all__ = ["RULES", "Level", "Problem", "Rule", "lint"]
