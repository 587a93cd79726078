"""One pass over a list: the dry run and the import run the very same one, chunk by chunk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from callbacks.audience import AudienceImport
from callbacks.campaign import Campaign
from callbacks.errors import ImportFileError
from callbacks.importing.checking import Checked, Checker, Columns
from callbacks.importing.error_file import ErrorFile
from callbacks.importing.known_matters import KnownMatters, RowResult
from callbacks.importing.reading import Source, read_rows
from callbacks.importing.starting import DUPLICATES, source_of
from callbacks.purposes import Purpose
from callbacks.spoken_flow import spoken_flow
from storage.database import Database

CHUNK_ROWS = 1_000


@dataclass(frozen=True, kw_only=True)
class Pass:
    """Everything a pass needs, read once, so that changes meanwhile do not mix."""

    import_id: int
    campaign_id: int
    purpose: Purpose
    source: Source
    columns: Columns
    has_header: bool
    skip_elsewhere: bool
    errors: Path


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """Some rows later: what is accepted, and the counts of the whole list so far."""

    accepted: tuple[Checked, ...]
    done_rows: int
    counts: dict[str, int]


def prepare_pass(db: Database, import_id: int, data_dir: Path) -> Pass:
    """Read what a pass needs. Raises ImportFileError when the file is gone or no column holds the number."""
    with db.read() as session:
        made = session.get_one(AudienceImport, import_id)
        campaign = session.get_one(Campaign, made.campaign_id)
        document = spoken_flow(session, campaign)
        source = source_of(made, data_dir)
        if "number" not in made.mapping.values():
            raise ImportFileError("Say which column holds the telephone number.")
        columns = Columns(
            header=tuple(made.header),
            mapping=dict(made.mapping),
            region=campaign.region,
            zone=campaign.zone,
            languages=document.languages if document else (),
        )
        return Pass(
            import_id=made.id,
            campaign_id=campaign.id,
            purpose=campaign.purpose,
            source=source,
            columns=columns,
            has_header=made.has_header,
            skip_elsewhere=made.duplicates != DUPLICATES[1],
            errors=errors_of(source.path),
        )


def errors_of(path: Path) -> Path:
    """Where the error file of a list is written."""
    return path.with_suffix(".errors.csv")


def run_pass(db: Database, task: Pass, *, now: datetime) -> Iterator[Chunk]:
    """Check every row and write the error file. Raises ImportFileError where the file cannot be read on."""
    checker = Checker(task.columns, import_id=task.import_id, now=now)
    matters = KnownMatters(task.campaign_id, task.purpose, skip_elsewhere=task.skip_elsewhere)
    counts: Counter[str] = Counter({str(result): 0 for result in RowResult})
    rows = (row for row in read_rows(task.source) if not row.is_blank)
    if task.has_header:
        next(rows, None)
    done = 0
    with ErrorFile(task.errors, task.columns.header) as errors:
        while chunk := [checker.check(row) for row in islice(rows, CHUNK_ROWS)]:
            with db.read() as session:
                results = matters.look_up(session, chunk)
            accepted = []
            for checked, (result, sentence) in zip(chunk, results, strict=True):
                counts[result] += 1
                if result is RowResult.ACCEPTED:
                    accepted.append(checked)
                else:
                    _write(errors, task.columns, checked, sentence)
            done += len(chunk)
            yield Chunk(accepted=tuple(accepted), done_rows=done, counts=dict(counts))
    if not done:
        raise ImportFileError("The list has a header but no rows.")


def _write(errors: ErrorFile, columns: Columns, checked: Checked, sentence: str) -> None:
    if checked.faults:
        named = [fault.column for fault in checked.faults if fault.column]
        errors.add(checked.row, "; ".join(named), " ".join(fault.sentence for fault in checked.faults))
    else:
        number = next((name for name, target in columns.mapping.items() if target == "number"), "")
        errors.add(checked.row, number, sentence)
