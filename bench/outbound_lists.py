"""A list of a hundred thousand people: read, checked, imported, and asked about before the launch."""

from __future__ import annotations

import csv
import io
import resource
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from bench.outbound_desk import new_campaign, now_utc, publish_flow
from callbacks.audience import AudienceImport
from callbacks.campaign import Campaign
from callbacks.case import Case
from callbacks.gate.policy import GatePolicy
from callbacks.importing.running import import_list, run_import
from callbacks.importing.starting import start_import
from callbacks.reports.preflight import preflight
from house import House
from soak.plan import number_of

MB = 1024.0
"""ru_maxrss is in kB on Linux."""


@dataclass(frozen=True, kw_only=True)
class Lists:
    """Seconds, and how much the process grew by the import, in MB."""

    rows: int
    imported: int
    import_s: float
    import_grew_mb: float
    preflight_s: float
    preflight_called: int


def lists(house: House, folder: Path, rows: int) -> Lists:
    """Import a list of so many rows and do its preflight."""
    now = now_utc()
    folder.mkdir(parents=True, exist_ok=True)
    with house.db.write() as session:
        campaign = new_campaign(session, publish_flow(session, now), now, calls_per_second=50, max_live=2_000)
        campaign_id = campaign.id
        made = start_import(
            session, campaign, file_name="list.csv", stream=_list(rows), data_dir=folder, by="bench", now=now
        )
        import_id = made.id
    with house.db.write() as session:
        run_import(session, session.get_one(AudienceImport, import_id), now=now)
    before, began = _peak_mb(), time.perf_counter()
    import_list(house.db, import_id, folder, house.now)
    import_s, grew_mb = time.perf_counter() - began, _peak_mb() - before
    with house.db.read() as session:
        imported = session.scalar(select(func.count()).where(Case.campaign_id == campaign_id)) or 0
        found = session.get_one(Campaign, campaign_id)
        began = time.perf_counter()
        report = preflight(session, found, now_utc(), policy=GatePolicy(none_allowed=True))
        preflight_s = time.perf_counter() - began
    return Lists(
        rows=rows,
        imported=imported,
        import_s=import_s,
        import_grew_mb=grew_mb,
        preflight_s=preflight_s,
        preflight_called=report.will_call,
    )


def _list(rows: int) -> io.BytesIO:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Tracking number", "Name", "Mobile", "Language", "Station"])
    writer.writerows(
        [f"RB{n:010d}", f"Person {n}", number_of(n), "en-US" if n % 3 else "zh-CN", "Oak Street"] for n in range(rows)
    )
    return io.BytesIO(text.getvalue().encode())


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB
