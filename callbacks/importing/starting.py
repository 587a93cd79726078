"""An upload becomes an import that waits for its columns to be mapped."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from callbacks.audience import AudienceImport, ColumnMemory, ImportState
from callbacks.campaign import Campaign
from callbacks.cases import takes_cases
from callbacks.errors import ImportFileError, ImportStepError
from callbacks.importing.guessing import LOOKED_AT, Guess, guess
from callbacks.importing.reading import Source, read_rows, recognise
from callbacks.importing.rows import MAX_FILE_BYTES, SourceRow
from callbacks.importing.targets import check_mapping, memory_name
from callbacks.spoken_flow import spoken_flow
from tickets.texts import clean_line

FOLDER = "audience"
DUPLICATES = ("skip", "allow")
BUSY = (ImportState.CHECKING, ImportState.IMPORTING)

_SHOWN_ROWS = 8
_SHOWN_CHARACTERS = 200
_COPIED_AT_ONCE = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Received:
    """A list that is kept and can be read: its place below the data folder, and its first rows."""

    relative: str
    source: Source
    rows: tuple[SourceRow, ...]


def receive(stream: BinaryIO, data_dir: Path) -> Received:
    """Keep an uploaded list below `data_dir` and read its beginning, without any database: nobody waits for it.

    Raises ImportFileError when it cannot be read; nothing is kept then.
    """
    relative = Path(FOLDER) / f"{uuid.uuid4().hex}.list"
    path = data_dir / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _keep(stream, path)
        source = recognise(path)
        rows = _first_rows(source)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(relative=relative.as_posix(), source=source, rows=rows)


def start_import(
    session: Session,
    campaign: Campaign,
    *,
    file_name: str,
    stream: BinaryIO | Received,
    data_dir: Path,
    by: str,
    now: datetime,
) -> AudienceImport:
    """Keep an uploaded list below `data_dir` and guess its columns; nothing is imported yet.

    `stream` may be what `receive` gave, so that the database is not held while a large file comes in. Raises
    ImportFileError when it cannot be read (nothing is kept then), CampaignError when no more cases are taken.
    """
    takes_cases(campaign)
    name = clean_line(Path(file_name.replace("\\", "/")).name, 255) or "list"
    received = stream if isinstance(stream, Received) else receive(stream, data_dir)
    source = received.source
    try:
        found, sample = _look(session, campaign, received.rows)
    except BaseException:
        source.path.unlink(missing_ok=True)
        raise
    made = AudienceImport(
        campaign_id=campaign.id,
        state=ImportState.UPLOADED,
        file_name=name,
        path=received.relative,
        kind=source.kind,
        encoding=source.encoding,
        delimiter=source.delimiter,
        has_header=found.has_header,
        header=list(found.header),
        mapping=dict(found.mapping),
        sample=sample,
        total_rows=_body(source.estimate, found.has_header),
        created_at=now,
        created_by=clean_line(by, 120),
        demo=campaign.demo,
    )
    session.add(made)
    session.flush()
    return made


def set_header(session: Session, made: AudienceImport, *, has_header: bool, data_dir: Path) -> AudienceImport:
    """Say that the first row is a header, or that it is none; the columns are guessed anew. Raises ImportFileError."""
    _check_waiting(made)
    campaign = session.get_one(Campaign, made.campaign_id)
    rows = _first_rows(source_of(made, data_dir))
    found, made.sample = _look(session, campaign, rows, has_header=has_header)
    made.has_header, made.header, made.mapping = found.has_header, list(found.header), dict(found.mapping)
    made.state, made.counts = ImportState.UPLOADED, {}
    session.flush()
    return made


def set_mapping(
    session: Session, made: AudienceImport, mapping: Mapping[str, str], *, duplicates: str | None = None
) -> AudienceImport:
    """Say what each column becomes, and remember it for the next list. Raises ImportStepError with the column.

    `duplicates` ("skip" or "allow") is about matters that another campaign has open already.
    """
    _check_waiting(made)
    if duplicates is not None and duplicates not in DUPLICATES:
        raise ImportStepError("Duplicates elsewhere are either skipped or allowed.")
    made.mapping = check_mapping(made.header, mapping)
    made.duplicates = duplicates or made.duplicates or DUPLICATES[0]
    made.state, made.counts = ImportState.UPLOADED, {}
    session.flush()
    if made.has_header:
        for name, target in made.mapping.items():
            _remember(session, memory_name(name), target)
    return made


def source_of(made: AudienceImport, data_dir: Path) -> Source:
    """The file of an import and how to read it. Raises ImportFileError when it is gone."""
    path = data_dir / made.path
    if not path.is_file():
        raise ImportFileError("The file is no longer there; upload the list again.")
    return Source(path=path, kind=made.kind, encoding=made.encoding, delimiter=made.delimiter)


def _first_rows(source: Source) -> tuple[SourceRow, ...]:
    return tuple(islice((row for row in read_rows(source) if not row.is_blank), LOOKED_AT))


def _look(
    session: Session, campaign: Campaign, rows: Sequence[SourceRow], *, has_header: bool | None = None
) -> tuple[Guess, list[list[str]]]:
    memory = {row.name: row.target for row in session.scalars(select(ColumnMemory))}
    document = spoken_flow(session, campaign)
    variables: Collection[str] = tuple(document.variables) if document else ()
    found = guess(rows, memory=memory, variables=variables, region=campaign.region, has_header=has_header)
    body = rows[1:] if found.has_header else rows
    shown = [[cell[:_SHOWN_CHARACTERS] for cell in row.cells] for row in body[:_SHOWN_ROWS]]
    return found, shown


def _keep(stream: BinaryIO, path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        while piece := stream.read(_COPIED_AT_ONCE):
            size += len(piece)
            if size > MAX_FILE_BYTES:
                raise ImportFileError(f"The file is larger than {MAX_FILE_BYTES // 2**20} MB; split the list.")
            file.write(piece)


def _remember(session: Session, name: str, target: str) -> None:
    dialect_insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = dialect_insert(ColumnMemory).values(name=name, target=target)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"target": target}))


def _check_waiting(made: AudienceImport) -> None:
    if made.state not in (ImportState.UPLOADED, ImportState.CHECKED):
        raise ImportStepError(f"The columns cannot be changed any more: the import is {made.state}.")


def _body(rows: int | None, has_header: bool) -> int | None:
    return max(0, rows - has_header) if rows is not None else None
