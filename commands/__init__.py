"""`flask --app app …`: what those who run the desk do from a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from commands.database import database
from commands.demo import demo
from commands.doctor import doctor
from commands.fallback import fallback
from commands.lines import lines
from commands.media import media
from commands.speech import speech
from commands.worker import dialer, worker
from storage import migrate
from studio.cli import flows_group
from tickets.cli import tickets, users

if TYPE_CHECKING:
    from house import House

GROUPS = (flows_group, users, tickets, database, lines, speech, demo)
COMMANDS = (worker, dialer, media, doctor, fallback)


def register(app: Flask, house: House) -> None:
    """Give the application its commands; each finds the house as click's context object."""
    for group in GROUPS:
        app.cli.add_command(_within(group, house))
    for command in COMMANDS:
        app.cli.add_command(_given(command, house))


class _Room(click.Group):
    """A group of commands within the house. What is wrong with the database is said in a sentence."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except DBAPIError as error:
            sentence = _what_is_wrong(context.obj)
            if not sentence:
                raise
            raise click.ClickException(sentence) from error


def _what_is_wrong(house: House) -> str:
    """Why commands fail on this database; "" when it is as this release wants it."""
    try:
        is_current = migrate.is_current(house.db)
    except DBAPIError:
        return "The database cannot be reached. Check DATABASE_URL; flask --app app doctor says more."
    return "" if is_current else "The database is not up to date. Run flask --app app db upgrade first."


def _within(group: click.Group, house: House) -> click.Group:
    def enter(context: click.Context) -> None:
        context.obj = house

    return _Room(group.name, commands=group.commands, help=group.help, callback=click.pass_context(enter))


def _given(command: click.Command, house: House) -> click.Command:
    """The command itself, run with the house as its object."""

    def run(context: click.Context, /, **_values: object) -> object:
        context.obj = house
        return command.invoke(context)

    return click.Command(command.name, callback=click.pass_context(run), params=command.params, help=command.help)
