"""What has to be there before the demo answers its first call; done at the first start of a release."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy import select

from commands.fallback import fallback_xml
from config import Config
from demo import campaigns, organisation
from demo.flow_loading import load_flows
from demo.settings import LOGINS, PASSWORD, DemoSettings
from flows.versions import FlowVersion, load_document
from house import House
from ivr.house_prompts import prompts_of
from storage import migrate
from tickets.users import User


def prepare(found: DemoSettings, console: Console) -> None:
    """Bring up the database, load the organisation and speak its prompts."""
    house = House(Config.from_environment())
    found.fallback_file.write_text(fallback_xml(house), encoding="utf-8")
    if not migrate.is_current(house.db):
        with console.status("Creating the database"):
            migrate.upgrade(house.db)
    _load_organisation(house, console)
    _speak_prompts(house, console)
    house.close()
    found.mark_prepared()


def _load_organisation(house: House, console: Console) -> None:
    with house.db.read() as session:
        is_there = session.scalar(select(User.id).where(User.email == LOGINS[0][0])) is not None
    with house.db.write() as session:
        load_flows(session, house.now(), record_calls=True)
    if not is_there:
        what = "Loading the demo organisation: people, calls and tickets of a week"
        with console.status(what), house.db.write() as session:
            organisation.load(session, house.now(), logins=LOGINS, password=PASSWORD)
    with house.db.write() as session:
        campaigns.load(session, house.now())


def _speak_prompts(house: House, console: Console) -> None:
    with house.db.read() as session:
        versions = session.scalars(select(FlowVersion)).all()
        items = list(dict.fromkeys(item for version in versions for item in prompts_of(load_document(version))))
    if all(house.sound.prompts.has(item) for item in items):
        return
    columns = (TextColumn("Speaking prompts"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=len(items))
        report = house.sound.prompts.prepare(items, lambda done, _all: bar.update(task, completed=done))
    if report.failures:
        console.print(
            f"[yellow]{len(report.failures)} prompts are left to the carrier's voice: "
            f"{report.failures[0].reason}[/yellow]"
        )
