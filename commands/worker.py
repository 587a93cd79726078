"""`flask worker`: the background worker."""

from __future__ import annotations

import signal
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import click
from sqlalchemy import select

from config import ConfigError
from flows.versions import FlowVersion, load_document
from ivr.house_prompts import prompts_of
from ivr.jobs import gave_up, handlers
from ivr.orphans import adopt_orphan_recordings, poll_missing_finals
from work.worker import Worker

if TYPE_CHECKING:
    from app import House

FORGET_AFTER = timedelta(days=1)


@click.command("worker")
@click.pass_obj
def worker(house: House) -> None:
    """Do what calls ask for: recordings, transcripts, messages, lookups. Stops cleanly on SIGTERM or Ctrl-C."""
    try:
        house.config.require_ready()
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    crew = Worker(
        house.db,
        house.transport,
        handlers(house.jobs),
        house.now,
        gave_up=gave_up(house.jobs),
        workers=house.config.worker_threads,
    )
    crew.periodic("orphan recordings", 120, lambda: adopt_orphan_recordings(house.calls))
    crew.periodic("missing final callbacks", 60, lambda: poll_missing_finals(house.calls))
    crew.periodic("old prompts", 3600, lambda: forget_old_prompts(house))
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    click.echo("The worker is at work.")
    crew.run_forever(stop)
    house.close()
    click.echo("The worker stopped.")


def forget_old_prompts(house: House) -> int:
    """Remove yesterday's spoken texts that belong to no published flow: they may name callers."""
    with house.db.read() as session:
        versions = session.scalars(select(FlowVersion)).all()
        kept = [item for version in versions for item in prompts_of(load_document(version))]
    return house.voice.forget(FORGET_AFTER.total_seconds(), kept, now_s=time.time())
