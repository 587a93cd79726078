"""A list of people that was imported into a campaign."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.types import Json, UtcDateTime


class ImportState(StrEnum):
    """UPLOADED waits for its columns to be mapped; CHECKED had its dry run; the last three are final."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


class AudienceImport(Base):
    """One file.

    `path` lies below the data folder. `header` are the column names as found, `mapping` maps each of them to a target:
    "number", "name", "language", "zone", "reference", "not_before", "not_after", "priority", "consent", "" for none, or
    "var:<name>". `counts` has rows by result: accepted, invalid, duplicate_in_file, duplicate_in_campaign,
    duplicate_elsewhere, opted_out. `errors_path` is the error file, "" for none. `done_rows` of `total_rows` is shown
    as progress; total is None until known. Nothing of a failed import stays.
    """

    __tablename__ = "audience_imports"
    __table_args__ = (Index("ix_audience_imports_campaign_id", "campaign_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    state: Mapped[ImportState] = mapped_column(String(16), default=ImportState.UPLOADED)
    file_name: Mapped[str] = mapped_column(String(255))
    path: Mapped[str] = mapped_column(String(500))
    kind: Mapped[str] = mapped_column(String(8))
    """csv or xlsx."""
    encoding: Mapped[str] = mapped_column(String(16), default="")
    delimiter: Mapped[str] = mapped_column(String(1), default="")
    has_header: Mapped[bool] = mapped_column(default=True)
    header: Mapped[list[str]] = mapped_column(Json, default=list)
    mapping: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    duplicates: Mapped[str] = mapped_column(String(8), default="skip")
    """What happens to a matter that another campaign has open already: skip or allow."""
    sample: Mapped[list[list[str]]] = mapped_column(Json, default=list)
    total_rows: Mapped[int | None]
    done_rows: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    errors_path: Mapped[str] = mapped_column(String(500), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(120), default="")
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    demo: Mapped[bool] = mapped_column(default=False)


class ColumnMemory(Base):
    """What a column of a list was mapped to the last time, by its name in lower case: a mapping is remembered."""

    __tablename__ = "column_memory"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    target: Mapped[str] = mapped_column(String(80))
