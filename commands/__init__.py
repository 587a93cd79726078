"""`flask --app app …`: what those who run the desk do from a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask import Flask

from commands.database import database
from commands.demo import demo
from commands.doctor import doctor
from commands.fallback import fallback
from commands.lines import lines
from commands.speech import speech
from commands.worker import worker
from flows.cli import flows_group
from tickets.cli import tickets, users

if TYPE_CHECKING:
    from app import House

GROUPS = (flows_group, users, tickets, database, lines, speech, demo)
COMMANDS = (worker, doctor, fallback)


def register(app: Flask, house: House) -> None:
    """Give the application its commands; each finds the house as click's context object."""
    for group in GROUPS:
        app.cli.add_command(_within(group, house))
    for command in COMMANDS:
        app.cli.add_command(_given(command, house))


def _within(group: click.Group, house: House) -> click.Group:
    def enter(context: click.Context) -> None:
        context.obj = house

    return click.Group(group.name, commands=group.commands, help=group.help, callback=click.pass_context(enter))


def _given(command: click.Command, house: House) -> click.Command:
    """The command itself, run with the house as its object."""

    def run(context: click.Context, /, **_values: object) -> object:
        context.obj = house
        return command.invoke(context)

    return click.Command(command.name, callback=click.pass_context(run), params=command.params, help=command.help)
