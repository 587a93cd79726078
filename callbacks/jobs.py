"""What the background worker does for campaigns and lists, and what is done again and again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from callbacks.audience import AudienceImport, ImportState
from callbacks.campaign import Campaign
from callbacks.closing import expire
from callbacks.importing.linking import link_people
from callbacks.importing.running import check_list, clear_staged, fail, import_list
from callbacks.importing.undoing import undo_list
from callbacks.rules_running import run_rules
from callbacks.winding_up import CLOSED_AT_ONCE, close_rest, finish
from storage.database import Database
from work.worker import GaveUp, Handler, JobCall

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

_EXPIRED_AT_ONCE = 500
_RUNS_AT_ONCE = 20


def handlers(*, db: Database, data_dir: Path, clock: Clock) -> Mapping[str, Handler]:
    """Job kind to handler, for `work.worker.Worker`. Lists lie below `data_dir`."""

    def import_id(call: JobCall) -> int:
        return int(call.payload["import_id"])

    return {
        "check_list": lambda call: check_list(db, import_id(call), data_dir, clock),
        "import_list": lambda call: import_list(db, import_id(call), data_dir, clock),
        "link_people": lambda call: _ignore(link_people(db, import_id(call), clock)),
        "undo_list": lambda call: undo_list(db, import_id(call), clock),
        "close_cases": lambda call: close_cases(db, int(call.payload["campaign_id"]), clock),
    }


def gave_up(*, db: Database, data_dir: Path, clock: Clock) -> Mapping[str, GaveUp]:
    """What is done when a job has failed for good: nothing of a broken import stays."""

    def give_up(call: JobCall, _reason: str) -> None:
        import_id = int(call.payload["import_id"])
        with db.read() as session:
            state = session.get_one(AudienceImport, import_id).state
        if state not in (ImportState.CHECKING, ImportState.IMPORTING):
            return
        clear_staged(db, import_id, for_good=True)
        fail(
            db, import_id, "The list could not be read because of a fault on our side; try it again.", data_dir, clock()
        )

    return {"check_list": give_up, "import_list": give_up}


def close_cases(db: Database, campaign_id: int, clock: Clock) -> None:
    """Close what a stop or a drain left open, a bounded number in each transaction."""
    while True:
        with db.write() as session:
            campaign = session.get(Campaign, campaign_id)
            if campaign is None or close_rest(session, campaign, clock()) < CLOSED_AT_ONCE:
                return


def look_after(db: Database, clock: Clock) -> int:
    """What is done every second or so: rules, expiry, finishing. Gives how much was done; bounded in time."""
    done = 0
    for _ in range(_RUNS_AT_ONCE):
        with db.write() as session:
            some = run_rules(session, clock())
        done += some
        if not some:
            break
    for _ in range(_RUNS_AT_ONCE):
        with db.write() as session:
            some = expire(session, clock(), limit=_EXPIRED_AT_ONCE)
        done += some
        if some < _EXPIRED_AT_ONCE:
            break
    with db.write() as session:
        return done + len(finish(session, clock()))


def _ignore(_value: object) -> None:
    return None
