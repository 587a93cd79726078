"""A desk that imports lists: an upload, its columns, its jobs run by the real worker."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from campaign_stage import NOW, make_campaign
from sqlalchemy import select

from callbacks.audience import AudienceImport
from callbacks.campaign import Campaign
from callbacks.case import Case
from callbacks.importing.running import dry_run, run_import
from callbacks.importing.starting import set_mapping, start_import
from callbacks.importing.undoing import undo
from callbacks.jobs import gave_up, handlers
from storage.database import Database
from work.transport import MemoryTransport
from work.worker import Worker


@dataclass
class ListDesk:
    """One campaign and its lists; everything below `folder`."""

    db: Database
    folder: Path
    campaign_id: int
    now: datetime = NOW

    @classmethod
    def open(cls, db: Database, folder: Path, **fields: Any) -> ListDesk:
        with db.write() as s:
            campaign = make_campaign(s, **{"running": False, **fields})
        return cls(db=db, folder=folder, campaign_id=campaign.id)

    def upload(self, content: str | bytes, name: str = "list.csv") -> AudienceImport:
        data = content.encode() if isinstance(content, str) else content
        with self.db.write() as s:
            campaign = s.get_one(Campaign, self.campaign_id)
            return start_import(
                s, campaign, file_name=name, stream=io.BytesIO(data), data_dir=self.folder, by="ops", now=self.now
            )

    def check(self, made: AudienceImport) -> AudienceImport:
        with self.db.write() as s:
            dry_run(s, s.get_one(AudienceImport, made.id), now=self.now)
        return self.work(made)

    def bring_in(self, made: AudienceImport, mapping: dict[str, str] | None = None, **options: Any) -> AudienceImport:
        with self.db.write() as s:
            row = s.get_one(AudienceImport, made.id)
            if mapping is not None or options:
                set_mapping(s, row, mapping or row.mapping, **options)
            run_import(s, row, now=self.now)
        return self.work(made)

    def take_back(self, made: AudienceImport) -> AudienceImport:
        with self.db.write() as s:
            undo(s, s.get_one(AudienceImport, made.id), by="ops", now=self.now)
        return self.work(made)

    def work(self, made: AudienceImport) -> AudienceImport:
        given = {"db": self.db, "data_dir": self.folder, "clock": lambda: self.now}
        ignored = {"make_prompts": lambda call: None}
        Worker(
            self.db,
            MemoryTransport(),
            {**ignored, **handlers(**given)},
            lambda: self.now,
            gave_up=gave_up(**given),
        ).run_pending()
        with self.db.read() as s:
            return s.get_one(AudienceImport, made.id)

    def cases(self) -> list[Case]:
        with self.db.read() as s:
            return list(s.scalars(select(Case).order_by(Case.id)))

    def errors(self, made: AudienceImport) -> list[dict[str, str]]:
        if not made.errors_path:
            return []
        with (self.folder / made.errors_path).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
