"""One row of a list becomes a wish for a call, or sentences about the columns that cannot be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from callbacks.consents import ConsentKind
from callbacks.gate.zones import zones_of
from callbacks.importing.cells import (
    read_consent,
    read_date,
    read_language,
    read_number,
    read_priority,
    read_value,
    read_zone,
)
from callbacks.importing.moments import read_moment
from callbacks.importing.rows import SourceRow
from callbacks.importing.targets import VARIABLE
from callbacks.new_case import NewCase
from callbacks.variables import reference_in


@dataclass(frozen=True, kw_only=True)
class Columns:
    """How a campaign reads a list. `mapping` names the target of each column of `header`, "" for none."""

    header: tuple[str, ...]
    mapping: Mapping[str, str]
    region: str = ""
    zone: str = ""
    languages: tuple[str, ...] = ()
    """Languages that the flow speaks, () when there is no flow yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What is wrong with a row: the column's name ("" for the row as a whole) and a sentence."""

    column: str
    sentence: str


@dataclass(kw_only=True, slots=True)
class Draft:
    """What a row has said so far."""

    number: str = ""
    name: str = ""
    language: str = ""
    zone: str = ""
    reference: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None
    priority: int | None = None
    consent: ConsentKind | None = None
    variables: dict[str, str] = field(default_factory=dict)
    dates: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Dates are read last, since they are meant in the callee's zone: target to column and text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """A row: the wish and its consent, or the faults."""

    row: SourceRow
    new: NewCase | None = None
    consent: ConsentKind | None = None
    faults: tuple[Fault, ...] = ()


class Checker:
    """Checks the rows of one list; knows nothing of other rows and asks no database."""

    def __init__(self, columns: Columns, *, import_id: int, now: datetime) -> None:
        self._columns = columns
        self._import_id = import_id
        self._now = now
        targets = [columns.mapping.get(name, "") for name in columns.header]
        self._used = [(i, columns.header[i], target) for i, target in enumerate(targets) if target]

    def check(self, row: SourceRow) -> Checked:
        """Read a row that is not blank."""
        faults = [self._named(column, sentence) for column, sentence in row.faults.items()]
        if any(row.cells[len(self._columns.header) :]):
            faults.append(Fault(column="", sentence="The row has more cells than the header has columns."))
        draft = Draft()
        for index, name, target in self._used:
            text = row.cells[index] if index < len(row.cells) else ""
            if index in row.faults:
                continue
            try:
                self._read(draft, name, target, text)
            except ValueError as error:
                faults.append(Fault(column=name, sentence=str(error)))
        if not faults:
            faults += self._read_dates(draft)
        if faults:
            return Checked(row=row, faults=tuple(faults))
        return Checked(row=row, new=self._wish(draft, row.n), consent=draft.consent)

    def _named(self, column: int, sentence: str) -> Fault:
        header: Sequence[str] = self._columns.header
        return Fault(column=header[column] if column < len(header) else f"column {column + 1}", sentence=sentence)

    def _read(self, draft: Draft, name: str, target: str, text: str) -> None:
        """Raises ValueError with a sentence about the cell."""
        if target.startswith(VARIABLE):
            draft.variables[target.removeprefix(VARIABLE)] = read_value(text)
        elif target == "number":
            draft.number = read_number(text, self._columns.region)
        elif target in ("not_before", "not_after"):
            draft.dates[target] = (name, read_date(text))
        elif target == "priority":
            draft.priority = read_priority(text)
        elif target == "consent":
            draft.consent = read_consent(text)
        elif target == "zone":
            draft.zone = read_zone(text)
        elif target == "language":
            draft.language = read_language(text, self._columns.languages)
        else:
            setattr(draft, target, text[:200])

    def _read_dates(self, draft: Draft) -> list[Fault]:
        zones = zones_of(draft.zone, "", draft.number, self._columns.zone)
        faults = []
        for target, (name, text) in draft.dates.items():
            try:
                if text:
                    at = read_moment(text, zones[0] if zones else "UTC", end=target == "not_after")
                    setattr(draft, target, at)
                    if target == "not_after" and at <= self._now:
                        raise ValueError("This time has passed already.")  # noqa: TRY301
            except ValueError as error:
                faults.append(Fault(column=name, sentence=str(error)))
        if not faults and draft.not_before and draft.not_after and draft.not_after <= draft.not_before:
            name = draft.dates["not_after"][0]
            faults.append(Fault(column=name, sentence="The latest time lies before the earliest."))
        return faults

    def _wish(self, draft: Draft, n: int) -> NewCase:
        return NewCase(
            number=draft.number,
            variables={name: value for name, value in draft.variables.items() if value},
            reference=draft.reference or reference_in(draft.variables),
            name=draft.name,
            language=draft.language,
            zone=draft.zone,
            not_before=draft.not_before,
            not_after=draft.not_after,
            priority=draft.priority,
            key=f"import:{self._import_id}:{n}",
            import_id=self._import_id,
            source="import",
        )
