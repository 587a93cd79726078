"""Full-text search over tickets that also works where words have no spaces between them.

Text becomes tokens: a run of Chinese, Japanese or Korean becomes its pairs of characters, anything else its words in
lower case. SQLite keeps the tokens in an FTS5 table, PostgreSQL in a GIN index over a tsvector of them; both ask for
all of a query's tokens, the last letters of a word may be missing. A two-character word is thus found by index, which
a trigram index cannot do.
"""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Select,
    Table,
    Text,
    bindparam,
    column,
    func,
    insert,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base, connection_of
from storage.ddl import attach

_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+|[^\W_]+")
_PAIRED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_LONGEST_TOKEN = 60
_LONGEST_TEXT = 200_000


class SearchText(Base):
    """The tokens of one ticket, one space between them. The desk writes it whenever the ticket's text changes."""

    __tablename__ = "ticket_search"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    tokens: Mapped[str] = mapped_column(Text, default="")


def tokens(words: str) -> list[str]:
    """The tokens of `words`, each once, in order of appearance."""
    found: dict[str, None] = {}
    normal = unicodedata.normalize("NFKC", words[:_LONGEST_TEXT]).lower()
    for run in _split(normal):
        if not _PAIRED.match(run):
            found[run[:_LONGEST_TOKEN]] = None
            continue
        for start in range(len(run)):
            found[run[start : start + 2]] = None
    return list(found)


def query_tokens(words: str) -> list[tuple[str, bool]]:
    """What a query asks for: (token, whether longer tokens fit too). Empty when there is nothing to look for."""
    normal = unicodedata.normalize("NFKC", words[:500]).lower()
    asked: dict[str, bool] = {}
    for run in _split(normal):
        if not _PAIRED.match(run):
            asked[run[:_LONGEST_TOKEN]] = True
        elif len(run) == 1:
            asked[run] = True
        else:
            asked.update({run[start : start + 2]: False for start in range(len(run) - 1)})
    return list(asked.items())[:20]


def _split(normal: str) -> list[str]:
    runs: list[str] = []
    for mixed in _RUN.findall(normal):
        runs.extend(part for part in re.split(f"({_PAIRED.pattern}+)", mixed) if part)
    return runs


def begin(session: Session, ticket_id: int, words: str) -> None:
    """Make a ticket that is new findable by `words`."""
    connection_of(session).execute(_BEGIN, {"ticket_id": ticket_id, "tokens": " ".join(tokens(words))})


def write(session: Session, ticket_id: int, words: str) -> None:
    """Make a ticket findable by `words`, and by them only."""
    row = session.get(SearchText, ticket_id)
    joined = " ".join(tokens(words))
    if row is None:
        session.add(SearchText(ticket_id=ticket_id, tokens=joined))
    elif row.tokens != joined:
        row.tokens = joined
    session.flush()


def add(session: Session, ticket_id: int, words: str) -> None:
    """Make a ticket findable by `words` as well."""
    row = session.get(SearchText, ticket_id)
    known = row.tokens.split(" ") if row is not None and row.tokens else []
    joined = " ".join(dict.fromkeys([*known, *tokens(words)]))
    if row is None:
        session.add(SearchText(ticket_id=ticket_id, tokens=joined))
    else:
        row.tokens = joined[:_LONGEST_TEXT]
    session.flush()


def matching(session: Session, words: str) -> Select[int] | None:
    """The ids of the tickets that have all tokens of `words`; None when `words` has none."""
    asked = query_tokens(words)
    if not asked:
        return None
    if session.get_bind().dialect.name == "sqlite":
        query = " AND ".join(f'"{token}"' + ("*" if longer else "") for token, longer in asked)
        fts = table("ticket_search_fts", column("rowid"))
        return select(fts.c.rowid).where(text("ticket_search_fts MATCH :fts_query").bindparams(fts_query=query))
    query = " & ".join(f"'{token}'" + (":*" if longer else "") for token, longer in asked)
    vector: ColumnElement[object] = func.array_to_tsvector(func.string_to_array(SearchText.tokens, text("' '")))
    return select(SearchText.ticket_id).where(
        vector.cast(TSVECTOR).bool_op("@@")(text("CAST(:ts_query AS tsquery)").bindparams(bindparam("ts_query", query)))
    )


_table: Table = SearchText.__table__  # type: ignore[assignment]
_BEGIN = insert(_table)
_OLD = "INSERT INTO ticket_search_fts(ticket_search_fts, rowid, tokens) VALUES ('delete', old.ticket_id, old.tokens);"
_NEW = "INSERT INTO ticket_search_fts(rowid, tokens) VALUES (new.ticket_id, new.tokens);"

attach(
    _table,
    create={
        "sqlite": (
            "CREATE VIRTUAL TABLE ticket_search_fts USING fts5(tokens, content='ticket_search', "
            "content_rowid='ticket_id', tokenize='unicode61 remove_diacritics 0')",
            f"CREATE TRIGGER ticket_search_insert AFTER INSERT ON ticket_search BEGIN {_NEW} END",
            f"CREATE TRIGGER ticket_search_delete AFTER DELETE ON ticket_search BEGIN {_OLD} END",
            f"CREATE TRIGGER ticket_search_update AFTER UPDATE ON ticket_search BEGIN {_OLD} {_NEW} END",
        ),
        "postgresql": (
            "CREATE INDEX ticket_search_vector ON ticket_search "
            "USING gin (array_to_tsvector(string_to_array(tokens, ' ')))",
        ),
    },
    drop={
        "sqlite": (
            "DROP TRIGGER IF EXISTS ticket_search_insert",
            "DROP TRIGGER IF EXISTS ticket_search_delete",
            "DROP TRIGGER IF EXISTS ticket_search_update",
            "DROP TABLE IF EXISTS ticket_search_fts",
        ),
        "postgresql": (),
    },
)
