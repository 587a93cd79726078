"""`flask worker` and `flask dialer`: what works in the background."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import click
from sqlalchemy import select

from api.idempotency import forget
from api.webhooks_out.deliveries import forget_deliveries
from api.webhooks_out.fan_out import fan_out
from callbacks.gate.breaker import watch
from callbacks.jobs import look_after
from callbacks.lifecycle import trip
from config import ConfigError
from flows.versions import FlowVersion, load_document
from ivr.house_prompts import prompts_of
from ivr.orphans import adopt_orphan_recordings, poll_missing_finals
from work.worker import Worker

if TYPE_CHECKING:
    from house import House

FORGET_AFTER = timedelta(days=1)


@click.command("worker")
@click.option("--no-dialing", is_flag=True, help="Leave campaigns to separate dialers.")
@click.pass_obj
def worker(house: House, no_dialing: bool) -> None:
    """Do what calls and campaigns ask for, and dial what is due. Stops cleanly on SIGTERM or Ctrl-C."""
    _require_ready(house)
    crew = Worker(
        house.db,
        house.transport,
        house.job_handlers(),
        house.now,
        gave_up=house.job_endings(),
        workers=house.config.worker_threads,
    )
    _look_after(crew, house)
    stop = _until_asked()
    with contextlib.nullcontext() if no_dialing else _dialling(house, stop):
        click.echo("The worker is at work.")
        crew.run_forever(stop)
    house.close()
    click.echo("The worker stopped.")


@click.command("dialer")
@click.pass_obj
def dialer(house: House) -> None:
    """Only dial what is due; as many of these may run as the pace wants. Stops cleanly on SIGTERM or Ctrl-C."""
    _require_ready(house)
    stop = _until_asked()
    click.echo("The dialer is at work.")
    house.dialer().run_forever(stop)
    house.close()
    click.echo("The dialer stopped.")


def _require_ready(house: House) -> None:
    try:
        house.config.require_ready()
    except ConfigError as error:
        raise click.ClickException(str(error)) from error


def _until_asked() -> threading.Event:
    """Set by the signals that end a process."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    return stop


def _look_after(crew: Worker, house: House) -> None:
    """What is done again and again."""
    crew.periodic("orphan recordings", 120, lambda: adopt_orphan_recordings(house.calls))
    crew.periodic("missing final callbacks", 60, lambda: poll_missing_finals(house.calls))
    crew.periodic("old prompts", 3600, lambda: forget_old_prompts(house))
    crew.periodic("rules and endings of campaigns", 1, lambda: look_after(house.db, house.now))
    crew.periodic("webhooks to programs", 1, lambda: fan_out(house.db, house.now()))
    crew.periodic("circuit breaker", 2, lambda: _watch(house))
    crew.periodic("old deliveries and answers of the API", 3600, lambda: _forget(house))


def _watch(house: House) -> None:
    with house.db.write() as session:
        watch(session, house.now(), trip=trip)


def _forget(house: House) -> None:
    with house.db.write() as session:
        forget_deliveries(session, house.now())
        forget(session, house.now())


@contextlib.contextmanager
def _dialling(house: House, stop: threading.Event) -> Iterator[None]:
    """A dialer beside the worker, in the same process."""
    thread = threading.Thread(target=house.dialer().run_forever, args=(stop,), name="dialer")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def forget_old_prompts(house: House) -> int:
    """Remove yesterday's spoken texts that belong to no published flow: they may name callers."""
    with house.db.read() as session:
        versions = session.scalars(select(FlowVersion)).all()
        kept = [item for version in versions for item in prompts_of(load_document(version))]
    return house.sound.prompts.forget(FORGET_AFTER.total_seconds(), kept, now_s=time.time())
