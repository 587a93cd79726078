"""Whether calls can be answered: the database reachable and migrated, the worker keeping up."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from ivr.calls import Call
from ivr.deps import Deps
from work.jobs import Job, JobState

LAG_WARNING_S = 120.0


def health(deps: Deps) -> dict[str, Any]:
    """{"ok", "database", "migrated", "queue_lag_s"}: `queue_lag_s` is how long the oldest due job waits, in seconds.

    A worker that lags does not make the desk unhealthy: calls are answered without it.
    """
    report: dict[str, Any] = {"ok": False, "database": False, "migrated": False, "queue_lag_s": None}
    try:
        with deps.db.read() as db:
            report["database"] = db.scalar(select(1)) == 1
    except SQLAlchemyError:
        return report
    try:
        with deps.db.read() as db:
            db.scalar(select(func.max(Call.id)))
            oldest = db.scalar(select(func.min(Job.due_at)).where(Job.state == JobState.WAITING))
    except SQLAlchemyError:
        return report
    report["migrated"] = deps.migrated(deps.db)
    lag_s = (deps.clock() - oldest).total_seconds() if oldest is not None else 0.0
    report["queue_lag_s"] = round(max(lag_s, 0.0), 1)
    report["ok"] = report["migrated"]
    return report
