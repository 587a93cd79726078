"""`flask db`: bring the database up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storage import migrate
from tickets.taxonomy import ensure_defaults

if TYPE_CHECKING:
    from house import House


@click.group("db")
def database() -> None:
    """The database's tables."""


@database.command("upgrade")
@click.pass_obj
def upgrade(house: House) -> None:
    """Make or change tables as this release wants them."""
    migrate.upgrade(house.db)
    with house.db.write() as session:
        ensure_defaults(session)
    click.echo(f"The database is at revision {migrate.current(house.db)}.")


@database.command("current")
@click.pass_obj
def current(house: House) -> None:
    """Say at which revision the database is."""
    click.echo(f"{migrate.current(house.db) or 'empty'} (newest: {migrate.head()})")


@database.command("revision")
@click.argument("message")
def revision(message: str) -> None:
    """Write the next migration from the models."""
    click.echo(migrate.main(["revision", message]))
