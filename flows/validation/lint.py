"""The lint: every rule over one document."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from flows.documents import FlowDocument
from flows.problems import Level, Problem
from flows.validation import ladder, languages, menus, outbound, prompts, secrets, subflows, values, wiring
from flows.validation import speech as speech_rules
from flows.validation.inspection import Inspection
from flows.validation.rule import Rule
from flows.validation.speech_knowledge import NOTHING_KNOWN, SpeechKnowledge

RULES: tuple[Rule, ...] = (
    *wiring.RULES,
    *ladder.RULES,
    *menus.RULES,
    *languages.RULES,
    *prompts.RULES,
    *values.RULES,
    *secrets.RULES,
    *subflows.RULES,
    *outbound.RULES,
    *speech_rules.RULES,
)
"""Every rule. A rule has a broken document of its name in tests/flows/broken/."""


def lint(
    document: FlowDocument,
    *,
    known_flows: Collection[str] | Mapping[str, Collection[str]] | None = (),
    now: datetime | None = None,
    speech: SpeechKnowledge = NOTHING_KNOWN,
    house_ear: bool = False,
) -> list[Problem]:
    """Every problem of the document: errors first, then in the order of its nodes.

    `known_flows` are the published flows that may be called; as a mapping it also says which flows each one calls, so
    that circles over several flows are found; None leaves calls of other flows unchecked. `speech` is what the machine
    hears and says; `house_ear` is True when our own ear listens on a number of the flow.
    """
    inspection = Inspection(document, known_flows=known_flows, now=now, speech=speech, house_ear=house_ear)
    problems = [
        Problem(
            rule=rule.name,
            level=rule.level,
            node=finding.node,
            field=finding.field,
            message=finding.message,
            fix=finding.fix,
        )
        for rule in RULES
        for finding in rule.check(inspection)
    ]
    places = {name: place for place, name in enumerate(document.nodes)}
    return sorted(problems, key=lambda p: (p.level is not Level.ERROR, places.get(p.node, -1)))
