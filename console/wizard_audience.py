"""Step 1 of a campaign: who is to be called. Lists with their progress and errors, and people added one by one."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import phonenumbers
from babel import Locale
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks.audience import AudienceImport, ImportState
from callbacks.campaign import Campaign
from callbacks.case import Case, CaseKind
from callbacks.importing.targets import FIELDS, VARIABLE
from console import translate
from console.deps import deps
from console.outbound_flows import of_campaign, outbound_flows
from console.translate import lazy_gettext as _
from console.wizard_steps import imports_of
from flows.documents import Variable

MOST_ERRORS = 50
BUSY = (ImportState.CHECKING, ImportState.IMPORTING)

TARGETS = {
    "number": _("Telephone number"),
    "name": _("Name of the person"),
    "reference": _("Reference (parcel, order, ticket)"),
    "language": _("Language"),
    "zone": _("Time zone"),
    "not_before": _("Not before"),
    "not_after": _("Not after"),
    "priority": _("Rank"),
    "consent": _("Consent"),
}
RESULTS: dict[str, tuple[Any, str]] = {
    "accepted": (_("can be called"), "good"),
    "invalid": (_("with an error"), "bad"),
    "duplicate_in_file": (_("twice in the list"), ""),
    "duplicate_in_campaign": (_("in this campaign already"), ""),
    "duplicate_elsewhere": (_("in another campaign"), ""),
    "opted_out": (_("want no calls"), ""),
    "removed": (_("taken out again"), ""),
    "kept": (_("already called, kept on record"), ""),
}


@dataclass(frozen=True, kw_only=True)
class RowError:
    """A row that was refused: its number in the file, the column, the sentence, and its first cells."""

    row: str
    column: str
    sentence: str
    cells: tuple[str, ...]


def context(s: Session, campaign: Campaign) -> dict[str, Any]:
    """What the step shows."""
    counted = select(Case.state, func.count()).where(Case.campaign_id == campaign.id, Case.kind == CaseKind.NORMAL)
    counts = {str(state): n for state, n in s.execute(counted.group_by(Case.state))}
    return {
        "imports": imports_of(s, campaign),
        "people_count": sum(n for state, n in counts.items() if state != "staged"),
        "case_counts": counts,
        "regions": regions(),
        "variables": variables_of_flow(s, campaign),
        "languages_spoken": languages_of(s, campaign),
        "results": RESULTS,
        "busy": BUSY,
    }


def variables_of_flow(s: Session, campaign: Campaign) -> dict[str, Variable]:
    """What the campaign's flows speak of, by name."""
    found: dict[str, Variable] = {}
    for _letter, flow in of_campaign(campaign, outbound_flows(s)):
        found |= flow.document.variables
    return found


def languages_of(s: Session, campaign: Campaign) -> list[str]:
    """Language tags that the campaign's flows speak."""
    used = of_campaign(campaign, outbound_flows(s))
    return list(dict.fromkeys(tag for _letter, flow in used for tag in flow.document.languages))


def regions() -> list[tuple[str, str]]:
    """Countries by name in the reader's language, with their code for calls."""
    names = Locale.parse(translate.language()).territories
    found = [
        (code, f"{names.get(code, code)} (+{phonenumbers.country_code_for_region(code)})")
        for code in phonenumbers.SUPPORTED_REGIONS
    ]
    return sorted(found, key=lambda entry: entry[1])


def targets(s: Session, campaign: Campaign, made: AudienceImport) -> list[tuple[str, str]]:
    """What a column may become: the fields of a case, the flow's variables, and each column under its own name."""
    fields = [(name, str(TARGETS[name])) for name in FIELDS]
    own = {target for target in made.mapping.values() if target.startswith(VARIABLE)}
    names = dict.fromkeys([*(f"{VARIABLE}{name}" for name in variables_of_flow(s, campaign)), *sorted(own)])
    return fields + [(name, name.removeprefix(VARIABLE)) for name in names]


def row_errors(made: AudienceImport) -> list[RowError]:
    """The first refused rows, from the error file."""
    path = error_path(made)
    if path is None:
        return []
    found: list[RowError] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        next(rows, None)
        for cells in rows:
            if len(found) == MOST_ERRORS or len(cells) < 3:
                break
            found.append(RowError(row=cells[0], column=cells[1], sentence=cells[2], cells=tuple(cells[3:8])))
    return found


def error_path(made: AudienceImport) -> Path | None:
    """The error file when there is one below the data folder."""
    if not made.errors_path:
        return None
    folder = deps().data_dir.resolve()
    path = (folder / made.errors_path).resolve()
    return path if path.is_relative_to(folder) and path.is_file() else None
