"""What a database holds, as values to compare: as it is, or without what differs from one call to the next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from storage.database import Base, Database

Dump = dict[str, list[dict[str, Any]]]

UNSTEADY = {"heartbeats", "seen"}
"""Tables that processes write by themselves."""

NAMES_ITS_ROW = {"id", "token", "sid"}
TELLS_TIME = {"ms", "sequence_number", "duration_s", "tries"}
_SID = re.compile(r"\b(CA|RE|SM|MM|PN|QU)[0-9a-f]{32}\b")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(\+\d\d:\d\d|Z)?")
_URL = re.compile(r"http://127\.0\.0\.1:\d+")
_TOKEN = re.compile(r"/(calls|recordings)/[A-Za-z0-9_-]{22}(?=[/?\"&<]|$)")
_PERSON = re.compile(r"\bperson:\d+")
_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
PLAINLY = (
    (_TIME, "<time>"),
    (_URL, "<address>"),
    (_TOKEN, r"/\1/<token>"),
    (_UUID, "<uuid>"),
    (_PERSON, "person:…"),
)


def raw_dump(db: Database) -> Dump:
    """Every row of every steady table, ordered by primary key."""
    with db.engine.connect() as connection:
        return {
            table.name: [
                dict(row) for row in connection.execute(table.select().order_by(*table.primary_key)).mappings()
            ]
            for table in Base.metadata.sorted_tables
            if table.name not in UNSTEADY
        }


def plain_dump(db: Database) -> Dump:
    """The rows without keys, times and addresses; names of the phone company's are numbered as they first appear."""
    names: dict[str, str] = {}
    return {name: [_plain_row(row, names) for row in found] for name, found in raw_dump(db).items()}


def differences(before: Dump, after: Dump) -> list[str]:
    """What differs, one line for each row."""
    return [line for table in before for line in _row_differences(table, before[table], after.get(table, []))]


def empty(db: Database) -> None:
    """Remove every row and let keys begin at 1 again."""
    tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
    with db.write() as session:
        if db.is_sqlite:
            session.execute(text("PRAGMA defer_foreign_keys=ON"))
            for name in tables:
                session.execute(text(f"DELETE FROM {name}"))
            session.execute(text("DELETE FROM sqlite_sequence"))
        else:
            session.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))


def _row_differences(table: str, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[str]:
    if len(before) != len(after):
        yield f"{table}: {len(before)} rows before, {len(after)} after"
    for number, (old, new) in enumerate(zip(before, after, strict=False), 1):
        for name in old:
            if old[name] != new[name]:
                yield f"{table} row {number}, {name}: {old[name]!r} != {new[name]!r}"


def _plain_row(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {name: _plain(name, value, names) for name, value in row.items() if name not in NAMES_ITS_ROW | TELLS_TIME}


def _plain(name: str, value: Any, names: dict[str, str]) -> Any:
    if value is None:
        return None
    if name == "token" or name == "key":
        return "…"
    if name == "at" or name.endswith(("_at", "_id", "_until", "_number_sid")) or name in ("until", "number_of"):
        return "…"
    if isinstance(value, dict):
        # How far a message had come when it was put onto a ticket is a matter of moments; its own row tells the truth.
        left_out = TELLS_TIME | ({"status"} if "message_id" in value else set())
        return {key: _plain(key, inner, names) for key, inner in value.items() if key not in left_out}
    if isinstance(value, list | tuple):
        return [_plain(name, inner, names) for inner in value]
    if isinstance(value, str):
        return _plain_text(value, names)
    return value


def _plain_text(value: str, names: dict[str, str]) -> str:
    def numbered(match: re.Match[str]) -> str:
        return names.setdefault(match[0], f"{match[1]}#{len(names) + 1}")

    value = _SID.sub(numbered, value)
    for pattern, instead in PLAINLY:
        value = pattern.sub(instead, value)
    return value
