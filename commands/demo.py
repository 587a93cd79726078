"""`flask demo`: the demo organisation in a database, and out of it again.

Only what needs the demo imports it: with the simulator it is two hundred modules, and every process comes by here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from house import House


@click.group("demo")
def demo() -> None:
    """Made-up people, calls and tickets."""


@demo.command("remove")
@click.confirmation_option(prompt="Remove everything that is marked as demo data?")
@click.pass_obj
def remove(house: House) -> None:
    """Remove what is marked as demo data, and nothing else."""
    from demo import organisation
    from demo.flow_loading import remove_flows

    with house.db.write() as session:
        removed = organisation.remove(session)
        remove_flows(session)
    click.echo(f"Removed: {removed}.")


@demo.command("load")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Of the demo users.")
@click.pass_obj
def load(house: House, password: str) -> None:
    """Load the demo organisation into this database."""
    from demo import campaigns, organisation
    from demo.flow_loading import load_flows
    from demo.settings import LOGINS

    with house.db.write() as session:
        load_flows(session, house.now(), record_calls=True)
        organisation.load(session, house.now(), logins=LOGINS, password=password)
        campaigns.load(session, house.now())
    click.echo("The demo organisation is loaded.")
