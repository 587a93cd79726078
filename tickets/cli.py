"""Commands for those who run the desk: `users` and `tickets`. The context object has `db` and `now()`."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, TextIO

import click

from storage.database import Database
from tickets.audit import record
from tickets.errors import DeskError
from tickets.exports import export_tickets
from tickets.listing import VIEWS, TicketFilter
from tickets.users import Role, User, add_user, find_user, list_users, set_password

__all__ = ["tickets", "users"]


class House(Protocol):
    """What the commands need."""

    @property
    def db(self) -> Database:
        """The database."""

    def now(self) -> datetime:
        """The current time, aware."""


@click.group()
def users() -> None:
    """Who may log in."""


@users.command("add")
@click.argument("email")
@click.option("--name", default="", help="The name that others see.")
@click.option("--role", type=click.Choice([r.value for r in Role]), default=Role.AGENT.value, show_default=True)
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option("--time-zone", default="UTC", show_default=True)
@click.password_option(help="Asked for when it is not given.")
@click.pass_obj
def add(house: House, email: str, name: str, role: str, language: str, time_zone: str, password: str) -> None:
    """Add a user."""
    now = house.now()
    try:
        with house.db.write() as session:
            user = add_user(
                session,
                email=email,
                name=name or email.split("@")[0],
                role=Role(role),
                password=password,
                now=now,
                language=language,
                time_zone=time_zone,
            )
            record(session, at=now, user_id=None, action="user.add", subject=user.actor, role=role)
            click.echo(f"{user.email} may now log in as {user.role}.")
    except DeskError as error:
        raise click.ClickException(str(error)) from error


@users.command("list")
@click.pass_obj
def list_all(house: House) -> None:
    """Show every user."""
    with house.db.read() as session:
        for user in list_users(session):
            state = "" if user.active else "  (inactive)"
            click.echo(f"{user.email:40} {user.role:6} {user.name}{state}")


@users.command("password")
@click.argument("email")
@click.password_option(help="Asked for when it is not given.")
@click.pass_obj
def password(house: House, email: str, password: str) -> None:
    """Set a user's password."""
    try:
        with house.db.write() as session:
            user = _known(find_user(session, email))
            set_password(session, user, password)
            record(session, at=house.now(), user_id=None, action="user.password", subject=user.actor)
    except DeskError as error:
        raise click.ClickException(str(error)) from error
    click.echo("The password is changed.")


@users.command("disable")
@click.argument("email")
@click.pass_obj
def disable(house: House, email: str) -> None:
    """Let a user log in no more; what they did stays."""
    with house.db.write() as session:
        user = _known(find_user(session, email))
        user.active = False
        record(session, at=house.now(), user_id=None, action="user.disable", subject=user.actor)
    click.echo("The user is disabled.")


@click.group()
def tickets() -> None:
    """What people must still do."""


@tickets.command("export")
@click.option("--view", type=click.Choice(sorted(VIEWS)), default="all", show_default=True)
@click.option("--time-zone", default="UTC", show_default=True, help="In which times are written.")
@click.option("--output", type=click.File("w", encoding="utf-8-sig", lazy=False), default="-", show_default=True)
@click.pass_obj
def export(house: House, view: str, time_zone: str, output: TextIO) -> None:
    """Write tickets as CSV."""
    try:
        with house.db.read() as session:
            for line in export_tickets(session, TicketFilter(view=view), time_zone=time_zone):
                output.write(line)
    except (ValueError, KeyError) as error:
        raise click.ClickException(f"There is no time zone {time_zone}.") from error


def _known(user: User | None) -> User:
    if user is None:
        raise click.ClickException("There is no user with this address.")
    return user
