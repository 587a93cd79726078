"""What holds a launch up, in the reader's language, and the step where it is put right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from callbacks.errors import Blocker
from console import naming, translate
from console.translate import gettext as _
from console.words import number_shown

STEP_OF: Mapping[str, str] = {
    "template": "audience",
    "import_running": "audience",
    "no_cases": "audience",
    "no_flow": "flow",
    "flow_not_published": "flow",
    "flow_broken": "flow",
    "flow_not_outbound": "flow",
    "no_opening": "flow",
    "other_purpose": "flow",
    "no_share": "flow",
    "missing_variable": "flow",
    "no_caller_number": "flow",
    "foreign_caller_number": "flow",
    "not_tested": "flow",
    "hours": "hours",
    "ends_before_start": "hours",
    "ends_in_past": "hours",
    "marketing_without_consent": "hours",
    "retries": "rules",
    "pacing": "rules",
    "breaker": "rules",
}


@dataclass(frozen=True, kw_only=True)
class Hurdle:
    """One thing to put right: its sentence, its step, and the part of the page."""

    sentence: str
    step: str
    anchor: str


def hurdles(blockers: Iterable[Blocker]) -> list[Hurdle]:
    """The blockers for people."""
    anchors = {"not_tested": "test", "missing_variable": "needs", "no_flow": "i-flow_name", "no_share": "i-share_b"}
    anchors |= {"no_caller_number": "i-caller_numbers", "ends_before_start": "i-ends_at", "ends_in_past": "i-ends_at"}
    return [
        Hurdle(sentence=of_blocker(b), step=STEP_OF.get(b.code, "audience"), anchor=anchors.get(b.code, "main"))
        for b in blockers
    ]


def of_blocker(blocker: Blocker) -> str:
    """Its sentence; in English it says it itself."""
    if translate.language() == "en":
        return blocker.sentence
    values: dict[str, Any] = dict(blocker.details)
    if "flow" in values:
        values["flow"] = naming.flow_title(str(values["flow"]))
    if "number" in values:
        values["number"] = number_shown(str(values["number"]))
    known = {
        "template": _("This is a template; copy it to a campaign."),
        "import_running": _("A list is still being imported; wait until it is done."),
        "no_cases": _("There is nobody to call: import a list or add a person."),
        "no_flow": _("Choose the call flow that is to be spoken."),
        "flow_not_published": _("The flow %(flow)s is not published.", flow=values.get("flow", "")),
        "flow_broken": _("The flow %(flow)s cannot be read any more; publish it anew.", flow=values.get("flow", "")),
        "flow_not_outbound": _("The flow %(flow)s is for calls we receive.", flow=values.get("flow", "")),
        "no_opening": _("The flow %(flow)s has no outbound opening.", flow=values.get("flow", "")),
        "other_purpose": _("The flow %(flow)s is for another purpose than the campaign.", flow=values.get("flow", "")),
        "no_share": _("A test of two flows needs a share between 0 and 100 % for the second."),
        "missing_variable": _(
            "%(count)s cases lack “%(variable)s”, which the flow says; import it or give a default.",
            count=values.get("count", ""),
            variable=values.get("variable", ""),
        ),
        "no_caller_number": _("Choose at least one of our numbers to call from."),
        "foreign_caller_number": _("%(number)s is not a number of ours.", number=values.get("number", "")),
        "not_tested": _(
            "Nobody has heard version %(version)s of the flow %(flow)s yet: make a test call.",
            version=values.get("version", ""),
            flow=values.get("flow", ""),
        ),
        "hours": _("The calling hours cannot be used."),
        "ends_before_start": _("The campaign ends before it starts; change one of the dates."),
        "ends_in_past": _("The campaign’s end has passed; choose a later one."),
        "marketing_without_consent": _("Marketing calls need the person’s consent; choose rules that ask for it."),
        "retries": _("The tries cannot be used."),
        "pacing": _("The pace cannot be used."),
        "breaker": _("The limits of the alarm cannot be used."),
    }
    return known.get(blocker.code, blocker.sentence)


def of_error(error: Exception) -> str:
    """An error of the campaign room: its own sentence in English, a general one otherwise."""
    if translate.language() == "en":
        return str(error)
    return _("This cannot be done with the campaign as it stands now. Load the page again and look at its state.")
