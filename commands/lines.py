"""`flask lines`: service numbers and the flows that answer them."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import click
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from console.line_changes import recorded
from flows.errors import FlowError
from flows.versions import Flow, find_flow
from ivr.lines import Line, line_for_number
from telephony.numbers import NumberError, is_e164, parse
from telephony.provider import ProviderError

if TYPE_CHECKING:
    from house import House


@click.group("lines")
def lines() -> None:
    """Service numbers."""


@lines.command("list")
@click.pass_obj
def list_all(house: House) -> None:
    """Show every number and its flow."""
    with house.db.read() as session:
        rows = session.execute(select(Line, Flow).outerjoin(Flow, Line.flow_id == Flow.id).order_by(Line.number))
        for line, flow in rows:
            click.echo(f"{line.number:18} {flow.name if flow else '(no flow)':30} {line.label}")


@lines.command("set")
@click.argument("number")
@click.argument("flow")
@click.option("--label", default="", help="A name for people.")
@click.pass_obj
def set_flow(house: House, number: str, flow: str, label: str) -> None:
    """Let FLOW answer NUMBER (+86…, or as it is dialled in DEFAULT_REGION)."""
    try:
        # Calls name the number in E.164, so that is the form it is kept in.
        number = number if is_e164(number) else parse(number, region=house.config.default_region)
        with house.db.write() as session:
            found = find_flow(session, flow)
            known = line_for_number(session, number)
            line = known or Line(number=number, label=label)
            by = f"terminal:{getpass.getuser()}"
            with recorded(session, line, is_new=known is None, user_id=None, now=house.now(), by=by):
                line.flow_id = found.id
                line.label = label or line.label
    except (FlowError, NumberError) as error:
        raise click.ClickException(str(error)) from error
    except HTTPException as error:
        raise click.ClickException(error.description or str(error)) from error
    click.echo(f"{number} is answered by {flow}.")


@lines.command("connect")
@click.argument("number")
@click.option("--fallback-url", default="", help="Where the phone company gets instructions while we are down.")
@click.pass_obj
def connect(house: House, number: str, fallback_url: str) -> None:
    """Point NUMBER at this application, through the phone company's REST interface."""
    try:
        connect_number(house, number, fallback_url)
    except ProviderError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{number} now rings {house.config.public_base_url}.")


def connect_number(house: House, number: str, fallback_url: str = "") -> None:
    """Set the number's webhooks. Raises ProviderError."""
    base = house.config.public_base_url
    house.provider.configure_number(
        number,
        voice_url=f"{base}/voice/incoming",
        fallback_url=fallback_url or f"{base}/voice/fallback",
        status_url=f"{base}/voice/status",
    )
